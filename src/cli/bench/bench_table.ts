/**
 * Formats figures of benchmarks as a table.
 *
 * @module
 */

import type { BenchMetric } from "./benchmark.ts";
import { textTable } from "../../text_table.ts";

/** Compares a figure with its bounds. */
export function verdict(metric: BenchMetric): string {
  const { median, target, aim } = metric;
  if (aim !== undefined && median <= aim) return "aim reached";
  if (target !== undefined) return median <= target ? "reached" : "MISSED";
  return aim !== undefined ? "above the aim" : "";
}

/** A table with a row for each figure: median, spread, bounds and a verdict. */
export function benchTable(metrics: Readonly<Record<string, BenchMetric>>): string {
  const rows = Object.entries(metrics).map(([name, metric]) => [
    name,
    `${number(metric.median)} ${metric.unit}`,
    `${number(metric.min)} … ${number(metric.max)}`,
    metric.target === undefined ? "" : `<= ${number(metric.target)}`,
    metric.aim === undefined ? "" : `<= ${number(metric.aim)}`,
    verdict(metric),
  ]);
  return textTable(["figure", "median", "spread", "reach", "aim", ""], rows);
}

/** Three significant digits, without an exponent. */
function number(value: number): string {
  const magnitude = Math.abs(value);
  const digits = magnitude >= 1000 || magnitude === 0
    ? 0
    : Math.min(6, 2 - Math.floor(Math.log10(magnitude)));
  return value.toFixed(digits);
}
