/**
 * Bounds of what loads cost, wide enough for a machine that does other work as well.
 *
 * @module
 */

import type { BenchResult } from "../../src/cli/bench/benchmark.ts";

/** How much loads may cost. */
export interface LoadBounds {
  /** One load against writing its table and its tail by hand. */
  readonly mostByHand: number;
  /** Each of many loads against one alone. */
  readonly mostOfEach: number;
}

/** Which figure of `benchLoads` is out of bounds; empty if none is. */
export function loadBreach({ metrics }: BenchResult, bounds: LoadBounds): string {
  const breaches: string[] = [];
  let compared = 0;
  for (const [name, { median }] of Object.entries(metrics)) {
    const many = /^(\d+)_loads_vs_1$/.exec(name);
    const isByHand = /^load_.*_vs_by_hand$/.test(name);
    if (many === null && !isByHand) continue;
    compared++;
    const most = many === null ? bounds.mostByHand : bounds.mostOfEach * Number(many[1]);
    if (!(median < most)) breaches.push(`${name} is ${median}, not below ${most}`);
  }
  if (compared === 0) breaches.push("no figure to compare");
  return breaches.join("; ");
}
