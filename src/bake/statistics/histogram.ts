/**
 * Histograms of fixed size, from which percentiles are read.
 *
 * @module
 */

/** Counts values of one band. */
export interface Histogram {
  /** Counts a value, which is finite. */
  add(value: number): void;
  /** The least value that at least this share of the values do not exceed; null without values. */
  percentile(share: number): number | null;
}

/** Counts integers of a range exactly; what lies outside counts as its nearest. */
export class IntegerHistogram implements Histogram {
  readonly #least: number;
  readonly #counts: Float64Array;

  /** Takes the smallest and the largest integer. */
  constructor(least: number, most: number) {
    this.#least = least;
    this.#counts = new Float64Array(most - least + 1);
  }

  add(value: number): void {
    const bin = Math.round(value) - this.#least;
    this.#counts[Math.min(this.#counts.length - 1, Math.max(0, bin))]!++;
  }

  percentile(share: number): number | null {
    const bin = binOf(this.#counts, share);
    return bin === null ? null : bin + this.#least;
  }
}

/** Bits of a float's number that bins leave out: eleven of the fraction's 23 are kept. */
const DROPPED_BITS = 12;

/**
 * Counts 32-bit floats in bins of their first 20 bits: sign, exponent and 11 bits of the fraction. So
 * the middle of a bin lies within 1/4096 of each of its values. Numbers so small that they have no
 * whole fraction share the bins around 0.
 */
export class FloatHistogram implements Histogram {
  readonly #counts = new Float64Array(2 ** (32 - DROPPED_BITS));
  readonly #float = new Float32Array(1);
  readonly #bits = new Uint32Array(this.#float.buffer);

  add(value: number): void {
    this.#float[0] = value;
    const bits = this.#bits[0]!;
    // In the order of the values: negative ones count down.
    const ordered = (bits & 0x80000000) !== 0 ? ~bits >>> 0 : (bits | 0x80000000) >>> 0;
    this.#counts[ordered >>> DROPPED_BITS]!++;
  }

  percentile(share: number): number | null {
    const bin = binOf(this.#counts, share);
    if (bin === null) return null;
    const ordered = bin * 2 ** DROPPED_BITS + 2 ** (DROPPED_BITS - 1);
    this.#bits[0] = ordered >= 2 ** 31 ? ordered - 2 ** 31 : ~ordered >>> 0;
    return this.#float[0]!;
  }
}

function binOf(counts: Float64Array, share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const wanted = Math.max(1, Math.ceil(share * total));
  let seen = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    seen += counts[bin]!;
    if (seen >= wanted) return bin;
  }
  return counts.length - 1;
}
