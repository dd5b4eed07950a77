/**
 * Whether residency's counts agree with each other.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { insideOf } from "../../streaming/inside.ts";

/**
 * Checks that every slot in use belongs to a tile of a loaded texture, and, where nothing is in
 * flight, that none is promised and no tile pending.
 *
 * @returns Slots in use.
 */
export function checkSlots(
  system: VirtualTextureSystem,
  textures: readonly StreamedTexture[],
): number {
  const states = textures.map(insideOf);
  let used = 0;
  for (const pool of new Set(states.map(({ pool }) => pool))) {
    const { slots, pendingCount, slotsPromised } = pool.residency;
    const members = states.filter((state) => state.pool === pool);
    const resident = members.reduce((sum, { residency }) => sum + residency.slotOf.size, 0);
    assert.equal(slots.usedCount, resident, `slots of ${pool.key} in use, and resident tiles`);
    const pinned = members.reduce((sum, { grid }) => sum + grid.levelCount - grid.tailLevel, 0);
    assert.equal(slots.pinnedCount, pinned, `pinned slots of ${pool.key}`);
    assert.equal(pool.residency.textures.size, members.length, `textures of ${pool.key}`);
    assert.equal(pendingCount, 0, `tiles of ${pool.key} in flight`);
    assert.equal(slotsPromised, 0, `slots of ${pool.key} that are promised`);
    used += slots.usedCount;
  }
  assert.equal(system.getMemoryInfo().atlasSlotsUsed, used, "slots in use of all pools");
  return used;
}
