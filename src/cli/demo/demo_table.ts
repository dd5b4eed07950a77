/**
 * The table that the demo prints at the end.
 *
 * @module
 */

import { byteText } from "../byte_text.ts";
import { frameHitRate, type FrameRecord, numberOf } from "./demo_records.ts";
import { demoTotals, totalsText } from "./demo_totals.ts";
import { textTable } from "../../text_table.ts";

/** Rows of the table: enough to follow the flight, few enough to read. */
const MOST_ROWS = 9;

/** A short table over the flight, some of its frames from the first to the last, and its totals. */
export function demoTable(records: readonly FrameRecord[]): string {
  const rows = pickEvenly(records, MOST_ROWS).map((record) => [
    String(record.frame),
    String(Math.round(record.camera_position[2] ?? 0)),
    String(numberOf(record.get_statistics, "tiles_loaded")),
    String(numberOf(record.get_statistics, "tiles_evicted")),
    String(numberOf(record.get_memory_info, "active_tiles")),
    `${frameHitRate(record).toFixed(1)} %`,
    byteText(numberOf(record.get_memory_info, "used_memory")),
    byteText(numberOf(record.get_memory_info, "total_budget")),
  ]);
  const head = [
    "frame",
    "height",
    "loaded in all",
    "evicted in all",
    "resident",
    "frame's hits",
    "memory",
    "budget",
  ];
  return `${textTable(head, rows)}\n\n${totalsText(demoTotals(records))}`;
}

/** At most so many of the items, evenly spread, the first and the last among them. */
export function pickEvenly<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from(
    { length: most },
    (_, index) => items[Math.round(index * (items.length - 1) / (most - 1))]!,
  );
}
