import assert from "node:assert/strict";
import { DeviceError, DisposedError, InvalidArgumentError } from "../../../src/errors.ts";
import {
  adoptDevice,
  BlockEncoder,
  type ForgeDevice,
  ReadbackBatch,
  requestDevice,
} from "../../../src/gpu/mod.ts";
import { randomBytes } from "../../helpers/random.ts";
import { DeviceRenewal, MOST_IDLE_LOSSES } from "../../../src/gpu/device/device_renewal.ts";

/** Whether work on a device arrives. */
async function works(device: ForgeDevice): Promise<boolean> {
  const buffer = device.gpu.createBuffer({ size: 256, usage: GPUBufferUsage.COPY_SRC });
  const batch = new ReadbackBatch(device);
  batch.addBuffer(buffer);
  const [bytes] = await batch.read();
  buffer.destroy();
  return bytes!.length === 256;
}

async function lose(device: ForgeDevice): Promise<void> {
  device.gpu.destroy();
  await device.health.lost;
}

Deno.test("a requested device that is lost is requested anew, and is the same object", async () => {
  using device = await requestDevice({ label: "mine" });
  const { features, limits, name } = device;
  for (let generation = 1; generation <= 3; generation++) {
    const { gpu, health, submits } = device;
    await lose(device);
    assert.throws(() => device.assertAlive(), /lost, and is being replaced/);
    await Promise.all([device.renewed(), device.renewed(), device.renewed()]);
    device.assertAlive();
    assert.notEqual(device.gpu, gpu);
    assert.notEqual(device.health, health);
    assert.notEqual(device.submits, submits);
    assert.equal(device.generation, generation);
    assert.equal(device.gpu.label, "mine");
    assert.deepEqual([device.features, device.limits, device.name], [features, limits, name]);
    assert.ok(await works(device));
  }
  await device.renewed();
  assert.equal(device.generation, 3, "a device that works is left alone");
});

Deno.test("what stands on a device as it is now stays lost with it", async () => {
  using device = await requestDevice();
  const { present } = device;
  assert.equal(device.present, present);
  assert.ok(await works(present));
  await lose(device);
  await device.renewed();
  assert.notEqual(device.present, present);
  assert.throws(() => present.assertAlive(), DeviceError);
  assert.throws(() => present.submits.submit([]), DeviceError);
  await assert.rejects(present.renewed(), DeviceError);
  assert.ok(await works(device.present));
});

Deno.test("an encoder goes on with the next device, and fails with the one that it works on", async () => {
  using device = await requestDevice();
  const encoder = new BlockEncoder(device);
  const texels = randomBytes(64 * 64 * 4, 3);
  const encode = () => encoder.encode("bc1-rgba-unorm", texels, 64, 64);
  const blocks = await encode();
  const failing = encode();
  device.gpu.destroy();
  await assert.rejects(failing, DeviceError);
  await device.health.lost;
  assert.deepEqual(await encode(), blocks);
});

Deno.test("a signal ends the wait for a device, which comes all the same", async () => {
  using device = await requestDevice();
  await lose(device);
  const stop = new AbortController();
  const waiting = assert.rejects(device.renewed(stop.signal), /enough/);
  stop.abort(new Error("enough"));
  await waiting;
  await device.renewed();
  assert.equal(device.generation, 1);
});

Deno.test("a device that is closed while it is renewed stays closed, and leaves none behind", async () => {
  const { requestDevice: request } = GPUAdapter.prototype;
  const made: GPUDevice[] = [];
  GPUAdapter.prototype.requestDevice = async function (...args) {
    const gpu = await request.apply(this, args);
    made.push(gpu);
    return gpu;
  };
  try {
    const device = await requestDevice();
    await lose(device);
    const waiting = assert.rejects(device.renewed(), DisposedError);
    device.close();
    await waiting;
    await assert.rejects(device.renewed(), DisposedError);
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const gpu of made) await gpu.lost;
  } finally {
    GPUAdapter.prototype.requestDevice = request;
  }
});

Deno.test("a provider is asked once for each loss, however many wait", async () => {
  using first = await requestDevice();
  const others: ForgeDevice[] = [];
  let calls = 0;
  using device = adoptDevice(first.gpu, {
    deviceProvider: async () => {
      calls++;
      others.push(await requestDevice());
      return others.at(-1)!.gpu;
    },
  });
  for (let loss = 1; loss <= 2; loss++) {
    await lose(device);
    await Promise.all([device.renewed(), device.renewed(), device.renewed()]);
    assert.equal(calls, loss);
    assert.equal(device.gpu, others.at(-1)!.gpu);
    assert.ok(await works(device));
  }
  device.close();
  for (const other of others) {
    if (!other.health.isLost) assert.ok(await works(other), "it stays its owner's");
    other.close();
  }
});

