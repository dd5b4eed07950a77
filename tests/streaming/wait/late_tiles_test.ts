import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { FrameRunner } from "../../../src/streaming/frame/frame_runner.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkMemory, wrongEntries } from "../checks.ts";
import { ControlledSource } from "../sources.ts";

const CAMERA = lookDown(500, 500, heightOfLevel(0));

const TIME_BUDGET_MS = 20;

/** Holds the thread. */
function work(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

/** What the first update does whose tiles keep the thread busy for longer than its time. */
async function firstUpdate() {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryBytes: 16 * 2 ** 20, tileSize: 64 });
  const source = new ControlledSource();
  await system.loadTexture(source);
  source.before = async () => {
    await Promise.resolve();
    work(4);
  };
  const first = await system.update(CAMERA, { timeBudgetMs: TIME_BUDGET_MS });
  checkMemory(system);
  assert.equal(await wrongEntries(system), 0);
  return first;
}

Deno.test("an update whose time was up before its tiles came lands some, and says what is on its way", async () => {
  const { tilesLoaded, tilesRequested, tilesPending, waited } = await firstUpdate();
  assert.ok(waited && tilesRequested > 8);
  assert.ok(tilesLoaded > 0, `${tilesLoaded} of ${tilesRequested}`);
  assert.equal(tilesLoaded + tilesPending, tilesRequested);
});

Deno.test("negative control: an update that lands nothing once the time is up loads none", async () => {
  const { landMore, runFrame } = FrameRunner.prototype;
  let timeUpMs = Infinity;
  FrameRunner.prototype.runFrame = function (view) {
    timeUpMs = performance.now() + TIME_BUDGET_MS;
    return runFrame.call(this, view);
  };
  FrameRunner.prototype.landMore = function (deadlineMs) {
    return performance.now() < timeUpMs ? landMore.call(this, deadlineMs) : 0;
  };
  try {
    assert.equal((await firstUpdate()).tilesLoaded, 0);
  } finally {
    Object.assign(FrameRunner.prototype, { landMore, runFrame });
  }
});

/** What an update loads whose frame takes so long, and whose tiles come so long after it. */
async function loadedOf(times: { frameMs: number; tilesMs: number; timeBudgetMs: number }) {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryBytes: 16 * 2 ** 20, tileSize: 64 });
  const source = new ControlledSource();
  await system.loadTexture(source);
  const come = Promise.withResolvers<void>();
  let isFirst = true;
  source.before = () => {
    if (isFirst) {
      isFirst = false;
      work(times.frameMs);
      setTimeout(come.resolve, times.tilesMs);
    }
    return come.promise;
  };
  const { tilesLoaded } = await system.update(CAMERA, { timeBudgetMs: times.timeBudgetMs });
  await come.promise;
  return tilesLoaded;
}

Deno.test("an update whose frame took longer than its time waits twice as long for a first tile", async () => {
  assert.ok(await loadedOf({ frameMs: 200, tilesMs: 30, timeBudgetMs: 5 }) > 0);
  assert.equal(await loadedOf({ frameMs: 0, tilesMs: 300, timeBudgetMs: 5 }), 0);
  assert.equal(await loadedOf({ frameMs: 200, tilesMs: 30, timeBudgetMs: 0 }), 0);
});
