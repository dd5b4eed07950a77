/**
 * Asking for tiles ahead of their being seen.
 *
 * @module
 */

import { storedRegion } from "../stored_parts.ts";
import { checkedRegion, type Region, tilesOfRegion } from "./region.ts";
import type { TextureState } from "../texture_state.ts";

const FAILURE = "Cannot prefetch region";

/**
 * Queues the missing tiles under a region, as far as the pool has room for them beside what is seen
 * and what was queued before. Tiles that are resident count as used now, so that those which come
 * later do not push them out.
 *
 * @param states Every texture of the system.
 * @returns Whether every tile is resident or queued.
 */
export function queueRegion(
  texture: TextureState,
  region: Region,
  states: readonly TextureState[],
): boolean {
  const { residency, pool, grid } = texture;
  const { slots } = pool.residency;
  let room = pool.residency.holdsEverything ? Infinity : pool.residency.viewCapacity;
  room -= pool.seenCount;
  for (const state of states) if (state.pool === pool) room -= state.residency.prefetches.size;
  const checked = checkedRegion(grid, region, FAILURE);
  for (const tile of tilesOfRegion(grid, storedRegion(checked, texture), FAILURE)) {
    if (residency.prefetches.has(tile)) continue;
    const slot = residency.slotOf.get(tile);
    // What is seen has its room already; so has the tail.
    if (slot !== -1 && (slots.isPinned(slot) || residency.isSeen(tile))) continue;
    if (room-- <= 0) return false;
    if (slot === -1) residency.prefetches.set(tile, 1);
    else slots.touchSlot(slot, false);
  }
  return true;
}
