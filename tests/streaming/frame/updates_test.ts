import assert from "node:assert/strict";
import { DisposedError, InvalidArgumentError, OutOfRangeError } from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything, checkMemory } from "../checks.ts";
import { insideOf } from "../inside.ts";
import { checkPlaces, redRange } from "../pictures.ts";
import {
  ControlledSource,
  mapSource,
  never,
  pause,
  redOfLevel,
  settlesWithin,
} from "../sources.ts";

const options = { maxMemoryBytes: 4 * 2 ** 20, tileSize: 64 };
const camera = lookDown(1000, 1100, heightOfLevel(0) * 1.001);

Deno.test("an update that never waits returns at once, though no read ever finishes", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const source = new ControlledSource();
  await system.loadTexture(source);
  source.before = never;
  const first = system.updateNow(camera);
  assert.ok(first.tilesRequested > 0 && first.tilesLoaded === 0 && !first.waited);
  assert.equal(first.tilesPending, first.tilesRequested);
  for (let i = 0; i < 30; i++) {
    const result = system.updateNow(camera);
    assert.equal(result.tilesRequested, 0, "nothing is asked for twice");
    checkMemory(system);
  }
  await checkEverything(system);
});

Deno.test("a time budget is kept with slow reads, and what is late lands in later updates", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const source = new ControlledSource();
  const texture = await system.loadTexture(source);
  source.before = ({ tile }) => pause(tile % 2 === 0 ? 2 : 600);
  const started = performance.now();
  const result = await system.update(camera, { timeBudgetMs: 40 });
  const took = performance.now() - started;
  assert.ok(took < 450, `${took} ms`);
  assert.ok(result.waited && result.tilesLoaded > 0 && result.tilesPending > 0);
  assert.ok(result.updateTimeMs >= 35 && result.updateTimeMs <= took);
  checkMemory(system);
  await pause(650);
  const later = system.updateNow(camera);
  assert.ok(later.tilesLoaded >= result.tilesPending - 1);
  assert.equal(await system.flush(), true);
  checkPlaces(await render(system, camera), camera, texture);
  await checkEverything(system);
});

Deno.test("a time budget ends by real time, though the injected clock stands still", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { ...options, clock: () => 0 });
  const source = new ControlledSource();
  await system.loadTexture(source);
  source.before = never;
  assert.ok(await settlesWithin(system.update(camera, { timeBudgetMs: 5 }), 500));
});

Deno.test("a time budget of 0 does not wait, and one that makes no sense is an error", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  await system.loadTexture(mapSource());
  const result = await system.update(camera, { timeBudgetMs: 0 });
  assert.equal(result.waited, false);
  for (const timeBudgetMs of [NaN, -1, "5" as unknown as number]) {
    for (
      const call of [system.update(camera, { timeBudgetMs }), system.finishUpdate({ timeBudgetMs })]
    ) {
      await assert.rejects(call, (error) => {
        assert.ok(error instanceof OutOfRangeError || error instanceof InvalidArgumentError);
        return error.argument === "timeBudgetMs";
      });
    }
  }
});

Deno.test("updates in every third to fifth frame of a flight still draw the right pictures", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const texture = await system.loadTexture(mapSource());
  for (let frame = 0; frame < 24; frame++) {
    const at = lookDown(500 + 25 * frame, 900, heightOfLevel(0.5));
    if (frame % (3 + frame % 3) === 0) await system.update(at);
    checkPlaces(await render(system, at), at, texture);
    checkMemory(system);
  }
  await checkEverything(system);
});

Deno.test("one update streams for every texture, also where they share a pool", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const size = { width: 512, height: 512 };
  const first = await system.loadTexture(mapSource(size));
  const second = await system.loadTexture(mapSource(size), { origin: [512, 0, 0] });
  assert.equal(insideOf(first).residency.pool, insideOf(second).residency.pool);
  const between = lookDown(512, 256, heightOfLevel(0.5));
  await system.update(between);
  for (const texture of [first, second]) {
    const { cacheHits, cacheMisses } = await system.update(between, { texture });
    assert.ok(cacheHits >= 4, texture.name);
    assert.equal(cacheMisses, 0, texture.name);
  }
});

