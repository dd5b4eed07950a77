import assert from "node:assert/strict";
import fc from "fast-check";
import { PAGE_ENTRY_NONE, type PageEdit, type TextureResidency } from "../../src/residency/mod.ts";
import { type TileGrid, TileList, TileReason, type TileReasonValue } from "../../src/tiles/mod.ts";
import { budgetOf, landAsked, makeWorld, packerFor, type World } from "./world.ts";

/** What the GPU does with edits: the tile and every tile below that still holds the old value. */
function applyEdits(grid: TileGrid, table: Uint32Array, edits: PageEdit[], order = 1): void {
  for (const edit of order === 1 ? edits : edits.toReversed()) {
    for (let tile = 0; tile < grid.tileCount; tile++) {
      if (table[tile] !== edit.oldValue) continue;
      let at = tile;
      while (at !== -1 && at !== edit.tile) at = grid.parentOf(at);
      if (at === edit.tile) table[tile] = edit.newValue;
    }
  }
}

/** The table made from nothing but the slots. */
function rebuild(texture: TextureResidency): Uint32Array {
  const { grid, pool } = texture;
  const table = new Uint32Array(grid.tileCount).fill(PAGE_ENTRY_NONE);
  for (let tile = grid.tileCount - 1; tile >= 0; tile--) {
    const parent = grid.parentOf(tile);
    if (parent !== -1) table[tile] = table[parent]!;
    for (let slot = 0; slot < pool.slots.capacity; slot++) {
      if (pool.slots.textureOf(slot) === texture.id && pool.slots.tileOf(slot) === tile) {
        table[tile] = pool.pageEntryFor(slot, grid.levelOf(tile));
      }
    }
  }
  return table;
}

const operations = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("frame" as const),
      tiles: fc.array(fc.tuple(fc.nat(1), fc.nat(), fc.nat(2)), { maxLength: 12 }),
    }),
    fc.record({ kind: fc.constant("land" as const), pick: fc.nat(), count: fc.nat(5) }),
    fc.record({ kind: fc.constant("fail" as const), pick: fc.nat() }),
    fc.record({ kind: fc.constant("evict" as const), texture: fc.nat(1) }),
    fc.record({ kind: fc.constant("resize" as const), capacity: fc.integer({ min: 20, max: 40 }) }),
    fc.record({ kind: fc.constant("stale" as const), texture: fc.nat(1), pick: fc.nat() }),
    fc.record({ kind: fc.constant("edits" as const) }),
  ),
  { maxLength: 80 },
);

type Operation = typeof operations extends fc.Arbitrary<(infer T)[]> ? T : never;

function step(world: World, op: Operation, editOrder: number): void {
  const { residency, textures, requests, pool } = world;
  if (op.kind === "frame") {
    residency.beginFrame();
    const touched: [number, number][] = [];
    for (const [i, { residency: texture }] of textures.entries()) {
      const list = new TileList();
      const picks = op.tiles.filter(([t]) => t === i)
        .map(([, n, reason]) => [n % texture.grid.tileCount, reason] as const)
        .sort((a, b) => b[0] - a[0]);
      for (const [tile, reason] of picks) {
        list.push(tile, 1 + tile, reason as TileReasonValue);
        if (texture.slotOf.has(tile)) touched.push([i, tile]);
      }
      residency.want(texture, list);
    }
    residency.admit(budgetOf({ tiles: 4, aheadTiles: 1 }));
    // Everything finishes at once: what was resident and wanted in this frame must survive it.
    for (const ticket of requests.asked.splice(0, 3)) landAsked(world, ticket);
    for (const [i, tile] of touched) assert.ok(textures[i]!.residency.slotOf.has(tile));
  } else if (op.kind === "land") {
    for (let i = 0; i < op.count && requests.asked.length > 0; i++) {
      landAsked(world, requests.asked.splice(op.pick % requests.asked.length, 1)[0]!);
    }
  } else if (op.kind === "fail" && requests.asked.length > 0) {
    const [ticket] = requests.asked.splice(op.pick % requests.asked.length, 1);
    residency.failed(textures[ticket!.texture]!.residency, ticket!.tile);
  } else if (op.kind === "evict") residency.evictAll(textures[op.texture]!.residency);
  else if (op.kind === "resize") {
    residency.resize(pool, op.capacity, { pageEntryFor: packerFor(op.capacity % 3 + 7) });
  } else if (op.kind === "stale") {
    const { residency: texture } = textures[op.texture]!;
    const tile = op.pick % texture.grid.tileCount;
    if (op.pick % 7 === 0) texture.invalidateAll();
    else if (op.pick % 3 === 0) texture.invalidateWhere((other) => other % 5 === tile % 5);
    else texture.invalidateTile(tile);
  }
  for (const { residency: texture, table } of textures) {
    if (op.kind === "edits" || op.kind === "resize") {
      applyEdits(texture.grid, table, texture.mappings.takeEdits(), editOrder);
    }
  }
}

