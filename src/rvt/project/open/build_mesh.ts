/**
 * Makes the meshes that a project describes.
 *
 * @module
 */

import { boxMesh, gridMesh, type Mesh } from "../../../geometry/mod.ts";
import { simplifyMesh } from "../../component/mod.ts";
import type { FileMeshJson, MeshJson } from "../json/component_json.ts";
import type { Place } from "../schema/mod.ts";
import { atPlace } from "./at_place.ts";
import type { SceneInputs } from "./scene_inputs.ts";

/**
 * The levels of detail of a mesh, finest first.
 *
 * @throws {FileError} if its file is missing.
 * @throws {MalformedFileError} if the file is not a GLB file, or does not hold the mesh.
 * @throws {UnsupportedError} if the file needs what is not supported.
 */
export async function buildMesh(
  json: MeshJson | readonly MeshJson[],
  place: Place,
  inputs: SceneInputs,
): Promise<readonly Mesh[]> {
  if (Array.isArray(json)) {
    const lods: Mesh[] = [];
    for (const [lod, one] of json.entries()) {
      lods.push(...await buildMesh(one, place.at(lod), inputs));
    }
    return lods;
  }
  const one = json as MeshJson;
  return await inputs.lodsOf(one, () => buildOne(one, place, inputs));
}

async function buildOne(
  json: MeshJson,
  place: Place,
  inputs: SceneInputs,
): Promise<readonly Mesh[]> {
  if ("shape" in json) {
    const { shape, ...options } = json;
    return [await atPlace(place, () => shape === "box" ? boxMesh(options) : gridMesh(options))];
  }
  const { file, lods = [] } = json;
  const meshes = await inputs.meshesOf(file, place.at("file"));
  const { mesh } = meshNamed(json, meshes, place);
  if (lods.length === 0) return [mesh];
  inputs.countSimplified(lods.length * mesh.indices.length / 3, place.at("lods"));
  return await atPlace(place.at("lods"), () => simplifyMesh(mesh, { ratios: lods }));
}

/**
 * The mesh that a project means, of those in a file.
 *
 * @throws {MalformedFileError} if the name is not that of one.
 */
export function meshNamed<One extends { readonly name: string }>(
  { file, name }: FileMeshJson,
  meshes: readonly One[],
  place: Place,
): One {
  const found = name === undefined ? meshes : meshes.filter((mesh) => mesh.name === name);
  if (found.length === 1) return found[0]!;
  const names = meshes.map((mesh) => mesh.name).join(", ") || "none";
  throw place.error(
    `must name one mesh of ${file}: current name is ${name ?? "none"}, of the meshes ${names}`,
  );
}
