/**
 * Continuous update of drawn textures.
 */

import assert from "node:assert/strict";
import { InvalidArgumentError, UnsupportedError } from "../../../src/errors.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { TextureResidency } from "../../../src/residency/mod.ts";
import { type DrawLimits, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkMemory, wrongEntries } from "../checks.ts";
import { insideOf } from "../inside.ts";
import { mapSource, pause } from "../sources.ts";
import { checkDrawn, ShownChanges } from "./drawn_pictures.ts";
import { addDrawn, type DrawnPart, makeCity } from "./drawn_city.ts";
import { OPTIONS } from "./drawn_pair.ts";

const SYSTEM = { ...OPTIONS, maxMemoryBytes: 8 * 2 ** 20, gpuMsPerUpdate: 1000 };
const CAMERA = lookDown(300, 300, heightOfLevel(0) * 1.01);

/** A system at rest with a texture under continuous update. */
async function makeRest(
  device: ForgeDevice,
  limits: DrawLimits,
): Promise<{ system: VirtualTextureSystem; part: DrawnPart }> {
  const system = new VirtualTextureSystem(device, SYSTEM);
  const part = await addDrawn(system);
  await system.update(CAMERA);
  // What leaves the view stays resident.
  await system.update(lookDown(600, 500, heightOfLevel(1)));
  await system.flush();
  system.setDrawLimits(limits);
  system.setContinuousUpdate(part.texture, true);
  part.supply.recorder.drawn.clear();
  return { system, part };
}

/** Runs frames; how often each tile was drawn, and in which order. */
async function runFrames(
  { system, part }: { system: VirtualTextureSystem; part: DrawnPart },
  frames: number,
): Promise<{ counts: Map<number, number>; order: number[]; refreshed: number }> {
  const { recorder } = part.supply;
  const order: number[] = [];
  const { record } = recorder;
  recorder.record = function (encoder, atlas, items) {
    order.push(...items.map(({ payload }) => payload.tile));
    record.call(this, encoder, atlas, items);
  };
  let refreshed = 0;
  for (let frame = 0; frame < frames; frame++) {
    const result = system.updateNow(CAMERA);
    assert.ok(result.tilesLoaded === 0 && result.tilesRequested === 0);
    assert.equal(result.tilesPending, 0);
    refreshed += result.tilesRefreshed;
    // The report of a submit comes before the next frame.
    await pause(0);
    await device(system).submits.wait();
  }
  recorder.record = record;
  const counts = new Map<number, number>();
  for (const tile of order) counts.set(tile, 1 + (counts.get(tile) ?? 0));
  return { counts, order, refreshed };
}

function device(system: VirtualTextureSystem): ForgeDevice {
  return system.device;
}

Deno.test("every resident tile is drawn again at random, seen or not, the tail included", async () => {
  using gpu = await requestDevice();
  const rest = await makeRest(gpu, { continuousTilesPerUpdate: 4 });
  using system = rest.system;
  const { residency } = insideOf(rest.part.texture);
  const resident = residency.slotOf.size;
  const { counts, refreshed } = await runFrames(rest, 160);
  assert.equal(counts.size, residency.slotOf.size);
  assert.equal(residency.slotOf.size, resident);
  const mean = refreshed / resident;
  assert.ok(mean > 6, `${refreshed} of ${resident} tiles`);
  // A tile is drawn about Poisson-distributed often: none is far from the mean.
  for (const [tile, count] of counts) {
    assert.ok(Math.abs(count - mean) < 5 * Math.sqrt(mean), `${tile}: ${count} of ${mean}`);
  }
  const statistics = system.getStatistics();
  assert.equal(statistics.tilesRefreshed, refreshed, "they are counted apart");
});

