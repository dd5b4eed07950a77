/**
 * Meshes and landscapes by formula, and transforms, for tests of what draws them.
 *
 * @module
 */

import type { Mesh } from "../../../src/geometry/mod.ts";
import type { LandscapeSurface } from "../../../src/rvt/component/component_draw.ts";
import {
  type Affine,
  crossed,
  difference,
  inverted,
  multiplied,
  normalized,
  type Vec3,
} from "./affine.ts";

/** A square of edge 1 about the origin in the plane z = 0, facing +z. v grows along −y. */
export function quadMesh(): Mesh {
  return gridMeshOf(1, () => 0);
}

/**
 * A square of edge 1 about the origin of `quads` by `quads` quads, raised to a height by x and y.
 * Normals are means of those of the triangles around.
 */
export function gridMeshOf(quads: number, heightAt: (x: number, y: number) => number): Mesh {
  const positions: number[] = [];
  const uvs: number[] = [];
  const indices: number[] = [];
  for (let row = 0; row <= quads; row++) {
    for (let column = 0; column <= quads; column++) {
      const [u, v] = [column / quads, row / quads];
      positions.push(u - 0.5, 0.5 - v, heightAt(u - 0.5, 0.5 - v));
      uvs.push(u, v);
      if (row === quads || column === quads) continue;
      const first = row * (quads + 1) + column;
      const below = first + quads + 1;
      indices.push(first, below, first + 1, first + 1, below, below + 1);
    }
  }
  return meshOf({ positions, uvs, indices });
}

/** A box of edge 1 about the origin with normals of its faces, each of which has uv from 0 to 1. */
export function boxMesh(): Mesh {
  const positions: number[] = [];
  const uvs: number[] = [];
  const indices: number[] = [];
  for (let face = 0; face < 6; face++) {
    const [axis, sign] = [face >> 1, face & 1 ? 1 : -1];
    const first = 4 * face;
    for (const [s, t] of [[-1, -1], [1, -1], [1, 1], [-1, 1]] as const) {
      const corner = [0, 0, 0];
      corner[axis] = sign / 2;
      corner[(axis + 1) % 3] = (s * sign) / 2;
      corner[(axis + 2) % 3] = t / 2;
      positions.push(...corner);
      uvs.push((s + 1) / 2, (1 - t) / 2);
    }
    indices.push(first, first + 1, first + 2, first, first + 2, first + 3);
  }
  return meshOf({ positions, uvs, indices });
}

function meshOf(parts: {
  readonly positions: readonly number[];
  readonly uvs: readonly number[];
  readonly indices: readonly number[];
}): Mesh {
  const positions = Float32Array.from(parts.positions);
  const at = (vertex: number) =>
    Array.from(positions.subarray(3 * vertex, 3 * vertex + 3)) as unknown as Vec3;
  const sums = Array.from({ length: positions.length / 3 }, () => [0, 0, 0]);
  for (let first = 0; first < parts.indices.length; first += 3) {
    const [a, b, c] = parts.indices.slice(first, first + 3) as [number, number, number];
    const normal = crossed(difference(at(b), at(a)), difference(at(c), at(a)));
    for (const vertex of [a, b, c]) normal.forEach((part, k) => sums[vertex]![k]! += part);
  }
  const along = (axis: number) => sums.map((_, vertex) => positions[3 * vertex + axis]!);
  const corner = (pick: (...values: number[]) => number) =>
    [0, 1, 2].map((axis) => pick(...along(axis))) as unknown as Vec3;
  return {
    positions,
    normals: Float32Array.from(sums.flatMap((sum) => [...normalized(sum as unknown as Vec3)])),
    uvs: Float32Array.from(parts.uvs),
    indices: Uint32Array.from(parts.indices),
    bounds: { min: corner(Math.min), max: corner(Math.max) },
  };
}

/** A landscape whose height and layers are given by column and row of each sample; layers 0 to 1. */
export function landscapeOf(
  [width, height]: readonly [number, number],
  { heightAt, layers = {} }: {
    readonly heightAt: (x: number, y: number) => number;
    readonly layers?: Readonly<Record<string, (x: number, y: number) => number>>;
  },
): LandscapeSurface {
  const sampled = (at: (x: number, y: number) => number) =>
    Array.from({ length: width * height }, (_, k) => at(k % width, Math.floor(k / width)));
  return {
    width,
    height,
    heights: Float32Array.from(sampled(heightAt)),
    layers: new Map(
      Object.entries(layers).map(([name, at]) => [
        name,
        Uint8Array.from(sampled(at).map((weight) => Math.round(255 * weight))),
      ]),
    ),
    version: 0,
  };
}

/** A map from its parts: scale along its own axes first, then rotations about x, y and z, then offset. */
export function affineOf(
  { position = [0, 0, 0], angles = [0, 0, 0], scale = [1, 1, 1] }: {
    readonly position?: Vec3;
    /** Radians, right-handed, about the world's x, then its y, then its z. */
    readonly angles?: Vec3;
    readonly scale?: Vec3;
  },
): Float64Array {
  const matrix = new Float64Array(16);
  const axes: readonly Vec3[] = [[scale[0], 0, 0], [0, scale[1], 0], [0, 0, scale[2]], position];
  axes.forEach((axis, column) => {
    matrix.set(column < 3 ? rotated(axis, angles) : axis, 4 * column);
  });
  matrix[15] = 1;
  return matrix;
}

function rotated(vector: Vec3, angles: Vec3): Vec3 {
  const turned = [...vector];
  angles.forEach((angle, axis) => {
    const [a, b] = [(axis + 1) % 3, (axis + 2) % 3];
    const [x, y] = [turned[a]!, turned[b]!];
    turned[a] = x * Math.cos(angle) - y * Math.sin(angle);
    turned[b] = x * Math.sin(angle) + y * Math.cos(angle);
  });
  return turned as unknown as Vec3;
}

/**
 * World to volume space of a box of edge 1 about the origin brought through `toWorld`: u along its x, v
 * along its y, w from its top at z = 1/2 to its bottom.
 */
export function volumeOf(toWorld: Affine): Float64Array {
  // (u, v, w) lies at x = u − 1/2, y = v − 1/2, z = 1/2 − w of the box.
  const fromVolume = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1, 0, -0.5, -0.5, 0.5, 1);
  return inverted(multiplied(toWorld, fromVolume));
}
