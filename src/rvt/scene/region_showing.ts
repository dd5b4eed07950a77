/**
 * Which texels of a volume show something of a box. Pure, in float64.
 *
 * @module
 */

import type { OrientedBox } from "../../geometry/mod.ts";
import type { Region } from "../../streaming/mod.ts";
import { footprintBounds, footprintOf } from "../component/mod.ts";
import type { VolumeView } from "../tile/tile_view.ts";

/**
 * The part of a level, or of the last one, that shows something of a box, in whole texels: a box that is
 * flat, or seen edge-on, has one at least. Null if the box lies beside the volume, above or below it.
 */
export function regionShowing(
  box: OrientedBox,
  level: number,
  { grid, toVolume }: Pick<VolumeView, "grid" | "toVolume">,
): Region | null {
  const outline = footprintOf(box, toVolume);
  if (outline.length === 0) return null;
  const own = Math.min(level, grid.levelCount - 1);
  const { width, height } = grid.level(own);
  const { u0, v0, u1, v1 } = footprintBounds(outline);
  const columns = wholeTexels(u0, u1, width);
  const rows = wholeTexels(v0, v1, height);
  if (columns === null || rows === null) return null;
  return { level: own, x: columns.at, width: columns.count, y: rows.at, height: rows.count };
}

/** The texels that an interval from 0 to 1 has a part of; null if it lies beside all of them. */
function wholeTexels(
  from: number,
  to: number,
  size: number,
): { readonly at: number; readonly count: number } | null {
  if (to < 0 || from > 1) return null;
  const at = Math.min(Math.floor(Math.max(0, from) * size), size - 1);
  const end = Math.min(Math.ceil(to * size), size);
  return { at, count: Math.max(1, end - at) };
}
