import assert from "node:assert/strict";
import feedbackCode from "../../../shaders/feedback/feedback.wgsl" with { type: "text" };
import { BudgetError, OutOfRangeError } from "../../../src/errors.ts";
import { Feedback, type ForgeDevice, MemoryLedger, requestDevice } from "../../../src/gpu/mod.ts";
import { fakeDevice } from "../fake_device.ts";
import { randomNumbers } from "../random_numbers.ts";

const ADD_KEYS = `
@group(0) @binding(0) var<storage, read_write> vt_feedback: VtFeedback;
@group(0) @binding(1) var<storage, read> keys: array<u32>;
@compute @workgroup_size(64) fn add(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < arrayLength(&keys)) { vt_feedback_add(keys[id.x]); }
}`;

/** Records a pass that samples tiles with the given keys. */
function recordSamples(
  device: ForgeDevice,
  encoder: GPUCommandEncoder,
  options: { feedback: Feedback; keys: Uint32Array<ArrayBuffer>; code?: string },
): void {
  const { feedback, keys, code = feedbackCode } = options;
  const buffer = device.gpu.createBuffer({
    size: keys.byteLength,
    usage: GPUBufferUsage.STORAGE,
    mappedAtCreation: true,
  });
  new Uint32Array(buffer.getMappedRange()).set(keys);
  buffer.unmap();
  const pipeline = device.gpu.createComputePipeline({
    layout: "auto",
    compute: { module: device.gpu.createShaderModule({ code: ADD_KEYS + code }) },
  });
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.gpu.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: feedback.storageBuffer } },
        { binding: 1, resource: { buffer } },
      ],
    }),
  );
  pass.dispatchWorkgroups(Math.ceil(keys.length / 64));
  pass.end();
  device.submits.afterNextSubmit(() => buffer.destroy());
}

function countKeys(keys: Iterable<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function randomKeys(length: number, distinct: number, seed: number): Uint32Array<ArrayBuffer> {
  const random = randomNumbers(seed);
  const pool = Array.from({ length: distinct }, () => Math.floor(random() * 0xffff_ffff));
  return Uint32Array.from({ length }, () => pool[Math.floor(random() * distinct)]!);
}

/** Whether a frame matches the samples: each key once, ascending, every sample counted. */
async function reportsExactly(
  device: ForgeDevice,
  feedback: Feedback,
  options: { keys: Uint32Array<ArrayBuffer>; code?: string },
): Promise<boolean> {
  const encoder = device.gpu.createCommandEncoder();
  recordSamples(device, encoder, { feedback, ...options });
  assert.ok(feedback.recordReadback(encoder, 1));
  device.submits.submit([encoder.finish()]);
  await feedback.waitForReadbacks();
  const [frame] = feedback.takeFrames();
  const expected = [...countKeys(options.keys)].sort(([a], [b]) => a - b);
  const found = [...frame!.keys].map((key, i) => [key, frame!.counts[i]!]);
  return frame!.overflow === 0 && JSON.stringify(found) === JSON.stringify(expected);
}

Deno.test("every key comes back once with its count, frame after frame", async () => {
  using device = await requestDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 20);
  const feedback = new Feedback(device, ledger, { capacity: 1024 });
  for (const [seed, distinct] of [1, 7, 60, 300].entries()) {
    const keys = randomKeys(20_000, distinct, seed);
    assert.ok(await reportsExactly(device, feedback, { keys }), `${distinct} keys`);
  }
  // The ends of the range of keys, and neighbours that a weak hash would pile up.
  assert.ok(await reportsExactly(device, feedback, { keys: Uint32Array.of(0, 0xffff_fffe) }));
  const row = Uint32Array.from({ length: 400 }, (_, i) => 5000 + i);
  assert.ok(await reportsExactly(device, feedback, { keys: row }));
  const column = Uint32Array.from({ length: 400 }, (_, i) => i * 1024);
  assert.ok(await reportsExactly(device, feedback, { keys: column }));
  feedback.destroy();
});

