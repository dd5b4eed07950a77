import assert from "node:assert/strict";
import { BlockEncoder, ENCODE_QUALITIES, requestDevice } from "../../../src/gpu/mod.ts";
import { decodeBlocks, type TexelFormat } from "../../../src/texels/mod.ts";
import { randomBytes, seededRandom } from "../../helpers/random.ts";

/** One block of each colour, side by side. */
function solidBlocks(colors: readonly (readonly number[])[]): Uint8Array {
  const width = 4 * colors.length;
  const texels = new Uint8Array(width * 4 * 4);
  for (let y = 0; y < 4; y++) {
    for (let x = 0; x < width; x++) texels.set(colors[x >> 2]!, 4 * (y * width + x));
  }
  return texels;
}

Deno.test("a block of one colour is exact in BC7, for every value of every channel", async () => {
  using device = await requestDevice();
  const encoder = new BlockEncoder(device);
  const colors = Array.from({ length: 256 }, (_, v) => [v, 255 - v, (v * 7) & 255, (v * 3) & 255]);
  const texels = solidBlocks(colors);
  for (const quality of ENCODE_QUALITIES) {
    const blocks = await encoder.encode("bc7-rgba-unorm", texels, 1024, 4, { quality });
    assert.deepEqual(decodeBlocks("bc7-rgba-unorm", blocks, 1024, 4), texels);
  }
});

Deno.test("a block of one or two values is exact in BC4", async () => {
  using device = await requestDevice();
  const encoder = new BlockEncoder(device);
  const random = seededRandom(21);
  const texels = solidBlocks(Array.from({ length: 256 }, (_, v) => [v, v, v, 255]));
  for (let k = 0; k < texels.length; k += 4) if (random() < 0.5) texels[k] = 77;
  for (const quality of ENCODE_QUALITIES) {
    const blocks = await encoder.encode("bc4-r-unorm", texels, 1024, 4, { quality });
    const decoded = decodeBlocks("bc4-r-unorm", blocks, 1024, 4);
    assert.ok(decoded.every((value, k) => value === texels[4 * k]));
  }
});

Deno.test("random colours stay exactly opaque, and without BC7 exactly transparent", async () => {
  using device = await requestDevice();
  const encoder = new BlockEncoder(device);
  const texels = randomBytes(64 * 64 * 4, 22);
  // BC7 has palettes of all four channels, which may give alpha 1 for the sake of colours.
  const keptAlpha: readonly (readonly [TexelFormat, readonly number[]])[] = [
    ["bc1-rgba-unorm", [0, 255]],
    ["bc3-rgba-unorm", [0, 255]],
    ["bc7-rgba-unorm", [255]],
  ];
  for (const [format, alphas] of keptAlpha) {
    for (const alpha of alphas) {
      for (let k = 3; k < texels.length; k += 4) texels[k] = alpha;
      for (const quality of ENCODE_QUALITIES) {
        const blocks = await encoder.encode(format, texels, 64, 64, { quality });
        const decoded = decodeBlocks(format, blocks, 64, 64);
        for (let k = 3; k < decoded.length; k += 4) assert.equal(decoded[k], alpha);
      }
    }
  }
});

Deno.test("BC1 keeps the outline of 1-bit alpha, and colours beside it", async () => {
  using device = await requestDevice();
  const encoder = new BlockEncoder(device);
  const texels = new Uint8Array(64 * 64 * 4);
  for (let t = 0; t < 64 * 64; t++) {
    const inside = ((t & 63) - 32) ** 2 + ((t >> 6) - 32) ** 2 < 500;
    // What is transparent is white, which must not bleed into the red.
    texels.set(inside ? [200, 16, 24, 128 + t % 128] : [255, 255, 255, t % 128], 4 * t);
  }
  for (const quality of ENCODE_QUALITIES) {
    const blocks = await encoder.encode("bc1-rgba-unorm", texels, 64, 64, { quality });
    const decoded = decodeBlocks("bc1-rgba-unorm", blocks, 64, 64);
    for (let k = 0; k < decoded.length; k += 4) {
      const inside = texels[k + 3]! >= 128;
      assert.equal(decoded[k + 3], inside ? 255 : 0);
      if (inside) assert.ok(Math.abs(decoded[k]! - 200) <= 4 && decoded[k + 1]! <= 20);
    }
  }
});
