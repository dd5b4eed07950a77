/**
 * Ranges of values that are measured on a source's tiles.
 *
 * @module
 */

import type { ValuePair } from "../../texels/mod.ts";
import type { TileSource } from "../tile_source.ts";
import { readValues } from "./read_region.ts";

/** Most texels that a range is measured on. */
const MOST_TEXELS = 2 ** 20;

/**
 * Percentiles of the values of each band, in units of the file, on the finest level with at most 2^20
 * texels: filtered values, whose extremes lie closer to the mean than those of level 0. Holes, infinities
 * and transparent texels do not count; of none, the range is [0, 1].
 *
 * @param percentiles Two from 0 to 100, ascending.
 */
export async function measuredRanges(
  source: TileSource,
  percentiles: ValuePair,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<readonly ValuePair[]> {
  const { levels } = source.grid;
  const measured = levels.find(({ width, height }) => width * height <= MOST_TEXELS)!;
  const { width, height, level } = measured;
  const region = await readValues(source, [0, 0, width, height], { level, ...options });
  const { data, bands } = region;
  const colors = Math.min(3, bands);
  const kept = Array.from({ length: colors }, () => new Float64Array(width * height));
  const counts = kept.map(() => 0);
  for (let at = 0; at < data.length; at += bands) {
    if (bands === 4 && data[at + 3] === 0) continue;
    for (let band = 0; band < colors; band++) {
      const value = data[at + band]!;
      if (Number.isFinite(value)) kept[band]![counts[band]!++] = value;
    }
  }
  return kept.map((values, band): ValuePair => {
    const sorted = values.subarray(0, counts[band]).sort();
    if (sorted.length === 0) return [0, 1];
    const [low, high] = percentiles.map((share) =>
      sorted[Math.max(0, Math.ceil(share / 100 * sorted.length) - 1)]!
    );
    return [low!, high!];
  });
}
