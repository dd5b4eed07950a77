import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  VirtualTextureSystem,
  type VirtualTextureSystemOptions,
} from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything, checkMemory } from "../checks.ts";
import { ControlledSource, pause } from "../sources.ts";

const TILE_BYTES = 72 * 72 * 4;
const camera = lookDown(1000, 1100, heightOfLevel(0.5));

/** What the updates of a view ask for and land, until nothing is left. */
async function updatesAt(budget: Partial<VirtualTextureSystemOptions>) {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 6 * 2 ** 20,
    tileSize: 64,
    ...budget,
  });
  await system.loadTexture(new ControlledSource());
  const requested: number[] = [];
  const landed: number[] = [];
  for (let i = 0; i < 60; i++) {
    const result = system.updateNow(camera);
    requested.push(result.tilesRequested);
    landed.push(result.tilesLoaded);
    assert.equal(result.bytesUploaded, result.tilesLoaded * TILE_BYTES);
    checkMemory(system);
    if (i > 0 && result.tilesPending === 0 && result.tilesQueued === 0) break;
    await pause(4);
  }
  await checkEverything(system);
  const total = landed.reduce((sum, tiles) => sum + tiles, 0);
  assert.ok(total >= 15);
  return { most: Math.max(...requested), mostLanded: Math.max(...landed), total };
}

Deno.test("an update asks for no more tiles than it may, and all come in the end", async () => {
  const free = await updatesAt({});
  assert.ok(free.most > 12);
  const few = await updatesAt({ tilesPerUpdate: 3 });
  assert.deepEqual(few, { most: 3, mostLanded: 3, total: free.total });
});

Deno.test("an update uploads no more bytes than it may, but always one tile", async () => {
  const free = await updatesAt({});
  const two = await updatesAt({ bytesPerUpdate: 2.5 * TILE_BYTES });
  assert.deepEqual(two, { most: 2, mostLanded: 2, total: free.total });
  const one = await updatesAt({ bytesPerUpdate: 10 });
  assert.deepEqual(one, { most: 1, mostLanded: 1, total: free.total });
});

Deno.test("an update stops landing when its milliseconds are over", async () => {
  let now = 0;
  const free = await updatesAt({});
  const slow = await updatesAt({ msPerUpdate: 1, clock: () => now++ });
  assert.ok(slow.mostLanded <= 8 && slow.mostLanded < free.mostLanded, `${slow.mostLanded}`);
  assert.equal(slow.total, free.total);
});