Deno.test("what a provider does wrong is an error of the library, and stays one", async () => {
  using lostBefore = await requestDevice();
  await lose(lostBefore);
  // deno-lint-ignore no-explicit-any -- what a caller without types may give
  const providers: [(lost: GPUDevice) => any, typeof DeviceError | typeof InvalidArgumentError][] =
    [
      [() => Promise.reject(new RangeError("no more devices")), DeviceError],
      [() => {
        throw new RangeError("no more devices");
      }, DeviceError],
      [() => undefined, InvalidArgumentError],
      [() => Promise.resolve({ queue: 1 }), InvalidArgumentError],
      [(lost) => lost, DeviceError],
      [() => Promise.resolve(lostBefore.gpu), DeviceError],
    ];
  for (const [provider, kind] of providers) {
    using owner = await requestDevice();
    const { gpu } = owner;
    let calls = 0;
    using device = adoptDevice(gpu, {
      deviceProvider: () => {
        calls++;
        return provider(gpu);
      },
    });
    await lose(device);
    for (let i = 0; i < 2; i++) {
      await assert.rejects(device.renewed(), (error) => {
        assert.ok(error instanceof kind, `${provider}: ${error}`);
        assert.match(error.message, /^Cannot renew device "forge3d"/);
        return true;
      });
    }
    assert.throws(() => device.assertAlive(), kind);
    assert.equal(device.isRenewable, false);
    assert.equal(calls, 1);
  }
});

Deno.test("a device of the user's own without a provider stays lost", async () => {
  using owner = await requestDevice();
  using device = adoptDevice(owner.gpu);
  assert.equal(device.isRenewable, false);
  assert.equal(device.present, device);
  await lose(device);
  await assert.rejects(device.renewed(), /lost, request a new one/);
});

Deno.test("an adapter that is gone is tried for a while, and is then the error of a first request", async () => {
  using device = await requestDevice();
  const { gpu } = navigator;
  const { setTimeout: realTimeout } = globalThis;
  const waits: number[] = [];
  await lose(device);
  const hadOwn = Object.hasOwn(gpu, "requestAdapter");
  const { requestAdapter } = gpu;
  gpu.requestAdapter = () => Promise.resolve(null);
  globalThis.setTimeout = ((work: () => void, ms: number) => {
    waits.push(ms);
    return realTimeout(work, 0);
  }) as typeof setTimeout;
  try {
    for (let i = 0; i < 2; i++) {
      await assert.rejects(
        device.renewed(),
        (error) => error instanceof DeviceError && error.code === "no-adapter",
      );
    }
    assert.deepEqual(waits, [0, 100, 300, 1000, 2500, 5000]);
  } finally {
    globalThis.setTimeout = realTimeout;
    if (hadOwn) gpu.requestAdapter = requestAdapter;
    else delete (gpu as { requestAdapter?: unknown }).requestAdapter;
  }
});

Deno.test("an adapter that comes back in time is used", async () => {
  using device = await requestDevice();
  const { requestDevice: request } = GPUAdapter.prototype;
  let refusals = 2;
  await lose(device);
  GPUAdapter.prototype.requestDevice = function (...args) {
    return refusals-- > 0 ? Promise.reject(new Error("busy")) : request.apply(this, args);
  };
  try {
    await device.renewed();
  } finally {
    GPUAdapter.prototype.requestDevice = request;
  }
  assert.ok(await works(device));
});

Deno.test("devices that are lost again and again before they do anything are the last", async () => {
  const gpu = (): GPUDevice =>
    ({ createBuffer() {}, pushErrorScope() {}, lost: new Promise(() => {}) }) as never;
  const renewal = new DeviceRenewal({
    label: "hopeless",
    provide: () => Promise.resolve(gpu()),
    isRepeated: false,
    pause: () => Promise.resolve(),
  });
  const lost = { gpu: gpu(), hasWorked: false };
  for (let i = 0; i < MOST_IDLE_LOSSES; i++) await renewal.provideNext(lost);
  await renewal.provideNext({ ...lost, hasWorked: true });
  for (let i = 0; i < MOST_IDLE_LOSSES; i++) await renewal.provideNext(lost);
  await assert.rejects(renewal.provideNext(lost), /lost 17 times in a row before/);
});
