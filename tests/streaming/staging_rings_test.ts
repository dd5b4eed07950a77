import assert from "node:assert/strict";
import {
  adoptDevice,
  type ForgeDevice,
  initMemorySystem,
  memorySystemOf,
  requestDevice,
  SubmitTracker,
} from "../../src/gpu/mod.ts";
import { render } from "../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import type { TexelFormat } from "../../src/texels/mod.ts";
import { seededRandom } from "../helpers/random.ts";
import { heightOfLevel, lookDown } from "./cameras.ts";
import { checkEverything, checkMemory, wrongEntries, wrongSlots } from "./checks.ts";
import { erraticSource, step, type World } from "./random_steps.ts";
import { mapSource, pause } from "./sources.ts";

const MIB = 2 ** 20;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const options = { maxMemoryBytes: 3 * MIB, tileSize: 64, logger: quiet };
/** Bytes of a tile of 64 texels with a border of 4, its rows padded to 256 bytes. */
const TILE_BYTES = 72 * 512;

/** Gives a device rings that hold so many tiles each. */
function giveRings(device: ForgeDevice, ringCount: number, tiles: number) {
  const bufferSize = Math.floor(tiles * TILE_BYTES);
  return initMemorySystem(device, { memoryPools: false, ringCount, bufferSize });
}

/** Pictures of a walk over a texture. */
async function walk(device: ForgeDevice, format: TexelFormat): Promise<Uint8Array[]> {
  using system = new VirtualTextureSystem(device, options);
  await system.loadTexture(mapSource({ format }));
  const pictures: Uint8Array[] = [];
  for (let i = 0; i < 5; i++) {
    const camera = lookDown(400 + 250 * i, 300 + 200 * i, heightOfLevel(i % 3));
    await system.update(camera);
    pictures.push((await render(system, camera)).data);
  }
  await checkEverything(system);
  return pictures;
}

Deno.test("pictures are the same with rings and without, and the numbers of the rings move", async () => {
  for (const format of ["rgba8unorm", "bc7-rgba-unorm"] as const) {
    using plain = await requestDevice();
    const wanted = await walk(plain, format);
    using device = await requestDevice();
    const memory = await giveRings(device, 3, 16);
    const indices = new Set<number>();
    const { submit } = SubmitTracker.prototype;
    let mostBytes = 0;
    SubmitTracker.prototype.submit = function (commands) {
      const stats = memory.stagingStats();
      indices.add(stats.currentRingIndex);
      mostBytes = Math.max(mostBytes, stats.bytesInFlight);
      return submit.call(this, commands);
    };
    try {
      assert.deepEqual(await walk(device, format), wanted, format);
    } finally {
      SubmitTracker.prototype.submit = submit;
    }
    assert.deepEqual([...indices].sort(), [0, 1, 2], "buffers take turns");
    assert.ok(mostBytes > 0 && mostBytes <= 3 * 16 * TILE_BYTES);
    assert.equal(memory.stagingStats().bytesInFlight, 0, "a picture has waited for them");
  }
});

Deno.test("random operations through rings that stall leave the tables and slots of a rebuild", async () => {
  using device = await requestDevice();
  const memory = await giveRings(device, 2, 2.5);
  using system = new VirtualTextureSystem(device, { ...options, maxMemoryBytes: 2 * MIB });
  const world: World = { system, random: seededRandom(4), seeds: 4 };
  await system.loadTexture(erraticSource(world.seeds++, world.random));
  for (let i = 0; i < 60; i++) {
    await step(world);
    checkMemory(system);
    const { bytesInFlight } = memory.stagingStats();
    assert.ok(bytesInFlight <= 2 * 2.5 * TILE_BYTES);
    if (world.random() < 0.1) {
      assert.equal(await wrongEntries(system) + await wrongSlots(system), 0, `step ${i}`);
    }
  }
  assert.equal(await wrongEntries(system) + await wrongSlots(system), 0);
  assert.ok(memory.stagingStats().bufferStalls > 0, "some found no room");
});

Deno.test("rings may come and go while systems stream, and all systems of a device share them", async () => {
  using owner = await requestDevice();
  const device = adoptDevice(owner.gpu);
  using one = new VirtualTextureSystem(device, options);
  using other = new VirtualTextureSystem(device, options);
  for (const system of [one, other]) await system.loadTexture(mapSource());
  const memory = await giveRings(device, 4, 8);
  const turns: number[] = [];
  for (const [i, system] of [one, other, one, other].entries()) {
    await system.update(lookDown(500 + 300 * i, 600, heightOfLevel(0)));
    turns.push(memory.stagingStats().currentRingIndex);
    await system.flush();
    assert.equal(memory.stagingStats().bytesInFlight, 0, "flush waits for the GPU");
  }
  assert.equal(memorySystemOf(device), memory);
  assert.ok(new Set(turns).size > 1, `${turns}`);
  await giveRings(device, 2, 3);
  await one.update(lookDown(1700, 1500, heightOfLevel(0)));
  memory.close();
  await other.update(lookDown(1700, 1500, heightOfLevel(0)));
  assert.equal(memory.stagingStats().ringCount, 0);
  for (const system of [one, other]) await checkEverything(system);
});

Deno.test("after a loss the rings are made again, and tiles go through them", async () => {
  using device = await requestDevice();
  const memory = await giveRings(device, 3, 8);
  using system = new VirtualTextureSystem(device, options);
  await system.loadTexture(mapSource());
  const camera = lookDown(1000, 1100, heightOfLevel(0));
  await system.update(camera);
  const before = await render(system, camera);
  const { bufferStalls } = memory.stagingStats();
  device.gpu.destroy();
  assert.equal((await render(system, camera)).data.join(), before.data.join());
  const stats = memory.stagingStats();
  assert.deepEqual([stats.ringCount, stats.bufferSize], [3, 8 * TILE_BYTES]);
  assert.ok(stats.bufferStalls > bufferStalls, "the first tiles did not wait for them");
  const index = stats.currentRingIndex;
  await system.update(lookDown(300, 300, heightOfLevel(0)));
  assert.notEqual(memory.stagingStats().currentRingIndex, index);
  await checkEverything(system);
});

Deno.test("rings and pools are no part of a system's budget", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  await system.loadTexture(mapSource());
  await system.flush();
  const { usedMemory } = system.getMemoryInfo();
  await initMemorySystem(device, { stagingMemoryMb: 32, poolMemoryMb: 32 });
  assert.equal(system.getMemoryInfo().usedMemory, usedMemory);
  const { stagingMemory } = system.getMemoryInfo();
  await system.update(lookDown(1000, 1100, heightOfLevel(0)));
  await pause();
  assert.ok(system.getMemoryInfo().stagingMemory <= stagingMemory, "tiles take no other staging");
  checkMemory(system);
});
