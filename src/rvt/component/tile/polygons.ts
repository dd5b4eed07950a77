/**
 * Convex polygons on a texture. Pure.
 *
 * @module
 */

import {
  convexHull,
  type Footprint,
  type FootprintPoint,
  type FootprintRect,
} from "./footprint.ts";

/** Corners in order around it; of fewer than three it has no area. */
type Polygon = Footprint;

/** The part of a convex polygon that lies in a rectangle (Sutherland and Hodgman, 1974). */
export function withinRect(polygon: Polygon, { u0, v0, u1, v1 }: FootprintRect): Polygon {
  const sides = [[0, 1, u0], [0, -1, u1], [1, 1, v0], [1, -1, v1]] as const;
  let points = polygon;
  for (const [axis, sign, edge] of sides) {
    const depth = (point: FootprintPoint) => sign * (point[axis] - edge);
    if (points.every((point) => depth(point) >= 0)) continue;
    points = points.flatMap((point, index) => {
      const next = points[(index + 1) % points.length]!;
      const [here, there] = [depth(point), depth(next)];
      const kept = here >= 0 ? [point] : [];
      if ((here < 0) === (there < 0)) return kept;
      const part = here / (here - there);
      const crossing = [0, 1].map((i) => point[i]! + part * (next[i]! - point[i]!));
      return [...kept, crossing as unknown as FootprintPoint];
    });
  }
  return points;
}

/** A convex polygon that reaches further by some lengths along u and v, at least. */
export function widened(polygon: Polygon, [du, dv]: FootprintPoint): Polygon {
  return convexHull(
    polygon.flatMap(([u, v]) =>
      [[u - du, v - dv], [u + du, v - dv], [u + du, v + dv], [u - du, v + dv]] as const
    ),
  );
}

/** Whether a line between two points has a point in a convex polygon, its edges included. */
export function lineTouches(
  [from, to]: readonly [FootprintPoint, FootprintPoint],
  polygon: Polygon,
): boolean {
  let [first, last] = [0, 1];
  const turnsLeft = Math.sign(areaOf(polygon));
  for (const [index, [u, v]] of polygon.entries()) {
    const [nextU, nextV] = polygon[(index + 1) % polygon.length]!;
    const depth = (point: FootprintPoint) =>
      turnsLeft * ((nextU - u) * (point[1] - v) - (nextV - v) * (point[0] - u));
    const [here, there] = [depth(from), depth(to)];
    if (here < 0 && there < 0) return false;
    if (here < 0) first = Math.max(first, here / (here - there));
    if (there < 0) last = Math.min(last, here / (here - there));
  }
  return first <= last;
}

/** Whether a point lies in a triangle, its edges included. */
export function isInTriangle(
  point: FootprintPoint,
  [a, b, c]: readonly [FootprintPoint, FootprintPoint, FootprintPoint],
): boolean {
  const turns = [areaOf([a, b, point]), areaOf([b, c, point]), areaOf([c, a, point])];
  return turns.every((turn) => turn >= 0) || turns.every((turn) => turn <= 0);
}

/** Twice the area of a polygon, above 0 if its corners turn from u towards v. */
function areaOf(polygon: Polygon): number {
  return polygon.reduce((sum, [u, v], index) => {
    const [nextU, nextV] = polygon[(index + 1) % polygon.length]!;
    return sum + u * nextV - nextU * v;
  }, 0);
}

/**
 * Whether two convex polygons have more than an edge in common, by the axes that may part them: the normals of
 * their edges.
 */
export function outlinesOverlap(a: Polygon, b: Polygon): boolean {
  if (a.length < 3 || b.length < 3) return false;
  return [a, b].every((outline) =>
    outline.every(([u, v], index) => {
      const [nextU, nextV] = outline[(index + 1) % outline.length]!;
      if (nextU === u && nextV === v) return true;
      const spans = [a, b].map((points) => {
        const along = points.map((point) => point[0] * (nextV - v) - point[1] * (nextU - u));
        return [Math.min(...along), Math.max(...along)] as const;
      });
      const [[leastA, mostA], [leastB, mostB]] = spans as [typeof spans[0], typeof spans[0]];
      return leastA! < mostB! && leastB! < mostA!;
    })
  );
}
