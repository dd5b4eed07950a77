/**
 * Levels of detail of a mesh, made by meshoptimizer.
 *
 * @module
 */

import { MeshoptSimplifier } from "npm:meshoptimizer@1.3.0";
import { checkedNumber, checkOptionNames, describeValue } from "../../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../../errors.ts";
import { checkedMesh, makeMesh, type Mesh } from "../../../geometry/mod.ts";

/** Options of {@linkcode simplifyMesh}. */
export interface SimplifyOptions {
  /** What part of the triangles each further LOD keeps, falling, between 0 and 1. */
  readonly ratios: readonly number[];
}

/** Numbers of a vertex beside its position: the normal and the texture coordinate. */
const ATTRIBUTE_COUNT = 5;
/** How much the error of each counts against that of positions. */
const ATTRIBUTE_WEIGHTS = [0.5, 0.5, 0.5, 1, 1];
/** Error of a position that is allowed, against the extent of the mesh: any. */
const MAX_ERROR = 1;

/**
 * Makes LODs of a mesh: triangles are merged where that changes the shape, the normals and the
 * texture coordinates least. A LOD may keep more triangles than asked for where no more can be
 * merged. Its vertices are among those of the mesh, so it lies within the same bounds.
 *
 * @returns The mesh itself as LOD 0, and one for each ratio.
 * @throws {InvalidArgumentError} if a value has the wrong type, or an option does not exist.
 * @throws {OutOfRangeError} if the mesh is broken, or ratios do not fall from below 1 to above 0.
 */
export async function simplifyMesh(mesh: Mesh, options: SimplifyOptions): Promise<Mesh[]> {
  const failure = "Cannot simplify mesh";
  checkedMesh(mesh, failure);
  checkOptionNames(options, { failure, names: ["ratios"] });
  const ratios = checkedRatios(options.ratios, failure);
  await MeshoptSimplifier.ready;
  return [mesh, ...ratios.map((ratio) => simplifiedTo(mesh, ratio))];
}

function checkedRatios(value: readonly number[], failure: string): readonly number[] {
  const name = "ratios";
  if (!Array.isArray(value)) {
    throw new InvalidArgumentError(
      name,
      `${failure} as ${name} must be a list of numbers: current value is ${describeValue(value)}`,
    );
  }
  value.forEach((ratio, index) => {
    checkedNumber(ratio, { name, failure, range: [0, 1] });
    if (ratio > 0 && ratio < (value[index - 1] ?? 1)) return;
    throw new OutOfRangeError(
      name,
      `${failure} as ${name} must fall from below 1 to above 0: current value is ` +
        describeValue(value),
    );
  });
  return value;
}

function simplifiedTo(mesh: Mesh, ratio: number): Mesh {
  const { positions, normals, uvs, indices } = mesh;
  const attributes = new Float32Array(ATTRIBUTE_COUNT * positions.length / 3);
  for (let vertex = 0; 3 * vertex < positions.length; vertex++) {
    attributes.set(normals.subarray(3 * vertex, 3 * vertex + 3), ATTRIBUTE_COUNT * vertex);
    attributes.set(uvs.subarray(2 * vertex, 2 * vertex + 2), ATTRIBUTE_COUNT * vertex + 3);
  }
  const [kept] = MeshoptSimplifier.simplifyWithAttributes(
    indices,
    positions,
    3,
    attributes,
    ATTRIBUTE_COUNT,
    ATTRIBUTE_WEIGHTS,
    null,
    3 * Math.max(1, Math.round(indices.length / 3 * ratio)),
    MAX_ERROR,
  );
  // All triangles may have been merged into lines.
  return kept.length === 0 ? mesh : withVerticesOf(mesh, kept);
}

/** Some triangles of a mesh, with the vertices that they need alone. */
function withVerticesOf(mesh: Mesh, indices: Uint32Array): Mesh {
  const vertices = [...new Set(indices)];
  const numbers = new Map(vertices.map((vertex, number) => [vertex, number]));
  const pick = (list: Float32Array, count: number) =>
    vertices.flatMap((vertex) => [...list.subarray(count * vertex, count * vertex + count)]);
  return makeMesh({
    positions: pick(mesh.positions, 3),
    normals: pick(mesh.normals, 3),
    uvs: pick(mesh.uvs, 2),
    indices: indices.map((vertex) => numbers.get(vertex)!),
  });
}
