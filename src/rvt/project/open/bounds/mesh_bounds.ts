/**
 * Bounds of meshes that a project describes.
 *
 * @module
 */

import type { WorldBounds } from "../../../../geometry/mod.ts";
import type { MeshJson } from "../../json/component_json.ts";
import type { Place } from "../../schema/mod.ts";
import { meshNamed } from "../build_mesh.ts";
import type { SceneInputs } from "../scene_inputs.ts";

/**
 * Bounds that hold a mesh, or all of a list, in their own space.
 *
 * @throws {FileError} if a file is missing.
 * @throws {MalformedFileError} if a file is not a GLB file, does not hold the mesh, or does not say how large
 * it is.
 * @throws {UnsupportedError} if a file needs what is not supported.
 */
export async function meshBounds(
  json: MeshJson | readonly MeshJson[],
  place: Place,
  files: SceneInputs,
): Promise<WorldBounds> {
  if (!Array.isArray(json)) return await boundsOfOne(json as MeshJson, place, files);
  const all: WorldBounds[] = [];
  for (const [index, one] of json.entries()) {
    all.push(await boundsOfOne(one, place.at(index), files));
  }
  return {
    min: [0, 1, 2].map((axis) => Math.min(...all.map(({ min }) => min[axis]!))),
    max: [0, 1, 2].map((axis) => Math.max(...all.map(({ max }) => max[axis]!))),
  } as unknown as WorldBounds;
}

async function boundsOfOne(json: MeshJson, place: Place, files: SceneInputs): Promise<WorldBounds> {
  if ("shape" in json) {
    const [x = 1, y = 1, z = json.shape === "box" ? 1 : 0] = json.size ?? [];
    // Meshes hold numbers of 32 bits.
    const max = [x, y, z].map((length) => Math.fround(length / 2));
    return { min: max.map((half) => -half), max } as unknown as WorldBounds;
  }
  const { file } = json;
  const at = place.at("file");
  // Simplified ones have vertices of the first.
  const { bounds, name } = meshNamed(json, await files.meshBoundsOf(file, at), place);
  if (bounds !== null) return bounds;
  throw at.error(
    `names ${file}, which does not say how large mesh ${name} is, with min and max of its positions: what ` +
      `is deferred must have bounds then`,
  );
}
