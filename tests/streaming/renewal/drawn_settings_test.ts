/**
 * What is set of drawn textures outlives the device.
 */

import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { insideOf } from "../inside.ts";
import { pause } from "../sources.ts";
import { OPTIONS } from "../supply/drawn_pair.ts";
import { addDrawn } from "../supply/drawn_city.ts";

const CAMERA = lookDown(500, 500, heightOfLevel(0));

Deno.test("limits, priority and continuous update go on after a loss of the device", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, OPTIONS);
  const { texture } = await addDrawn(system, { priority: 1 });
  system.setDrawLimits({ tilesPerUpdate: 1, continuousTilesPerUpdate: 1 });
  system.setPriority(texture, 2);
  system.setContinuousUpdate(texture, true);
  await system.update(CAMERA);
  device.gpu.destroy();
  await system.renewed();
  const { residency } = insideOf(texture);
  assert.deepEqual([residency.priority, residency.isContinuous], [2, true]);
  await system.update(CAMERA);
  assert.ok(await system.flush());
  const before = system.getStatistics();
  for (let frame = 0; frame < 20; frame++) {
    system.updateNow(CAMERA);
    await pause(1);
  }
  const after = system.getStatistics();
  assert.ok(after.tilesRefreshed > before.tilesRefreshed + 5);
  assert.ok(after.tilesRefreshed - before.tilesRefreshed <= 20, "no more than one in an update");
});

Deno.test("a wait for renewal that begins in the turn of the loss sees it through", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, OPTIONS);
  await addDrawn(system);
  await system.update(CAMERA);
  const { gpu } = device;
  gpu.destroy();
  await system.renewed();
  assert.notEqual(device.gpu, gpu);
  assert.ok(system.isRestored);
});

Deno.test("a preload goes on after a loss of the device", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, OPTIONS);
  const { texture, supply } = await addDrawn(system);
  supply.producer.delayFrames = 1e6;
  const preload = system.preload(texture, { x: 0, y: 0, width: 128, height: 128 });
  await pause(60);
  device.gpu.destroy();
  // The supply that is made anew has no delay.
  await preload;
  const { residency, pool, grid } = insideOf(texture);
  for (const [x, y] of [[0, 0], [1, 0], [0, 1], [1, 1]] as const) {
    assert.ok(residency.slotOf.has(grid.tileIndexOf(0, x, y)));
  }
  assert.equal(pool.residency.preloadCount, 0);
});
