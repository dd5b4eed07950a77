/**
 * Preloads: waiting until a region is sharp.
 */

import assert from "node:assert/strict";
import {
  BudgetError,
  DisposedError,
  InvalidArgumentError,
  MalformedFileError,
  OutOfRangeError,
} from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { SlotTable } from "../../../src/residency/mod.ts";
import { FrameRunner } from "../../../src/streaming/frame/frame_runner.ts";
import { MemoryPlan } from "../../../src/streaming/memory/memory_plan.ts";
import { type Region, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { tilesOfRegion } from "../../../src/streaming/frame/region.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkMemory, wrongEntries } from "../checks.ts";
import { insideOf } from "../inside.ts";
import { ControlledSource, mapSource, pause } from "../sources.ts";
import { addDrawn, type DrawnPart } from "../supply/drawn_city.ts";
import { checkDrawn, ShownChanges } from "../supply/drawn_pictures.ts";
import { OPTIONS } from "../supply/drawn_pair.ts";

const SYSTEM = { ...OPTIONS, maxMemoryBytes: 3 * 2 ** 20, gpuMsPerUpdate: 1000 };
const REGION = { x: 130, y: 130, width: 180, height: 180 };
const ELSEWHERE = lookDown(800, 800, heightOfLevel(0));

/** Tiles of a region that are not resident, or stale. */
function lacking({ texture }: Pick<DrawnPart, "texture">, region: Region): number[] {
  const { residency, grid } = insideOf(texture);
  return [...tilesOfRegion(grid, region)].filter((tile) => {
    const slot = residency.slotOf.get(tile);
    return slot === -1 || residency.isStale(tile, slot);
  });
}

/** Frames that are run while something is done. */
async function framesIn(work: () => Promise<void>): Promise<number> {
  const { runFrame } = FrameRunner.prototype;
  let frames = 0;
  FrameRunner.prototype.runFrame = function (view) {
    frames++;
    return runFrame.call(this, view);
  };
  try {
    await work();
  } finally {
    FrameRunner.prototype.runFrame = runFrame;
  }
  return frames;
}

Deno.test("a preload alone makes its region sharp, wherever the last camera was", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const part = await addDrawn(system);
  await system.preload(part.texture, REGION);
  assert.deepEqual(lacking(part, REGION), []);
  await system.update(ELSEWHERE);
  await system.preload(part.texture, { ...REGION, level: 1 });
  assert.deepEqual(lacking(part, { ...REGION, level: 1 }), []);
  assert.equal(await wrongEntries(system), 0);
  checkMemory(system);
  const { supply, world, texture } = part;
  assert.equal(supply.producer.heldTickets, 0);
  const camera = lookDown(220, 220, heightOfLevel(0) * 1.01);
  await checkDrawn(system, texture, {
    world,
    camera,
    shown: new ShownChanges(world),
    isSettled: true,
  });
});

Deno.test("negative control: without it the region is not sharp", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const part = await addDrawn(system);
  await system.update(ELSEWHERE);
  await system.flush();
  assert.ok(lacking(part, REGION).length > 4);
});

Deno.test("what is sharp already, or outside, is waited for no longer than its submit", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const { texture } = await addDrawn(system);
  await system.preload(texture, REGION);
  const frames = await framesIn(async () => {
    await system.preload(texture, REGION);
    await system.preload(texture, { x: -500, y: 0, width: 100, height: 100 });
    await system.preload(texture, { x: 0, y: 0, width: 1, height: 1, level: 10 });
  });
  assert.equal(frames, 0);
});

Deno.test("while the caller runs updates, a preload runs none and keeps to their limits", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const part = await addDrawn(system);
  const other = await addDrawn(system);
  await system.update(ELSEWHERE);
  system.setDrawLimits({ tilesPerUpdate: 1 });
  let updates = 0;
  let isDone = false;
  const frames = await framesIn(async () => {
    const preload = system.preload(part.texture, REGION).then(() => isDone = true);
    while (!isDone) {
      const loaded = system.getStatistics().tilesLoaded;
      // The preload's texture is not the one that is looked at.
      const options = updates % 2 === 0 ? {} : { texture: other.texture };
      system.updateNow(ELSEWHERE, options);
      updates++;
      await pause(2);
      assert.ok(system.getStatistics().tilesLoaded - loaded <= 1);
      assert.ok(updates < 500);
    }
    await preload;
  });
  assert.deepEqual(lacking(part, REGION), []);
  assert.equal(frames, updates);
});

