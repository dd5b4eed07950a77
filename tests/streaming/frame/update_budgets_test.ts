import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  VirtualTextureSystem,
  type VirtualTextureSystemOptions,
} from "../../../src/streaming/mod.ts";
import { lookAt, perspective } from "../../../src/geometry/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything, checkMemory } from "../checks.ts";
import { ControlledSource, mapSource, pause } from "../sources.ts";

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

Deno.test("an update that waits lands all that fits, though one submit holds all memory for tiles in flight", async () => {
  using device = await requestDevice();
  const viewport = [1024, 1024] as const;
  const position = [512, 512, 512 / Math.tan(Math.PI / 6)] as const;
  const view = lookAt(position, [512, 512, 0], { up: [0, -1, 0] });
  const projection = perspective({ fovYDegrees: 60, aspect: 1, near: 1, far: 1e5 });
  for (const mebibytes of [12, 14, 16]) {
    using system = new VirtualTextureSystem(device, {
      maxMemoryBytes: mebibytes * 2 ** 20,
      tileSize: 64,
      tilesPerUpdate: 1000,
      bytesPerUpdate: 1e9,
    });
    await system.loadTexture(mapSource({ width: 1024, height: 1024 }));
    const result = await system.update({ position, view, projection, viewport });
    assert.ok(result.tilesLoaded > 250, `${result.tilesLoaded} tiles`);
    assert.equal(result.tilesQueued, 0);
  }
});
