import assert from "node:assert/strict";
import { requestDevice } from "../../src/gpu/mod.ts";
import { render } from "../../src/scene/mod.ts";
import { type QualitySettings, VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { cameraAt, heightOfLevel, lookDown, type TestCamera } from "./cameras.ts";
import { checkEverything, checkMemory } from "./checks.ts";
import { insideOf } from "./inside.ts";
import { meanRed } from "./pictures.ts";
import { mapSource, redOfLevel } from "./sources.ts";

const MIB = 2 ** 20;

function listener() {
  const warnings: string[] = [];
  const logger = {
    debug() {},
    info() {},
    warn: (text: string) => void warnings.push(text),
    error() {},
  };
  return { logger, warnings };
}

/** What a settled view streams at a quality. */
async function streamed(quality: QualitySettings, maxMemoryBytes = 6 * MIB, viewport = [160, 90]) {
  const down = lookDown(1000, 1100, heightOfLevel(0.5) * viewport[1]! / 90);
  return await streamedFrom({ ...down, viewport }, quality, maxMemoryBytes);
}

async function streamedFrom(
  camera: Omit<TestCamera, "viewport"> & { viewport: readonly number[] },
  quality: QualitySettings,
  maxMemoryBytes = 6 * MIB,
) {
  using device = await requestDevice();
  const { logger } = listener();
  using system = new VirtualTextureSystem(device, { maxMemoryBytes, tileSize: 64, logger });
  const texture = await system.loadTexture(mapSource());
  assert.equal(system.setQualitySettings(quality), true);
  system.updateNow(camera);
  checkMemory(system);
  assert.equal(await system.flush(), true);
  await checkEverything(system);
  const { residency, grid } = insideOf(texture);
  let finest = grid.levelCount;
  residency.slotOf.forEach((tile) => finest = Math.min(finest, grid.levelOf(tile)));
  const picture = await render(system, camera);
  const { activeTiles, mipBias, forcedMipBias } = system.getStatistics();
  return { activeTiles, mipBias, forcedMipBias, finest, red: meanRed(picture) };
}

Deno.test("lod_scale below 1 loads fewer and coarser tiles, above 1 more and finer ones", async () => {
  const along = cameraAt([1000, 1500, 150], [1000, 1000, 0]);
  const plain = await streamedFrom(along, {});
  const scales = [0.3, 0.6, 0.8, 1, 1.2, 1.4];
  const all = [];
  for (const lodScale of scales) all.push(await streamedFrom(along, { lodScale }));
  for (const [i, one] of all.entries()) {
    if (i === 0) continue;
    assert.ok(one.activeTiles >= all[i - 1]!.activeTiles, `tiles at ${scales[i]}`);
    assert.ok(one.red < all[i - 1]!.red, `sharpness at ${scales[i]}`);
  }
  const [, less, , same, , more] = all;
  assert.ok(less!.activeTiles < plain.activeTiles && more!.activeTiles > plain.activeTiles);
  assert.deepEqual(same, plain);
  // The level that is drawn moves by log2 of the scale.
  const shift = (less!.red - plain.red) / (redOfLevel(1) - redOfLevel(0));
  assert.ok(Math.abs(shift + Math.log2(0.6)) < 0.1, `${shift} levels`);
});

Deno.test("cache_priority_boost loads a margin around the view, wider with more of it", async () => {
  const boosts = [0, 1, 1.5, 2, 3];
  const counts = [];
  for (const cachePriorityBoost of boosts) {
    counts.push((await streamed({ cachePriorityBoost })).activeTiles);
  }
  assert.equal(counts[0], counts[1]);
  for (let i = 2; i < counts.length; i++) assert.ok(counts[i]! > counts[i - 1]!, `${counts}`);
});

Deno.test("cache_priority_boost keeps tiles that were seen longer than those loaded ahead", async () => {
  const keptAt = async (cachePriorityBoost: number) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, {
      maxMemoryBytes: 2 * MIB,
      tileSize: 64,
      logger: listener().logger,
    });
    const texture = await system.loadTexture(mapSource());
    system.setQualitySettings({ cachePriorityBoost });
    await system.update(lookDown(200, 200, heightOfLevel(0)));
    await system.flush();
    const { residency } = insideOf(texture);
    const seen: number[] = [];
    residency.slotOf.forEach((tile, slot) => {
      if (!residency.pool.slots.isPinned(slot) && !residency.pool.slots.isAhead(slot)) {
        seen.push(tile);
      }
    });
    // Tiles that are only ever loaded ahead come and go for some frames.
    for (let i = 0; i < 20; i++) {
      const region = { x: 64 * 8 + 64 * i, y: 1024, width: 64, height: 640 };
      system.prefetchRegion(texture, region);
      await system.update(lookDown(1900, 200, heightOfLevel(4)));
      checkMemory(system);
    }
    return seen.filter((tile) => residency.slotOf.has(tile)).length / seen.length;
  };
  const plain = await keptAt(1);
  const boosted = await keptAt(1.01 + 1);
  assert.equal(boosted, 1);
  assert.ok(plain < 0.5, `${plain} of the tiles are kept without it`);
});

