import assert from "node:assert/strict";
import {
  BlockEncoder,
  encodedRowPitch,
  type EncodeQuality,
  type EncodeRegion,
  MemoryLedger,
  ReadbackBatch,
  requestDevice,
} from "../../../src/gpu/mod.ts";
import { regionBytes, type TexelFormat } from "../../../src/texels/mod.ts";
import { InvalidArgumentError, OutOfRangeError, UnsupportedError } from "../../../src/errors.ts";
import { randomBytes } from "../../helpers/random.ts";

const BC_FORMATS: readonly TexelFormat[] = [
  "bc1-rgba-unorm",
  "bc3-rgba-unorm",
  "bc4-r-unorm",
  "bc5-rg-unorm",
  "bc7-rgba-unorm",
];

/** Random texels that vary slowly along rows, so that blocks are neither solid nor noise. */
function texelsOf(width: number, height: number, seed: number): Uint8Array<ArrayBuffer> {
  const texels = randomBytes(width * height * 4, seed);
  for (let k = 4; k < texels.length; k++) texels[k] = (texels[k - 4]! + (texels[k]! & 15)) & 255;
  return texels;
}

/** The part of a picture from its top left corner, with edges repeated where it ends. */
function window(texels: Uint8Array, from: [number, number], to: [number, number]): Uint8Array {
  const [width, height] = to;
  const out = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (Math.min(y, from[1] - 1) * from[0] + Math.min(x, from[0] - 1));
      out.set(texels.subarray(at, at + 4), 4 * (y * width + x));
    }
  }
  return out;
}

Deno.test("blocks beyond the edge repeat the edge's texels, in every format", async () => {
  using device = await requestDevice();
  const encoder = new BlockEncoder(device);
  for (const [width, height] of [[1, 1], [13, 7], [4, 9], [18, 4]] as const) {
    const texels = texelsOf(width, height, width);
    const size: [number, number] = [4 * Math.ceil(width / 4), 4 * Math.ceil(height / 4)];
    const padded = window(texels, [width, height], size);
    for (const format of BC_FORMATS) {
      const blocks = await encoder.encode(format, texels, width, height, { quality: "low" });
      assert.equal(blocks.length, regionBytes(format, width, height));
      assert.deepEqual(blocks, await encoder.encode(format, padded, ...size, { quality: "low" }));
    }
  }
});

Deno.test("tiles of different sizes are encoded the same in one batch as alone", async () => {
  using device = await requestDevice();
  const encoder = new BlockEncoder(device);
  const inputs = ([[64, 64], [5, 3], [32, 100], [64, 64]] as const).map(([width, height], k) => ({
    texels: texelsOf(width, height, k),
    width,
    height,
  }));
  for (const format of BC_FORMATS) {
    const together = await encoder.encodeTiles(format, inputs);
    for (const [k, { texels, width, height }] of inputs.entries()) {
      assert.deepEqual(together[k], await encoder.encode(format, texels, width, height));
    }
  }
});

Deno.test("a picture larger than a batch is encoded like its parts", async () => {
  using device = await requestDevice();
  const encoder = new BlockEncoder(device);
  const width = 1028;
  const height = 1041;
  const texels = texelsOf(width, height, 8);
  const whole = await encoder.encode("bc1-rgba-unorm", texels, width, height, { quality: "low" });
  const rowBytes = regionBytes("bc1-rgba-unorm", width, 1);
  // Rows of blocks on both sides of the cut, and the last, which reaches beyond the edge.
  for (const row of [253, 254, 255, 256, 260]) {
    const rows = texels.subarray(16 * width * row, Math.min(16 * width * (row + 1), texels.length));
    const blocks = await encoder.encode("bc1-rgba-unorm", rows, width, rows.length / 4 / width, {
      quality: "low",
    });
    assert.deepEqual(blocks, whole.subarray(row * rowBytes, (row + 1) * rowBytes));
  }
});

Deno.test("sRGB formats and grey texels are encoded as the same stored values", async () => {
  using device = await requestDevice();
  const encoder = new BlockEncoder(device);
  const texels = texelsOf(32, 32, 9);
  for (const format of ["bc1-rgba-unorm", "bc3-rgba-unorm", "bc7-rgba-unorm"] as const) {
    assert.deepEqual(
      await encoder.encode(`${format}-srgb`, texels, 32, 32),
      await encoder.encode(format, texels, 32, 32),
    );
  }
  const grey = texels.filter((_, k) => k % 4 === 0);
  const spread = Uint8Array.from({ length: texels.length }, (_, k) => {
    return k % 4 === 3 ? 255 : grey[k >> 2]!;
  });
  for (const format of ["bc4-r-unorm", "bc7-rgba-unorm"] as const) {
    assert.deepEqual(
      await encoder.encode(format, grey, 32, 32, { channels: 1 }),
      await encoder.encode(format, spread, 32, 32),
    );
  }
});

/** Rows of blocks without their padding. */
function tight(padded: Uint8Array, rows: number, pitches: [padded: number, tight: number]) {
  const out = new Uint8Array(rows * pitches[1]);
  for (let row = 0; row < rows; row++) {
    out.set(padded.subarray(row * pitches[0], row * pitches[0] + pitches[1]), row * pitches[1]);
  }
  return out;
}

