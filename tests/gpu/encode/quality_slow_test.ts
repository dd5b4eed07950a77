import assert from "node:assert/strict";
import { BlockEncoder, type EncodeQuality, requestDevice } from "../../../src/gpu/mod.ts";
import {
  decodeBlocks,
  decodedTexelBytes,
  formatInfo,
  type TexelFormat,
} from "../../../src/texels/mod.ts";
import { psnr, type TestPicture, testPictures } from "./pictures.ts";

/** Least PSNR in dB of a picture for low, medium and high quality. */
type Bounds = Readonly<Record<string, readonly [number, number, number]>>;

/**
 * Half a decibel below what was measured. Only exact arithmetic and orders of summation differ
 * between devices, so a lower value means a worse encoder.
 */
const BOUNDS: Readonly<Partial<Record<TexelFormat, Bounds>>> = {
  "bc1-rgba-unorm": {
    darkGradient: [41.8, 50.0, 50.4],
    waves: [40.2, 40.9, 41.0],
    rough: [35.6, 36.6, 36.6],
    edges: [23.2, 26.8, 26.8],
    noise: [12.4, 13.3, 13.3],
  },
  "bc3-rgba-unorm": {
    darkGradient: [43.0, 51.2, 51.3],
    waves: [41.4, 42.2, 42.2],
    rough: [36.9, 37.8, 37.9],
    edges: [24.4, 28.1, 28.1],
    noise: [13.6, 14.5, 14.5],
    alpha: [40.0, 41.0, 41.2],
  },
  "bc4-r-unorm": {
    darkGradient: [98.9, 98.9, 98.9],
    waves: [51.0, 51.1, 51.9],
    rough: [44.2, 45.0, 45.5],
    edges: [44.3, 48.4, 48.4],
    noise: [28.7, 29.8, 30.2],
    alpha: [54.5, 54.9, 61.7],
  },
  "bc5-rg-unorm": {
    darkGradient: [98.9, 98.9, 98.9],
    waves: [53.1, 53.3, 54.6],
    rough: [44.9, 45.7, 46.2],
    edges: [44.8, 49.3, 49.3],
    noise: [28.8, 29.9, 30.2],
    alpha: [54.7, 54.9, 58.3],
  },
  "bc7-rgba-unorm": {
    darkGradient: [52.8, 54.2, 63.4],
    waves: [45.1, 48.6, 49.4],
    rough: [40.0, 43.1, 43.3],
    edges: [26.0, 41.6, 42.5],
    noise: [14.1, 17.1, 18.4],
    alpha: [39.1, 40.9, 41.6],
  },
};
const QUALITIES: readonly EncodeQuality[] = ["low", "medium", "high"];

/** Channels that a format stores and that these pictures can be compared in. */
function judgedChannels(format: TexelFormat): readonly number[] {
  if (format === "bc1-rgba-unorm") return [0, 1, 2];
  return [0, 1, 2, 3].slice(0, formatInfo(format).channels);
}

/** Blocks as RGBA8 texels; single-channel formats fill red. */
function decodeToRgba(format: TexelFormat, blocks: Uint8Array, picture: TestPicture): Uint8Array {
  const decoded = decodeBlocks(format, blocks, picture.width, picture.height);
  if (decodedTexelBytes(format) === 4) return decoded;
  const texels = new Uint8Array(4 * decoded.length);
  for (const [index, value] of decoded.entries()) texels[4 * index] = value;
  return texels;
}

/** Blocks with swapped endpoints, as if the indices had not been swapped with them. */
function withSwappedEndpoints(format: TexelFormat, blocks: Uint8Array): Uint8Array {
  const { blockBytes } = formatInfo(format);
  const broken = blocks.slice();
  for (let at = 0; at < broken.length; at += blockBytes) {
    if (format === "bc7-rgba-unorm") {
      // Mirrors every index of modes 1 and 6, but for the anchors' missing bits.
      for (let k = 11; k < 16; k++) broken[at + k] = broken[at + k]! ^ 255;
    } else if (format.startsWith("bc1") || format.startsWith("bc3")) {
      const color = at + blockBytes - 8;
      broken.copyWithin(color, color + 2, color + 4);
      broken.set(blocks.subarray(color, color + 2), color + 2);
    } else {
      broken[at] = blocks[at + 1]!;
      broken[at + 1] = blocks[at]!;
    }
  }
  return broken;
}

for (const [name, bounds] of Object.entries(BOUNDS)) {
  const format = name as TexelFormat;
  Deno.test(`${format} reaches its bounds, and better qualities are better`, async () => {
    using device = await requestDevice();
    const encoder = new BlockEncoder(device);
    const pictures = testPictures();
    const inputs = Object.keys(bounds).map((key) => pictures[key]!);
    const sums: number[] = [];
    for (const [index, quality] of QUALITIES.entries()) {
      const encoded = await encoder.encodeTiles(format, inputs, { quality });
      let sum = 0;
      for (const [k, [key, least]] of Object.entries(bounds).entries()) {
        const decoded = decodeToRgba(format, encoded[k]!, inputs[k]!);
        const value = psnr(inputs[k]!.texels, decoded, judgedChannels(format));
        sum += value;
        assert.ok(
          value >= least[index]!,
          `${key} in ${quality} quality: ${value} dB, not ${least[index]} dB`,
        );
      }
      sums.push(sum);
      const broken = decodeToRgba(format, withSwappedEndpoints(format, encoded[1]!), inputs[1]!);
      const brokenValue = psnr(inputs[1]!.texels, broken, judgedChannels(format));
      assert.ok(brokenValue < bounds.waves![index]! - 3, "control: swapped endpoints must fail");
    }
    assert.ok(sums[0]! + 1 < sums[1]! && sums[1]! + 0.3 < sums[2]!, `sums: ${sums}`);
  });
}

Deno.test("each quality of BC7 is better than the one before on every kind of picture", async () => {
  using device = await requestDevice();
  const encoder = new BlockEncoder(device);
  const pictures = Object.entries(testPictures());
  const values: number[][] = [];
  for (const quality of QUALITIES) {
    const inputs = pictures.map(([, picture]) => picture);
    const encoded = await encoder.encodeTiles("bc7-rgba-unorm-srgb", inputs, { quality });
    values.push(inputs.map((input, k) =>
      psnr(
        input.texels,
        decodeToRgba("bc7-rgba-unorm-srgb", encoded[k]!, input),
        [0, 1, 2, 3],
      )
    ));
  }
  for (const [k, [name]] of pictures.entries()) {
    const [low, medium, high] = values.map((row) => row[k]!);
    assert.ok(low! < medium! && medium! < high!, `${name}: ${low} ${medium} ${high}`);
  }
});
