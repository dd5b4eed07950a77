/**
 * Plans which reads to make for a set of requested ranges.
 *
 * @module
 */

import type { ByteRange } from "./read_range.ts";

/** One read that serves several requested ranges. */
export interface PlannedRead extends ByteRange {
  /** Indices of the requested ranges that lie in this read. */
  readonly serves: readonly number[];
  /** Bytes of the read that lie in a requested range; the rest are gaps. */
  readonly usedBytes: number;
}

/** How ranges are merged. */
export interface MergeOptions {
  /** Two ranges with at most this many bytes between them are read as one. */
  readonly maxGapBytes: number;
  /** Reads are not merged beyond this size; a single range may be longer. */
  readonly maxReadBytes: number;
}

/**
 * Merges ranges that overlap, touch or lie near each other. Reads come out in order of offset;
 * every range of positive length lies in exactly one.
 */
export function planReads(wanted: readonly ByteRange[], options: MergeOptions): PlannedRead[] {
  const order = wanted.map((_, index) => index).filter((index) => wanted[index]!.length > 0);
  order.sort((a, b) => wanted[a]!.offset - wanted[b]!.offset || a - b);
  const reads: PlannedRead[] = [];
  let serves: number[] = [];
  let start = 0;
  let end = 0;
  let usedBytes = 0;
  for (const index of order) {
    const { offset, length } = wanted[index]!;
    const rangeEnd = offset + length;
    const near = serves.length > 0 && offset - end <= options.maxGapBytes &&
      (rangeEnd <= end || rangeEnd - start <= options.maxReadBytes);
    if (!near) {
      if (serves.length > 0) reads.push({ offset: start, length: end - start, serves, usedBytes });
      serves = [];
      start = offset;
      end = offset;
      usedBytes = 0;
    }
    serves.push(index);
    usedBytes += Math.max(0, rangeEnd - Math.max(end, offset));
    end = Math.max(end, rangeEnd);
  }
  if (serves.length > 0) reads.push({ offset: start, length: end - start, serves, usedBytes });
  return reads;
}
