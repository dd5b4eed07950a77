/**
 * Tiles of a drawn texture whose sources come late.
 */

import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { wrongEntries } from "../checks.ts";
import { insideOf } from "../inside.ts";
import { pause } from "../sources.ts";
import { checkDrawn, ShownChanges } from "./drawn_pictures.ts";
import { OPTIONS } from "./drawn_pair.ts";
import { addSourced } from "./sourced_producer.ts";

const SYSTEM = { ...OPTIONS, maxMemoryBytes: 5 * 2 ** 20, gpuMsPerUpdate: 1000 };
const CAMERA = lookDown(300, 300, heightOfLevel(0) * 1.01);

/** A settled system of which every third tile in view is stale and lacks its sources. */
async function makeLate(system: VirtualTextureSystem) {
  const made = await addSourced(system);
  const { texture, world, producer } = made;
  await system.update(CAMERA);
  await system.flush();
  const { residency } = insideOf(texture);
  const seen: number[] = [];
  residency.slotOf.forEach((tile) => {
    if (texture.grid.levelOf(tile) === 0) seen.push(tile);
  });
  seen.sort((a, b) => a - b);
  const late = seen.filter((_, i) => i % 3 === 0);
  for (const tile of late) producer.lacking.add(tile);
  world.changeAll();
  system.invalidate(texture);
  return { ...made, residency, seen, late };
}

Deno.test("tiles that wait for sources keep nobody waiting, hold no slots, and come when they can", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const { texture, world, producer, residency, seen, late } = await makeLate(system);
  system.setDrawLimits({ tilesPerUpdate: 1 });
  const { pool } = residency;
  const slotsBefore = pool.slots.usedCount;
  for (let frame = 0; frame < 60; frame++) {
    system.updateNow(CAMERA);
    await pause(1);
    assert.equal(pool.slotsPromised, 0, "a stale tile has its slot already");
  }
  assert.ok(late.length >= 3 && seen.length > 2 * late.length);
  for (const tile of seen) {
    const isStale = residency.isStale(tile, residency.slotOf.get(tile));
    assert.equal(isStale, late.includes(tile), `tile ${tile}`);
    assert.equal(producer.isAsked(tile), late.includes(tile), `tile ${tile}`);
  }
  assert.equal(pool.slots.usedCount, slotsBefore, "the old content stays in view");
  // Missing tiles go on as well.
  system.updateNow(lookDown(500, 300, CAMERA.position[2]));
  assert.ok(system.getStatistics().tilesRequested > 0);
  system.updateNow(CAMERA);
  const settled = system.flush();
  for (const tile of late) {
    producer.supplySources(tile);
    await pause(3);
  }
  assert.ok(await settled, "a settle waits for them");
  const shown = new ShownChanges(world);
  await checkDrawn(system, texture, { world, camera: CAMERA, shown, isSettled: true });
  assert.equal(producer.heldTickets, 0);
});

Deno.test("negative control: asked for only once their sources are there, they would not be in flight", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const { producer, late } = await makeLate(system);
  const { request } = producer;
  producer.request = function (tile, version) {
    return this.lacking.has(tile) ? "saturated" : request.call(this, tile, version);
  };
  for (let frame = 0; frame < 10; frame++) {
    system.updateNow(CAMERA);
    await pause(1);
  }
  assert.ok(late.every((tile) => !producer.isAsked(tile)));
  for (const tile of late) producer.supplySources(tile);
  assert.ok(await system.flush());
});

Deno.test("a tile under continuous update that never comes does not end it for the others", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const { texture, producer } = await addSourced(system, 128);
  const { grid } = texture;
  const camera = lookDown(64, 64, heightOfLevel(0));
  await system.update(camera);
  await system.flush();
  for (let tile = 1; tile < grid.tileCount; tile++) producer.lacking.add(tile);
  system.setDrawLimits({ tilesPerUpdate: 1 });
  system.setContinuousUpdate(texture, true);
  for (let frame = 0; frame < 1500; frame++) {
    system.updateNow(camera);
    if (frame % 8 === 0) await pause(0);
  }
  assert.ok(producer.cancelled.length >= 8, "one after the other was cancelled");
  assert.ok(new Set(producer.cancelled).size >= 4);
  assert.ok(
    system.getStatistics().tilesRefreshed >= 1,
    "and the one that can be drawn had its turn",
  );
  assert.equal(system.getStatistics().tilesCancelled, 0, "nobody has wanted them");
});

Deno.test("missing tiles that wait give their slots back once nobody wants them", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const { texture, producer } = await addSourced(system);
  const { grid } = texture;
  const { pool } = insideOf(texture).residency;
  for (let tile = 0; tile < grid.level(1).firstTile; tile++) producer.lacking.add(tile);
  system.updateNow(CAMERA);
  await pause(1);
  system.updateNow(CAMERA);
  const asked = [...producer.lacking].filter((tile) => producer.isAsked(tile));
  assert.ok(asked.length >= 6 && pool.slotsPromised >= asked.length);
  for (let frame = 0; frame < 20; frame++) {
    system.updateNow(lookDown(800, 800, heightOfLevel(3)));
    await pause(1);
  }
  assert.equal(pool.slotsPromised, 0);
  assert.ok(asked.every((tile) => producer.cancelled.includes(tile)), "they were withdrawn");
  assert.ok(await system.flush());
});

Deno.test("withdrawn and asked for again, a tile shows what it is now; unloading withdraws all", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const { texture, world, producer, late } = await makeLate(system);
  for (let frame = 0; frame < 5; frame++) system.updateNow(CAMERA);
  await pause(1);
  system.evictTiles(texture);
  assert.ok(late.every((tile) => producer.cancelled.includes(tile) && !producer.isAsked(tile)));
  for (const tile of late) producer.supplySources(tile);
  world.changeAll();
  system.invalidate(texture);
  await system.update(CAMERA);
  assert.ok(await system.flush());
  const shown = new ShownChanges(world);
  await checkDrawn(system, texture, { world, camera: CAMERA, shown, isSettled: true });
  assert.equal(await wrongEntries(system), 0);
  for (const tile of late) producer.lacking.add(tile);
  system.invalidate(texture);
  for (let frame = 0; frame < 5; frame++) system.updateNow(CAMERA);
  assert.ok(late.some((tile) => producer.isAsked(tile)));
  await system.unloadTexture(texture);
  assert.equal(producer.pendingCount, 0);
  assert.equal(producer.heldTickets, 0);
});
