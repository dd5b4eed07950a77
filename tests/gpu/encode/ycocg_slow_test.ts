import assert from "node:assert/strict";
import { OutOfRangeError, UnsupportedError } from "../../../src/errors.ts";
import {
  BlockEncoder,
  ENCODE_QUALITIES,
  type EncodeTransform,
  MemoryLedger,
  requestDevice,
} from "../../../src/gpu/mod.ts";
import { decodeBlocks } from "../../../src/texels/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { psnr, type TestPicture, testPictures } from "./pictures.ts";
import { recordBlocks } from "./record_blocks.ts";

const FORMAT = "bc3-rgba-unorm";
const TRANSFORMS = ["ycocg", "ycocg_block_scale"] as const;

/** Stored texels: Co, Cg, scale and Y, 0 to 255. */
function storedTexels(blocks: Uint8Array, { width, height }: TestPicture): Uint8Array {
  return decodeBlocks(FORMAT, blocks, width, height);
}

/** Scale of a stored texel. */
function scaleOf(blue: number): number {
  return 1 + blue / 8;
}

/** RGBA8 of stored texels, by the published formula. */
function decodeYcocg(stored: Uint8Array): Uint8Array {
  const texels = new Uint8ClampedArray(stored.length);
  for (let k = 0; k < stored.length; k += 4) {
    const scale = scaleOf(stored[k + 2]!);
    const co = (stored[k]! - 128) / scale;
    const cg = (stored[k + 1]! - 128) / scale;
    const y = stored[k + 3]!;
    texels.set([y + co - cg, y + cg, y - co - cg, 255], k);
  }
  return new Uint8Array(texels.buffer);
}

/** A picture of blocks, each of one random colour within a reach around grey. */
function solidBlocks(reach: number, seed: number): TestPicture {
  const random = seededRandom(seed);
  const colors = Array.from({ length: 16 * 16 }, () => {
    const grey = 30 + 190 * random();
    return [0, 1, 2].map(() => Math.round(grey + reach * (2 * random() - 1)));
  });
  const texels = new Uint8ClampedArray(64 * 64 * 4);
  for (let t = 0; t < 64 * 64; t++) {
    texels.set([...colors[(t >> 8) * 16 + ((t & 63) >> 2)]!, 255], 4 * t);
  }
  return { width: 64, height: 64, texels: new Uint8Array(texels.buffer) };
}

/** The largest |Co| or |Cg| of a picture, or of a block of it. */
function largestChroma(texels: Uint8Array, at: readonly number[]): number {
  return Math.max(...at.map((t) => {
    const [r, g, b] = texels.subarray(4 * t, 4 * t + 3) as unknown as [number, number, number];
    return Math.max(Math.abs(r - b) / 2, Math.abs(2 * g - r - b) / 4);
  }));
}

/** The largest scale that 5 bits of blue hold and that keeps chroma within 127 steps. */
function wantedScale(chroma: number): number {
  const scales = Array.from({ length: 32 }, (_, code) => scaleOf((code << 3) | (code >> 2)));
  return scales.findLast((scale) => scale * chroma <= 127) ?? 1;
}

Deno.test("each region has the largest scale that its chroma allows, in all of its texels", async () => {
  using device = await requestDevice();
  const pictures = [120, 60, 24, 9, 4, 1, 0].map((reach, seed) => solidBlocks(reach, seed));
  const options = { format: FORMAT, transform: "ycocg" } as const;
  const encoded = await recordBlocks(device, pictures, options);
  const scales = pictures.map((picture, i) => {
    const stored = storedTexels(encoded[i]!, picture);
    assert.ok(stored.every((value, k) => k % 4 !== 2 || value === stored[2]));
    const every = Array.from({ length: 64 * 64 }, (_, t) => t);
    assert.equal(scaleOf(stored[2]!), wantedScale(largestChroma(picture.texels, every)));
    return stored[2]!;
  });
  assert.ok(new Set(scales).size >= 5, `scales ${scales}`);
  assert.deepEqual([scales[0], scales.at(-1)], [0, 255]);
  // A region alone has the same scale, and the same blocks.
  const alone = await recordBlocks(device, [pictures[2]!], options);
  assert.deepEqual(alone[0], encoded[2]);
});

Deno.test("each block has the largest scale that its chroma allows", async () => {
  using device = await requestDevice();
  const picture = testPictures().waves!;
  const options = { format: FORMAT, transform: "ycocg_block_scale" } as const;
  const [blocks] = await recordBlocks(device, [picture], options);
  const stored = storedTexels(blocks!, picture);
  const scales = new Set<number>();
  for (let block = 0; block < 32 * 32; block++) {
    const corner = (block >> 5) * 4 * 128 + (block & 31) * 4;
    const inside = Array.from({ length: 16 }, (_, i) => corner + (i >> 2) * 128 + (i & 3));
    const scale = wantedScale(largestChroma(picture.texels, inside));
    for (const t of inside) assert.equal(scaleOf(stored[4 * t + 2]!), scale);
    scales.add(scale);
  }
  assert.ok(scales.size > 3);
});

