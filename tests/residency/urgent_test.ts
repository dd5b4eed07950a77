/**
 * Stale tiles that are urgent.
 */

import assert from "node:assert/strict";
import { TileList, TileReason } from "../../src/tiles/mod.ts";
import { budgetOf, landAsked, makeWorld, type World } from "./world.ts";

/** Wants the first tiles of level 0, and more of it that are missing, and serves a frame. */
function runFrame(world: World, wanted: number, tiles: number): number[] {
  const { residency, textures: [{ residency: texture }], requests } = world as World & {
    textures: [World["textures"][number]];
  };
  requests.limit = 1e6;
  residency.beginFrame();
  const list = new TileList();
  for (let tile = 0; tile < wanted; tile++) list.push(tile, 100, TileReason.visible);
  residency.want(texture, list);
  residency.admit(budgetOf({ tiles, staleTiles: Math.max(1, Math.floor(tiles / 4)) }));
  const asked = requests.asked.splice(0);
  for (const ticket of asked) landAsked(world, ticket);
  return asked.map(({ tile }) => tile);
}

function worldWith(resident: number): World {
  const world = makeWorld([[1024, 1024]], 3000);
  assert.equal(runFrame(world, resident, 1e3).length, resident);
  return world;
}

/** Stale tiles of 12 that are asked for in a frame of 8, while hundreds are missing. */
function staleServed(urgent: boolean): number {
  const world = worldWith(12);
  world.textures[0]!.residency.invalidateWhere((tile) => tile < 12, { urgent });
  return runFrame(world, 300, 8).filter((tile) => tile < 12).length;
}

Deno.test("urgent stale tiles come before all that is missing", () => {
  assert.equal(staleServed(true), 8);
});

Deno.test("negative control: stale tiles that are not urgent have their share", () => {
  assert.equal(staleServed(false), 2);
});

for (const tiles of [1, 2, 8]) {
  Deno.test(`what is urgent in every frame leaves missing tiles their share of ${tiles}`, () => {
    const world = worldWith(12);
    const texture = world.textures[0]!.residency;
    const counts = { urgent: 0, missing: 0 };
    for (let frame = 0; frame < 40; frame++) {
      texture.invalidateWhere((tile) => tile < 12, { urgent: true });
      const served = runFrame(world, 300, tiles);
      assert.equal(served.length, tiles);
      const urgent = served.filter((tile) => tile < 12).length;
      // A few frames' edits come first.
      if (frame < 8) assert.equal(urgent, tiles);
      counts.urgent += urgent;
      counts.missing += tiles - urgent;
    }
    assert.deepEqual(counts, { urgent: 24 * tiles, missing: 16 * tiles });
  });
}

Deno.test("a tile is urgent until content of the wanted version has landed, or it is gone", () => {
  const world = worldWith(4);
  const { residency } = world;
  const texture = world.textures[0]!.residency;
  texture.invalidateTile(0, { urgent: true });
  texture.invalidateTile(1, { urgent: true });
  texture.invalidateTile(2);
  texture.invalidateTile(0);
  assert.deepEqual([0, 1, 2, 3].map((tile) => texture.isUrgent(tile)), [true, true, false, false]);
  const old = texture.versions.newest - 2;
  residency.notePending(texture, 0, old);
  residency.land(texture, { tile: 0, version: old, payload: null, release() {} });
  assert.ok(texture.isUrgent(0), "older content has landed");
  residency.dropTile(texture, 1);
  assert.ok(!texture.isUrgent(1), "it is gone");
  runFrame(world, 1, 8);
  assert.ok(!texture.isUrgent(0), "it is up to date");
  texture.invalidateAll({ urgent: true });
  assert.ok(texture.isUrgent(0) && texture.isUrgent(2) && !texture.isUrgent(500));
});

Deno.test("a test is asked once for each tile, in order, before anything is stale", () => {
  const world = worldWith(9);
  const texture = world.textures[0]!.residency;
  world.residency.notePending(texture, 4, 0);
  world.residency.notePending(texture, 20, 0);
  const asked: number[] = [];
  const isStale = (tile: number) => texture.isStale(tile, texture.slotOf.get(tile));
  texture.invalidateWhere((tile) => {
    assert.ok(!texture.slotOf.has(tile) || !isStale(tile));
    asked.push(tile);
    return tile === 3 || tile === 20;
  });
  const { tailFirstTile, tileCount } = texture.grid;
  const tail = Array.from({ length: tileCount - tailFirstTile }, (_, i) => tailFirstTile + i);
  assert.deepEqual(asked, [0, 1, 2, 3, 4, 5, 6, 7, 8, 20, ...tail]);
  assert.deepEqual([2, 3, 4].map(isStale), [false, true, false]);
  assert.ok(texture.versions.wantedVersion(20) > 0, "one in flight is stale once it has landed");
});

Deno.test("stale content that lands in a frame is not asked for again in it", () => {
  const world = worldWith(6);
  const { residency, requests } = world;
  const texture = world.textures[0]!.residency;
  const want = () => {
    residency.beginFrame();
    const list = new TileList();
    for (let tile = 0; tile < 6; tile++) list.push(tile, 100, TileReason.visible);
    residency.want(texture, list);
  };
  texture.invalidateWhere((tile) => tile < 4, { urgent: true });
  want();
  residency.admit(budgetOf({ tiles: 2 }));
  const first = requests.asked.splice(0);
  want();
  for (const ticket of first) landAsked(world, ticket);
  residency.admit(budgetOf({ tiles: 8 }));
  const then = requests.asked.splice(0);
  const all = [...first, ...then].map(({ tile }) => tile);
  assert.deepEqual(all.sort((a, b) => a - b), [0, 1, 2, 3], "each once");
  for (const ticket of then) landAsked(world, ticket);
  // What landed is asked for again once it is stale again.
  texture.invalidateTile(first[0]!.tile);
  want();
  residency.admit(budgetOf({ tiles: 8 }));
  assert.deepEqual(requests.asked.splice(0).map(({ tile }) => tile), [first[0]!.tile]);
});
