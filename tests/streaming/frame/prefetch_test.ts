import assert from "node:assert/strict";
import { OutOfRangeError } from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything, checkMemory } from "../checks.ts";
import { insideOf } from "../inside.ts";
import { mapSource } from "../sources.ts";

const MIB = 2 ** 20;
const options = {
  maxMemoryBytes: 4 * MIB,
  tileSize: 64,
  logger: { debug() {}, info() {}, warn() {}, error() {} },
};

Deno.test("a prefetched region is resident before any camera is there, and exactly that", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const texture = await system.loadTexture(mapSource());
  const { residency, grid } = insideOf(texture);
  const regions = [
    { region: { x: 100.5, y: 200.25, width: 10.5, height: 0.5 }, tiles: [[0, 1, 3]] },
    { region: { x: -500, y: -1, width: 564.5, height: 2 }, tiles: [[0, 0, 0], [0, 1, 0]] },
    { region: { x: 2040, y: 2040, width: 900, height: 900 }, tiles: [[0, 31, 31]] },
    { region: { x: 5000, y: 0, width: 64, height: 64 }, tiles: [] },
    { region: { x: 64, y: 64, width: 0, height: 64 }, tiles: [] },
    { region: { x: 70, y: 70, width: 50, height: 60, level: 2 }, tiles: [[2, 1, 1], [2, 1, 2]] },
    { region: { x: 0, y: 0, width: 1, height: 1, level: grid.levelCount - 1 }, tiles: [] },
  ];
  for (const { region, tiles } of regions) {
    system.evictTiles();
    const pinned = residency.slotOf.size;
    assert.equal(system.prefetchRegion(texture, region), true);
    assert.equal(await system.flush(), true);
    for (const [level, x, y] of tiles) {
      assert.ok(residency.slotOf.has(grid.tileIndexOf(level!, x!, y!)), `${level} ${x} ${y}`);
    }
    assert.equal(residency.slotOf.size, pinned + tiles.length);
    assert.equal(system.prefetchRegion(texture, region), true, "it is resident");
    checkMemory(system);
  }
  assert.equal(system.getStatistics().prefetchesLoaded, 6);
  assert.equal(system.getStatistics().prefetchesUsed, 0);
});

Deno.test("prefetches that are seen later are counted, once each", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const texture = await system.loadTexture(mapSource());
  assert.equal(system.prefetchRegion(texture, { x: 900, y: 900, width: 300, height: 300 }), true);
  await system.flush();
  const loaded = system.getStatistics().prefetchesLoaded;
  assert.ok(loaded >= 25);
  const camera = lookDown(1050, 1050, heightOfLevel(0) * 1.01);
  const result = await system.update(camera);
  const used = system.getStatistics().prefetchesUsed;
  assert.ok(used >= 4 && used <= loaded);
  assert.equal(result.cacheHits, used, "they are hits");
  await system.update(lookDown(1051, 1050, heightOfLevel(0) * 1.01));
  await system.update(camera);
  assert.ok(system.getStatistics().prefetchesUsed <= loaded);
  await checkEverything(system);
});

Deno.test("a prefetch never pushes out what is visible, and says false where there is no room", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { ...options, maxMemoryBytes: 1.5 * MIB });
  const texture = await system.loadTexture(mapSource());
  const { residency } = insideOf(texture);
  const camera = lookDown(1050, 1050, heightOfLevel(0) * 1.01);
  system.updateNow(camera);
  await system.flush();
  const visible: number[] = [];
  residency.wanted.forEach((tile) => visible.push(tile));
  assert.ok(visible.length > 6);
  assert.equal(system.prefetchRegion(texture, { x: 0, y: 0, width: 2048, height: 2048 }), false);
  for (let i = 0; i < 12; i++) {
    await system.update(camera);
    for (const tile of visible) assert.ok(residency.slotOf.has(tile));
    checkMemory(system);
  }
  assert.equal(system.getStatistics().mipBias, 0, "what is visible is not coarsened for it");
  await checkEverything(system);
});

Deno.test("prefetching the whole of the largest texture answers at once", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { ...options, maxMemoryBytes: 16 * MIB });
  const texture = await system.loadTexture(mapSource({ width: 2 ** 16, height: 2 ** 16 }));
  const started = performance.now();
  assert.equal(system.prefetchRegion(texture, { x: 0, y: 0, width: 1e9, height: 1e9 }), false);
  assert.ok(performance.now() - started < 100);
});

Deno.test("a region that makes no sense is an error and asks for nothing", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const texture = await system.loadTexture(mapSource());
  const region = { x: 0, y: 0, width: 64, height: 64 };
  assert.throws(() => system.prefetchRegion(texture, { ...region, x: NaN }), OutOfRangeError);
  assert.throws(() => system.prefetchRegion(texture, { ...region, width: -1 }), OutOfRangeError);
  assert.throws(() => system.prefetchRegion(texture, { ...region, level: 99 }), OutOfRangeError);
  assert.equal(insideOf(texture).residency.prefetches.size, 0);
});

Deno.test("a steady flight hits more than the same places in random order: it is prefetched", async () => {
  const hitRate = async (order: (path: number[]) => number[]) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { ...options, maxMemoryBytes: 3 * MIB });
    await system.loadTexture(mapSource());
    const path = Array.from({ length: 60 }, (_, i) => 250 + 26 * i);
    for (const x of order(path)) {
      await system.update(lookDown(x, 1000, heightOfLevel(0.2)));
      checkMemory(system);
    }
    const { cacheHitRate, prefetchesUsed } = system.getStatistics();
    return { cacheHitRate, prefetchesUsed };
  };
  const random = seededRandom(3);
  const steady = await hitRate((path) => path);
  const shuffled = await hitRate((path) =>
    path.map((x) => [random(), x] as const).sort((a, b) => a[0] - b[0]).map(([, x]) => x)
  );
  assert.ok(steady.cacheHitRate > 97, `${steady.cacheHitRate} % in a steady flight`);
  assert.ok(steady.cacheHitRate > shuffled.cacheHitRate + 5, `${shuffled.cacheHitRate} % shuffled`);
  assert.ok(steady.prefetchesUsed > 20);
});

Deno.test("a promise is kept: true means that the whole region stays while the camera rests", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { ...options, maxMemoryBytes: 3 * MIB });
  const texture = await system.loadTexture(mapSource());
  const { residency, grid } = insideOf(texture);
  const camera = lookDown(300, 300, heightOfLevel(0) * 1.01);
  await system.update(camera);
  let kept = 0;
  let refused = 0;
  for (let side = 60; side < 900; side += 40) {
    system.evictTiles();
    await system.update(camera);
    const region = { x: 1000, y: 1000, width: side, height: side };
    const promised = system.prefetchRegion(texture, region);
    await system.flush();
    await system.update(camera);
    assert.equal((await system.update(camera)).cacheMisses, 0, "what is seen stays");
    checkMemory(system);
    if (!promised) {
      refused++;
      continue;
    }
    kept++;
    for (let y = Math.floor(1000 / 64); y * 64 < 1000 + side; y++) {
      for (let x = Math.floor(1000 / 64); x * 64 < 1000 + side; x++) {
        assert.ok(residency.slotOf.has(grid.tileIndexOf(0, x, y)), `${side}: ${x} ${y}`);
      }
    }
  }
  assert.ok(kept > 0 && refused > 0, `${kept} kept, ${refused} refused`);
});
