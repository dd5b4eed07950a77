/**
 * What of a project a scene needs. Pure.
 *
 * @module
 */

import type { ProjectContent, SceneJson } from "../json/project_json.ts";
import {
  dependencyOrder,
  materialReferences,
  nodeReferences,
  type Reference,
  sceneReferences,
} from "../read/mod.ts";
import { LIST_NAMES, type ListName, Place } from "../schema/mod.ts";

/** Names of what is needed, by list; each stands after what it needs itself. */
export type SceneNeeds = Readonly<Record<ListName, readonly string[]>>;

/** What a scene needs, and what that needs in turn. */
export function sceneNeeds(content: ProjectContent, scene: SceneJson): SceneNeeds {
  const found = Object.fromEntries(LIST_NAMES.map((list) => [list, new Set<string>()])) as Record<
    ListName,
    Set<string>
  >;
  // Places are not looked at: everything that is named is there.
  const nowhere = Place.ofFile("");
  const references = {
    materials: byName(content.materials, (one) => materialReferences(one, nowhere)),
    materialFunctions: byName(content.materialFunctions, (one) => nodeReferences(one, nowhere)),
  };
  const note = (all: readonly Reference[]) => {
    for (const { list, name } of all) found[list].add(name);
  };
  const follow = (list: "materials" | "materialFunctions") => {
    const { order } = dependencyOrder(found[list], (name) => {
      const needs = references[list](name);
      note(needs.filter((one) => one.list !== list));
      return needs.filter((one) => one.list === list).map((one) => one.name);
    }) as { readonly order: readonly string[] };
    found[list] = new Set(order);
  };
  note([...sceneReferences(scene, nowhere)]);
  follow("materials");
  follow("materialFunctions");
  return Object.fromEntries(
    LIST_NAMES.map((list) => [list, [...found[list]]]),
  ) as unknown as SceneNeeds;
}

function byName<Element extends { readonly name: string }>(
  elements: readonly Element[],
  referencesOf: (element: Element) => Iterable<Reference>,
): (name: string) => readonly Reference[] {
  const known = new Map(elements.map((element) => [element.name, element]));
  return (name) => [...referencesOf(known.get(name)!)];
}
