/**
 * Whether figures grow that are measured again and again in the same state.
 *
 * @module
 */

/** Part of the samples at the beginning that is not counted: code is compiled, caches fill. */
const WARM_UP_PART = 1 / 5;
/** Parts of the other samples that are compared: the first and the last. */
const COMPARED_PART = 1 / 3;

/** How much a figure may grow. */
export interface GrowthBound {
  readonly unit: string;
  /**
   * From the median of the first third to that of the last, whatever the number of frames; or, if it is
   * exact, from the first sample of all to any other.
   */
  readonly most: number;
  /** Whether it is the same in the same state, from the very beginning; default false. */
  readonly isExact?: boolean;
}

/** What a figure has done over the samples. */
export interface Growth extends GrowthBound {
  readonly name: string;
  /** Median of the first third after the warm-up, or the first sample. */
  readonly first: number;
  /** Median of the last third, or the largest sample. */
  readonly last: number;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Collects samples of figures, and compares the last with the first. */
export class GrowthWatch<Name extends string> {
  readonly #bounds: Readonly<Record<Name, GrowthBound>>;
  readonly #samples: Readonly<Record<Name, number>>[] = [];

  constructor(bounds: Readonly<Record<Name, GrowthBound>>) {
    this.#bounds = bounds;
  }

  /** Number of samples. */
  get count(): number {
    return this.#samples.length;
  }

  /** Takes a sample of every figure. */
  addSample(sample: Readonly<Record<Name, number>>): void {
    this.#samples.push(sample);
  }

  /** Growth of every figure; none before there are two samples after the warm-up. */
  growth(): Growth[] {
    const counted = this.#samples.slice(Math.ceil(this.#samples.length * WARM_UP_PART));
    if (counted.length < 2) return [];
    const compared = Math.max(1, Math.floor(counted.length * COMPARED_PART));
    return (Object.keys(this.#bounds) as Name[]).map((name) => {
      const values = (samples: typeof counted) => samples.map((sample) => sample[name]);
      const bound = this.#bounds[name];
      const [first, last] = bound.isExact
        ? [this.#samples[0]![name], Math.max(...values(this.#samples))]
        : [median(values(counted.slice(0, compared))), median(values(counted.slice(-compared)))];
      return { name, ...bound, first, last };
    });
  }

  /** The figures that have grown too much, a sentence each. */
  breaches(): string[] {
    return this.growth().filter(({ first, last, most }) => last - first > most).map(
      ({ name, first, last, most, unit }) =>
        `${name} grew from ${Math.round(first)} to ${Math.round(last)} ${unit}: at most ${most} ` +
        `more are allowed`,
    );
  }
}
