/**
 * The mesh of rocks and stones.
 *
 * @module
 */

import { makeMesh, type Mesh } from "../../geometry/mod.ts";

const GOLDEN = (1 + Math.sqrt(5)) / 2;
const ICOSAHEDRON: readonly (readonly [number, number, number])[] = [
  [-1, GOLDEN, 0],
  [1, GOLDEN, 0],
  [-1, -GOLDEN, 0],
  [1, -GOLDEN, 0],
  [0, -1, GOLDEN],
  [0, 1, GOLDEN],
  [0, -1, -GOLDEN],
  [0, 1, -GOLDEN],
  [GOLDEN, 0, -1],
  [GOLDEN, 0, 1],
  [-GOLDEN, 0, -1],
  [-GOLDEN, 0, 1],
];
// deno-fmt-ignore
const FACES = [
  0, 11, 5, 0, 5, 1, 0, 1, 7, 0, 7, 10, 0, 10, 11, 1, 5, 9, 5, 11, 4, 11, 10, 2, 10, 7, 6, 7, 1, 8,
  3, 9, 4, 3, 4, 2, 3, 2, 6, 3, 6, 8, 3, 8, 9, 4, 9, 5, 2, 4, 11, 6, 2, 10, 8, 6, 7, 9, 8, 1,
];

type Point = readonly [number, number, number];

/**
 * A boulder of radius 1 or so: a sphere with bumps and flat cuts.
 *
 * @param halvings How often each triangle is cut into four.
 */
export function boulderMesh(seed: number, halvings: number): Mesh {
  let points: Point[] = ICOSAHEDRON.map(unit);
  let indices = FACES;
  for (let i = 0; i < halvings; i++) [points, indices] = halved(points, indices);
  return makeMesh({ positions: points.flatMap((point) => shaped(point, seed)), indices });
}

function halved(points: readonly Point[], indices: readonly number[]): [Point[], number[]] {
  const all = [...points];
  const middles = new Map<string, number>();
  const middleOf = (a: number, b: number) => {
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    const known = middles.get(key);
    if (known !== undefined) return known;
    const [from, to] = [points[a]!, points[b]!];
    all.push(unit([from[0] + to[0], from[1] + to[1], from[2] + to[2]]));
    middles.set(key, all.length - 1);
    return all.length - 1;
  };
  const cut: number[] = [];
  for (let i = 0; i < indices.length; i += 3) {
    const [a, b, c] = [indices[i]!, indices[i + 1]!, indices[i + 2]!];
    const [ab, bc, ca] = [middleOf(a, b), middleOf(b, c), middleOf(c, a)];
    cut.push(a, ab, ca, b, bc, ab, c, ca, bc, ab, bc, ca);
  }
  return [all, cut];
}

function unit([x, y, z]: Point): Point {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

/** Bumps, and planes that cut off what is beyond them. */
function shaped([x, y, z]: Point, seed: number): number[] {
  let radius = 1 + 0.09 * Math.sin(3.1 * x + seed) * Math.cos(2.7 * y - seed) +
    0.05 * Math.sin(7 * z + 5 * x + 2 * seed);
  for (let cut = 0; cut < 7; cut++) {
    const angle = 2.4 * cut + seed;
    const height = 0.75 * Math.cos(1.7 * cut + 0.6 * seed);
    const across = Math.sqrt(1 - height * height);
    const facing = across * (Math.cos(angle) * x + Math.sin(angle) * y) + height * z;
    if (facing > 0) radius = Math.min(radius, 0.82 / facing);
  }
  return [radius * x, radius * y, 0.8 * radius * z];
}
