/**
 * How far things reach in the space of a volume. Pure, in float64.
 *
 * @module
 */

import { vec3d } from "npm:wgpu-matrix@3.4.2";
import type { OrientedBox } from "../../geometry/mod.ts";

/** Part of a reach by which it is made larger, for rounding. */
const SLACK = 1 / 64;

/**
 * The least and largest u, v and w of some boxes and of the volume itself.
 *
 * @param toVolume World to u, v and w: column-major.
 */
export function reachInVolume(
  boxes: Iterable<OrientedBox>,
  toVolume: Float64Array,
): { readonly least: readonly number[]; readonly most: readonly number[] } {
  const [least, most] = [[0, 0, 0], [1, 1, 1]];
  for (const { center, axes } of boxes) {
    const middle = vec3d.transformMat4(center as unknown as number[], toVolume);
    for (let i = 0; i < 3; i++) {
      const reach = axes.reduce((sum, axis) =>
        sum + Math.abs(
          toVolume[i]! * axis[0]! + toVolume[4 + i]! * axis[1]! + toVolume[8 + i]! * axis[2]!,
        ), 0);
      least[i] = Math.min(least[i]!, middle[i]! - reach);
      most[i] = Math.max(most[i]!, middle[i]! + reach);
    }
  }
  const slack = least.map((from, i) => SLACK * (most[i]! - from));
  return {
    least: least.map((from, i) => from - slack[i]!),
    most: most.map((to, i) => to + slack[i]!),
  };
}
