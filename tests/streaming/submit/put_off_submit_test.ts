/**
 * Edits that are made while the report of a submit is awaited.
 */

import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { SubmitJournal } from "../../../src/streaming/submit/submit_journal.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkMemory, wrongEntries } from "../checks.ts";
import { mapSource, pause } from "../sources.ts";

const camera = lookDown(1000, 1100, heightOfLevel(0));

/**
 * Evicts what has just landed while the report of its submit is held back, and draws no other frame.
 *
 * @returns Page entries on the GPU that differ from a rebuild a few milliseconds after the report.
 */
async function wrongAfterReport(): Promise<number> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 4 * 2 ** 20,
    tileSize: 64,
    // However slow the machine is, a frame's time suffices.
    clock: () => 0,
  });
  await system.loadTexture(mapSource());
  const { gpu } = device;
  const pop = gpu.popErrorScope.bind(gpu);
  const { promise: report, resolve: letReportCome } = Promise.withResolvers<void>();
  const before = system.getMemoryInfo().activeTiles;
  system.updateNow(camera);
  await pause(20);
  gpu.popErrorScope = async () => {
    const error = pop();
    await report;
    return await error;
  };
  system.updateNow(camera);
  // The test reads back in error scopes, too.
  gpu.popErrorScope = pop;
  assert.ok(system.getMemoryInfo().activeTiles > before, "tiles have landed");
  assert.ok(system.evictTiles() > 0);
  await pause(20);
  assert.ok(await wrongEntries(system) > 0, "the eviction waits for the report");
  letReportCome();
  await pause(5);
  checkMemory(system);
  return await wrongEntries(system);
}

Deno.test("edits made while a report is awaited follow it without another frame", async () => {
  assert.equal(await wrongAfterReport(), 0);
});

Deno.test("negative control: a journal that forgets what it put off leaves entries wrong", async () => {
  const { submit } = SubmitJournal.prototype;
  SubmitJournal.prototype.submit = function (passenger) {
    return !this.isUnconfirmed && submit.call(this, passenger);
  };
  try {
    assert.ok(await wrongAfterReport() > 0);
  } finally {
    SubmitJournal.prototype.submit = submit;
  }
});
