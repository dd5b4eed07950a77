/**
 * The line of the demo's road.
 *
 * @module
 */

/** Where the road runs, in metres: along the plains of the east, from the south to the north. */
export const ROAD_POINTS: readonly (readonly [x: number, y: number])[] = [
  [196, 76],
  [214, 108],
  [246, 132],
  [250, 170],
  [268, 204],
  [300, 228],
  [340, 262],
  [378, 300],
  [398, 345],
];
export const ROAD_METRES = 5;

/** How far a place is from the middle of the road: of straight lines between points of its curve. */
export function metresFromRoad(x: number, y: number): number {
  let nearest = Infinity;
  for (let i = 0; i + 1 < CURVE.length; i++) {
    const [[x0, y0], [x1, y1]] = [CURVE[i]!, CURVE[i + 1]!];
    const [alongX, alongY] = [x1 - x0, y1 - y0];
    const at = ((x - x0) * alongX + (y - y0) * alongY) / (alongX ** 2 + alongY ** 2);
    const t = Math.min(1, Math.max(0, at));
    nearest = Math.min(nearest, Math.hypot(x - x0 - t * alongX, y - y0 - t * alongY));
  }
  return nearest;
}

/** The road's curve, a Catmull-Rom spline, in eight pieces from each point to the next. */
const CURVE = ROAD_POINTS.slice(0, -1).flatMap((_, i) =>
  Array.from({ length: 8 }, (_, piece) => pointAt(ROAD_POINTS, i + piece / 8))
).concat([ROAD_POINTS.at(-1)! as [number, number]]);

/** A point of a Catmull-Rom spline through points: its integers are the points. */
export function pointAt<const Point extends readonly number[]>(
  points: readonly Point[],
  at: number,
): number[] & { readonly [Axis in keyof Point]: number } {
  const last = points.length - 1;
  const first = Math.min(last - 1, Math.max(0, Math.floor(at)));
  const t = at - first;
  const [before, from, to, after] = [first - 1, first, first + 1, first + 2]
    .map((i) => points[Math.min(last, Math.max(0, i))]!);
  return from!.map((value, axis) => {
    const [a, c, d] = [before![axis]!, to![axis]!, after![axis]!];
    return value + 0.5 * t * (c - a + t * (2 * a - 5 * value + 4 * c - d +
              t * (3 * (value - c) + d - a)));
  }) as number[] & { readonly [Axis in keyof Point]: number };
}