for (const kind of ["buffer", "texture"] as const) {
  Deno.test(`regions of a ${kind} are recorded into rows that can be copied to a texture`, async () => {
    using device = await requestDevice();
    const { gpu } = device;
    const encoder = new BlockEncoder(device);
    const size = 72;
    const texels = texelsOf(size, size, 10);
    const buffer = gpu.createBuffer({
      label: "texels",
      size: texels.length,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
    gpu.queue.writeBuffer(buffer, 0, texels);
    const texture = gpu.createTexture({
      label: "texels",
      size: [size, size, 2],
      format: "rgba8unorm",
      usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
    });
    gpu.queue.writeTexture(
      { texture, origin: [0, 0, 1] },
      texels,
      { bytesPerRow: 4 * size },
      [size, size],
    );
    const format = "bc7-rgba-unorm";
    const places = [[0, 0], [8, 20]] as const;
    const [width, height] = [36, 40];
    const pitch = encodedRowPitch(format, width);
    assert.equal(pitch, 256);
    const regionSize = pitch * height / 4;
    const regions: EncodeRegion[] = places.map(([x, y], k) => ({
      width,
      height,
      source: kind === "buffer"
        ? { offset: 4 * (y * size + x), bytesPerRow: 4 * size }
        : { x, y, layer: 1 },
      targetOffset: 256 + k * regionSize,
    }));
    const target = gpu.createBuffer({
      label: "blocks",
      size: 256 + 2 * regionSize,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
    });
    const commands = gpu.createCommandEncoder();
    const source = kind === "buffer" ? buffer : texture.createView({ dimension: "2d-array" });
    encoder.recordEncode(commands, { format, source, target, regions });
    encoder.recordEncode(commands, { format, source, target, regions: [] });
    device.submits.submit([commands.finish()]);
    const readback = new ReadbackBatch(device);
    readback.addBuffer(target);
    const [bytes] = await readback.read();
    assert.ok(bytes!.subarray(0, 256).every((value) => value === 0), "nothing before the offset");
    for (const [k, [x, y]] of places.entries()) {
      const part = new Uint8Array(width * height * 4);
      for (let row = 0; row < height; row++) {
        const from = 4 * ((y + row) * size + x);
        part.set(texels.subarray(from, from + 4 * width), 4 * row * width);
      }
      const padded = bytes!.subarray(256 + k * regionSize, 256 + (k + 1) * regionSize);
      assert.deepEqual(
        tight(padded, height / 4, [pitch, width / 4 * 16]),
        await encoder.encode(format, part, width, height),
      );
    }
    for (const owned of [buffer, texture, target]) owned.destroy();
  });
}

Deno.test("with a ledger, buffers count while they exist, and none is left", async () => {
  using device = await requestDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 24);
  const encoder = new BlockEncoder(device, { ledger });
  await encoder.encode("bc4-r-unorm", texelsOf(64, 64, 1), 64, 64);
  await device.submits.wait();
  ledger.collect();
  assert.equal(ledger.usedBytes, 0);
  assert.ok(ledger.peakBytes >= 64 * 64 * 4 + 64 * 64 / 2);
});

Deno.test("encoding stops when its signal is aborted", async () => {
  using device = await requestDevice();
  const encoder = new BlockEncoder(device);
  const controller = new AbortController();
  controller.abort(new Error("enough"));
  await assert.rejects(
    encoder.encode("bc7-rgba-unorm", texelsOf(8, 8, 1), 8, 8, { signal: controller.signal }),
    /enough/,
  );
});

Deno.test("bad formats, sizes, texels, qualities and places are errors", async () => {
  using device = await requestDevice();
  const encoder = new BlockEncoder(device);
  const texels = new Uint8Array(64);
  assert.deepEqual(await encoder.encodeTiles("bc7-rgba-unorm", []), []);
  await assert.rejects(encoder.encode("rgba8unorm", texels, 4, 4), UnsupportedError);
  await assert.rejects(encoder.encode("bc2" as TexelFormat, texels, 4, 4), UnsupportedError);
  await assert.rejects(encoder.encode("bc7-rgba-unorm", texels, 4, 5), OutOfRangeError);
  await assert.rejects(encoder.encode("bc7-rgba-unorm", texels, 0, 4), OutOfRangeError);
  await assert.rejects(encoder.encode("bc7-rgba-unorm", texels, NaN, 4), OutOfRangeError);
  await assert.rejects(
    encoder.encode("bc7-rgba-unorm", [] as unknown as Uint8Array, 4, 4),
    InvalidArgumentError,
  );
  await assert.rejects(
    encoder.encode("bc7-rgba-unorm", texels, 4, 4, { quality: "best" as EncodeQuality }),
    OutOfRangeError,
  );
  for (const quality of [3, {}]) {
    await assert.rejects(
      encoder.encode("bc7-rgba-unorm", texels, 4, 4, { quality: quality as EncodeQuality }),
      InvalidArgumentError,
    );
  }
  await assert.rejects(
    encoder.encode("bc7-rgba-unorm", texels, "4" as unknown as number, 4),
    InvalidArgumentError,
  );
  await assert.rejects(
    encoder.encode("bc7-rgba-unorm", texels, 4, 4, { channels: 3 as 4 }),
    OutOfRangeError,
  );
  const buffer = device.gpu.createBuffer({ size: 256, usage: GPUBufferUsage.STORAGE });
  const commands = device.gpu.createCommandEncoder();
  const region: EncodeRegion = {
    width: 4,
    height: 4,
    source: { offset: 0, bytesPerRow: 16 },
    targetOffset: 0,
  };
  const record = (changes: Partial<EncodeRegion>) =>
    encoder.recordEncode(commands, {
      format: "bc7-rgba-unorm",
      source: buffer,
      target: buffer,
      regions: [{ ...region, ...changes }],
    });
  assert.throws(() => record({ width: 0 }), OutOfRangeError);
  assert.throws(() => record({ targetOffset: 2 }), OutOfRangeError);
  assert.throws(() => record({ source: { offset: -4, bytesPerRow: 16 } }), OutOfRangeError);
  assert.throws(() => record({ source: { x: 0, y: 0 } }), InvalidArgumentError);
  buffer.destroy();
});
