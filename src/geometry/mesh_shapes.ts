/**
 * Meshes of simple shapes around the origin of their own space.
 *
 * @module
 */

import { checkedAbove, checkedInteger, checkedVector, checkOptionNames } from "../checks.ts";
import { makeMesh } from "./make_mesh.ts";
import type { Mesh } from "./mesh.ts";

/** Options of {@linkcode planeMesh}. */
export interface PlaneMeshOptions {
  /** Extent along x and y; default 1 and 1. */
  readonly size?: ArrayLike<number>;
}

/** Options of {@linkcode gridMesh}. */
export interface GridMeshOptions extends PlaneMeshOptions {
  /** Quads along x and y, 1 to 4096; default 1 and 1. */
  readonly quads?: ArrayLike<number>;
}

/** Options of {@linkcode boxMesh}. */
export interface BoxMeshOptions {
  /** Extent along x, y and z; default 1, 1 and 1. */
  readonly size?: ArrayLike<number>;
}

const MAX_QUADS = 4096;

/**
 * A rectangle in the plane z = 0 that looks up along z: two triangles. Its texture coordinates begin
 * at the corner of the smallest x and the largest y, so that a picture on it is upright with y up.
 *
 * @throws {InvalidArgumentError} if a value has the wrong type.
 * @throws {OutOfRangeError} if an extent is not finite and above 0.
 */
export function planeMesh(options: PlaneMeshOptions = {}): Mesh {
  checkOptionNames(options, { failure: "Cannot make plane mesh", names: ["size"] });
  return gridOf(sizeOf(options.size ?? [1, 1], "Cannot make plane mesh"), [1, 1]);
}

/**
 * The rectangle of {@linkcode planeMesh}, cut into equal quads of two triangles each.
 *
 * @throws {InvalidArgumentError} if a value has the wrong type.
 * @throws {OutOfRangeError} if a value is out of its range.
 */
export function gridMesh(options: GridMeshOptions = {}): Mesh {
  const failure = "Cannot make grid mesh";
  checkOptionNames(options, { failure, names: ["size", "quads"] });
  const size = sizeOf(options.size ?? [1, 1], failure);
  const quads = checkedVector(options.quads ?? [1, 1], { name: "quads", failure, length: 2 });
  for (const count of Array.from(quads)) {
    checkedInteger(count, { name: "quads", failure, range: [1, MAX_QUADS] });
  }
  return gridOf(size, quads);
}

/**
 * A box with flat faces, each of which shows the whole texture.
 *
 * @throws {InvalidArgumentError} if a value has the wrong type.
 * @throws {OutOfRangeError} if an extent is not finite and above 0.
 */
export function boxMesh(options: BoxMeshOptions = {}): Mesh {
  const failure = "Cannot make box mesh";
  checkOptionNames(options, { failure, names: ["size"] });
  const size = checkedVector(options.size ?? [1, 1, 1], { name: "size", failure, length: 3 });
  for (const extent of Array.from(size)) checkedAbove(extent, { name: "size", failure, bound: 0 });
  const positions: number[] = [];
  const normals: number[] = [];
  const uvs: number[] = [];
  const indices: number[] = [];
  for (let face = 0; face < 6; face++) {
    const axis = face >> 1;
    const sign = face & 1 ? 1 : -1;
    const first = positions.length / 3;
    for (let corner = 0; corner < 4; corner++) {
      const across = [corner & 1, corner >> 1];
      const at = [0, 0, 0];
      at[axis] = sign;
      at[(axis + 1) % 3] = 2 * across[0]! - 1;
      at[(axis + 2) % 3] = 2 * across[1]! - 1;
      positions.push(...at.map((part, i) => part * size[i]! / 2));
      normals.push(...[0, 1, 2].map((i) => i === axis ? sign : 0));
      uvs.push(across[0]!, 1 - across[1]!);
    }
    const order = sign > 0 ? [0, 1, 3, 0, 3, 2] : [0, 3, 1, 0, 2, 3];
    indices.push(...order.map((corner) => first + corner));
  }
  return makeMesh({ positions, normals, uvs, indices });
}

function sizeOf(value: ArrayLike<number>, failure: string): ArrayLike<number> {
  const size = checkedVector(value, { name: "size", failure, length: 2 });
  for (const extent of Array.from(size)) checkedAbove(extent, { name: "size", failure, bound: 0 });
  return size;
}

function gridOf(size: ArrayLike<number>, quads: ArrayLike<number>): Mesh {
  const [columns, rows] = [quads[0]!, quads[1]!];
  const positions: number[] = [];
  const normals: number[] = [];
  const uvs: number[] = [];
  const indices: number[] = [];
  for (let row = 0; row <= rows; row++) {
    for (let column = 0; column <= columns; column++) {
      const u = column / columns;
      const v = row / rows;
      positions.push((u - 0.5) * size[0]!, (0.5 - v) * size[1]!, 0);
      normals.push(0, 0, 1);
      uvs.push(u, v);
      if (row === rows || column === columns) continue;
      const here = row * (columns + 1) + column;
      const below = here + columns + 1;
      indices.push(here, below, below + 1, here, below + 1, here + 1);
    }
  }
  return makeMesh({ positions, normals, uvs, indices });
}
