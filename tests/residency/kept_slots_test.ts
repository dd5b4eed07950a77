/**
 * Slots that are kept from being evicted for a while.
 */

import assert from "node:assert/strict";
import { PoolResidency, SlotTable } from "../../src/residency/mod.ts";
import { TileGrid } from "../../src/tiles/mod.ts";
import { seededRandom } from "../helpers/random.ts";

/** What is known of a slot without the table. */
interface Known {
  lastUsed: number;
  isPinned: boolean;
  isKept: boolean;
  /** Whether it goes before those that were used earlier, as it is not wanted after all. */
  isUntouched?: boolean;
}

/** Random operations; every count and victim against a scan. */
function runRandom(seed: number, release: (slots: SlotTable, slot: number) => void): void {
  const random = seededRandom(seed);
  const slots = new SlotTable(24);
  const known = new Map<number, Known>();
  let frame = 0;
  const some = () => [...known.keys()][Math.floor(random() * known.size)];
  for (let step = 0; step < 3000; step++) {
    const roll = random();
    const slot = some();
    if (roll < 0.15) slots.beginFrame(++frame);
    else if (roll < 0.4 || slot === undefined) {
      const isPinned = random() < 0.1;
      const taken = slots.takeSlot(0, step, {
        version: 0,
        pinned: isPinned,
        ahead: random() < 0.5,
      });
      if (taken !== -1) known.set(taken, { lastUsed: frame, isPinned, isKept: false });
    } else if (roll < 0.55) {
      slots.touchSlot(slot, random() < 0.5);
      Object.assign(known.get(slot)!, { lastUsed: frame, isUntouched: false });
    } else if (roll < 0.62) {
      const of = known.get(slot)!;
      const isWanted = !of.isPinned && !of.isKept && of.lastUsed === frame;
      assert.equal(slots.untouchSlot(slot), isWanted);
      if (isWanted) Object.assign(of, { lastUsed: frame - 1, isUntouched: true });
    } else if (roll < 0.7) {
      slots.keepSlot(slot);
      known.get(slot)!.isKept = !known.get(slot)!.isPinned;
    } else if (roll < 0.85) {
      const of = known.get(slot)!;
      if (of.isKept) Object.assign(of, { isKept: false, lastUsed: frame });
      release(slots, slot);
    } else {
      slots.releaseSlot(slot);
      known.delete(slot);
    }
    const listed = [...known.values()].filter(({ isPinned, isKept }) => !isPinned && !isKept);
    const touched = listed.filter(({ lastUsed }) => lastUsed === frame).length;
    const others = [...known.values()].filter(({ isPinned, isKept }) => isPinned || isKept).length;
    assert.equal(slots.availableCount, 24 - others - touched, `step ${step}`);
    const victim = slots.nextToEvict(0);
    const mayGo = listed.filter(({ lastUsed }) => lastUsed < frame);
    if (mayGo.length === 0) assert.equal(victim, -1);
    else {
      const { isKept, isPinned, lastUsed } = known.get(victim)!;
      assert.ok(!isKept && !isPinned && lastUsed < frame);
      const isInOrder = !mayGo.some(({ isUntouched }) => isUntouched);
      if (isInOrder) assert.equal(lastUsed, Math.min(...mayGo.map((one) => one.lastUsed)));
    }
    assert.equal(slots.byWorth().length, known.size);
    for (const [at, { isKept }] of known) assert.equal(slots.isKept(at), isKept);
  }
}

Deno.test("kept slots are never victims, and counts are those of a scan", () => {
  for (const seed of [1, 2, 3]) runRandom(seed, (slots, slot) => slots.releaseKeptSlot(slot));
});

Deno.test("negative control: a slot that is not released is noticed", () => {
  assert.throws(() => runRandom(1, () => {}), assert.AssertionError);
});

Deno.test("as many slots as preloads may keep, and no more, are enough for them", () => {
  for (const sourceCount of [0, 1]) {
    for (let count = 1; count < 100; count++) {
      for (const side of [4096, 640]) {
        const grid = new TileGrid(side, side, 64);
        const poolOf = (slots: number) => {
          const pool = new PoolResidency(slots, (slot) => slot);
          pool.sourceCount = sourceCount;
          pool.textures.add({ grid });
          for (let i = 0; i < Math.min(slots, grid.tailTileCount); i++) {
            const options = { version: 0, pinned: true, ahead: false, seenBonusFrames: 0 };
            pool.slots.takeSlot(1, grid.tailFirstTile + i, options);
          }
          return pool;
        };
        const slots = poolOf(1).capacityToKeep(count);
        const canKeep = (slots: number) => poolOf(slots).preloadCapacity >= count;
        assert.ok(canKeep(slots) && !canKeep(slots - 1), `${count} tiles of ${side} texels`);
      }
    }
  }
});