Deno.test("max_mip_bias coarsens early under pressure, not beyond its limit and not without need", async () => {
  const wide = [480, 270];
  const roomy = await streamed({ maxMipBias: 2 }, 12 * MIB, wide);
  assert.equal(roomy.mipBias, 0);
  let lowest = Infinity;
  let budget = 0;
  // The smallest budget at which nothing is forced is above nine tenths full.
  for (let mib = 1.5; mib <= 6; mib += 0.05) {
    const plain = await streamedBias({}, mib * MIB, wide);
    if (plain.forced === 0 && mib < lowest) {
      lowest = mib;
      budget = mib * MIB;
      break;
    }
  }
  assert.ok(budget > 0);
  const early = await streamedBias({ maxMipBias: 1 }, budget, wide);
  assert.ok(early.bias > 0 && early.bias <= 1, `${early.bias}`);
  assert.equal(early.forced, 0);
});

/** The bias that a steady view settles at. */
async function streamedBias(quality: QualitySettings, maxMemoryBytes: number, viewport: number[]) {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes,
    tileSize: 64,
    logger: listener().logger,
  });
  await system.loadTexture(mapSource());
  system.setQualitySettings(quality);
  const camera = lookDown(1000, 1100, heightOfLevel(0.5) * viewport[1]! / 90);
  for (let i = 0; i < 4; i++) system.updateNow({ ...camera, viewport });
  const { mipBias, forcedMipBias } = system.getStatistics();
  return { bias: mipBias, forced: forcedMipBias };
}

Deno.test("what cannot fit is coarsened everywhere, reported as forced, and stands still", async () => {
  using device = await requestDevice();
  const { logger, warnings } = listener();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 1.5 * MIB,
    tileSize: 64,
    logger,
    label: "my system",
  });
  const texture = await system.loadTexture(mapSource());
  const camera = { ...lookDown(1000, 1100, heightOfLevel(3)), viewport: [1280, 720] };
  system.updateNow(camera);
  await system.flush();
  const { forcedMipBias, mipBias } = system.getStatistics();
  assert.ok(forcedMipBias >= 0.25 && forcedMipBias === mipBias);
  const before = system.getStatistics();
  for (let i = 0; i < 30; i++) {
    const result = await system.update(camera);
    assert.equal(result.tilesLoaded + result.tilesEvicted + result.tilesRequested, 0);
    checkMemory(system);
  }
  assert.equal(system.getStatistics().mipBias, before.mipBias);
  assert.equal(warnings.length, 1, "one warning an episode");
  assert.match(warnings[0]!, /my system/);
  assert.match(warnings[0]!, /max_memory_mb/);
  assert.match(warnings[0]!, /lod_scale/);
  // Every pixel is as coarse as every other: nothing near starves.
  const small = lookDown(1000, 1100, heightOfLevel(0) * 1.0);
  await checkEverything(system);
  for (let i = 0; i < 40; i++) await system.update(small);
  assert.equal(system.getStatistics().mipBias, 0, "it ends with the pressure");
  for (let i = 0; i < 5; i++) await system.update(camera);
  assert.equal(warnings.length, 2, "another episode, another warning");
  assert.equal(system.getStatistics().pressureEpisodes, 2);
  assert.ok(texture.grid.levelCount > 0);
});

Deno.test("nothing that is wanted in an update is evicted in it", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 1.5 * MIB,
    tileSize: 64,
    logger: listener().logger,
  });
  const texture = await system.loadTexture(mapSource());
  const { residency, grid } = insideOf(texture);
  const tail = grid.levels.slice(grid.tailLevel).map(({ firstTile }) => firstTile);
  for (let step = 0; step < 60; step++) {
    const camera = lookDown(200 + 27 * step, 300 + 20 * step, heightOfLevel(0.3));
    const before: number[] = [];
    residency.slotOf.forEach((tile) => before.push(tile));
    await system.update(camera, { timeBudgetMs: step % 2 === 0 ? null : 2 });
    for (const tile of before) {
      if (residency.wanted.has(tile)) assert.ok(residency.slotOf.has(tile), "wanted, and kept");
    }
    for (const tile of tail) assert.ok(residency.slotOf.has(tile), "pinned");
    checkMemory(system);
  }
  assert.ok(system.getStatistics().tilesEvicted > 30);
  await checkEverything(system);
});
