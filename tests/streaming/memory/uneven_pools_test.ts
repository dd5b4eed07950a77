/**
 * Pools that a failure has kept from their shares.
 */

import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { PoolSet } from "../../../src/streaming/memory/pool_set.ts";
import { seededRandom } from "../../helpers/random.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything } from "../checks.ts";
import { addFaults } from "../faulty_gpu.ts";
import { mapSource } from "../sources.ts";

const camera = lookDown(1000, 1100, heightOfLevel(0));
const logger = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Unloads one of two textures, while calls of the GPU fail with a probability, and updates once they
 * succeed.
 *
 * @returns Slots of the other's pool after the unload, and after the update.
 */
async function slotsAround(probability: number): Promise<[number, number]> {
  using device = await requestDevice();
  const faults = addFaults(device.gpu, seededRandom(1));
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 6 * 2 ** 20,
    tileSize: 64,
    logger,
  });
  await system.loadTexture(mapSource());
  const other = await system.loadTexture(mapSource({ format: "r8unorm" }));
  await system.update(camera);
  faults.probability = probability;
  await system.unloadTexture(other);
  faults.probability = 0;
  const unloaded = system.getMemoryInfo().atlasSlotsTotal;
  await system.update(camera);
  await checkEverything(system);
  return [unloaded, system.getMemoryInfo().atlasSlotsTotal];
}

/** Checks that a failed unload gives its memory to the other texture after all. */
async function checkEvened(): Promise<void> {
  const [unloaded, updated] = await slotsAround(0);
  assert.equal(updated, unloaded);
  const [left, evened] = await slotsAround(1);
  assert.ok(left < unloaded, `${left} slots, as the pool could not grow`);
  assert.equal(evened, unloaded, "the pool has its share");
}

Deno.test("a pool that could not grow gets its share by the next update that succeeds", async () => {
  await checkEvened();
});

Deno.test("negative control: a set that forgets that a resize has failed is noticed", async () => {
  const isUneven = Object.getOwnPropertyDescriptor(PoolSet.prototype, "isUneven")!;
  Object.defineProperty(PoolSet.prototype, "isUneven", { ...isUneven, get: () => false });
  try {
    await assert.rejects(checkEvened(), /the pool has its share/);
  } finally {
    Object.defineProperty(PoolSet.prototype, "isUneven", isUneven);
  }
});
