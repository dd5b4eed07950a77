/**
 * A flight whose reads arrive three frames late, at several budgets: misses against a plain LRU cache
 * of as many slots, which may read any number of tiles at once, and frames from a teleport to a sharp
 * picture.
 *
 * @module
 */

import {
  type Benchmark,
  type BenchMetric,
  type BenchResult,
  summarize,
} from "../../src/cli/bench/benchmark.ts";
import type { ForgeDevice } from "../../src/gpu/mod.ts";
import { fly } from "../streaming/flight.ts";

const MIB = 2 ** 20;
const BUDGETS_MIB = [8, 16, 64];

/** Flies at some budgets, in MiB. */
export async function benchFlight(
  device: ForgeDevice,
  budgetsMib: readonly number[] = BUDGETS_MIB,
): Promise<BenchResult> {
  const metrics: Record<string, BenchMetric> = {};
  for (const mib of budgetsMib) {
    const { hitRate, lru, framesToSharp, meanBias, peakBytes } = await fly(device, {
      maxMemoryBytes: mib * MIB,
    });
    const at = (name: string) => `${name}_${mib}_mib`;
    metrics[at("hit_rate")] = summarize([100 * hitRate], { unit: "%" });
    metrics[at("lru_hit_rate")] = summarize([100 * lru.hitRate], { unit: "%" });
    metrics[at("misses_vs_lru")] = summarize([(1 - hitRate) / (1 - lru.hitRate)], {
      unit: "ratio",
      target: 1,
    });
    const frames = framesToSharp.filter(Number.isFinite);
    if (frames.length < framesToSharp.length) throw new Error(`Never sharp at ${mib} MiB`);
    metrics[at("frames_to_sharp")] = summarize(frames, { unit: "frames", target: 9, aim: 7 });
    metrics[at("mean_bias")] = summarize([meanBias], { unit: "levels" });
    metrics[at("peak_of_budget")] = summarize([peakBytes / (mib * MIB)], {
      unit: "ratio",
      target: 1,
    });
  }
  return { metrics };
}

/** The benchmark. */
export const bench: Benchmark = {
  name: "flight",
  description: "a flight with late reads at 8, 16 and 64 MiB, against a plain LRU cache",
  runBenchmark: ({ device }) => benchFlight(device),
};
