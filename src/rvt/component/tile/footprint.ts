/**
 * The outlines that boxes have on a runtime virtual texture, seen along its volume's z.
 *
 * @module
 */

import { checkedVector } from "../../../checks.ts";
import { cornersOf, type OrientedBox, transformPoint } from "../../../geometry/mod.ts";

/** A point of a texture: (0, 0) and (1, 1) are its corners. */
export type FootprintPoint = readonly [u: number, v: number];

/**
 * A convex polygon on a texture, its corners in order around it, none of them in line with its
 * neighbours. Empty: nothing of the box lies in the volume. A box that is flat or seen edge-on may
 * have two corners or one.
 */
export type Footprint = readonly FootprintPoint[];

/** A rectangle on a texture, its edges included. */
export interface FootprintRect {
  readonly u0: number;
  readonly v0: number;
  readonly u1: number;
  readonly v1: number;
}

/** All of a texture. */
export const WHOLE_TEXTURE: FootprintRect = Object.freeze({ u0: 0, v0: 0, u1: 1, v1: 1 });

/**
 * The outline of a box on a texture; empty if the box lies wholly above or below the volume. What
 * sticks out of the volume's depth in part counts with its whole outline.
 *
 * @param worldToVolume World to volume, affine, column-major: u and v from 0 to 1 over the texture, w
 * from 0 to 1 over its depth.
 * @throws {InvalidArgumentError} if the matrix is not 16 numbers.
 * @throws {OutOfRangeError} if a number of it is not finite.
 */
export function footprintOf(box: OrientedBox, worldToVolume: ArrayLike<number>): Footprint {
  const name = "worldToVolume";
  const m = checkedVector(worldToVolume, { name, failure: "Cannot project box", length: 16 });
  const corners = cornersOf(box).map((corner) => transformPoint(m, corner));
  const depths = corners.map(([, , w]) => w);
  if (Math.max(...depths) < 0 || Math.min(...depths) > 1) return [];
  return convexHull(corners.map(([u, v]) => [u, v] as const));
}

/**
 * The rectangles around the outlines of boxes, as {@linkcode footprintBounds} of {@linkcode footprintOf} has
 * them: u0, v0, u1 and v1 of each, NaN where the outline is empty. Allocates nothing for each box: there may
 * be a million of them.
 *
 * @throws As `footprintOf` does.
 */
export function footprintRects(
  boxes: readonly OrientedBox[],
  worldToVolume: ArrayLike<number>,
): Float64Array {
  const name = "worldToVolume";
  const m = checkedVector(worldToVolume, { name, failure: "Cannot project box", length: 16 });
  const rects = new Float64Array(4 * boxes.length).fill(NaN);
  for (let index = 0; index < boxes.length; index++) {
    const { center, axes: [a, b, c] } = boxes[index]!;
    let [u0, v0, w0, u1, v1, w1] = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity];
    // The sums are those of corners and points, in their order, so that not a bit differs.
    for (let corner = 0; corner < 8; corner++) {
      const signA = corner & 1 ? 1 : -1;
      const signB = corner & 2 ? 1 : -1;
      const signC = corner & 4 ? 1 : -1;
      const x = center[0] + signA * a[0] + signB * b[0] + signC * c[0];
      const y = center[1] + signA * a[1] + signB * b[1] + signC * c[1];
      const z = center[2] + signA * a[2] + signB * b[2] + signC * c[2];
      const u = m[0]! * x + m[4]! * y + m[8]! * z + m[12]!;
      const v = m[1]! * x + m[5]! * y + m[9]! * z + m[13]!;
      const w = m[2]! * x + m[6]! * y + m[10]! * z + m[14]!;
      u0 = Math.min(u0, u);
      v0 = Math.min(v0, v);
      w0 = Math.min(w0, w);
      u1 = Math.max(u1, u);
      v1 = Math.max(v1, v);
      w1 = Math.max(w1, w);
    }
    if (w1 < 0 || w0 > 1) continue;
    rects[4 * index] = u0;
    rects[4 * index + 1] = v0;
    rects[4 * index + 2] = u1;
    rects[4 * index + 3] = v1;
  }
  return rects;
}

/** The smallest rectangle around a footprint that is not empty. */
export function footprintBounds(footprint: Footprint): FootprintRect {
  const us = footprint.map(([u]) => u);
  const vs = footprint.map(([, v]) => v);
  return { u0: Math.min(...us), v0: Math.min(...vs), u1: Math.max(...us), v1: Math.max(...vs) };
}

/** Whether a footprint and a rectangle have a point in common, by the axes that may part them. */
export function footprintTouchesRect(footprint: Footprint, rect: FootprintRect): boolean {
  if (footprint.length === 0) return false;
  const bounds = footprintBounds(footprint);
  if (bounds.u0 > rect.u1 || bounds.u1 < rect.u0 || bounds.v0 > rect.v1 || bounds.v1 < rect.v0) {
    return false;
  }
  return footprint.every((corner, index) => {
    const next = footprint[(index + 1) % footprint.length]!;
    const [normalU, normalV] = [next[1] - corner[1], corner[0] - next[0]];
    const along = ([u, v]: FootprintPoint) => u * normalU + v * normalV;
    const reaches = footprint.map(along);
    const corners = [rect.u0, rect.u1].flatMap((u) => [along([u, rect.v0]), along([u, rect.v1])]);
    return Math.min(...reaches) <= Math.max(...corners) &&
      Math.max(...reaches) >= Math.min(...corners);
  });
}

/**
 * The smallest convex polygon around some points, by Andrew's monotone chain ("Another efficient algorithm for
 * convex hulls in two dimensions", 1979).
 */
export function convexHull(points: readonly FootprintPoint[]): FootprintPoint[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const chain = (from: readonly FootprintPoint[]) => {
    const hull: FootprintPoint[] = [];
    for (const point of from) {
      while (hull.length >= 2 && turn(hull.at(-2)!, hull.at(-1)!, point) <= 0) hull.pop();
      if (hull.length === 0 || hull.at(-1)![0] !== point[0] || hull.at(-1)![1] !== point[1]) {
        hull.push(point);
      }
    }
    return hull;
  };
  const lower = chain(sorted);
  if (lower.length === 1) return lower;
  return [...lower.slice(0, -1), ...chain(sorted.reverse()).slice(0, -1)];
}

/** Twice the area of a triangle, above 0 if its corners turn from u towards v. */
function turn(a: FootprintPoint, b: FootprintPoint, c: FootprintPoint): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