Deno.test("no update draws more of them than the limit, though the reports of submits are late", async () => {
  using gpu = await requestDevice();
  const { system, part } = await makeRest(gpu, { continuousTilesPerUpdate: 2 });
  using _closed = system;
  const { drawn } = part.supply.recorder;
  let [most, total] = [0, 0];
  for (let frame = 0; frame < 60; frame++) {
    drawn.clear();
    system.updateNow(CAMERA);
    const now = [...drawn.values()].reduce((sum, count) => sum + count, 0);
    most = Math.max(most, now);
    total += now;
    if (frame % 4 === 3) await pause(1);
  }
  assert.ok(most === 2 && total > 20, `${most} at most, ${total} in all`);
});

Deno.test("content that changes by itself is shown after a while", async () => {
  using gpu = await requestDevice();
  const rest = await makeRest(gpu, { continuousTilesPerUpdate: 8 });
  using system = rest.system;
  const { world, texture } = rest.part;
  world.changeAll();
  await runFrames(rest, 100);
  const shown = new ShownChanges(world);
  await checkDrawn(system, texture, { world, camera: CAMERA, shown, isSettled: true });
  assert.equal(await wrongEntries(system), 0);
  checkMemory(system);
});

Deno.test("negative control: without the flag, or with a limit of 0, it never is", async () => {
  using gpu = await requestDevice();
  for (const how of ["limit", "flag"]) {
    const rest = await makeRest(gpu, { continuousTilesPerUpdate: how === "limit" ? 0 : 8 });
    using system = rest.system;
    if (how === "flag") system.setContinuousUpdate(rest.part.texture, false);
    assert.equal((await runFrames(rest, 30)).order.length, 0);
  }
});

Deno.test("the same seed draws the same tiles in the same order, another seed others", async () => {
  using gpu = await requestDevice();
  const orderOf = async (seed: number) => {
    const rest = await makeRest(gpu, { continuousTilesPerUpdate: 2, seed });
    using _ = rest.system;
    return (await runFrames(rest, 20)).order;
  };
  const first = await orderOf(7);
  assert.ok(first.length >= 30);
  assert.deepEqual(await orderOf(7), first);
  assert.notDeepEqual(await orderOf(8), first);
});

Deno.test("setting limits without a seed does not begin the series again", async () => {
  using gpu = await requestDevice();
  const rest = await makeRest(gpu, { seed: 3 });
  using system = rest.system;
  const tiles = new Set<number>();
  for (let i = 0; i < 12; i++) {
    system.setDrawLimits({ tilesPerUpdate: 2 + i % 2 });
    for (const tile of (await runFrames(rest, 2)).order) tiles.add(tile);
  }
  assert.ok(tiles.size > 4, `${tiles.size}`);
});

Deno.test("missing and stale tiles come first, and the limit holds with all of them", async () => {
  using gpu = await requestDevice();
  using system = new VirtualTextureSystem(gpu, SYSTEM);
  const city = await makeCity(gpu, system);
  for (const { texture } of city.parts) system.setContinuousUpdate(texture, true);
  system.setDrawLimits({ tilesPerUpdate: 1, continuousTilesPerUpdate: 5 });
  const [{ texture, world }] = city.parts as [DrawnPart];
  let refreshed = 0;
  let busy = 0;
  let wasBusy = false;
  for (let frame = 0; frame < 80; frame++) {
    city.drawnBySubmit.length = 0;
    if (frame === 30) {
      world.changeAll();
      system.invalidate(texture);
    }
    const result = system.updateNow(CAMERA);
    await pause(1);
    const drawn = city.drawnBySubmit.reduce((a, b) => a + b, 0);
    assert.ok(drawn <= 1, `${drawn} in update ${frame}`);
    const isBusy = result.tilesQueued + result.tilesPending > 1;
    // One that was in flight before may land still.
    if (isBusy && wasBusy) assert.equal(result.tilesRefreshed, 0, `update ${frame}`);
    wasBusy = isBusy;
    if (isBusy) busy++;
    else refreshed += result.tilesRefreshed;
  }
  assert.ok(busy > 20 && refreshed > 5, `${busy}, ${refreshed}`);
  assert.ok(await system.flush());
});

