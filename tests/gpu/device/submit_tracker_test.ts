import assert from "node:assert/strict";
import { DeviceError, InvalidArgumentError, OutOfRangeError } from "../../../src/errors.ts";
import { type ForgeDevice, requestDevice, SubmitTracker } from "../../../src/gpu/mod.ts";
import { fakeDevice } from "../fake_device.ts";

Deno.test("submits are numbered from 1 and wait marks them done", async () => {
  using device = await requestDevice();
  const { submits } = device;
  assert.equal(submits.lastSubmitted, 0);
  await submits.wait();
  assert.equal(submits.submit([]), 1);
  assert.equal(submits.submit([]), 2);
  assert.equal(submits.completed, 0);
  await submits.wait(1);
  assert.equal(submits.completed, 2);
  await assert.rejects(submits.wait(3), OutOfRangeError);
  assert.throws(() => submits.markCompleted(3), OutOfRangeError);
  submits.markCompleted(1);
  assert.equal(submits.completed, 2);
});

Deno.test("a function kept for the next submit runs once, after it, and sees its number", () => {
  const { device } = fakeDevice();
  const seen: number[] = [];
  device.submits.afterNextSubmit(() => seen.push(device.submits.lastSubmitted));
  assert.deepEqual(seen, []);
  device.submits.submit([]);
  device.submits.submit([]);
  assert.deepEqual(seen, [1]);
});

Deno.test("where asking does not block, every submit is followed", async () => {
  const { device, finishWork } = fakeDevice();
  const submits = new SubmitTracker(device.gpu.queue, device.health, { watchesEachSubmit: true });
  submits.submit([]);
  submits.submit([]);
  finishWork();
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(submits.completed, 2);
});

Deno.test("errors of other code stop no submit", () => {
  const { device, raise } = fakeDevice();
  raise("first");
  assert.equal(device.health.uncapturedErrorCount, 1);
  assert.equal(device.submits.submit([]), 1);
});

Deno.test("a function kept for the next submit runs once when its commands are dropped", () => {
  const { device } = fakeDevice();
  let runs = 0;
  device.submits.afterNextSubmit(() => runs++);
  device.submits.dropRecorded();
  device.submits.submit([]);
  assert.equal(runs, 1);
});

Deno.test("waiting for a device that is lost fails", async () => {
  using device = await requestDevice();
  device.submits.submit([]);
  device.gpu.destroy();
  await device.health.lost;
  await assert.rejects(device.submits.wait(), DeviceError);
});

/** Work that keeps the GPU busy for some time, in proportion to its steps. */
function submitSlowWork({ gpu, submits }: ForgeDevice, steps: number): void {
  const module = gpu.createShaderModule({
    code: `@group(0) @binding(0) var<storage, read_write> words: array<u32>;
      @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
        var x = id.x;
        for (var i = 0u; i < ${steps}u; i++) { x = x * 1664525u + 1013904223u; }
        words[id.x] = x;
      }`,
  });
  const pipeline = gpu.createComputePipeline({
    layout: "auto",
    compute: { module, entryPoint: "main" },
  });
  const buffer = gpu.createBuffer({ size: 64 * 64 * 4, usage: GPUBufferUsage.STORAGE });
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    gpu.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer } }],
    }),
  );
  pass.dispatchWorkgroups(64);
  pass.end();
  submits.submit([encoder.finish()]);
}

Deno.test("in Deno the queue is done when the call that asks has returned", async () => {
  using device = await requestDevice();
  const { submits, gpu } = device;
  submitSlowWork(device, 10);
  await submits.wait();
  for (const ask of [() => submits.waitNow(), () => gpu.queue.onSubmittedWorkDone()]) {
    submitSlowWork(device, 100_000);
    const start = performance.now();
    ask();
    const asked = performance.now();
    // If work were left, this would wait for it.
    void gpu.queue.onSubmittedWorkDone();
    const again = performance.now() - asked;
    assert.ok(asked - start > 10 * again, `${asked - start} ms, then ${again} ms`);
  }
  submits.noteBlockingCall();
  assert.equal(submits.completed, submits.lastSubmitted);
});

Deno.test("a wait takes no longer than its work", async () => {
  using device = await requestDevice();
  const { submits } = device;
  const start = performance.now();
  for (let i = 0; i < 50; i++) {
    submits.submit([]);
    await submits.wait();
  }
  // Deno settles a promise of its own after 10 ms each.
  assert.ok(performance.now() - start < 50 * 8);
});

Deno.test("a queue that is not Deno's own is done when it says so, and not before", async () => {
  const { device, finishWork } = fakeDevice();
  const { submits } = device;
  submits.submit([]);
  assert.equal(submits.waitNow(), false);
  submits.noteBlockingCall();
  assert.equal(submits.completed, 0);
  const waiting = submits.wait();
  finishWork();
  await waiting;
  assert.equal(submits.completed, 1);
  assert.equal(submits.waitNow(), true);
});

Deno.test("a list of commands at which WebGPU throws is a DeviceError, anything else a wrong argument", async () => {
  using device = await requestDevice();
  const { gpu, submits } = device;
  const commands = () => [gpu.createCommandEncoder().finish()];
  for (const wrong of [undefined, null, 3, [3], [undefined], [[]]]) {
    assert.throws(() => submits.submit(wrong as never), InvalidArgumentError);
  }
  for (const cause of [new TypeError("no"), new DOMException("no", "OperationError")]) {
    gpu.queue.submit = () => {
      throw cause;
    };
    assert.throws(() => submits.submit(commands()), (error) => {
      assert.ok(error instanceof DeviceError);
      assert.equal(error.cause, cause);
      return true;
    });
  }
  assert.equal(submits.lastSubmitted, 0);
});