Deno.test("the same check fails without the exchange, and when the table is not emptied", async () => {
  {
    using device = await requestDevice();
    const ledger = new MemoryLedger(device.submits, 2 ** 20);
    const feedback = new Feedback(device, ledger, { capacity: 64 });
    const code = feedbackCode.replace(
      /let exchange = [^;]*;\s*if \([^{]*{/,
      "atomicStore(&vt_feedback.words[at], stored);\nif (true) {",
    ).replace("exchange.old_value == 0u", "false");
    assert.ok(!code.includes("exchange."));
    const keys = randomKeys(20_000, 40, 1);
    assert.equal(await reportsExactly(device, feedback, { keys, code }), false);
    feedback.destroy();
  }
  using device = await requestDevice();
  const createShaderModule = device.gpu.createShaderModule.bind(device.gpu);
  device.gpu.createShaderModule = (descriptor) =>
    createShaderModule({
      ...descriptor,
      code: descriptor.code.replace("table.slots[id.x] = Slot(0u, 0u);", ""),
    });
  const ledger = new MemoryLedger(device.submits, 2 ** 20);
  const feedback = new Feedback(device, ledger, { capacity: 64 });
  const keys = Uint32Array.of(1, 2, 3);
  assert.equal(await reportsExactly(device, feedback, { keys }), true);
  assert.equal(await reportsExactly(device, feedback, { keys }), false);
  feedback.destroy();
});

Deno.test("keys that find no free slot are counted and affect no others", async () => {
  using device = await requestDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 20);
  const feedback = new Feedback(device, ledger, { capacity: 64 });
  const keys = randomKeys(5000, 900, 4);
  const truth = countKeys(keys);
  const encoder = device.gpu.createCommandEncoder();
  recordSamples(device, encoder, { feedback, keys });
  feedback.recordReadback(encoder, 1);
  device.submits.submit([encoder.finish()]);
  await feedback.waitForReadbacks();
  const [frame] = feedback.takeFrames();
  assert.ok(frame!.overflow > 0);
  assert.ok(frame!.keys.length > 32 && frame!.keys.length <= 64);
  let counted = frame!.overflow;
  for (const [i, key] of frame!.keys.entries()) {
    assert.equal(frame!.counts[i], truth.get(key));
    counted += frame!.counts[i]!;
  }
  assert.equal(counted, keys.length);
  // The next frame starts from an empty table.
  assert.ok(await reportsExactly(device, feedback, { keys: Uint32Array.of(3, 3, 8) }));
  feedback.destroy();
});

Deno.test("while the ring is full the table accumulates, and nothing is lost", async () => {
  using device = await requestDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 20);
  const feedback = new Feedback(device, ledger, { capacity: 64, ringSize: 3 });
  const recorded: boolean[] = [];
  for (let frame = 0; frame < 5; frame++) {
    const encoder = device.gpu.createCommandEncoder();
    recordSamples(device, encoder, { feedback, keys: Uint32Array.of(7, frame + 100) });
    recorded.push(feedback.recordReadback(encoder, frame));
    device.submits.submit([encoder.finish()]);
  }
  assert.deepEqual(recorded, [true, true, true, false, false]);
  assert.deepEqual(feedback.takeFrames(), []);
  await feedback.waitForReadbacks();
  const frames = feedback.takeFrames();
  assert.deepEqual(frames.map(({ frame, keys }) => [frame, ...keys]), [
    [0, 7, 100],
    [1, 7, 101],
    [2, 7, 102],
  ]);
  assert.ok(device.submits.completed >= 3);
  const encoder = device.gpu.createCommandEncoder();
  assert.ok(feedback.recordReadback(encoder, 5));
  device.submits.submit([encoder.finish()]);
  await feedback.waitForReadbacks();
  const [rest] = feedback.takeFrames();
  assert.deepEqual([...rest!.keys], [7, 103, 104]);
  assert.deepEqual([...rest!.counts], [2, 1, 1]);
  feedback.destroy();
});

Deno.test("frames are returned in order though their read-backs arrive out of order", async () => {
  const { device, buffers } = fakeDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 20);
  const feedback = new Feedback(device, ledger, { capacity: 64, ringSize: 3, label: "f" });
  const ring = buffers.filter(({ label }) => label.startsWith("f ring"));
  for (const frame of [10, 11, 12]) {
    feedback.recordReadback(device.gpu.createCommandEncoder(), frame);
    // Not submitted yet: mapping it now would make the submit fail.
    feedback.startReadbacks();
    assert.equal(ring[frame - 10]!.finishMap, null);
    device.submits.submit([]);
    feedback.startReadbacks();
  }
  ring[2]!.finishMap!();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.deepEqual(feedback.takeFrames(), []);
  assert.ok(device.submits.completed >= 3);
  ring[0]!.finishMap!();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.deepEqual(feedback.takeFrames().map(({ frame }) => frame), [10]);
  assert.ok(feedback.recordReadback(device.gpu.createCommandEncoder(), 13));
  device.submits.submit([]);
  feedback.startReadbacks();
  // A read-back that fails is a missing frame, not a stuck ring.
  ring[1]!.failMap!(new Error("lost"));
  ring[0]!.finishMap!();
  await feedback.waitForReadbacks();
  assert.deepEqual(feedback.takeFrames().map(({ frame }) => frame), [12, 13]);
  assert.equal(feedback.pendingCount, 0);
});

Deno.test("feedback frees its buffers, mapped or not, and a failure leaves nothing", async () => {
  using device = await requestDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 20);
  for (const drained of [true, false]) {
    const feedback = new Feedback(device, ledger, { capacity: 100 });
    assert.equal(feedback.capacity, 128);
    assert.equal(ledger.partBytes("feedback"), 5 * (8 + 128 * 8));
    const encoder = device.gpu.createCommandEncoder();
    feedback.recordReadback(encoder, 1);
    device.submits.submit([encoder.finish()]);
    if (drained) await feedback.waitForReadbacks();
    else feedback.startReadbacks();
    feedback.destroy();
    feedback.destroy();
    await feedback.waitForReadbacks();
    await device.submits.wait();
    ledger.collect();
    assert.equal(ledger.usedBytes, 0);
  }
  const tight = new MemoryLedger(device.submits, 4000);
  assert.throws(() => new Feedback(device, tight, { capacity: 100 }), BudgetError);
  await device.submits.wait();
  tight.collect();
  assert.equal(tight.usedBytes, 0);
  for (const options of [{ capacity: 0 }, { capacity: 2 ** 21 }, { capacity: 64, ringSize: 1 }]) {
    assert.throws(() => new Feedback(device, ledger, options), OutOfRangeError);
  }
  device.assertAlive();
});