/** Tiles of a region that were evicted while a preload waited for the last of them. */
async function evictedMeanwhile({ frames }: { readonly frames: number }): Promise<number> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { ...SYSTEM, tilesPerUpdate: 24 });
  const part = await addDrawn(system, { side: 2048 });
  const { texture, supply: { producer } } = part;
  await system.update(ELSEWHERE);
  const slow = texture.grid.tileIndexOf(0, 3, 3);
  const { request } = producer;
  let isHeldBack = true;
  producer.request = function (tile, version) {
    return tile === slow && isHeldBack ? "saturated" : request.call(this, tile, version);
  };
  const tiles = [...tilesOfRegion(texture.grid, REGION)];
  const { residency } = insideOf(texture);
  const preload = system.preload(texture, REGION);
  const seen = new Set<number>();
  let evicted = 0;
  for (let i = 0; i < frames && (i < 40 || evicted === 0); i++) {
    // Each camera fills the pool with something else.
    system.updateNow(lookDown(300 + 120 * (i % 12), 1000 + 60 * (i % 9), heightOfLevel(0.5)));
    await pause(2);
    if (i % 10 === 9) system.evictTiles();
    for (const tile of tiles) {
      if (residency.slotOf.has(tile)) seen.add(tile);
      else if (seen.delete(tile)) evicted++;
    }
  }
  assert.ok(system.getStatistics().tilesEvicted > 50);
  isHeldBack = false;
  await preload;
  assert.deepEqual(lacking(part, REGION), []);
  // Now it can be evicted.
  assert.ok(system.evictTiles(texture) > 0);
  assert.equal(lacking(part, REGION).length, tiles.length);
  return evicted;
}

Deno.test("what a preload waits for is not evicted until it has ended", async () => {
  assert.equal(await evictedMeanwhile({ frames: 40 }), 0);
});

Deno.test("negative control: tiles that are not kept are evicted", async () => {
  const { keepSlot } = SlotTable.prototype;
  SlotTable.prototype.keepSlot = () => {};
  try {
    // As many as it takes, on however busy a machine.
    assert.ok(await evictedMeanwhile({ frames: 400 }) > 0);
  } finally {
    SlotTable.prototype.keepSlot = keepSlot;
  }
});

Deno.test("a preload waits for newer content of stale tiles, of files as of drawn textures", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const { texture: drawn, supply } = await addDrawn(system);
  const source = new ControlledSource(mapSource({ width: 1024, height: 1024 }));
  source.before = () => pause(1);
  const read = await system.loadTexture(source);
  for (const texture of [drawn, read]) {
    await system.preload(texture, REGION);
    system.invalidate(texture);
    assert.ok(lacking({ texture }, REGION).length > 4);
    supply.producer.delayFrames = 2;
    const beat = setInterval(() => supply.producer.beginFrame(), 3);
    await system.preload(texture, REGION);
    clearInterval(beat);
    assert.deepEqual(lacking({ texture }, REGION), []);
  }
});

Deno.test("preloads that do not fit the pool together come one after the other", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const part = await addDrawn(system, { side: 2048 });
  const { streamingCapacity } = insideOf(part.texture).pool.residency;
  const edge = 64 * Math.floor(Math.sqrt(streamingCapacity));
  const regions = [0, 1, 2].map((i) => ({ x: 64 * i, y: 0, width: edge, height: edge }));
  const sharp: boolean[] = [];
  await Promise.all(regions.map(async (region) => {
    await system.preload(part.texture, region);
    sharp.push(lacking(part, region).length === 0);
  }));
  assert.deepEqual(sharp, [true, true, true]);
  assert.equal(insideOf(part.texture).pool.residency.preloadCount, 0);
  checkMemory(system);
});

Deno.test("a region that does not fit is an error with a budget that is enough", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const { texture } = await addDrawn(system, { side: 4096 });
  const whole = { x: 0, y: 0, width: 4096, height: 4096 };
  await assert.rejects(system.preload(texture, whole), (error: unknown) => {
    assert.ok(error instanceof BudgetError);
    assert.match(
      error.message,
      /^Cannot preload region of drawn as it needs 4096 slots: its pool has \d+\. /,
    );
    return error.minimumBytes > error.budgetBytes;
  });
  await system.preload(texture, REGION);
});

