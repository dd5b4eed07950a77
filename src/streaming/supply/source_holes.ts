/**
 * Whether a texture has holes: texels without a value, which are NaN. Pure.
 *
 * @module
 */

import type { TileSource } from "../../sources/mod.ts";
import type { TexelFormat } from "../../texels/mod.ts";

/** Whether texels of a format can be NaN one by one. */
export function canHaveHoles(format: TexelFormat): boolean {
  return /^rg?(?:ba)?(?:16|32)float$/.test(format);
}

/** Whether texels of a source may be holes: any of floats, unless it is known that none are. */
export function mayHaveHoles(
  { format, hasHoles, valueStatistics }: Pick<
    TileSource,
    "format" | "hasHoles" | "valueStatistics"
  >,
): boolean {
  const areCounted = valueStatistics?.bands.some(({ holes }) => holes > 0) ?? true;
  return hasHoles ?? (areCounted && canHaveHoles(format));
}
