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