Deno.test("a preload ends with its signal, the system or its texture, and keeps nothing", async () => {
  using device = await requestDevice();
  const system = new VirtualTextureSystem(device, SYSTEM);
  const { texture, supply } = await addDrawn(system);
  supply.producer.delayFrames = 1e6;
  const reason = new Error("no longer needed");
  const early = AbortSignal.abort(reason);
  await assert.rejects(system.preload(texture, REGION, { signal: early }), reason);
  const ending = new AbortController();
  const aborted = system.preload(texture, REGION, { signal: ending.signal });
  await pause(30);
  ending.abort(reason);
  await assert.rejects(aborted, reason);
  assert.equal(insideOf(texture).pool.residency.preloadCount, 0);
  const unloaded = assert.rejects(system.preload(texture, REGION), InvalidArgumentError);
  await pause(20);
  await system.unloadTexture(texture);
  await unloaded;
  const { texture: next, supply: slow } = await addDrawn(system);
  slow.producer.delayFrames = 1e6;
  const closed = assert.rejects(system.preload(next, REGION), DisposedError);
  await pause(60);
  system.close();
  await closed;
  await assert.rejects(system.preload(next, REGION), DisposedError);
});

Deno.test("a tile that cannot be made ends the preload with the reason", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const source = new ControlledSource(mapSource({ width: 1024, height: 1024 }));
  const read = await system.loadTexture(source);
  source.before = ({ x }) => {
    if (x === 3) throw new Error("unreadable");
  };
  await assert.rejects(system.preload(read, REGION), /unreadable/);
  source.before = null;
  await system.preload(read, REGION);
  const { texture, supply } = await addDrawn(system);
  const { request } = supply.producer;
  supply.producer.request = function (tile, version) {
    return tile === texture.grid.tileIndexOf(0, 3, 3)
      ? "invalid"
      : request.call(this, tile, version);
  };
  await assert.rejects(system.preload(texture, REGION), MalformedFileError);
});

Deno.test("what is no region of a texture, and options that do not exist, are refused at once", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const { texture } = await addDrawn(system);
  const frames = await framesIn(async () => {
    for (const region of [null, 7, [0, 0, 9, 9], { x: 0 }, { ...REGION, z: 1 }]) {
      await assert.rejects(system.preload(texture, region as never), InvalidArgumentError);
    }
    for (const wrong of [{ width: -1 }, { x: NaN }, { level: 99 }, { level: 0.5 }]) {
      await assert.rejects(system.preload(texture, { ...REGION, ...wrong }), OutOfRangeError);
    }
    for (const options of [7, null, { Signal: 1 }, { signal: 1 }]) {
      await assert.rejects(
        system.preload(texture, REGION, options as never),
        InvalidArgumentError,
      );
    }
    await assert.rejects(system.preload({} as never, REGION), InvalidArgumentError);
  });
  assert.equal(frames, 0);
});

for (const isMoving of [true, false]) {
  const what = isMoving
    ? "a preload waits while a pool is moved through less memory than it needs"
    : "negative control: too small a pool that is not moved is an error";
  Deno.test(what, async () => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, SYSTEM);
    const part = await addDrawn(system);
    const { residency } = insideOf(part.texture).pool;
    const moving = Object.getOwnPropertyDescriptor(MemoryPlan.prototype, "isMoving")!;
    Object.defineProperty(residency, "preloadCapacity", { get: () => 1, configurable: true });
    Object.defineProperty(MemoryPlan.prototype, "isMoving", { ...moving, get: () => isMoving });
    const preload = system.preload(part.texture, REGION);
    const done = isMoving ? preload : assert.rejects(preload, BudgetError);
    await pause(20);
    assert.ok(!isMoving || lacking(part, REGION).length > 0);
    delete (residency as { preloadCapacity?: number }).preloadCapacity;
    Object.defineProperty(MemoryPlan.prototype, "isMoving", moving);
    await done;
    assert.equal(lacking(part, REGION).length === 0, isMoving);
  });
}
