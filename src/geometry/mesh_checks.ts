/**
 * What must hold of a mesh before anything is drawn with it.
 *
 * @module
 */

import { InvalidArgumentError, OutOfRangeError } from "../errors.ts";
import type { Mesh } from "./mesh.ts";
import type { WorldBounds } from "./oriented_box.ts";
import type { Vec3 } from "./placement.ts";

/** Numbers of each vertex in the lists of a mesh. */
const VERTEX_NUMBERS = { positions: 3, normals: 3, uvs: 2 } as const;

/** The box around positions: x, y and z in turn. There must be one. */
export function meshBoundsOf(positions: Float32Array): WorldBounds {
  const min = [Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < positions.length; i++) {
    const axis = i % 3;
    if (positions[i]! < min[axis]!) min[axis] = positions[i]!;
    if (positions[i]! > max[axis]!) max[axis] = positions[i]!;
  }
  return Object.freeze({
    min: Object.freeze(min) as unknown as Vec3,
    max: Object.freeze(max) as unknown as Vec3,
  });
}

/**
 * Checks a mesh: its lists have the right types, lengths and finite numbers, every index names a
 * vertex, and its bounds hold its positions.
 *
 * @param failure What cannot be done if it is wrong, such as `Cannot make static mesh "rock"`.
 * @returns The mesh.
 * @throws {InvalidArgumentError} if a list has the wrong type or length.
 * @throws {OutOfRangeError} if there is no triangle, a number is not finite, an index names no
 * vertex, or a position lies outside the bounds.
 */
export function checkedMesh(value: unknown, failure: string): Mesh {
  const mesh = value as Mesh | null | undefined;
  if (!(mesh?.positions instanceof Float32Array) || !(mesh.indices instanceof Uint32Array)) {
    throw new InvalidArgumentError("mesh", `${failure} as mesh must be made by makeMesh`);
  }
  const vertexCount = mesh.positions.length / 3;
  for (const [name, count] of Object.entries(VERTEX_NUMBERS)) {
    const list: unknown = mesh[name as keyof typeof VERTEX_NUMBERS];
    const length = list instanceof Float32Array ? list.length : -1;
    if (length !== vertexCount * count || !Number.isInteger(vertexCount)) {
      throw new InvalidArgumentError(
        name,
        `${failure} as ${name} must be a Float32Array of ${count} numbers for each vertex: ` +
          `current lengths are ${length} of ${name} and ${mesh.positions.length} of positions`,
      );
    }
    checkFinite(list as Float32Array, { name, failure });
  }
  checkIndices(mesh.indices, { vertexCount, failure });
  checkBounds(mesh, failure);
  return mesh;
}

function checkFinite(
  list: Float32Array,
  { name, failure }: { readonly name: string; readonly failure: string },
): void {
  for (let i = 0; i < list.length; i++) {
    if (Number.isFinite(list[i])) continue;
    throw new OutOfRangeError(
      name,
      `${failure} as ${name} must be finite: current value at ${i} is ${list[i]}`,
    );
  }
}

function checkIndices(
  indices: Uint32Array,
  { vertexCount, failure }: { readonly vertexCount: number; readonly failure: string },
): void {
  if (indices.length === 0 || indices.length % 3 !== 0) {
    throw new OutOfRangeError(
      "indices",
      `${failure} as indices must be three for each of one or more triangles: ` +
        `current length is ${indices.length}`,
    );
  }
  for (let i = 0; i < indices.length; i++) {
    if (indices[i]! < vertexCount) continue;
    throw new OutOfRangeError(
      "indices",
      `${failure} as indices must be from 0 to ${vertexCount - 1}: ` +
        `current value at ${i} is ${indices[i]}`,
    );
  }
}

/** Bounds that are too small would leave parts of the mesh out of tiles. */
function checkBounds({ bounds, positions }: Mesh, failure: string): void {
  const around = meshBoundsOf(positions);
  const holds = [0, 1, 2].every((i) =>
    bounds?.min?.[i]! <= around.min[i]! && bounds.max?.[i]! >= around.max[i]!
  );
  if (holds) return;
  throw new OutOfRangeError("bounds", `${failure} as bounds must hold every position`);
}
