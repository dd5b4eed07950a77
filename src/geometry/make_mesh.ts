/**
 * Meshes from lists of numbers.
 *
 * @module
 */

import { checkOptionNames } from "../checks.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { Mesh } from "./mesh.ts";
import { checkedMesh, meshBoundsOf } from "./mesh_checks.ts";

/** Options of {@linkcode makeMesh}. Lists are copied. */
export interface MakeMeshOptions {
  /** x, y and z of each vertex, in the object's space. */
  readonly positions: ArrayLike<number>;
  /** Three vertices for each triangle, counter-clockwise seen from outside; default in order. */
  readonly indices?: ArrayLike<number>;
  /**
   * Normal of each vertex, of any length but 0, which stands for one that is not known. Those that
   * are missing are the means of the triangles around the vertex, weighted by area.
   */
  readonly normals?: ArrayLike<number>;
  /** u and v of each vertex, v downwards; default 0, 0. */
  readonly uvs?: ArrayLike<number>;
}

const OPTION_NAMES: readonly (keyof MakeMeshOptions)[] = [
  "positions",
  "indices",
  "normals",
  "uvs",
];

/** The largest number that an index can be. */
const MAX_INDEX = 0xffffffff;

/**
 * A mesh from its lists.
 *
 * @param failure What cannot be done if a list is wrong, such as `Cannot load mesh "rock"`.
 * @throws {InvalidArgumentError} if a list is missing, or has the wrong type or length.
 * @throws {OutOfRangeError} if there is no triangle, a number is not finite in float32, or an index
 * names no vertex.
 */
export function makeMesh(options: MakeMeshOptions, failure = "Cannot make mesh"): Mesh {
  checkOptionNames(options, { failure, names: OPTION_NAMES });
  const positions = numbersOf(options.positions, { name: "positions", failure });
  const vertexCount = Math.floor(positions.length / 3);
  const uvs = options.uvs === undefined
    ? new Float32Array(2 * vertexCount)
    : numbersOf(options.uvs, { name: "uvs", failure });
  const normals = options.normals === undefined
    ? new Float32Array(3 * vertexCount)
    : numbersOf(options.normals, { name: "normals", failure });
  const indices = options.indices === undefined
    ? Uint32Array.from({ length: vertexCount }, (_, index) => index)
    : indicesOf(options.indices, failure);
  const bounds = meshBoundsOf(positions);
  const mesh = checkedMesh({ positions, normals, uvs, indices, bounds }, failure);
  completeNormals(mesh);
  return Object.freeze(mesh);
}

function numbersOf(
  list: ArrayLike<number>,
  { name, failure }: { readonly name: string; readonly failure: string },
): Float32Array {
  if (isListOf(list, (number) => typeof number === "number")) {
    const numbers = new Float32Array(list.length);
    // Not by its iterator, which fails where a typed array's buffer was transferred away.
    for (let i = 0; i < numbers.length; i++) numbers[i] = list[i]!;
    return numbers;
  }
  throw new InvalidArgumentError(name, `${failure} as ${name} must be a list of numbers`);
}

function indicesOf(list: ArrayLike<number>, failure: string): Uint32Array {
  const isIndex = (index: number) => Number.isInteger(index) && index >= 0 && index <= MAX_INDEX;
  if (isListOf(list, isIndex)) {
    const indices = new Uint32Array(list.length);
    for (let i = 0; i < indices.length; i++) indices[i] = list[i]!;
    return indices;
  }
  throw new InvalidArgumentError(
    "indices",
    `${failure} as indices must be a list of integers >= 0`,
  );
}

function isListOf(list: ArrayLike<number>, holds: (number: number) => boolean): boolean {
  if (typeof list !== "object" || list === null || !Number.isInteger(list.length)) return false;
  for (let i = 0; i < list.length; i++) if (!holds(list[i]!)) return false;
  return true;
}

/** Scales normals to length 1; those of length 0 are computed from the triangles. */
function completeNormals({ positions, normals, indices }: Mesh): void {
  let areKnown = true;
  for (let i = 0; i < normals.length; i += 3) areKnown &&= lengthAt(normals, i) > 0;
  const means = areKnown ? null : meansOfTriangles(positions, indices);
  for (let i = 0; i < normals.length; i += 3) {
    const from: Float32Array | Float64Array = lengthAt(normals, i) > 0 ? normals : means!;
    const length = lengthAt(from, i);
    for (let k = 0; k < 3; k++) {
      // A vertex of no triangle, or of flat ones alone, looks up.
      normals[i + k] = length > 0 ? from[i + k]! / length : Number(k === 2);
    }
  }
}

function lengthAt(list: ArrayLike<number>, at: number): number {
  return Math.hypot(list[at]!, list[at + 1]!, list[at + 2]!);
}

/** Sums of the cross products of two edges of each triangle, which are twice its area long. */
function meansOfTriangles(positions: Float32Array, indices: Uint32Array): Float64Array {
  const sums = new Float64Array(positions.length);
  for (let i = 0; i < indices.length; i += 3) {
    const [a, b, c] = [3 * indices[i]!, 3 * indices[i + 1]!, 3 * indices[i + 2]!];
    const edge = (to: number, axis: number) => positions[to + axis]! - positions[a + axis]!;
    for (let k = 0; k < 3; k++) {
      const [l, m] = [(k + 1) % 3, (k + 2) % 3];
      const part = edge(b, l) * edge(c, m) - edge(b, m) * edge(c, l);
      for (const vertex of [a, b, c]) sums[vertex + k] = sums[vertex + k]! + part;
    }
  }
  return sums;
}
