import assert from "node:assert/strict";
import fc from "fast-check";
import { SlotTable } from "../../src/residency/mod.ts";

interface Model {
  slot: number;
  lastUsed: number;
  order: number;
  pinned: boolean;
  ahead: boolean;
}

/** The slot that a scan over all tiles would evict. */
function scanForVictim(tiles: Model[], frame: number, bonus: number): number {
  const oldest = (ahead: boolean) =>
    tiles.filter((t) => !t.pinned && t.ahead === ahead && t.lastUsed < frame)
      .sort((a, b) => a.lastUsed - b.lastUsed || a.order - b.order)[0];
  const seen = oldest(false);
  const aheadTile = oldest(true);
  if (seen && aheadTile) {
    return (seen.lastUsed + bonus < aheadTile.lastUsed ? seen : aheadTile).slot;
  }
  return (seen ?? aheadTile)?.slot ?? -1;
}

const operations = fc.array(
  fc.record({
    kind: fc.constantFrom("take", "touch", "frame", "evict", "release"),
    pick: fc.nat(),
    pinned: fc.boolean(),
    ahead: fc.boolean(),
  }),
  { maxLength: 300 },
);

Deno.test("victims are those of a scan over all tiles, in O(1)", () => {
  fc.assert(fc.property(operations, fc.constantFrom(0, 3), (ops, bonus) => {
    const table = new SlotTable(8);
    const tiles: Model[] = [];
    let frame = 1;
    let order = 0;
    table.beginFrame(frame);
    for (const op of ops) {
      const picked = tiles.length > 0 ? tiles[op.pick % tiles.length]! : undefined;
      if (op.kind === "frame") table.beginFrame(++frame);
      else if (op.kind === "take") {
        const pinned = op.pinned && tiles.filter((t) => t.pinned).length < 3;
        const slot = table.takeSlot(1, op.pick % 100, { version: 0, pinned, ahead: op.ahead });
        assert.equal(slot === -1, tiles.length === 8);
        if (slot !== -1) {
          tiles.push({ slot, lastUsed: frame, order: order++, pinned, ahead: op.ahead });
        }
      } else if (op.kind === "touch" && picked) {
        table.touchSlot(picked.slot, !op.ahead);
        picked.lastUsed = frame;
        picked.order = order++;
        if (!op.ahead) picked.ahead = false;
      } else if (op.kind === "evict") {
        const victim = table.nextToEvict(bonus);
        assert.equal(victim, scanForVictim(tiles, frame, bonus));
        if (victim !== -1) {
          table.releaseSlot(victim);
          tiles.splice(tiles.findIndex((t) => t.slot === victim), 1);
        }
      } else if (op.kind === "release" && picked) {
        table.releaseSlot(picked.slot);
        tiles.splice(tiles.indexOf(picked), 1);
      }
      assert.equal(table.usedCount, tiles.length);
      assert.equal(table.pinnedCount, tiles.filter((t) => t.pinned).length);
      const touched = tiles.filter((t) => !t.pinned && t.lastUsed === frame).length;
      assert.equal(table.availableCount, 8 - table.pinnedCount - touched);
    }
  }));
});

Deno.test("ages count every frame, idle ones too, in which what was wanted before still is", () => {
  const operation = fc.record({
    kind: fc.constantFrom("take", "touch", "refresh", "frame", "idle", "rebuild"),
    pick: fc.nat(),
  });
  fc.assert(fc.property(fc.array(operation, { maxLength: 200 }), (ops) => {
    let table = new SlotTable(8);
    const tiles: { slot: number; frame: number; used: number; landed: number }[] = [];
    let [frame, now] = [1, 1];
    table.beginFrame(frame);
    for (const { kind, pick } of ops) {
      const picked = tiles[pick % (tiles.length || 1)];
      if (kind === "frame") [frame, now] = [frame + 1, now + 1], table.beginFrame(frame);
      if (kind === "idle") {
        table.countIdleFrame();
        now++;
        for (const tile of tiles) if (tile.frame === frame) tile.used = now;
      }
      if (kind === "take" && tiles.length < 8) {
        const slot = table.takeSlot(1, tiles.length, { version: 0, pinned: false, ahead: false });
        tiles.push({ slot, frame, used: now, landed: now });
      }
      if (kind === "touch" && picked) {
        table.touchSlot(picked.slot, true);
        [picked.frame, picked.used] = [frame, now];
      }
      if (kind === "refresh" && picked) {
        table.refreshSlot(picked.slot, 1);
        picked.landed = now;
      }
      if (kind === "rebuild") {
        const next = new SlotTable(8);
        for (const tile of [...tiles].sort((a, b) => a.frame - b.frame)) {
          next.beginFrame(tile.frame);
          const slot = next.takeSlot(1, 0, { version: 0, pinned: false, ahead: false });
          next.takeAge(slot, table, tile.slot);
          tile.slot = slot;
        }
        next.endRebuild(table, frame);
        table = next;
      }
      for (const { slot, used, landed } of tiles) {
        assert.equal(table.ageOf(slot), now - landed);
        assert.equal(table.unwantedFramesOf(slot), now - used);
      }
    }
  }));
});

Deno.test("negative control: the scan notices a victim that was touched in this frame", () => {
  const table = new SlotTable(2);
  table.beginFrame(1);
  const a = table.takeSlot(1, 0, { version: 0, pinned: false, ahead: false });
  table.takeSlot(1, 1, { version: 0, pinned: false, ahead: false });
  assert.equal(table.nextToEvict(0), -1);
  table.beginFrame(2);
  assert.equal(table.nextToEvict(0), a);
  table.touchSlot(a, true);
  assert.notEqual(table.nextToEvict(0), a);
});

Deno.test("a pinned tile is never evicted", () => {
  const table = new SlotTable(1);
  table.beginFrame(1);
  table.takeSlot(1, 0, { version: 0, pinned: true, ahead: false });
  table.beginFrame(50);
  assert.equal(table.nextToEvict(0), -1);
  assert.equal(table.availableCount, 0);
});
