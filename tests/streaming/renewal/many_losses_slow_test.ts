import assert from "node:assert/strict";
import v8 from "node:v8";
import vm from "node:vm";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { TextureSet } from "../../../src/streaming/load/texture_set.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything } from "../checks.ts";
import { mapSource, pause } from "../sources.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

v8.setFlagsFromString("--expose-gc");
const collectGarbage = vm.runInNewContext("gc") as () => void;

/** Bytes of JavaScript's heap, once what nobody refers to is gone. */
async function heapBytes(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    await pause(10);
  }
  return Deno.memoryUsage().heapUsed;
}

/** Buffers and textures, of whatever device, that were made and not destroyed. */
async function withLiveObjects(work: (live: Set<object>) => Promise<void>): Promise<void> {
  const live = new Set<object>();
  const { createBuffer, createTexture } = GPUDevice.prototype;
  const destroyers = [GPUBuffer.prototype, GPUTexture.prototype].map((prototype) => {
    const { destroy } = prototype;
    prototype.destroy = function () {
      live.delete(this);
      return destroy.call(this as never);
    };
    return () => prototype.destroy = destroy;
  });
  function counted<T extends object>(object: T): T {
    live.add(object);
    return object;
  }
  GPUDevice.prototype.createBuffer = function (descriptor) {
    return counted(createBuffer.call(this, descriptor));
  };
  GPUDevice.prototype.createTexture = function (descriptor) {
    return counted(createTexture.call(this, descriptor));
  };
  try {
    await work(live);
  } finally {
    Object.assign(GPUDevice.prototype, { createBuffer, createTexture });
    for (const undo of destroyers) undo();
  }
}

/** Losses after which nothing is made for the first time any more. */
const WARM_UP = 10;
/** Bytes of JavaScript's heap that a loss may add: far less than a texture's tables take. */
const MOST_HEAP_GROWTH = 30_000;

/** Loses a system's device again and again, and checks after each loss that nothing is left of it. */
async function loseManyTimes(losses: number): Promise<void> {
  await withLiveObjects(async (live) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, {
      maxMemoryBytes: 4 * 2 ** 20,
      tileSize: 64,
      logger: quiet,
    });
    const camera = lookDown(1000, 1100, heightOfLevel(0));
    await system.loadTexture(mapSource());
    await system.loadTexture(mapSource({ format: "bc7-rgba-unorm", seed: 1 }));
    await system.update(camera);
    const before = (await render(system, camera)).data;
    const { memoryUsed, activeTiles } = system.getStatistics();
    const { size } = live;
    assert.ok(size > 10);
    let early = 0;
    for (let loss = 1; loss <= losses; loss++) {
      device.gpu.destroy();
      const { data } = await render(system, camera);
      assert.ok(data.every((value, at) => value === before[at]), `picture after loss ${loss}`);
      const statistics = system.getStatistics();
      assert.deepEqual([statistics.memoryUsed, statistics.activeTiles], [memoryUsed, activeTiles]);
      assert.equal(live.size, size, `buffers and textures after loss ${loss}`);
      if (loss === WARM_UP) early = await heapBytes();
    }
    const growth = (await heapBytes() - early) / (losses - WARM_UP);
    assert.ok(growth < MOST_HEAP_GROWTH, `${growth} bytes of heap for each loss`);
    await checkEverything(system);
    assert.equal(device.generation, losses);
  });
}

Deno.test("fifty losses leave the picture, the counts and the memory as they were", async () => {
  await loseManyTimes(50);
});

Deno.test("negative control: objects that a loss leaves behind are noticed", async () => {
  const { abandonTextures } = TextureSet.prototype;
  TextureSet.prototype.abandonTextures = () => {};
  try {
    await assert.rejects(loseManyTimes(2), /buffers and textures after loss 1/);
  } finally {
    TextureSet.prototype.abandonTextures = abandonTextures;
  }
});

Deno.test("negative control: what JavaScript keeps of each loss is noticed", async () => {
  const { abandonTextures } = TextureSet.prototype;
  const kept: unknown[] = [];
  TextureSet.prototype.abandonTextures = function (logger) {
    kept.push(new Array(10_000).fill(this));
    return abandonTextures.call(this, logger);
  };
  try {
    await assert.rejects(loseManyTimes(20), /bytes of heap for each loss/);
  } finally {
    TextureSet.prototype.abandonTextures = abandonTextures;
  }
});
