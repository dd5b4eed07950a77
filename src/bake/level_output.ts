/**
 * Writes the rows of a mip chain to a file.
 *
 * @module
 */

import type { ValueStatistics } from "../sources/mod.ts";

/** Summary of a finished file. */
export interface OutputSummary {
  /** Size of the file in bytes. */
  readonly byteLength: number;
  /** Tiles in it, 0 for files that are not cut into tiles. */
  readonly tiles: number;
}

/**
 * Takes rows of several levels in turn, each level's from the top. Rows come many at a time from
 * code that cannot await, so an output says when its buffers are full and must be drained.
 */
export interface LevelOutput {
  /** Takes a row, whose bytes are copied. Returns whether `drain` is needed before the next row. */
  pushRow(level: number, row: Uint8Array): boolean;
  /** Encodes and writes the rows that are complete. */
  drain(signal?: AbortSignal): Promise<void>;
  /** Ends the file and makes it visible under its name; on failure nothing is left. */
  finish(options: {
    readonly signal?: AbortSignal;
    readonly onProgress: (fraction: number) => void;
    /** Kept by files that have a place for them. */
    readonly valueStatistics?: ValueStatistics;
  }): Promise<OutputSummary>;
  /** Leaves nothing behind. */
  abort(): Promise<void>;
}
