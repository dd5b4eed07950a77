import assert from "node:assert/strict";
import { DeviceHealth } from "../../../src/gpu/device/device_health.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";

interface FakeGpu {
  readonly health: DeviceHealth;
  lose(): void;
  answer(): void;
}

/** A device that says that it is lost, and whose queue answers, when a test wants it. */
function fakeGpu(): FakeGpu {
  const lost = Promise.withResolvers<GPUDeviceLostInfo>();
  const answer = Promise.withResolvers<undefined>();
  const gpu = {
    addEventListener() {},
    removeEventListener() {},
    lost: lost.promise,
    queue: { onSubmittedWorkDone: () => answer.promise },
  };
  return {
    health: new DeviceHealth(gpu as never, { label: "fake", remedy: "wait" }),
    lose: () => lost.resolve({ reason: "unknown", message: "gone" } as never),
    answer: () => answer.resolve(undefined),
  };
}

function turns(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count));
}

Deno.test("a loss is found however late it is told, and no device that answers is taken for lost", async () => {
  const late = fakeGpu();
  const finding = late.health.findLoss();
  await turns(50);
  late.lose();
  assert.equal(await finding, true);

  const together = fakeGpu();
  const both = together.health.findLoss();
  together.answer();
  together.lose();
  assert.equal(await both, true);

  const alive = fakeGpu();
  const nothing = alive.health.findLoss();
  await turns(20);
  alive.answer();
  assert.equal(await nothing, false);

  const closed = fakeGpu();
  const ended = closed.health.findLoss();
  closed.health.close();
  assert.equal(await ended, false);
  assert.equal(await closed.health.findLoss(), false);
});

Deno.test("a device that was destroyed in the same turn is found to be lost", async () => {
  using device = await requestDevice();
  assert.equal(await device.health.findLoss(), false);
  device.gpu.destroy();
  assert.equal(device.health.isLost, false, "it does not say so at once");
  assert.equal(await device.health.findLoss(), true);
});
