/**
 * Limits of the tiles that are drawn in an update.
 */

import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { Landing } from "../../../src/streaming/frame/landing.ts";
import { seededRandom } from "../../helpers/random.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkMemory, wrongEntries } from "../checks.ts";
import { insideOf } from "../inside.ts";
import { pause } from "../sources.ts";
import { type City, makeCity } from "./drawn_city.ts";
import { OPTIONS } from "./drawn_pair.ts";

const SYSTEM = { ...OPTIONS, maxMemoryBytes: 6 * 2 ** 20, gpuMsPerUpdate: 1000 };

/** Changes a drawn texture at random. */
function changeSomething(system: VirtualTextureSystem, city: City, random: () => number): void {
  const { texture, world } = city.parts[Math.floor(random() * city.parts.length)]!;
  const [x, y] = [random() * 1000, random() * 1000];
  world.changeRect({ x0: x, y0: y, x1: x + 100, y1: y + 100 });
  system.invalidate(texture, { x, y, width: 100, height: 100 });
}

/** Whether every drawn tile that is resident shows what its world is now. */
function isUpToDate({ parts }: City): boolean {
  return parts.every(({ texture }) => {
    const { residency } = insideOf(texture);
    let stale = 0;
    residency.slotOf.forEach((tile, slot) => {
      if (residency.isStale(tile, slot) && residency.wanted.has(tile)) stale++;
    });
    return stale === 0;
  });
}

/** Most tiles that were drawn in an update of a run with edits and streaming. */
async function mostDrawn(
  device: ForgeDevice,
  limit: number | null,
  options: { waits: boolean; seed: number },
): Promise<number> {
  using system = new VirtualTextureSystem(device, SYSTEM);
  const city = await makeCity(device, system);
  const random = seededRandom(options.seed);
  system.setDrawLimits({ tilesPerUpdate: limit, continuousTilesPerUpdate: 4 });
  for (const { texture } of city.parts) system.setContinuousUpdate(texture, true);
  let most = 0;
  let readBefore = city.source.reads.length;
  let mostRead = 0;
  for (let frame = 0; frame < (options.waits ? 6 : 60); frame++) {
    const camera = lookDown(random() * 1000, random() * 1000, heightOfLevel(random() * 2));
    if (random() < 0.5) changeSomething(system, city, random);
    for (const { supply } of city.parts) {
      // What was asked for in some updates is finished all at once.
      supply.producer.delayFrames = frame % 8 < 5 ? 5 : 0;
      supply.producer.beginFrame();
    }
    city.drawnBySubmit.length = 0;
    if (options.waits) {
      for (const { supply } of city.parts) supply.producer.delayFrames = 0;
      await system.update(camera);
      most = Math.max(most, ...city.drawnBySubmit);
    } else {
      system.updateNow(camera);
      await pause(1);
      most = Math.max(most, city.drawnBySubmit.reduce((a, b) => a + b, 0));
    }
    mostRead = Math.max(mostRead, city.source.reads.length - readBefore);
    readBefore = city.source.reads.length;
    checkMemory(system);
  }
  assert.ok(mostRead > 3, `${mostRead} tiles are read at once, which the limit says nothing of`);
  for (const { supply } of city.parts) supply.producer.delayFrames = 0;
  system.updateNow(lookDown(500, 500, heightOfLevel(1)));
  assert.ok(await system.flush(), "everything has come");
  assert.ok(isUpToDate(city));
  assert.equal(await wrongEntries(system), 0);
  return most;
}

for (const limit of [1, 3]) {
  Deno.test(`no update draws more than ${limit} tiles of two textures, with edits and continuous update, and all come`, async () => {
    using device = await requestDevice();
    assert.equal(await mostDrawn(device, limit, { waits: false, seed: limit }), limit);
  });
}

Deno.test("no submit of an update that waits draws more than the limit", async () => {
  using device = await requestDevice();
  assert.equal(await mostDrawn(device, 1, { waits: true, seed: 3 }), 1);
});

Deno.test("negative control: without a limit an update draws more", async () => {
  using device = await requestDevice();
  const most = await mostDrawn(device, null, { waits: false, seed: 1 });
  assert.ok(most > 3 && most <= SYSTEM.tilesPerUpdate, `${most}`);
});

Deno.test("negative control: a landing that forgets the limit draws more", async () => {
  using device = await requestDevice();
  const { landTiles } = Landing.prototype;
  Landing.prototype.landTiles = function (budget, ...rest) {
    return landTiles.call(this, { ...budget, drawnTiles: Infinity }, ...rest);
  };
  try {
    assert.ok(await mostDrawn(device, 1, { waits: false, seed: 2 }) > 1);
  } finally {
    Landing.prototype.landTiles = landTiles;
  }
});

Deno.test("what a failed submit carried counts in the limit of the next", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const city = await makeCity(device, system);
  system.setDrawLimits({ tilesPerUpdate: 2 });
  let calls = 0;
  for (const { supply: { recorder } } of city.parts) {
    const { record } = recorder;
    recorder.record = function (encoder, atlas, items) {
      record.call(this, encoder, atlas, items);
      const nowhere = { texture: atlas.planes[0]!, origin: { x: 1e6 } };
      if (calls++ % 3 === 0) encoder.copyTextureToTexture(nowhere, nowhere, [4, 4, 1]);
    };
  }
  for (let frame = 0; frame < 20; frame++) {
    system.updateNow(lookDown(500, 500, heightOfLevel(0)));
    await pause(1);
  }
  assert.ok(await system.flush());
  assert.ok(calls > 10);
  assert.ok(Math.max(...city.drawnBySubmit) <= 2, `${city.drawnBySubmit}`);
});

Deno.test("an update with time left ends once it may draw nothing more and nothing else is in flight", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const city = await makeCity(device, system);
  await system.update(lookDown(500, 500, heightOfLevel(0)));
  for (const { texture } of city.parts) system.invalidate(texture);
  system.setDrawLimits({ tilesPerUpdate: 2 });
  city.drawnBySubmit.length = 0;
  const { updateTimeMs } = await system.update(lookDown(500, 500, heightOfLevel(0)), {
    timeBudgetMs: 20_000,
  });
  assert.equal(city.drawnBySubmit.reduce((a, b) => a + b, 0), 2);
  assert.ok(updateTimeMs < 5000, `${updateTimeMs} ms`);
  assert.ok(await system.flush());
});

Deno.test("limits are set at any time, and each that is left out is its default again", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, SYSTEM);
  const city = await makeCity(device, system);
  const drawnIn = async (): Promise<number> => {
    city.drawnBySubmit.length = 0;
    for (const { texture } of city.parts) system.invalidate(texture);
    system.updateNow(lookDown(500, 500, heightOfLevel(0)));
    await pause(1);
    system.updateNow(lookDown(500, 500, heightOfLevel(0)));
    await pause(1);
    return Math.max(0, ...city.drawnBySubmit);
  };
  await system.update(lookDown(500, 500, heightOfLevel(0)));
  assert.ok(await drawnIn() > 2);
  await system.flush();
  system.setDrawLimits({ tilesPerUpdate: 2 });
  assert.equal(await drawnIn(), 2);
  await system.flush();
  system.setDrawLimits({ continuousTilesPerUpdate: 0 });
  assert.ok(await drawnIn() > 2);
  await system.flush();
});