Deno.test("no wait waits for a tile that is drawn again, however long it takes", async () => {
  using gpu = await requestDevice();
  const rest = await makeRest(gpu, { continuousTilesPerUpdate: 3 });
  using system = rest.system;
  const { producer } = rest.part.supply;
  assert.ok(await system.flush(), "tiles that come at once");
  producer.delayFrames = 1e6;
  for (let i = 0; i < 4; i++) system.updateNow(CAMERA);
  assert.ok(producer.pendingCount > 0, "some are in flight");
  const result = await system.update(CAMERA);
  assert.equal(result.tilesPending, 0);
  assert.ok(await system.flush());
  assert.ok(producer.pendingCount <= OPTIONS.tilesPerUpdate, "no more than an update draws");
});

Deno.test("negative control: counted like any other in flight, they would be waited for for ever", async () => {
  using gpu = await requestDevice();
  const rest = await makeRest(gpu, {});
  using system = rest.system;
  const { setPending } = TextureResidency.prototype;
  const ending = new AbortController();
  let calls = 0;
  TextureResidency.prototype.setPending = function (tile, options) {
    if (++calls === 100) ending.abort(new Error("it goes on and on"));
    setPending.call(this, tile, { ...options, reason: 2 });
  };
  try {
    await assert.rejects(system.flush({ signal: ending.signal }), /on and on/);
  } finally {
    TextureResidency.prototype.setPending = setPending;
  }
});

Deno.test("a tile that is evicted, invalidated or unloaded while it is drawn again is never foreign", async () => {
  using gpu = await requestDevice();
  const rest = await makeRest(gpu, { continuousTilesPerUpdate: 6 });
  using system = rest.system;
  const { texture, world, supply } = rest.part;
  const shown = new ShownChanges(world);
  for (let round = 0; round < 12; round++) {
    supply.producer.delayFrames = 2;
    for (let i = 0; i < 3; i++) system.updateNow(CAMERA);
    if (round % 3 === 0) system.evictTiles(texture);
    else if (round % 3 === 1) {
      world.changeAll();
      system.invalidate(texture);
    }
    supply.producer.delayFrames = 0;
    await system.update(CAMERA);
    assert.ok(await system.flush());
    await checkDrawn(system, texture, { world, camera: CAMERA, shown, isSettled: true });
    assert.equal(await wrongEntries(system), 0);
  }
  supply.producer.delayFrames = 5;
  system.updateNow(CAMERA);
  await system.unloadTexture(texture);
  assert.equal(supply.producer.pendingCount, 0, "requests are withdrawn");
  assert.equal(supply.producer.heldTickets, 0);
});

Deno.test("only drawn textures of the system can be under continuous update", async () => {
  using gpu = await requestDevice();
  const rest = await makeRest(gpu, {});
  using system = rest.system;
  const read = await system.loadTexture(mapSource({ width: 256, height: 256 }));
  assert.throws(() => system.setContinuousUpdate(read, true), UnsupportedError);
  system.setContinuousUpdate(read, false);
  const { texture } = rest.part;
  for (const flag of [1, "true", null, undefined]) {
    assert.throws(
      () => system.setContinuousUpdate(texture, flag as never),
      (error: unknown) => error instanceof InvalidArgumentError,
    );
  }
  assert.throws(() => system.setContinuousUpdate({} as never, true), InvalidArgumentError);
});

Deno.test("a texture that takes another's place keeps its flag and its priority", async () => {
  using gpu = await requestDevice();
  const rest = await makeRest(gpu, {});
  using system = rest.system;
  system.setPriority(rest.part.texture, -2);
  const before = insideOf(rest.part.texture).residency;
  const { grid, pool, producer } = before;
  const recorder = rest.part.supply.recorder;
  const after = new TextureResidency(before.id, { grid, pool, producer, recorder, before });
  assert.deepEqual([after.isContinuous, after.priority], [true, -2]);
});
