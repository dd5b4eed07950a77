/**
 * Depth of orthographic pictures, whatever the projection's own depth range. Pure.
 *
 * @module
 */

import type { OrientedBox } from "../../geometry/mod.ts";

/** Part of the range that is left free at both ends, for rounding. */
const SLACK = 1 / 64;

/**
 * World to clip space of an orthographic camera, with another z: 1 at what is nearest of some boxes, 0 at
 * what is farthest, in between over it all. So near and far planes clip nothing, and everything keeps an
 * order.
 *
 * @param toClip World to clip space, column-major, with a constant w.
 * @param nearnessSign 1 where its z is larger near the camera, −1 where it is smaller.
 */
export function withDepthOfBoxes(
  toClip: Float64Array,
  nearnessSign: -1 | 1,
  boxes: Iterable<OrientedBox>,
): Float64Array {
  const row = [2, 6, 10, 14].map((i) => nearnessSign * toClip[i]! / toClip[15]!);
  const along = (vector: ArrayLike<number>) =>
    row[0]! * vector[0]! + row[1]! * vector[1]! + row[2]! * vector[2]!;
  let [least, most] = [Infinity, -Infinity];
  for (const { center, axes } of boxes) {
    const middle = along(center) + row[3]!;
    const reach = axes.reduce((sum, axis) => sum + Math.abs(along(axis)), 0);
    least = Math.min(least, middle - reach);
    most = Math.max(most, middle + reach);
  }
  const range = most - least;
  const scale = range > 0 && Number.isFinite(range) ? (1 - 2 * SLACK) / range : 1;
  const first = Number.isFinite(least) ? least : 0;
  const result = Float64Array.from(toClip);
  for (const [column, part] of row.entries()) {
    const offset = column === 3 ? SLACK - scale * first : 0;
    result[4 * column + 2] = (scale * part + offset) * toClip[15]!;
  }
  return result;
}
