import assert from "node:assert/strict";
import { MemoryLedger, requestDevice } from "../../../src/gpu/mod.ts";
import { type ScratchKind, ScratchPool } from "../../../src/rvt/tile/scratch_pool.ts";
import { LiveGpuBytes } from "../../helpers/live_gpu_bytes.ts";

const KIND: ScratchKind = {
  materialType: "base_color",
  compressed: true,
  slotTexels: 64,
  quality: "low",
  ycocgScale: "tile",
};

async function poolOf(limitBytes: number) {
  const device = await requestDevice();
  const live = new LiveGpuBytes(device);
  const ledger = new MemoryLedger(device.submits, limitBytes);
  const pool = new ScratchPool(device, ledger);
  return { device, live, ledger, pool, [Symbol.dispose]: () => device.close() };
}

Deno.test("batches of a kind share scratch memory, as large as the largest of them", async () => {
  using world = await poolOf(1e8);
  const { device, live, ledger, pool } = world;
  const four = pool.take(KIND, 4);
  assert.equal(pool.bytes, live.bytes);
  assert.equal(pool.bytes, ledger.partBytes("scratch"));
  // Recorded for the same submit, too.
  assert.equal(pool.take(KIND, 1), four);
  device.submits.submit([]);
  assert.equal(pool.take(KIND, 4), four);
  const five = pool.take(KIND, 5);
  assert.notEqual(five, four);
  const other = pool.take({ ...KIND, quality: "high" }, 1);
  assert.notEqual(other, five);
  // Commands that were not submitted yet use the smaller one.
  assert.ok(live.bytes > pool.bytes);
  device.submits.submit([]);
  await device.submits.wait();
  assert.equal(pool.bytes, live.bytes);
  assert.equal(pool.take(KIND, 5), five);
  device.submits.dropRecorded();
  pool.destroy();
  assert.equal(live.objectCount, 0);
  ledger.collect();
  assert.equal(ledger.usedBytes, 0);
});

Deno.test("scratch memory is freed when the budget is short, and not before its submit", async () => {
  using measured = await poolOf(1e8);
  measured.pool.take(KIND, 1);
  const tile = measured.pool.bytes;
  measured.device.submits.dropRecorded();
  using world = await poolOf(5 * tile);
  const { device, live, ledger, pool } = world;
  pool.take(KIND, 2);
  assert.equal(ledger.availableBytes, 3 * tile);
  assert.equal(pool.bytes, 2 * tile);
  // More is kept than would be free.
  const cache = ledger.reserve("caches", 2 * tile);
  assert.equal(ledger.availableBytes, tile);
  assert.equal(pool.bytes, 0);
  assert.ok(live.objectCount > 0, "its commands were not submitted yet");
  device.submits.submit([]);
  assert.equal(live.objectCount, 0);
  await device.submits.wait();
  assert.equal(ledger.availableBytes, 3 * tile);
  cache.release();
  // What somebody asks for does not fit.
  pool.take(KIND, 2);
  device.submits.submit([]);
  await device.submits.wait();
  device.submits.submit([]);
  const large = ledger.createBuffer("caches", device, { size: 4 * tile, usage: 4 });
  assert.equal(pool.bytes, 0);
  assert.equal(ledger.usedBytes, 4 * tile, "its own submit is done, so that it counts no longer");
  assert.throws(() => pool.take(KIND, 2), { code: "budget-too-small" });
  large.destroy();
  pool.destroy();
});

Deno.test("scratch memory that the GPU refuses is made again", async () => {
  using world = await poolOf(1e8);
  const { device, pool } = world;
  const { createTexture } = device.gpu;
  device.gpu.createTexture = (descriptor) =>
    createTexture.call(device.gpu, { ...descriptor, mipLevelCount: 99 });
  const { error } = device.guard("test", () => pool.take(KIND, 1));
  await error;
  device.gpu.createTexture = createTexture;
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(pool.bytes, 0);
  device.submits.dropRecorded();
  const { error: later } = device.guard("test", () => pool.take(KIND, 1));
  assert.equal(await later, null);
  device.submits.dropRecorded();
  pool.destroy();
});

Deno.test("a pool of a lost device frees what it has", async () => {
  using world = await poolOf(1e8);
  const { device, ledger, pool } = world;
  pool.take(KIND, 1);
  device.submits.submit([]);
  device.gpu.destroy();
  await device.gpu.lost;
  pool.destroy();
  ledger.collect();
  assert.equal(ledger.usedBytes, 0);
});
