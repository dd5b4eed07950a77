import assert from "node:assert/strict";
import { Atlas, requestDevice } from "../../../src/gpu/mod.ts";
import { type StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { GpuPool } from "../../../src/streaming/memory/gpu_pool.ts";
import { checkEverything, checkMemory } from "../checks.ts";
import { mapSource } from "../sources.ts";

const MIB = 2 ** 20;
const logger = { debug() {}, info() {}, warn() {}, error() {} };

/** How often pools are moved while something runs, and how many slots are copied. */
async function movesOf(run: () => Promise<void>): Promise<{ moves: number; slots: number }> {
  const { copySlots } = Atlas.prototype;
  const counted = { moves: 0, slots: 0 };
  Atlas.prototype.copySlots = function (...given) {
    counted.moves++;
    counted.slots += given[2].length;
    return copySlots.apply(this, given);
  };
  try {
    await run();
  } finally {
    Atlas.prototype.copySlots = copySlots;
  }
  return counted;
}

/** A small texture of one of two kinds. */
function small(seed: number) {
  const format = seed % 3 === 0 ? "r8unorm" : "rgba8unorm";
  return mapSource({ width: 128, height: 128, seed, format });
}

Deno.test("64 loads into two pools move them seldom, with memory to spare and with hardly enough", async () => {
  using device = await requestDevice();
  for (const maxMemoryBytes of [64 * MIB, 24 * MIB]) {
    using system = new VirtualTextureSystem(device, { maxMemoryBytes, tileSize: 64, logger });
    const { moves, slots } = await movesOf(async () => {
      for (let seed = 0; seed < 64; seed++) await system.loadTexture(small(seed));
    });
    const { atlasSlotsUsed } = system.getMemoryInfo();
    assert.ok(moves <= 30, `${moves} moves`);
    assert.ok(slots <= 6 * atlasSlotsUsed, `${slots} slots for ${atlasSlotsUsed}`);
    await checkEverything(system);
    checkMemory(system);
  }
});

Deno.test("negative control: a pool that others make room in is moved, which the count sees", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 6 * MIB,
    tileSize: 64,
    logger,
  });
  const { moves, slots } = await movesOf(async () => {
    await system.loadTexture(mapSource());
    await system.loadTexture(mapSource({ format: "r8unorm" }));
  });
  assert.ok(moves > 0 && slots > 0);
});

Deno.test("unloading in any order moves pools seldom, and leaves every picture right", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 24 * MIB,
    tileSize: 64,
    logger,
  });
  const textures: StreamedTexture[] = [];
  for (let seed = 0; seed < 48; seed++) textures.push(await system.loadTexture(small(seed)));
  const random = seededRandom(3);
  const { moves } = await movesOf(async () => {
    while (textures.length > 4) {
      const [texture] = textures.splice(Math.floor(random() * textures.length), 1);
      await system.unloadTexture(texture!);
    }
  });
  assert.ok(moves <= 24, `${moves} moves`);
  await checkEverything(system);
});

Deno.test("a load whose pool could not grow enough makes it grow again, and ends", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 8 * MIB,
    tileSize: 64,
    logger,
  });
  await system.loadTexture(mapSource({ width: 64, height: 64 }));
  const { makeStore } = GpuPool.prototype;
  let made = 0;
  GpuPool.prototype.makeStore = function (slots) {
    // As if other memory were in use: no room beyond the first texture's seven tiles.
    return makeStore.call(this, made++ === 0 ? 8 : slots);
  };
  try {
    await system.loadTexture(mapSource({ width: 512, height: 512, seed: 2 }));
  } finally {
    GpuPool.prototype.makeStore = makeStore;
  }
  assert.ok(made >= 2);
  await checkEverything(system);
});
