/**
 * How much a tile is wanted, within its reason.
 *
 * @module
 */

import { TileReason } from "../tiles/mod.ts";

/** Content levels run to 30; a missing ancestor counts as one more. */
const NO_CONTENT_LEVEL = 31;
/** How much faster the age of stale content counts, by the reason for which its tile is wanted. */
const AGE_WEIGHTS = { [TileReason.prefetch]: 1, [TileReason.margin]: 2, [TileReason.visible]: 8 };
/** Pixels of coverage that decide between two tiles of the same age as half a frame would. */
const COVERAGE_PIXELS = 65536;

/** Of a tile without which nothing of its texture can be shown: above what any coverage gives. */
export const TAIL_SCORE: number = 2 ** 39;

/** Of a missing tile: the pixels that it covers, and the levels by which what is shown is coarser. */
export function missingScore(
  coverage: number,
  levels: { readonly wanted: number; readonly shown: number },
): number {
  const deficit = Math.max(1, Math.min(levels.shown, NO_CONTENT_LEVEL) - levels.wanted);
  return Math.max(coverage, 1e-3) * deficit;
}

/** Of a stale tile: the older its content is, in frames, and the more it is wanted, the more. */
export function staleScore(
  ageFrames: number,
  { coverage, reason }: { readonly coverage: number; readonly reason: 0 | 1 | 2 },
): number {
  return (ageFrames + 0.5 * coverage / (coverage + COVERAGE_PIXELS)) * AGE_WEIGHTS[reason];
}
