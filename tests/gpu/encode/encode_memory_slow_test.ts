import assert from "node:assert/strict";
import { BudgetError } from "../../../src/errors.ts";
import {
  BlockEncoder,
  type ForgeDevice,
  MemoryLedger,
  requestDevice,
} from "../../../src/gpu/mod.ts";
import { LiveGpuBytes } from "../../helpers/live_gpu_bytes.ts";
import { randomBytes } from "../../helpers/random.ts";

const SIZE = 136;
const INPUTS = [1, 2, 3].map((seed) => ({
  texels: randomBytes(SIZE * SIZE * 4, seed),
  width: SIZE,
  height: SIZE,
}));
const FORMAT = "bc7-rgba-unorm";
/** A row of blocks of the inputs: texels, blocks twice, table and rounding. */
const LEAST = 4 * 4 * SIZE + 2 * 4 * SIZE + 256 + 32 + 256;
const WHOLE = 3 * 6 * SIZE * SIZE;

function encode(encoder: BlockEncoder, signal?: AbortSignal): Promise<Uint8Array[]> {
  return encoder.encodeTiles(FORMAT, INPUTS, { quality: "low", signal });
}

/** Blocks that an encoder makes within a limit, and the most bytes that existed at once. */
async function encodeWithin(
  device: ForgeDevice,
  limitBytes: number,
): Promise<{ blocks: Uint8Array[]; peak: number; submits: number }> {
  const live = new LiveGpuBytes(device);
  const ledger = new MemoryLedger(device.submits, limitBytes);
  const before = device.submits.lastSubmitted;
  const blocks = await encode(new BlockEncoder(device, { ledger }));
  const submits = device.submits.lastSubmitted - before;
  await device.submits.wait();
  ledger.collect();
  assert.equal(ledger.usedBytes, 0);
  return { blocks, peak: live.peak, submits };
}

Deno.test("blocks are the same under any limit, and live bytes stay within it", async () => {
  using device = await requestDevice();
  const wanted = await encode(new BlockEncoder(device));
  let submitsBefore = Infinity;
  for (const limit of [LEAST, LEAST + 1000, WHOLE / 10, WHOLE / 2, 4 * WHOLE]) {
    const { blocks, peak, submits } = await encodeWithin(device, Math.floor(limit));
    assert.deepEqual(blocks, wanted);
    assert.ok(peak > 0 && peak <= limit, `${peak} of ${limit} bytes`);
    assert.ok(submits <= submitsBefore, "more memory, larger batches");
    submitsBefore = submits;
  }
  assert.equal(submitsBefore, 2, "one batch: encode and read back");
});

Deno.test("negative control: without a ledger the count exceeds the limit", async () => {
  using device = await requestDevice();
  const live = new LiveGpuBytes(device);
  await encode(new BlockEncoder(device));
  assert.ok(live.peak > WHOLE / 2);
});

Deno.test("batches leave the reserved bytes free, and wait until they can", async () => {
  using device = await requestDevice();
  const ledger = new MemoryLedger(device.submits, 2 * WHOLE);
  const held = ledger.reserve("caches", 2 * WHOLE - LEAST);
  let kept = 1000;
  const encoder = new BlockEncoder(device, { ledger, keptFreeBytes: () => kept });
  const controller = new AbortController();
  const aborted = encode(encoder, controller.signal);
  let done = false;
  const working = encode(encoder).finally(() => done = true);
  await new Promise((resolve) => setTimeout(resolve, 50));
  controller.abort(new Error("enough"));
  await assert.rejects(aborted, /enough/);
  assert.ok(!done && ledger.partBytes("scratch") === 0, "nothing is free");
  kept = Infinity;
  held.release();
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(!done && ledger.partBytes("scratch") === 0, "all is kept for others");
  kept = WHOLE;
  assert.equal((await working).length, INPUTS.length);
  assert.ok(ledger.peakBytes <= 2 * WHOLE);
});

Deno.test("after waiting for the batches in flight none of their buffers is left", async () => {
  using device = await requestDevice();
  const ledger = new MemoryLedger(device.submits, WHOLE);
  let kept = 0;
  const encoder = new BlockEncoder(device, { ledger, keptFreeBytes: () => kept });
  await encoder.waitForBatches();
  const working = encode(encoder);
  assert.ok(ledger.partBytes("scratch") > 0);
  kept = Infinity;
  await encoder.waitForBatches();
  ledger.collect();
  assert.equal(ledger.partBytes("scratch"), 0);
  kept = 0;
  await working;
});

Deno.test("a budget smaller than a row of blocks is an error that names the minimum", async () => {
  using device = await requestDevice();
  const ledger = new MemoryLedger(device.submits, LEAST - 1);
  await assert.rejects(encode(new BlockEncoder(device, { ledger })), (error) => {
    return error instanceof BudgetError && error.message.includes(`${LEAST}`);
  });
  assert.equal(ledger.usedBytes, 0);
});
