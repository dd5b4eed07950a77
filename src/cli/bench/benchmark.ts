/**
 * What a benchmark is: a module `tests/bench/NAME_bench.ts` that exports `bench`.
 *
 * Figures are ratios within one run wherever they can be, so that they hold on any machine.
 *
 * @module
 */

import type { ForgeDevice } from "../../gpu/mod.ts";

/** One figure of a benchmark, over its repetitions. */
export interface BenchMetric {
  /** Middle of the samples. */
  readonly median: number;
  /** Least of the samples. */
  readonly min: number;
  /** Greatest of the samples. */
  readonly max: number;
  /** Unit of the three: `ratio`, `ms`, `µs`, `%`, `frames`. */
  readonly unit: string;
  /** The median must be at most this. */
  readonly target?: number;
  /** Target: the median should be at most this. */
  readonly aim?: number;
}

/** Arguments of a benchmark. */
export interface BenchContext {
  /** The device to measure on; the harness closes it. */
  readonly device: ForgeDevice;
  /** Tells the user how far the benchmark is. */
  say(text: string): void;
}

/** A benchmark's figures by name. */
export interface BenchResult {
  /** Figures in the order in which they are shown. */
  readonly metrics: Readonly<Record<string, BenchMetric>>;
}

/** One benchmark. */
export interface Benchmark {
  /** Name on the command line. */
  readonly name: string;
  /** One line on what is measured against what. */
  readonly description: string;
  /** Takes the samples. */
  runBenchmark(context: BenchContext): Promise<BenchResult>;
}

/** Unit and bounds of a figure. */
export interface SummarizeOptions {
  /** Unit of the samples. */
  readonly unit: string;
  /** The median must be at most this. */
  readonly target?: number;
  /** Target: the median should be at most this. */
  readonly aim?: number;
}

/**
 * Median and spread of samples.
 *
 * @throws {RangeError} if there is no sample, or one that is not finite
 */
export function summarize(samples: readonly number[], options: SummarizeOptions): BenchMetric {
  if (samples.length === 0 || !samples.every(Number.isFinite)) {
    throw new RangeError(
      `Cannot summarize samples as there must be at least one, all finite: current value is [${
        samples.join(", ")
      }]`,
    );
  }
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1
    ? sorted[middle]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)!, ...options };
}
