/**
 * Checks that everything that a project names is there. Pure.
 *
 * @module
 */

import type { ProjectContent } from "../json/project_json.ts";
import { LIST_NAMES, type ListName, type Place } from "../schema/mod.ts";
import { checkSceneNames, sceneReferences } from "./check_scene_names.ts";
import { checkSceneSize } from "./check_scene_size.ts";
import { dependencyOrder } from "./dependency_order.ts";
import { placeOfElement, type ProjectFiles } from "./project_files.ts";
import { LIST_LABELS, materialReferences, nodeReferences, type Reference } from "./references.ts";

/**
 * Checks the names in a project.
 *
 * @throws {MalformedFileError} if two elements of a list have one name, a name is not known, functions or
 * instances need themselves, or a scene would make too much of few words.
 */
export function checkNames(content: ProjectContent, files: ProjectFiles): void {
  const placeOf = (list: ListName, index: number): Place =>
    placeOfElement(files, { list, index, name: content[list][index]!.name });
  const known = new Map<ListName, ReadonlyMap<string, Place>>();
  for (const list of LIST_NAMES) {
    const places = new Map<string, Place>();
    for (const [index, { name }] of content[list].entries()) {
      const place = placeOf(list, index);
      if (places.has(name)) {
        place.at("name").refuse(`must be a name that no other element of ${list} has`, name);
      }
      places.set(name, place);
    }
    known.set(list, places);
  }
  const check = (references: Iterable<Reference>): Reference[] => {
    const checked = [...references];
    for (const { list, name, place } of checked) {
      if (known.get(list)!.has(name)) continue;
      place.refuse(`must be the name of ${LIST_LABELS[list]} of the project`, name);
    }
    return checked;
  };
  const calls = new Map<string, readonly Reference[]>();
  for (const [index, called] of content.materialFunctions.entries()) {
    calls.set(called.name, check(nodeReferences(called, placeOf("materialFunctions", index))));
  }
  checkCycle(calls, "materialFunctions");
  const parents = new Map<string, readonly Reference[]>();
  for (const [index, material] of content.materials.entries()) {
    parents.set(material.name, check(materialReferences(material, placeOf("materials", index))));
  }
  checkCycle(parents, "materials");
  for (const [index, scene] of content.scenes.entries()) {
    const place = placeOf("scenes", index);
    check(sceneReferences(scene, place));
    checkSceneNames(scene, place);
    checkSceneSize(scene, place);
  }
}

/** Names that each element of a list needs of the same list. */
function checkCycle(needs: ReadonlyMap<string, readonly Reference[]>, list: ListName): void {
  const own = (name: string) =>
    (needs.get(name) ?? []).filter((reference) => reference.list === list);
  const result = dependencyOrder(needs.keys(), (name) => own(name).map((one) => one.name));
  if (!("cycle" in result)) return;
  const [first, second] = result.cycle;
  const { place } = own(first!).find(({ name }) => name === second)!;
  throw place.error(`must not lead back to where it stands: ${result.cycle.join(" → ")}`);
}
