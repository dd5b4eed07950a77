import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { Residency } from "../../../src/residency/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything, checkMemory } from "../checks.ts";
import { insideOf } from "../inside.ts";
import { ControlledSource, mapSource, pause, settlesWithin } from "../sources.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Loads a texture of another format, for which the first one's pool must shrink, while silent reads
 * hold all the memory for tiles in flight.
 *
 * @returns Tiles that were in flight, pinned tiles that were lost, and tiles that were cancelled.
 */
async function loadBesideSilentReads(maxMemoryBytes: number) {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryBytes, logger });
  const size = { width: 4096, height: 4096, tileSize: 256 };
  const source = new ControlledSource(mapSource(size));
  const texture = await system.loadTexture(source);
  const held: (() => void)[] = [];
  source.before = () => new Promise((resolve) => held.push(resolve));
  const camera = { ...lookDown(2000, 2000, heightOfLevel(3)), viewport: [1280, 720] as const };
  system.updateNow(camera);
  const inFlight = insideOf(texture).producer.pendingCount;
  const { slots } = insideOf(texture).pool.residency;
  const pinned = slots.pinnedCount;
  const load = system.loadTexture(
    mapSource({ format: "r8unorm", width: 1024, height: 1024, tileSize: 256 }),
  );
  const isLoaded = await settlesWithin(load, 10_000);
  assert.ok(isLoaded, "the load ends");
  checkMemory(system);
  const lost = pinned - insideOf(texture).pool.residency.slots.pinnedCount;
  const { tilesCancelled } = system.getStatistics();
  if (lost > 0) return { inFlight, lost, tilesCancelled };
  source.before = null;
  for (const finish of held) finish();
  await pause();
  const result = await system.update(camera);
  assert.deepEqual([result.tilesQueued, result.tilesPending], [0, 0]);
  assert.equal(await system.flush(), true);
  await checkEverything(system);
  return { inFlight, lost, tilesCancelled };
}

const BUDGETS = [11, 13, 15].map((mib) => mib * 2 ** 20);

Deno.test("tiles in flight give their memory to pools that are moved, and come back", async () => {
  for (const budget of BUDGETS) {
    const { inFlight, lost, tilesCancelled } = await loadBesideSilentReads(budget);
    assert.ok(inFlight >= 4, `${inFlight}`);
    assert.equal(lost, 0);
    assert.equal(tilesCancelled, inFlight);
  }
});

Deno.test("negative control: if they kept it, pinned tiles would find no room on the way", async () => {
  const { cancelRequests } = Residency.prototype;
  Residency.prototype.cancelRequests = () => {};
  try {
    for (const budget of BUDGETS) assert.ok((await loadBesideSilentReads(budget)).lost > 0);
  } finally {
    Residency.prototype.cancelRequests = cancelRequests;
  }
});