Deno.test("an update for one texture is not taken for the last one of another", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const size = { width: 512, height: 512 };
  const first = await system.loadTexture(mapSource(size));
  const second = await system.loadTexture(mapSource(size), { origin: [512, 0, 0] });
  const between = lookDown(512, 256, heightOfLevel(1));
  for (let i = 0; i < 3; i++) await system.update(between, { texture: first });
  const result = await system.update(between, { texture: second });
  assert.ok(result.tilesLoaded > 0);
  await checkEverything(system);
});

Deno.test("an idle update counts its hits and does nothing else", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const texture = await system.loadTexture(mapSource());
  system.updateNow(camera);
  await system.flush();
  const { cacheHits } = system.updateNow(camera);
  assert.ok(cacheHits >= 4);
  const submits = device.submits.lastSubmitted;
  const before = system.getStatistics();
  for (let i = 0; i < 5; i++) {
    const result = system.updateNow(camera);
    assert.equal(result.cacheHits, cacheHits);
    assert.equal(result.cacheMisses, 0);
    assert.equal(result.tilesRequested + result.tilesLoaded + result.tilesEvicted, 0);
  }
  assert.equal(device.submits.lastSubmitted, submits);
  const after = system.getStatistics();
  assert.equal(after.cacheHits, before.cacheHits + 5 * cacheHits);
  const seen = after.cacheHits + after.cacheMisses;
  assert.ok(after.cacheMisses > 0);
  assert.equal(after.cacheHitRate, 100 * after.cacheHits / seen, "in percent");
  assert.equal(after.activeTiles, insideOf(texture).residency.slotOf.size);
});

Deno.test("flush waits for everything, and says false when something cannot be read", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { ...options, tilesPerUpdate: 2 });
  assert.equal(await system.flush(), true, "there is nothing to do");
  const source = new ControlledSource();
  await system.loadTexture(source);
  assert.equal(await system.flush(), true, "there is no camera yet");
  source.before = () => pause(1);
  system.updateNow(camera);
  assert.equal(await system.flush(), true);
  const red = redRange(await render(system, camera));
  assert.ok(red.most <= redOfLevel(0) + 1);
  await checkEverything(system);
  system.evictTiles();
  const broken = source.grid.tileIndexOf(0, Math.floor(1000 / 64), Math.floor(1100 / 64));
  source.before = ({ tile }) => {
    if (tile === broken) throw new Error("broken");
  };
  assert.equal(await system.flush(), false);
  await checkEverything(system);
  source.before = null;
  for (let i = 0; i < 10; i++) await system.update(camera);
  assert.equal(await system.flush(), true);
});

Deno.test("flush goes on until the bias of an earlier view is gone", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 1.2 * 2 ** 20,
    tileSize: 64,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  await system.loadTexture(mapSource());
  const wide = { ...lookDown(1000, 1100, heightOfLevel(3)), viewport: [1280, 720] };
  for (let i = 0; i < 3; i++) await system.update(wide);
  assert.ok(system.getStatistics().mipBias >= 1);
  const far = lookDown(1000, 1000, heightOfLevel(3.3));
  system.updateNow(far);
  assert.equal(await system.flush(), true);
  assert.equal(system.getStatistics().mipBias, 0);
  const { least, most } = redRange(await render(system, far));
  assert.ok(least >= redOfLevel(3) - 1 && most <= redOfLevel(4) + 1);
});

Deno.test("evictTiles evicts all but the pinned tiles", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const [first, second] = [
    await system.loadTexture(mapSource()),
    await system.loadTexture(mapSource({ format: "r8unorm" })),
  ];
  const pinned = 2 * (first.grid.levelCount - first.grid.tailLevel);
  await system.update(camera);
  const loaded = system.getMemoryInfo().activeTiles;
  const evicted = system.evictTiles(first);
  assert.ok(evicted > 0);
  await checkEverything(system);
  assert.equal(system.getMemoryInfo().activeTiles, loaded - evicted);
  assert.equal(evicted + system.evictTiles(), loaded - pinned);
  assert.equal(system.evictTiles(), 0);
  assert.equal(system.getMemoryInfo().activeTiles, pinned);
  assert.equal(system.getStatistics().tilesEvicted, loaded - pinned);
  await checkEverything(system);
  checkPlaces(await render(system, camera, { texture: first }), camera, first);
  await system.update(camera);
  assert.equal(system.getMemoryInfo().activeTiles, loaded);
  assert.ok(second.id !== first.id);
});