Deno.test("blocks of one colour come back within what chroma of 5 and 6 bits can say", async () => {
  using device = await requestDevice();
  for (const transform of TRANSFORMS) {
    for (const [i, reach] of [120, 24, 4].entries()) {
      const picture = solidBlocks(reach, 20 + i);
      const options = { format: FORMAT, transform } as const;
      const [blocks] = await recordBlocks(device, [picture], options);
      const stored = storedTexels(blocks!, picture);
      const decoded = decodeYcocg(stored);
      for (const [k, value] of decoded.entries()) {
        // Thirds between steps of 8 and 4, less than 3 and 1.5 apart, and the rounding of Y.
        const most = (1.5 + 1) / scaleOf(stored[k - k % 4 + 2]!) + 1.5;
        const off = Math.abs(value - picture.texels[k]!);
        assert.ok(off <= most, `${transform} ${reach}: ${off} of ${most} at ${k}`);
      }
    }
  }
});

Deno.test("greys keep Y exactly where a block has no more than eight of them in a row", async () => {
  using device = await requestDevice();
  const random = seededRandom(31);
  const texels = new Uint8Array(64 * 64 * 4);
  for (let t = 0; t < 64 * 64; t++) {
    const base = ((t & 63) >> 2) * 16 + ((t >> 8) & 7);
    const grey = Math.min(255, base + Math.floor(8 * random()));
    texels.set([grey, grey, grey, 255], 4 * t);
  }
  const picture = { width: 64, height: 64, texels };
  for (const transform of TRANSFORMS) {
    const options = { format: FORMAT, transform, quality: "low" } as const;
    const [blocks] = await recordBlocks(device, [picture], options);
    const stored = storedTexels(blocks!, picture);
    assert.ok(stored.every((value, k) => k % 4 !== 3 || value === texels[k - 1]));
  }
});

/** Least PSNR in dB for low, medium and high quality, half a decibel below what was measured. */
const BOUNDS: Readonly<Record<EncodeTransform & `ycocg${string}`, Record<string, number[]>>> = {
  ycocg: {
    darkGradient: [55.8, 56.2, 56.3],
    waves: [41.5, 42.5, 42.6],
    rough: [39.8, 40.9, 41.0],
    edges: [27.8, 32.2, 32.2],
    noise: [15.2, 16.2, 16.3],
  },
  ycocg_block_scale: {
    darkGradient: [56.0, 56.2, 56.3],
    waves: [42.8, 43.9, 44.0],
    rough: [40.0, 41.2, 41.4],
    edges: [27.6, 32.3, 32.3],
    noise: [15.2, 16.2, 16.3],
  },
};

for (const transform of TRANSFORMS) {
  Deno.test(`${transform} reaches its bounds, better qualities are no worse, and medium beats BC1`, async () => {
    using device = await requestDevice();
    const bounds = Object.entries(BOUNDS[transform]);
    const pictures = bounds.map(([name]) => testPictures()[name]!);
    const bc1 = await recordBlocks(device, pictures, { format: "bc1-rgba-unorm" });
    let before = 0;
    for (const [index, quality] of ENCODE_QUALITIES.entries()) {
      const encoded = await recordBlocks(device, pictures, { format: FORMAT, transform, quality });
      let sum = 0;
      for (const [i, [name, least]] of bounds.entries()) {
        const { width, height, texels } = pictures[i]!;
        const stored = storedTexels(encoded[i]!, pictures[i]!);
        const value = psnr(texels, decodeYcocg(stored), [0, 1, 2]);
        sum += value;
        assert.ok(value >= least[index]!, `${name} in ${quality}: ${value} of ${least[index]} dB`);
        // Read as colours, or with the wrong scale, nothing is left of it.
        const unscaled = stored.map((v, k) => k % 4 === 2 ? 255 - v : v);
        const broken = psnr(texels, decodeYcocg(unscaled), [0, 1, 2]);
        assert.ok(broken < value - 1, `negative control: ${name} with other scales: ${broken} dB`);
        if (quality !== "medium") continue;
        const plain = decodeBlocks("bc1-rgba-unorm", bc1[i]!, width, height);
        assert.ok(value > psnr(texels, plain, [0, 1, 2]) + 1, name);
      }
      assert.ok(sum > before, quality);
      before = sum;
    }
  });
}

Deno.test("the scales of regions count as scratch while they exist, and none is left", async () => {
  using device = await requestDevice();
  const ledger = new MemoryLedger(device.submits, 2 ** 20);
  const buffer = (usage: number) =>
    device.gpu.createBuffer({ size: 64, usage: GPUBufferUsage.STORAGE | usage });
  const [source, target] = [buffer(0), buffer(0)];
  const encoder = device.gpu.createCommandEncoder();
  const region = { width: 4, height: 4, source: { offset: 0, bytesPerRow: 16 }, targetOffset: 0 };
  new BlockEncoder(device, { ledger }).recordEncode(encoder, {
    ...{ format: FORMAT, transform: "ycocg", source, target, regions: [region, region] },
  });
  assert.equal(ledger.partBytes("scratch"), 256 + 2 * 36);
  device.submits.submit([encoder.finish()]);
  await device.submits.wait();
  ledger.collect();
  assert.equal(ledger.usedBytes, 0);
  source.destroy();
  target.destroy();
});

Deno.test("other formats than bc3-rgba-unorm, and unknown transforms, are errors", async () => {
  using device = await requestDevice();
  const picture = testPictures().waves!;
  for (const format of ["bc1-rgba-unorm", "bc3-rgba-unorm-srgb", "bc7-rgba-unorm"] as const) {
    await assert.rejects(
      recordBlocks(device, [picture], { format, transform: "ycocg" }),
      UnsupportedError,
    );
  }
  const transform = "ycbcr" as EncodeTransform;
  await assert.rejects(
    recordBlocks(device, [picture], { format: FORMAT, transform }),
    OutOfRangeError,
  );
});
