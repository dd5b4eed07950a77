import assert from "node:assert/strict";
import { BudgetError, DeviceError } from "../../../src/errors.ts";
import { BlockEncoder, MemoryLedger, oncePerDevice, requestDevice } from "../../../src/gpu/mod.ts";

const INVALID: GPUBufferDescriptor = {
  size: 16,
  usage: 1 /* MAP_READ */ | 0x80, /* STORAGE */
};

function pause(ms = 0): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

Deno.test("errors of guarded work are named and reach nobody else; those of others are left alone", async () => {
  using device = await requestDevice();
  let heard = 0;
  device.gpu.addEventListener("uncapturederror", () => heard++);
  const { error } = device.guard("a test", () => device.gpu.createBuffer(INVALID));
  const failure = await error;
  assert.ok(failure instanceof DeviceError);
  assert.match(failure.message, /^Cannot finish a test on the GPU: /);
  await assert.rejects(
    device.guardAndWait("a test", () => device.gpu.createBuffer(INVALID)),
    DeviceError,
  );
  await pause();
  assert.equal(heard, 0);
  device.gpu.createBuffer(INVALID);
  assert.equal(await device.guardAndWait("a test", () => 7), 7);
  await pause();
  assert.equal(heard, 1);
  assert.equal(device.health.uncapturedErrorCount, 1);
  device.assertAlive();
});

Deno.test("what WebGPU throws becomes a DeviceError with its cause, errors of the library stay", async () => {
  using device = await requestDevice();
  const cause = new TypeError("no such thing");
  const guarded = (error: Error) => () =>
    device.guard("a test", () => {
      throw error;
    });
  assert.throws(guarded(cause), (error) => {
    assert.ok(error instanceof DeviceError && error.cause === cause);
    return error.message === "Cannot finish a test: no such thing";
  });
  assert.throws(guarded(new BudgetError(1, 2, "too small")), BudgetError);
  // The scopes are gone with the work: this one would find what they had left.
  device.gpu.pushErrorScope("validation");
  assert.equal(await device.gpu.popErrorScope(), null);
  await assert.rejects(device.gpu.popErrorScope());
});

Deno.test("a shared object that the device refuses is made again, others are made once", async () => {
  using device = await requestDevice();
  let calls = 0;
  const shared = oncePerDevice((gpu) =>
    gpu.createBuffer(calls++ === 0 ? INVALID : { ...INVALID, usage: GPUBufferUsage.STORAGE })
  );
  const first = shared(device.gpu);
  assert.equal(shared(device.gpu), first);
  await pause();
  const second = shared(device.gpu);
  assert.notEqual(second, first);
  await pause();
  assert.equal(shared(device.gpu), second);
  assert.equal(calls, 2);
  assert.equal(device.health.uncapturedErrorCount, 0);
});

Deno.test("encoding that fails is a DeviceError, holds no memory and reaches nobody else", async () => {
  using device = await requestDevice();
  const { gpu } = device;
  const ledger = new MemoryLedger(device.submits, 2 ** 24);
  const encoder = new BlockEncoder(device, { ledger });
  const texels = new Uint8Array(64 * 64 * 4).fill(200);
  const wanted = await encoder.encode("bc7-rgba-unorm", texels, 64, 64);
  const { createBuffer } = gpu;
  for (let failing = 0; failing < 4; failing++) {
    for (const throws of [true, false]) {
      let calls = 0;
      gpu.createBuffer = (descriptor) => {
        if (calls++ !== failing) return createBuffer.call(gpu, descriptor);
        if (throws) throw new TypeError("failed on purpose");
        return createBuffer.call(gpu, { ...descriptor, usage: INVALID.usage });
      };
      await assert.rejects(encoder.encode("bc7-rgba-unorm", texels, 64, 64), DeviceError);
      gpu.createBuffer = createBuffer;
      assert.deepEqual(await encoder.encode("bc7-rgba-unorm", texels, 64, 64), wanted);
      await device.submits.wait();
      ledger.collect();
      assert.equal(ledger.usedBytes, 0);
    }
  }
  assert.equal(device.health.uncapturedErrorCount, 0);
});

Deno.test("a wait for work ends with the signal's reason, and with the device", async () => {
  using device = await requestDevice();
  const silent = new Promise<void>(() => {});
  const reason = new Error("enough");
  const stop = new AbortController();
  const waiting = assert.rejects(
    device.health.unlessLost(silent, stop.signal),
    (error) => error === reason,
  );
  stop.abort(reason);
  await waiting;
  const lost = assert.rejects(device.health.unlessLost(silent), DeviceError);
  device.gpu.destroy();
  await lost;
});
