import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything, checkMemory } from "../checks.ts";
import { insideOf } from "../inside.ts";
import { checkPlaces, redRange } from "../pictures.ts";
import { ControlledSource, mapSource, redOfLevel } from "../sources.ts";

const MIB = 2 ** 20;
const options = {
  maxMemoryBytes: 6 * MIB,
  tileSize: 64,
  logger: { debug() {}, info() {}, warn() {}, error() {} },
};
/** What updates are told, and what is drawn. */
const told = lookDown(300, 300, heightOfLevel(2));
const drawn = lookDown(1500, 1500, heightOfLevel(0) * 1.01);

Deno.test("what is drawn from a camera that no update was told of streams through feedback", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const texture = await system.loadTexture(mapSource());
  await system.update(told);
  for (let i = 0; i < 12; i++) {
    checkPlaces(await render(system, drawn), drawn, texture);
    await system.update(told);
    checkMemory(system);
  }
  assert.equal(await system.flush(), true);
  const { least, most } = redRange(await render(system, drawn, { feedback: false }));
  assert.ok(least >= redOfLevel(0) - 1 && most <= redOfLevel(0) + 1, `${least} to ${most}`);
  await checkEverything(system);
});

Deno.test("negative control: without feedback nothing streams for that camera", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { ...options, feedbackInterval: 0 });
  const texture = await system.loadTexture(mapSource());
  for (let i = 0; i < 8; i++) {
    await render(system, drawn);
    await system.update(told);
  }
  await system.flush();
  const { least } = redRange(await render(system, drawn));
  assert.ok(least >= redOfLevel(texture.grid.tailLevel) - 17);
});

Deno.test("tiles that feedback named stay wanted for 30 updates without any more of it", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const source = new ControlledSource();
  const texture = await system.loadTexture(source);
  for (let i = 0; i < 8; i++) {
    await render(system, drawn);
    await system.update(told);
  }
  const { residency } = insideOf(texture);
  const wanted = () => {
    const entries: number[] = [];
    residency.wanted.forEach((tile) => entries.push(tile));
    return entries.sort((a, b) => a - b);
  };
  await system.update(told);
  const first = wanted();
  assert.ok(first.some((tile) => texture.grid.levelOf(tile) === 0), "feedback has named tiles");
  for (let i = 0; i < 30; i++) {
    await system.update(told);
    assert.deepEqual(wanted(), first);
  }
  await checkEverything(system);
});

Deno.test("an update takes feedback without waiting for it, at any interval", async () => {
  for (const feedbackInterval of [1, 3]) {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { ...options, feedbackInterval });
    await system.loadTexture(mapSource());
    for (let i = 0; i < 30; i++) {
      await render(system, drawn);
      system.updateNow(told);
      checkMemory(system);
    }
    const { least } = redRange(await render(system, drawn));
    assert.ok(least <= redOfLevel(0) + 2, `${least} at interval ${feedbackInterval}`);
  }
});

Deno.test("more tiles than the feedback has room for break nothing, and still arrive in time", async () => {
  using device = await requestDevice();
  // The smallest budgets have room for 256 tiles in the feedback.
  using system = new VirtualTextureSystem(device, { ...options, maxMemoryBytes: 1.4 * MIB });
  const texture = await system.loadTexture(mapSource());
  const wide = { ...lookDown(1024, 1024, heightOfLevel(0) * 12), width: 1920, height: 1080 };
  for (let i = 0; i < 6; i++) {
    await render(system, wide);
    await system.update(told);
    checkMemory(system);
  }
  await system.flush();
  await checkEverything(system);
  checkPlaces(await render(system, drawn), drawn, texture);
  assert.ok(system.getStatistics().forcedMipBias > 0, "the pool is far too small for this view");
});

Deno.test("feedback of a texture that is unloaded meanwhile reaches no other", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  for (let round = 0; round < 6; round++) {
    const texture = await system.loadTexture(mapSource({ seed: round }));
    await render(system, drawn);
    system.updateNow(told);
    await render(system, drawn);
    await system.unloadTexture(texture);
    const next = await system.loadTexture(mapSource({ width: 200, height: 200 }));
    system.updateNow(lookDown(5000, 5000, 10));
    await system.flush();
    assert.equal(insideOf(next).residency.slotOf.size, next.grid.levelCount - next.grid.tailLevel);
    await checkEverything(system);
    await system.unloadTexture(next);
  }
});