function checkInvariants(world: World): void {
  const { pool, textures, requests } = world;
  const pending = textures.reduce((sum, t) => sum + t.residency.pendingCount, 0);
  assert.equal(pool.pendingCount, pending);
  assert.equal(requests.asked.length, pending);
  assert.ok(pool.slotsPromised >= 0 && pool.slotsPromised <= pending);
  for (const { residency: texture, producer } of textures) {
    assert.equal(producer.pendingCount, texture.pendingCount);
    // Versions are kept of tiles that have or get content alone.
    assert.ok(texture.versions.size <= texture.slotOf.size + texture.pendingCount);
    texture.slotOf.forEach((tile, slot) => {
      assert.equal(pool.slots.textureOf(slot), texture.id);
      assert.equal(pool.slots.tileOf(slot), tile);
    });
    for (const level of texture.grid.levels.slice(texture.grid.tailLevel)) {
      assert.ok(texture.slotOf.has(level.firstTile), "the tail stays resident");
    }
  }
  let used = 0;
  for (const { residency: texture } of textures) used += texture.slotOf.size;
  assert.equal(pool.slots.usedCount, used);
}

function runWorld(ops: Operation[], editOrder: number): boolean {
  const world = makeWorld([[200, 161], [129, 300]], 30);
  for (const op of ops) {
    step(world, op, editOrder);
    checkInvariants(world);
  }
  return world.textures.every(({ residency: texture, table }) => {
    applyEdits(texture.grid, table, texture.mappings.takeEdits(), editOrder);
    const wanted = rebuild(texture);
    return table.every((value, tile) => value === wanted[tile]);
  });
}

Deno.test("random operations leave the table of a rebuild from scratch, bit for bit", () => {
  fc.assert(fc.property(operations, (ops) => runWorld(ops, 1)), { numRuns: 300, seed: 11 });
});

Deno.test("negative control: edits applied fine to coarse do not pass the same check", () => {
  const result = fc.check(fc.property(operations, (ops) => runWorld(ops, -1)), {
    numRuns: 300,
    seed: 11,
  });
  assert.ok(result.failed);
});

Deno.test("a late ticket of another version or of a tile nobody wants any more changes nothing", () => {
  const world = makeWorld([[200, 161]], 20);
  const { residency, requests } = world;
  const texture = world.textures[0]!.residency;
  const list = new TileList();
  list.push(0, 1, TileReason.visible);
  residency.beginFrame();
  residency.want(texture, list);
  residency.admit(budgetOf({ tiles: 4, aheadTiles: 1 }));
  const ticket = requests.asked[0]!;
  assert.equal(residency.land(texture, { ...ticket, version: 9 }), null);
  assert.equal(residency.land(texture, { ...ticket, tile: 3 }), null);
  assert.ok(texture.isPending(0), "what another ticket says is not believed");
  residency.evictAll(texture);
  assert.equal(residency.land(texture, ticket), null);
  assert.equal(residency.counters.tilesDropped, 3);
  assert.ok(!texture.slotOf.has(0));
});