Deno.test("evicting and unloading while tiles are read wakes the calls that wait for them", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  const source = new ControlledSource();
  const texture = await system.loadTexture(source);
  source.before = never;
  system.updateNow(camera);
  // What the update still allows is asked for again, until it is used up.
  const evicting = system.finishUpdate();
  await pause();
  for (let i = 0; i < 40; i++) {
    system.evictTiles();
    await pause();
  }
  assert.ok(await settlesWithin(evicting, 1000), "evicting");
  system.updateNow(camera);
  const unloading = system.finishUpdate();
  await pause();
  await system.unloadTexture(texture);
  assert.ok(await settlesWithin(unloading, 1000), "unloading");
  assert.ok(source.closed);
  assert.throws(() => system.updateNow(camera, { texture }), InvalidArgumentError);
  await assert.rejects(async () => await system.unloadTexture(texture), InvalidArgumentError);
  checkMemory(system);
});

Deno.test("after close every call is refused, waits end, and nothing is left", async () => {
  using device = await requestDevice();
  const system = new VirtualTextureSystem(device, options);
  const source = new ControlledSource();
  const texture = await system.loadTexture(source);
  await system.update(camera);
  source.before = never;
  const waiting = system.update(lookDown(200, 200, 70));
  await pause();
  system.close();
  system.close();
  assert.ok(await settlesWithin(waiting, 1000));
  await device.submits.wait();
  assert.equal(system.getMemoryInfo().usedMemory, 0);
  assert.ok(source.closed);
  const calls: (() => unknown)[] = [
    () => system.updateNow(camera),
    () => system.finishUpdate(),
    () => system.update(camera),
    () => system.flush(),
    () => system.loadTexture(mapSource()),
    () => system.unloadTexture(texture),
    () => system.prefetchRegion(texture, { x: 0, y: 0, width: 1, height: 1 }),
    () => system.evictTiles(),
    () => system.setQualitySettings(),
  ];
  for (const call of calls) {
    await assert.rejects(async () => await call(), DisposedError, `${call}`);
  }
  device.assertAlive();
});

Deno.test("a system that is closed while a texture loads leaves nothing behind, nor a GPU error", async () => {
  using device = await requestDevice();
  let refused = 0;
  for (let wait = 0; wait < 14; wait++) {
    const system = new VirtualTextureSystem(device, options);
    await system.loadTexture(mapSource({ format: "r8unorm" }));
    const source = new ControlledSource();
    source.before = () => pause(wait % 2 === 0 ? 100 : 2);
    // A load that ends before the system is closed succeeds.
    const loading = system.loadTexture(source).then(() => {}, (error) => {
      assert.ok(error instanceof DisposedError, `${wait}: ${error}`);
      refused++;
    });
    for (let i = 0; i < wait; i++) await (i % 2 === 0 ? pause() : Promise.resolve());
    system.close();
    await loading;
    await device.submits.wait();
    await pause();
    device.assertAlive();
    assert.equal(system.getMemoryInfo().usedMemory, 0, `${wait}`);
    assert.ok(source.closed);
  }
  assert.ok(refused > 3);
  // The reads that nobody waits for any more.
  await pause(110);
});

Deno.test("cameras and textures that make no sense are errors that name them", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, options);
  using other = new VirtualTextureSystem(device, options);
  await system.loadTexture(mapSource());
  const foreign = await other.loadTexture(mapSource());
  const bad = [
    { position: [1, 2] },
    { position: [1, 2, NaN] },
    { position: [1, 2, 3], view: [1] },
    { position: [1, 2, 3], view: new Float32Array(16).fill(Infinity) },
    { position: [1, 2, 3], projection: new Float32Array(15) },
    { position: [1, 2, 3], viewport: [0, 5] },
  ];
  for (const one of bad) assert.throws(() => system.updateNow(one), /camera|view|projection/);
  assert.throws(() => system.updateNow(camera, { texture: foreign }), InvalidArgumentError);
  assert.throws(() => system.evictTiles(foreign), InvalidArgumentError);
  assert.throws(
    () => system.prefetchRegion(foreign, { x: 0, y: 0, width: 1, height: 1 }),
    InvalidArgumentError,
  );
  await system.update(camera);
  assert.equal(await system.flush(), true);
  assert.equal(insideOf(foreign).residency.pendingCount, 0);
});
