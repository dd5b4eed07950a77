import assert from "node:assert/strict";
import { DeviceError, OutOfRangeError } from "../../../src/errors.ts";
import { requestDevice, SubmitTracker } from "../../../src/gpu/mod.ts";
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
