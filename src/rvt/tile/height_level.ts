/**
 * The level at which tiles read streamed heights. Pure, in float64.
 *
 * @module
 */

import { mat4d } from "npm:wgpu-matrix@3.4.2";
import type { LandscapeDraw } from "../component/mod.ts";
import type { VolumeView } from "./tile_view.ts";

/**
 * Levels of detail that are this close to the next one are that: 256 texels over 256 samples, which lie 255
 * apart, show level 0, and 128 texels level 1.
 */
const SAME_LEVELS = 0.1;

/**
 * The level whose texels are as large as those of a tile, or smaller by less than one level: the hardware's
 * level of detail of a landscape that is level, rounded down.
 *
 * @param tile World to the volume's u and v, the texture's tiles, and the level of the tile.
 */
export function heightLevel(
  { surface, toWorld }: LandscapeDraw,
  { toVolume, grid, level }: Pick<VolumeView, "toVolume" | "grid"> & { readonly level: number },
): number {
  const last = surface.streamedHeights!.texture.grid.levelCount - 1;
  const m = mat4d.multiply(toVolume, toWorld as Float64Array) as Float64Array;
  const { width, height } = grid.level(level);
  // Texels by sample along x and along y; then samples by texel.
  const [a, b, c, d] = [m[0]! * width, m[1]! * height, m[4]! * width, m[5]! * height];
  const determinant = Math.abs(a * d - b * c);
  const samples = Math.max(Math.hypot(b, d), Math.hypot(a, c)) / determinant;
  // A landscape that is seen from its edge is a line.
  if (!Number.isFinite(samples)) return last;
  const detail = Math.floor(Math.log2(Math.max(samples, 1)) + SAME_LEVELS);
  return Math.min(detail, last);
}
