/**
 * The charts of a flight.
 *
 * @module
 */

import { byteText } from "../byte_text.ts";
import type { Chart } from "./chart.ts";
import { frameHitRate, type FrameRecord, numberOf, type Returned } from "./demo_records.ts";
import { demoTotals, loadedText } from "./demo_totals.ts";

/** Parts of the memory, by the keys of `get_memory_info`; they add up to `used_memory`. */
const MEMORY_PARTS: readonly (readonly [key: string, name: string])[] = [
  ["atlas_memory", "atlas"],
  ["page_table_memory", "page tables"],
  ["feedback_memory", "feedback"],
  ["staging_memory", "staging"],
  ["scratch_memory", "scratch"],
  ["cache_memory", "caches"],
];

/** The four charts of a flight, in the order in which they are read. */
export function demoCharts(records: readonly FrameRecord[]): Chart[] {
  return [
    hitRateChart(records),
    residentChart(records),
    memoryChart(records),
    trafficChart(records),
  ];
}

function hitRateChart(records: readonly FrameRecord[]): Chart {
  const rates = records.map(frameHitRate);
  const overall = valuesOf(records, "get_statistics", "cache_hit_rate");
  return {
    title: "Hit rate",
    description: `Share of the tiles that a frame wanted which were resident when it began: ` +
      `${percent(overall.at(-1)!)} over the flight, at least ${percent(Math.min(...rates))} in a ` +
      `frame`,
    kind: "line",
    series: [
      { name: "of the frame", values: rates, color: 1 },
      { name: "since the start", values: overall, color: 2 },
    ],
    atLeast: 100,
    format: percent,
  };
}

function residentChart(records: readonly FrameRecord[]): Chart {
  const tiles = valuesOf(records, "get_memory_info", "active_tiles");
  const slots = Math.max(...valuesOf(records, "get_memory_info", "atlas_slots_total"));
  return {
    title: "Resident tiles",
    description: `Tiles in the atlas: ${count(tiles.at(-1)!)} at the end, at most ` +
      `${count(Math.max(...tiles))}, of ${count(slots)} slots`,
    kind: "line",
    series: [{ name: "resident tiles", values: tiles, color: 1 }],
    ...(slots > 0 ? { limit: { name: `${count(slots)} slots`, value: slots } } : {}),
    format: count,
  };
}

function memoryChart(records: readonly FrameRecord[]): Chart {
  const budget = Math.max(...valuesOf(records, "get_memory_info", "total_budget"));
  const used = valuesOf(records, "get_memory_info", "used_memory");
  const series = MEMORY_PARTS.map(([key, name], index) => ({
    name,
    values: valuesOf(records, "get_memory_info", key).map(toMebibytes),
    color: index + 1,
  })).filter(({ values }) => values.some((value) => value > 0));
  return {
    title: "Memory against the budget",
    description: `Bytes by what they are for: at most ${byteText(Math.max(...used))} of a budget ` +
      `of ${byteText(budget)}`,
    kind: "stack",
    series: series.length > 0 ? series : [
      { name: "used", values: used.map(toMebibytes), color: 1 },
    ],
    limit: { name: `budget ${byteText(budget)}`, value: toMebibytes(budget) },
    format: (value) => `${Number(value.toFixed(2))} MiB`,
  };
}

function trafficChart(records: readonly FrameRecord[]): Chart {
  const totals = demoTotals(records);
  const loaded = valuesOf(records, "update_streaming", "tiles_loaded");
  const evicted = valuesOf(records, "update_streaming", "tiles_evicted");
  return {
    title: "Tiles loaded and evicted per frame",
    description: `${loadedText(totals)}, at most ${count(Math.max(...loaded))} in one; ${
      count(totals.evicted)
    } evicted`,
    kind: "bars",
    series: [
      { name: "loaded", values: loaded, color: 1 },
      { name: "evicted", values: evicted, color: 2 },
    ],
    atLeast: 4,
    format: count,
  };
}

type Call = "update_streaming" | "get_statistics" | "get_memory_info";

function valuesOf(records: readonly FrameRecord[], call: Call, name: string): number[] {
  return records.map((record) => numberOf(record[call] as Returned, name));
}

function toMebibytes(bytes: number): number {
  return bytes / 1024 / 1024;
}

function percent(value: number): string {
  return `${Number(value.toFixed(1))} %`;
}

function count(value: number): string {
  return String(Math.round(value));
}
