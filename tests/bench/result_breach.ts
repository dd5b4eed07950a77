import type { BenchResult } from "../../src/cli/bench/benchmark.ts";

/** What is wrong with a benchmark's result; empty if nothing is. */
export function resultBreach({ metrics }: BenchResult): string {
  const entries = Object.entries(metrics);
  if (entries.length === 0) return "no figures";
  for (const [name, { min, median, max, unit }] of entries) {
    if (![min, median, max].every(Number.isFinite)) return `${name} is not finite`;
    if (min > median || median > max) return `${name} is out of order`;
    if (unit === "") return `${name} has no unit`;
  }
  return "";
}
