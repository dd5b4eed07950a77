/**
 * Content of a failed submit that cannot be recorded again, as others have taken the memory for it.
 */

import assert from "node:assert/strict";
import { MemoryLedger, requestDevice } from "../../../src/gpu/mod.ts";
import { Residency } from "../../../src/residency/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { LEAST_GROWTH_BYTES } from "../../../src/streaming/memory/budget_plan.ts";
import { SubmitJournal } from "../../../src/streaming/submit/submit_journal.ts";
import { seededRandom } from "../../helpers/random.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkMemory, wrongEntries, wrongSlots } from "../checks.ts";
import { addFaults } from "../faulty_gpu.ts";
import { insideOf } from "../inside.ts";
import { checkPlaces } from "../pictures.ts";
import { mapSource, pause } from "../sources.ts";

const camera = lookDown(1000, 1100, heightOfLevel(0));
const logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Lets something run and returns the ledger and the journal that it used. */
async function partsUsedBy(
  run: () => Promise<unknown>,
): Promise<{ ledger: MemoryLedger; journal: SubmitJournal }> {
  const { createTexture } = MemoryLedger.prototype;
  const { submit } = SubmitJournal.prototype;
  let ledger: MemoryLedger | null = null;
  let journal: SubmitJournal | null = null;
  MemoryLedger.prototype.createTexture = function (...given) {
    ledger = this;
    return createTexture.apply(this, given);
  };
  SubmitJournal.prototype.submit = function (passenger) {
    journal = this;
    return submit.call(this, passenger);
  };
  try {
    await run();
  } finally {
    MemoryLedger.prototype.createTexture = createTexture;
    SubmitJournal.prototype.submit = submit;
  }
  return { ledger: ledger!, journal: journal! };
}

/** Checks that tables and slots are right when content was dropped, and that it comes again later. */
async function checkDropped(): Promise<void> {
  using device = await requestDevice();
  const faults = addFaults(device.gpu, seededRandom(1));
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 4 * 2 ** 20,
    tileSize: 64,
    // However slow the machine is, a frame's time suffices.
    clock: () => 0,
    logger,
  });
  const { ledger, journal } = await partsUsedBy(() => system.loadTexture(mapSource()));
  const [texture] = system.textures;
  const before = system.getMemoryInfo().activeTiles;
  system.updateNow(camera);
  await pause(20);
  faults.probability = 1;
  system.updateNow(camera);
  faults.probability = 0;
  const landed = system.getMemoryInfo().activeTiles - before;
  assert.ok(landed > 4, `${landed} tiles have landed in a submit that failed`);
  await pause(20);
  await device.submits.wait();
  const { scratchBytes } = insideOf(texture!).recorder.cost;
  // Room for two tiles, and for the edits.
  const room = 2 * scratchBytes + LEAST_GROWTH_BYTES;
  const others = ledger.reserve("scratch", ledger.availableBytes - room);
  // The first attempt finds that memory is short; the next drops content.
  for (let attempt = 0; attempt < 2; attempt++) {
    journal.submit();
    await pause(10);
    await device.submits.wait();
  }
  assert.equal(journal.droppedCount, landed - 2, "all were dropped but the two that fit");
  checkMemory(system);
  assert.equal(await wrongEntries(system), 0, "page tables are those of a rebuild");
  assert.equal(await wrongSlots(system), 0, "slots hold the tiles that are mapped to them");
  assert.equal(system.getMemoryInfo().activeTiles, before + 2);
  others.release();
  await system.update(camera);
  assert.equal(await system.flush(), true);
  checkPlaces(await render(system, camera), camera, texture!);
}

Deno.test("content that cannot be recorded again loses its slot, and comes when there is memory", async () => {
  await checkDropped();
});

Deno.test("negative control: dropped content that keeps its slot is noticed", async () => {
  const { dropTile } = Residency.prototype;
  Residency.prototype.dropTile = () => {};
  try {
    await assert.rejects(checkDropped(), /slots hold the tiles/);
  } finally {
    Residency.prototype.dropTile = dropTile;
  }
});

Deno.test("tails that come after content which does not fit are recorded before it", async () => {
  using device = await requestDevice();
  const { queue } = device.gpu;
  const { submit } = queue;
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 4 * 2 ** 20,
    tileSize: 64,
    clock: () => 0,
    logger,
  });
  const { ledger, journal } = await partsUsedBy(() => system.loadTexture(mapSource()));
  const [texture] = system.textures;
  const { scratchBytes } = insideOf(texture!).recorder.cost;
  const before = system.getMemoryInfo().activeTiles;
  system.updateNow(camera);
  await pause(20);
  queue.submit = () => {
    throw new TypeError("submit failed on purpose");
  };
  system.updateNow(camera);
  const landed = system.getMemoryInfo().activeTiles - before;
  assert.ok(landed > 4, `${landed} tiles have landed in a submit that failed`);
  const { tailLevel, levelCount } = texture!.grid;
  const tails = levelCount - tailLevel;
  const written = journal.scratchBytes;
  for (let level = tailLevel; level < levelCount; level++) {
    system.invalidate(texture!, { level, x: 0, y: 0 });
  }
  for (let frame = 0; frame < 5; frame++) {
    await pause(10);
    system.updateNow(camera);
  }
  assert.equal(journal.scratchBytes, written + tails * scratchBytes, "the tail comes after them");
  await device.submits.wait();
  // Room for the tail and two tiles, and for the edits.
  const room = (tails + 2) * scratchBytes + LEAST_GROWTH_BYTES;
  const others = ledger.reserve("scratch", Math.max(0, ledger.availableBytes - room));
  queue.submit = submit;
  for (let attempt = 0; attempt < 3; attempt++) {
    journal.submit();
    await pause(10);
    await device.submits.wait();
  }
  assert.equal(journal.droppedCount, landed - 2, "what the tail leaves room for stays");
  others.release();
  checkMemory(system);
  assert.equal(await wrongEntries(system), 0);
  assert.equal(await wrongSlots(system), 0);
});
