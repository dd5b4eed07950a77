/**
 * Which tiles are in memory: page entries, mappings, the tile cache, the request queue, budgets. Pure.
 *
 * @module
 */

export type { AdmissionBudget } from "./admission.ts";
export * from "./content_versions.ts";
export type { RefreshLimits } from "./continuous_refresh.ts";
export * from "./int_map.ts";
export type { MissCount } from "./miss_count.ts";
export type { ContentListener, NeededTexture, NeededTiles, NeedState } from "./needed_tiles.ts";
export * from "./page_entry.ts";
export * from "./page_mappings.ts";
export * from "./pool.ts";
export * from "./pressure.ts";
export * from "./producer.ts";
export * from "./tile_visits.ts";
export * from "./residency.ts";
export * from "./resize_pool.ts";
export * from "./retry_schedule.ts";
export type { LandedTile } from "./slot_placement.ts";
export * from "./slot_table.ts";
export * from "./statistics.ts";
export * from "./texture_residency.ts";
