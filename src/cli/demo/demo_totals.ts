/**
 * What a flight adds up to. The report and the table that is printed show these figures alone, so
 * that they agree.
 *
 * @module
 */

import { countText } from "../count_text.ts";
import { type FrameRecord, numberOf } from "./demo_records.ts";

/** Sums over a flight. */
export interface DemoTotals {
  /** Tiles loaded from the start of the system to the last frame. */
  readonly loaded: number;
  /** Of these, tiles that came with the texture, before the first frame: the coarse ones that stay. */
  readonly loadedBefore: number;
  /** Tiles evicted from the start of the system to the last frame. */
  readonly evicted: number;
  /** Tiles that frames wanted, each counted in every frame that wanted it. */
  readonly wanted: number;
  /** Of these, tiles that were resident when their frame began. */
  readonly hits: number;
}

/** Adds the records of a flight up. */
export function demoTotals(records: readonly FrameRecord[]): DemoTotals {
  const total = (name: string) =>
    records.reduce((sum, { update_streaming }) => sum + numberOf(update_streaming, name), 0);
  const { get_statistics: statistics } = records.at(-1)!;
  const loaded = numberOf(statistics, "tiles_loaded");
  const hits = total("cache_hits");
  return {
    loaded,
    loadedBefore: loaded - total("tiles_loaded"),
    evicted: numberOf(statistics, "tiles_evicted"),
    wanted: hits + total("cache_misses"),
    hits,
  };
}

/** Where the loaded tiles came from: `376 tiles: 8 with the texture, 368 for the frames`. */
export function loadedText({ loaded, loadedBefore }: DemoTotals): string {
  return `${countText(loaded, "tile")}: ${loadedBefore} with the texture, ` +
    `${loaded - loadedBefore} for the frames`;
}

/** The hit rate over the flight, in percent; 100 if no tile was wanted. */
export function hitRate({ hits, wanted }: DemoTotals): number {
  return wanted === 0 ? 100 : 100 * hits / wanted;
}

/** Two sentences on where tiles came from, and of what the hit rate is a share. */
export function totalsText(totals: DemoTotals): string {
  const { hits, wanted } = totals;
  return `Loaded ${loadedText(totals)}. Hit rate ${hitRate(totals).toFixed(1)} %: of ${
    countText(wanted, "tile")
  } that frames wanted, each counted in every frame, ${
    hits.toLocaleString("en")
  } were resident when the frame began.`;
}
