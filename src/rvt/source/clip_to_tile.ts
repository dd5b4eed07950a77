/**
 * The part of a polygon that lies in a tile. Pure, in float64.
 *
 * @module
 */

/** A place in a tile with its borders: x and y from −1 to 1. */
export type ClipPoint = readonly [x: number, y: number];

/** Part of a texel by which the outermost texels' centres are passed, for what rounding may move. */
const REACH_TEXELS = 1 / 16;
/** Steps of the grid of points along an edge of a tile. */
const GRID_STEPS = 8;

/** How far from the middle of a tile the points lie that stand for its texels. */
function edgeOf(texels: number): number {
  return 1 - (1 - 2 * REACH_TEXELS) / texels;
}

/**
 * Cuts a convex polygon at the centres of a tile's outermost texels (Sutherland and Hodgman, "Reentrant
 * Polygon Clipping", 1974).
 *
 * @returns The corners of what is left; none if nothing is.
 */
export function clipToTile(polygon: readonly ClipPoint[], texels: number): readonly ClipPoint[] {
  const edge = edgeOf(texels);
  let points = polygon;
  for (const axis of [0, 1] as const) {
    for (const sign of [1, -1]) {
      points = cut(points, (point) => edge - sign * point[axis]);
      if (points.length === 0) return points;
    }
  }
  return points;
}

/** The part of a polygon where a function, which is affine, is not below 0. */
function cut(
  points: readonly ClipPoint[],
  inside: (point: ClipPoint) => number,
): readonly ClipPoint[] {
  const kept: ClipPoint[] = [];
  points.forEach((point, i) => {
    const before = points[(i + points.length - 1) % points.length]!;
    const [from, to] = [inside(before), inside(point)];
    if ((from < 0) !== (to < 0)) {
      const part = from / (from - to);
      kept.push([
        before[0] + part * (point[0] - before[0]),
        before[1] + part * (point[1] - before[1]),
      ]);
    }
    if (to >= 0) kept.push(point);
  });
  return kept;
}

/** Points of a regular grid over a tile that lie in a convex polygon. */
export function gridInside(polygon: readonly ClipPoint[], texels: number): ClipPoint[] {
  const edge = edgeOf(texels);
  const bounds = [0, 1].map((axis) => {
    const along = polygon.map((point) => point[axis]!);
    const index = (value: number) => (value + edge) / (2 * edge) * GRID_STEPS;
    return [Math.ceil(index(Math.min(...along))), Math.floor(index(Math.max(...along)))] as const;
  }) as [readonly [number, number], readonly [number, number]];
  const points: ClipPoint[] = [];
  for (let j = bounds[1][0]; j <= bounds[1][1]; j++) {
    for (let i = bounds[0][0]; i <= bounds[0][1]; i++) {
      const point = [edge * (2 * i / GRID_STEPS - 1), edge * (2 * j / GRID_STEPS - 1)] as const;
      if (isInside(polygon, point)) points.push(point);
    }
  }
  return points;
}

function isInside(polygon: readonly ClipPoint[], [x, y]: ClipPoint): boolean {
  let isLeft = false;
  let isRight = false;
  polygon.forEach(([x1, y1], i) => {
    const [x0, y0] = polygon[(i + polygon.length - 1) % polygon.length]!;
    const side = (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0);
    if (side > 0) isLeft = true;
    if (side < 0) isRight = true;
  });
  return !(isLeft && isRight);
}
