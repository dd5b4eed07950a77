import assert from "node:assert/strict";
import { DeviceError, DisposedError, OutOfRangeError } from "../../../src/errors.ts";
import { adoptDevice, ReadbackBatch, requestDevice } from "../../../src/gpu/mod.ts";
import { randomNumbers } from "../random_numbers.ts";

function randomBytes(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const random = randomNumbers(seed);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}

Deno.test("buffers and regions of textures come back byte for byte in one submit", async () => {
  using device = await requestDevice();
  const { gpu } = device;
  const usage = GPUTextureUsage.COPY_DST | GPUTextureUsage.COPY_SRC;
  const rgba = gpu.createTexture({
    format: "rgba8unorm",
    size: [37, 21, 3],
    mipLevelCount: 2,
    usage,
  });
  const bc1 = gpu.createTexture({
    format: "bc1-rgba-unorm",
    size: [20, 12],
    mipLevelCount: 2,
    usage,
  });
  const buffer = gpu.createBuffer({
    size: 40,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
  });
  const layer = randomBytes(37 * 21 * 4, 1);
  const mip = randomBytes(18 * 10 * 4, 2);
  const blocks = randomBytes(3 * 2 * 8, 3);
  const bytes = randomBytes(40, 4);
  gpu.queue.writeTexture(
    { texture: rgba, origin: [0, 0, 2] },
    layer,
    { bytesPerRow: 37 * 4 },
    [37, 21],
  );
  gpu.queue.writeTexture(
    { texture: rgba, mipLevel: 1, origin: [0, 0, 1] },
    mip,
    { bytesPerRow: 18 * 4 },
    [18, 10],
  );
  gpu.queue.writeTexture({ texture: bc1, mipLevel: 1 }, blocks, { bytesPerRow: 24 }, [12, 8]);
  gpu.queue.writeBuffer(buffer, 0, bytes);
  const batch = new ReadbackBatch(device);
  batch.addTexture(rgba, { layer: 2 });
  batch.addBuffer(buffer);
  batch.addTexture(rgba, { layer: 1, mipLevel: 1 });
  batch.addTexture(rgba, { layer: 2, x: 5, y: 20, width: 3, height: 1 });
  batch.addTexture(bc1, { mipLevel: 1 });
  batch.addBuffer(buffer, 8, 12);
  const before = device.submits.lastSubmitted;
  const parts = await batch.read();
  assert.equal(device.submits.lastSubmitted, before + 1);
  assert.equal(device.submits.completed, before + 1);
  const start = (20 * 37 + 5) * 4;
  assert.deepEqual(parts, [
    layer,
    bytes,
    mip,
    layer.slice(start, start + 12),
    blocks,
    bytes.slice(8, 20),
  ]);
  for (const object of [rgba, bc1, buffer]) object.destroy();
});

Deno.test("an empty batch reads nothing, and a batch can be read only once", async () => {
  using device = await requestDevice();
  const batch = new ReadbackBatch(device);
  assert.deepEqual(await batch.read(), []);
  assert.equal(device.submits.lastSubmitted, 0);
  await assert.rejects(batch.read(), DisposedError);
});

Deno.test("parts that cannot be read are errors, not zeros", async () => {
  using device = await requestDevice();
  const texture = device.gpu.createTexture({
    format: "rgba8unorm",
    size: [4, 4],
    usage: GPUTextureUsage.COPY_SRC,
  });
  const batch = new ReadbackBatch(device);
  assert.throws(() => batch.addTexture(texture, { x: 4 }), OutOfRangeError);
  batch.addTexture(texture, { x: 2, width: 4 });
  await assert.rejects(batch.read(), DeviceError);
  texture.destroy();
});

Deno.test("a read-back from a lost device fails", async () => {
  const owner = await requestDevice();
  using device = adoptDevice(owner.gpu);
  const buffer = owner.gpu.createBuffer({ size: 4, usage: GPUBufferUsage.COPY_SRC });
  const batch = new ReadbackBatch(device);
  batch.addBuffer(buffer);
  owner.close();
  await device.health.lost;
  await assert.rejects(batch.read(), DeviceError);
});
