/**
 * Who is in memory: page entries, mappings, the tile cache, the request queue, budgets. Pure.
 *
 * @module
 */

export * from "./page_entry.ts";
export * from "./producer.ts";
