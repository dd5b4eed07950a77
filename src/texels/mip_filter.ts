/**
 * Reduction of one mip level to the next by exact area weights, on linear, premultiplied values.
 *
 * A level of n texels has a next level of m = max(1, ⌊n / 2⌋). Texel i of it covers the source from
 * i·n/m to (i + 1)·n/m. For even n that is a box of two; for odd n = 2m + 1, three texels with
 * weights (m − i)/n, m/n and (i + 1)/n (the polyphase box filter of "Non-Power-of-Two Mipmapping",
 * NVIDIA 2005). Either way every source texel has the same total weight.
 *
 * @module
 */

import { checkedInteger } from "../checks.ts";
import { OutOfRangeError } from "../errors.ts";

/** Size of one axis of the next level: ⌊size / 2⌋, at least 1. */
export function reducedSize(size: number): number {
  return Math.max(1, size >> 1);
}

/** How the texels of one axis of a level are made from the level before. */
export interface ReductionTaps {
  /** Texels of the next level. */
  readonly size: number;
  /** Source texels of each: 1 (a size of 1 stays), 2 (even sizes) or 3 (odd sizes). */
  readonly count: 1 | 2 | 3;
  /** `count` weights for each texel of the next level; texel i starts at source texel 2·i. */
  readonly weights: Float32Array;
}

/**
 * Weights of the 2× reduction of one axis.
 *
 * @param size Texels of the axis, at least 1.
 */
export function reductionTaps(size: number): ReductionTaps {
  checkedInteger(size, { name: "size", failure: "Cannot reduce level", range: [1, Infinity] });
  const reduced = reducedSize(size);
  if (size === 1) return { size: 1, count: 1, weights: Float32Array.of(1) };
  if (size % 2 === 0) {
    return { size: reduced, count: 2, weights: new Float32Array(2 * reduced).fill(0.5) };
  }
  const weights = new Float32Array(3 * reduced);
  for (let i = 0; i < reduced; i++) {
    weights[3 * i] = (reduced - i) / size;
    weights[3 * i + 1] = reduced / size;
    weights[3 * i + 2] = (i + 1) / size;
  }
  return { size: reduced, count: 3, weights };
}

/**
 * Reduces a level to the next, row by row: rows go in from the top, and each reduced row comes out
 * as soon as its last source row is in. Holds two reduced rows, however high the level.
 */
export class RowReducer {
  /** Width of the reduced level in texels. */
  readonly width: number;
  /** Height of the reduced level in texels. */
  readonly height: number;
  readonly #channels: number;
  readonly #sourceHeight: number;
  readonly #columns: ReductionTaps;
  readonly #rows: ReductionTaps;
  /** Row i of the reduced level accumulates in sum i & 1. */
  readonly #sums: readonly [Float32Array, Float32Array];
  readonly #line: Float32Array;
  #pushed = 0;

  /**
   * Begins a level with no rows yet.
   *
   * @param sourceWidth Width of the source level in texels, at least 1.
   * @param sourceHeight Height of the source level in texels, at least 1.
   * @param options `channels`: interleaved values a texel.
   */
  constructor(sourceWidth: number, sourceHeight: number, options: { channels: number }) {
    this.#channels = options.channels;
    this.#sourceHeight = sourceHeight;
    this.#columns = reductionTaps(sourceWidth);
    this.#rows = reductionTaps(sourceHeight);
    this.width = this.#columns.size;
    this.height = this.#rows.size;
    const length = this.width * options.channels;
    this.#sums = [new Float32Array(length), new Float32Array(length)];
    this.#line = new Float32Array(length);
  }

  /**
   * Takes the next source row.
   *
   * @param row Linear, premultiplied values, `sourceWidth * channels` of them.
   * @returns The reduced row that this one completes, valid until the next call, or null.
   * @throws {OutOfRangeError} if all rows are in already, or the row has another length.
   */
  pushRow(row: Float32Array): Float32Array | null {
    if (this.#pushed >= this.#sourceHeight) {
      throw new OutOfRangeError(
        "row",
        `Cannot reduce row as the level has ${this.#sourceHeight} rows: all are in already`,
      );
    }
    this.#reduceColumns(row);
    const y = this.#pushed++;
    const { count, size, weights } = this.#rows;
    // Source row y is tap y − 2·i of reduced row i: of one row, or of two where three taps overlap.
    const last = Math.min(y >> 1, size - 1);
    const first = count === 3 && y >= 2 && y % 2 === 0 ? (y >> 1) - 1 : last;
    for (let i = first; i <= last; i++) {
      this.#accumulate(i, weights[count * i + (y - 2 * i)]!, y === 2 * i);
    }
    return y === 2 * first + count - 1 ? this.#sums[first & 1 ? 1 : 0] : null;
  }

  #accumulate(reducedRow: number, weight: number, isFirstTap: boolean): void {
    const sum = this.#sums[reducedRow & 1 ? 1 : 0];
    const line = this.#line;
    if (isFirstTap) {
      for (let k = 0; k < line.length; k++) sum[k] = line[k]! * weight;
    } else {
      for (let k = 0; k < line.length; k++) sum[k]! += line[k]! * weight;
    }
  }

  #reduceColumns(row: Float32Array): void {
    const channels = this.#channels;
    const { count, weights, size } = this.#columns;
    const wanted = (count === 1 ? 1 : 2 * size + count - 2) * channels;
    if (row.length !== wanted) {
      throw new OutOfRangeError(
        "row",
        `Cannot reduce row as its length must be ${wanted}: current value is ${row.length}`,
      );
    }
    const line = this.#line;
    if (count === 1) {
      line.set(row);
      return;
    }
    const step = 2 * channels;
    for (let i = 0, out = 0, at = 0; i < size; i++, at += step) {
      const w0 = weights[count * i]!;
      const w1 = weights[count * i + 1]!;
      const w2 = count === 3 ? weights[count * i + 2]! : 0;
      for (let c = 0; c < channels; c++, out++) {
        let value = row[at + c]! * w0 + row[at + channels + c]! * w1;
        if (count === 3) value += row[at + step + c]! * w2;
        line[out] = value;
      }
    }
  }
}
