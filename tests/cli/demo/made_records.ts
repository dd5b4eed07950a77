/**
 * Made-up records of a flight.
 *
 * @module
 */

import type { FrameRecord } from "../../../src/cli/demo/demo_records.ts";

/** Tiles that are loaded before the first frame. */
export const TAIL_TILES = 8;

/** Records of so many frames: every frame loads 3 tiles, and from the tenth on evicts 2. */
export function madeRecords(frames: number): FrameRecord[] {
  return Array.from({ length: frames }, (_, frame) => ({
    frame,
    camera_position: [2048, 1024, 4000 - frame],
    update_streaming: {
      tiles_loaded: 3,
      tiles_evicted: frame < 10 ? 0 : 2,
      tiles_requested: 3,
      cache_hits: 9,
      cache_misses: 3,
      update_time_ms: 1.5,
    },
    get_statistics: {
      cache_hit_rate: 75,
      tiles_loaded: TAIL_TILES + 3 * (frame + 1),
      tiles_evicted: 2 * Math.max(0, frame - 9),
    },
    get_memory_info: {
      total_budget: 8 * 1024 * 1024,
      used_memory: 5 * 1024 * 1024,
      atlas_memory: 4 * 1024 * 1024,
      page_table_memory: 0,
      feedback_memory: 512 * 1024,
      staging_memory: 512 * 1024,
      active_tiles: 20 + frame,
      atlas_slots_total: 100,
    },
  }));
}