Deno.test("a newer version of a stale tile overwrites its slot and keeps its mapping", () => {
  const world = makeWorld([[200, 161]], 20);
  const { residency, requests } = world;
  const texture = world.textures[0]!.residency;
  const list = new TileList();
  list.push(0, 1, TileReason.visible);
  function frame() {
    residency.beginFrame();
    residency.want(texture, list);
    residency.admit(budgetOf({ tiles: 4, aheadTiles: 1 }));
    return requests.asked.length > 0 ? landAsked(world, requests.asked.shift()!) : null;
  }
  const first = frame();
  assert.ok(first !== null && first.isNew);
  assert.equal(frame(), null);
  texture.mappings.takeEdits();
  texture.invalidateTile(0);
  assert.deepEqual(frame(), { slot: first.slot, isNew: false });
  assert.deepEqual(texture.mappings.takeEdits(), []);
  assert.equal(frame(), null);
});

Deno.test("parents are asked for before their children, and what is seen before the rest", () => {
  const world = makeWorld([[2000, 2000]], 200);
  const { residency, requests } = world;
  requests.limit = 1000;
  const texture = world.textures[0]!.residency;
  const { grid } = texture;
  const list = new TileList();
  list.push(grid.tileIndexOf(1, 9, 9), 1e6, TileReason.margin);
  list.push(grid.tileIndexOf(1, 0, 0), 10, TileReason.visible);
  list.push(grid.tileIndexOf(0, 0, 0), 5000, TileReason.visible);
  list.push(grid.tileIndexOf(0, 1, 0), 20, TileReason.visible);
  residency.beginFrame();
  residency.want(texture, list);
  residency.admit(budgetOf({ tiles: 4, aheadTiles: 1 }));
  const asked = requests.asked.map((t) => t.tile);
  assert.deepEqual(asked, [
    grid.tileIndexOf(1, 0, 0),
    grid.tileIndexOf(0, 0, 0),
    grid.tileIndexOf(0, 1, 0),
    grid.tileIndexOf(1, 9, 9),
  ]);
});

Deno.test("a failed tile is asked for again later and later, and its parent stands in", () => {
  const world = makeWorld([[2000, 2000]], 200);
  const { residency, requests } = world;
  const texture = world.textures[0]!.residency;
  const list = new TileList();
  list.push(0, 1, TileReason.visible);
  const attempts: number[] = [];
  let sawParent = false;
  for (let frame = 1; frame < 200; frame++) {
    residency.beginFrame();
    residency.want(texture, list);
    residency.admit(budgetOf({ tiles: 4, aheadTiles: 1 }));
    for (const ticket of requests.asked.splice(0)) {
      if (ticket.tile === 0) {
        attempts.push(frame);
        residency.failed(texture, 0);
      } else {
        sawParent ||= ticket.tile === texture.grid.parentOf(0);
        landAsked(world, ticket);
      }
    }
  }
  assert.ok(sawParent);
  const waits = attempts.slice(1).map((frame, i) => frame - attempts[i]!);
  assert.deepEqual(waits, [2, 4, 8, 16, 32, 64]);
});

Deno.test("requests that nobody wants any more are withdrawn, not at once", () => {
  const world = makeWorld([[2000, 2000]], 200);
  const { residency, requests } = world;
  const texture = world.textures[0]!.residency;
  const list = new TileList();
  list.push(0, 1, TileReason.visible);
  residency.beginFrame();
  residency.want(texture, list);
  residency.admit(budgetOf({ tiles: 4, aheadTiles: 1 }));
  for (let i = 0; i < 8; i++) {
    residency.beginFrame();
    residency.admit(budgetOf({ tiles: 4, aheadTiles: 1 }));
    assert.equal(requests.asked.length, 1);
  }
  residency.beginFrame();
  residency.admit(budgetOf({ tiles: 4, aheadTiles: 1 }));
  assert.equal(requests.asked.length, 0);
  assert.equal(residency.counters.tilesCancelled, 1);
});
