/**
 * Makes the materials that a project describes.
 *
 * @module
 */

import type { StreamedTexture } from "../../../streaming/mod.ts";
import type { RuntimeVirtualTexture } from "../../asset/mod.ts";
import {
  Material,
  type MaterialFunction,
  MaterialInstance,
  type MaterialTexture,
  readMaterialFunction,
} from "../../material/mod.ts";
import { placeIn, type Project } from "../project.ts";
import { isMaterialJson } from "../read/mod.ts";
import { atPlace } from "./at_place.ts";
import type { SceneNeeds } from "./scene_needs.ts";

/** What materials name. */
export interface MaterialInputs {
  readonly textures: ReadonlyMap<string, MaterialTexture>;
  readonly streamedTextures: ReadonlyMap<string, StreamedTexture>;
  readonly assets: ReadonlyMap<string, RuntimeVirtualTexture>;
}

/**
 * Materials and instances by name.
 *
 * @throws {MalformedFileError} if one is not valid; the message names it and its node.
 */
export async function buildMaterials(
  project: Project,
  needs: SceneNeeds,
  { textures, streamedTextures, assets }: MaterialInputs,
): Promise<ReadonlyMap<string, Material | MaterialInstance>> {
  const functions = new Map<string, MaterialFunction>();
  const materials = new Map<string, Material | MaterialInstance>();
  const lookup = {
    texture: (name: string) => textures.get(name),
    streamedTexture: (name: string) => streamedTextures.get(name),
    runtimeVirtualTexture: (name: string) => assets.get(name),
    materialFunction: (name: string) => functions.get(name),
  };
  const material = (name: string) => materials.get(name);
  const { content } = project;
  const functionsByName = indexByName(content.materialFunctions);
  for (const name of needs.materialFunctions) {
    const index = functionsByName.get(name)!;
    const json = content.materialFunctions[index];
    const place = placeIn(project, "materialFunctions", index);
    functions.set(name, await atPlace(place, () => readMaterialFunction(json, lookup)));
  }
  const materialsByName = indexByName(content.materials);
  for (const name of needs.materials) {
    const index = materialsByName.get(name)!;
    const json = content.materials[index]!;
    const made = await atPlace<Material | MaterialInstance>(
      placeIn(project, "materials", index),
      () =>
        isMaterialJson(json)
          ? Material.fromJSON(json, lookup)
          : MaterialInstance.fromJSON(json, { ...lookup, material }),
    );
    materials.set(name, made);
  }
  return materials;
}

/** Places of elements in their list, by name. */
export function indexByName(
  elements: readonly { readonly name: string }[],
): ReadonlyMap<string, number> {
  return new Map(elements.map(({ name }, index) => [name, index]));
}
