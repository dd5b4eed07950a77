/**
 * Convex polygons on a texture. Pure.
 *
 * @module
 */

/** Corners in order around it; of fewer than three it has no area. */
export type Polygon = readonly (readonly [u: number, v: number])[];

/** The part of a convex polygon that lies on the texture (Sutherland and Hodgman, 1974). */
export function withinTexture(polygon: Polygon): Polygon {
  let points = polygon;
  for (const axis of [0, 1] as const) {
    for (const side of [1, -1] as const) {
      // How far inside a point is: from 0, or from 1.
      const depth = (point: Polygon[number]) => side > 0 ? point[axis] : 1 - point[axis];
      if (points.every((point) => depth(point) >= 0)) continue;
      points = points.flatMap((point, index) => {
        const next = points[(index + 1) % points.length]!;
        const [here, there] = [depth(point), depth(next)];
        const kept = here >= 0 ? [point] : [];
        if ((here < 0) === (there < 0)) return kept;
        const part = here / (here - there);
        const crossing = [0, 1].map((i) => point[i]! + part * (next[i]! - point[i]!));
        return [...kept, crossing as unknown as Polygon[number]];
      });
    }
  }
  return points;
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
