/**
 * What sampled values stand for in units of the file. Pure.
 *
 * @module
 */

import { decodedTexelFormat, type TexelFormat } from "../../texels/mod.ts";
import type { TileSource } from "../tile_source.ts";

/** What a sampled value of 1 stands for in texels of a format: 255, 65535, or 1. */
export function formatScale(format: TexelFormat): number {
  const decoded = decodedTexelFormat(format);
  return decoded.endsWith("float") ? 1 : decoded.endsWith("16unorm") ? 65535 : 255;
}

/** The same for a source, which may know better than its format. */
export function valueScaleOf(
  source: Pick<TileSource, "format" | "valueScale" | "valueStatistics">,
): number {
  return source.valueScale ?? source.valueStatistics?.scale ?? formatScale(source.format);
}
