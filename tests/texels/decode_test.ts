import assert from "node:assert/strict";
import {
  BC7_ANCHORS_2,
  BC7_ANCHORS_3_1,
  BC7_ANCHORS_3_2,
  BC7_MODES,
  BC7_PARTITIONS_2,
  BC7_PARTITIONS_3,
  decodeBlocks,
  decodedTexelBytes,
  formatInfo,
  isDecodable,
  TEXEL_FORMATS,
  type TexelFormat,
} from "../../src/texels/mod.ts";
import { InvalidArgumentError, OutOfRangeError, UnsupportedError } from "../../src/errors.ts";
import { randomBytes } from "../helpers/random.ts";

function texel(texels: Uint8Array, index: number): number[] {
  return [...texels.subarray(4 * index, 4 * index + 4)];
}

Deno.test("BC1 has four colours where the first endpoint is above the second", () => {
  // Endpoints red (0xf800) and blue (0x001f); the first row has indices 0, 1, 2, 3.
  const block = Uint8Array.of(0x00, 0xf8, 0x1f, 0x00, 0b11100100, 0, 0, 0);
  const texels = decodeBlocks("bc1-rgba-unorm", block, 4, 4);
  assert.deepEqual(texel(texels, 0), [255, 0, 0, 255]);
  assert.deepEqual(texel(texels, 1), [0, 0, 255, 255]);
  assert.deepEqual(texel(texels, 2), [170, 0, 85, 255]);
  assert.deepEqual(texel(texels, 3), [85, 0, 170, 255]);
});

Deno.test("BC1 has three colours and transparent black where it is not", () => {
  const block = Uint8Array.of(0x1f, 0x00, 0x00, 0xf8, 0b11100100, 0, 0, 0);
  const texels = decodeBlocks("bc1-rgba-unorm-srgb", block, 4, 4);
  assert.deepEqual(texel(texels, 0), [0, 0, 255, 255]);
  assert.deepEqual(texel(texels, 1), [255, 0, 0, 255]);
  assert.deepEqual(texel(texels, 2), [128, 0, 128, 255]);
  assert.deepEqual(texel(texels, 3), [0, 0, 0, 0]);
});

Deno.test("BC3 has four colours in either order of endpoints, and alpha of its own", () => {
  const alpha = Uint8Array.of(10, 200, 0b10_001_000, 0, 0, 0, 0, 0);
  const color = Uint8Array.of(0x1f, 0x00, 0x00, 0xf8, 0b11100100, 0, 0, 0);
  const texels = decodeBlocks("bc3-rgba-unorm", Uint8Array.of(...alpha, ...color), 4, 4);
  assert.deepEqual(texel(texels, 0), [0, 0, 255, 10]);
  assert.deepEqual(texel(texels, 1), [255, 0, 0, 200]);
  assert.deepEqual(texel(texels, 3), [170, 0, 85, 10]);
  assert.deepEqual(texel(texels, 2), [85, 0, 170, 48]); // (4·10 + 200) / 5
});

Deno.test("BC4 has eight values, or six with 0 and 255", () => {
  // Indices 0 to 7 in the first two rows.
  const indices = [0b10_001_000, 0b1_100_011_0, 0b111_110_10, 0, 0, 0];
  const eight = decodeBlocks("bc4-r-unorm", Uint8Array.of(210, 0, ...indices), 4, 4);
  assert.deepEqual([...eight.subarray(0, 8)], [210, 0, 180, 150, 120, 90, 60, 30]);
  const six = decodeBlocks("bc4-r-unorm", Uint8Array.of(50, 150, ...indices), 4, 4);
  assert.deepEqual([...six.subarray(0, 8)], [50, 150, 70, 90, 110, 130, 0, 255]);
});

Deno.test("BC5 decodes to red and green, blue 0, opaque", () => {
  const block = new Uint8Array(16);
  block.set([77, 0], 0);
  block.set([88, 0], 8);
  const texels = decodeBlocks("bc5-rg-unorm", block, 4, 4);
  for (let t = 0; t < 16; t++) assert.deepEqual(texel(texels, t), [77, 88, 0, 255]);
});

Deno.test("a BC7 block of no mode is transparent black", () => {
  const block = new Uint8Array(16).fill(255);
  block[0] = 0;
  assert.ok(decodeBlocks("bc7-rgba-unorm", block, 4, 4).every((value) => value === 0));
});

Deno.test("a BC7 block of mode 5 with equal endpoints is that colour", () => {
  // Mode bit 5, no rotation, then 7-bit red 64, green 32, blue 127 and 8-bit alpha 200, each twice.
  const fields: readonly [number, number][] = [
    [0b100000, 6],
    [0, 2],
    [64, 7],
    [64, 7],
    [32, 7],
    [32, 7],
    [127, 7],
    [127, 7],
    [200, 8],
    [200, 8],
  ];
  let bits = 0n;
  let at = 0n;
  for (const [value, width] of fields) {
    bits |= BigInt(value) << at;
    at += BigInt(width);
  }
  const block = Uint8Array.from({ length: 16 }, (_, k) => Number((bits >> BigInt(8 * k)) & 255n));
  const texels = decodeBlocks("bc7-rgba-unorm-srgb", block, 4, 4);
  for (let t = 0; t < 16; t++) assert.deepEqual(texel(texels, t), [129, 64, 255, 200]);
});

Deno.test("the fields of every BC7 mode fill its 128 bits", () => {
  for (const [number, mode] of BC7_MODES.entries()) {
    const endpoints = 2 * mode.subsets;
    const pBits = mode.pBits === "none" ? 0 : mode.pBits === "subset" ? mode.subsets : endpoints;
    const second = mode.secondIndexBits === 0 ? 0 : 16 * mode.secondIndexBits - 1;
    const total = number + 1 + mode.partitionBits + mode.rotationBits + mode.indexSelectionBits +
      endpoints * (3 * mode.colorBits + mode.alphaBits) + pBits +
      16 * mode.indexBits - mode.subsets + second;
    assert.equal(total, 128, `mode ${number}`);
  }
});

Deno.test("partitions differ from each other, start in subset 0, and hold their anchors", () => {
  assert.equal(new Set(BC7_PARTITIONS_2).size, 64);
  assert.equal(new Set(BC7_PARTITIONS_3).size, 64);
  for (let p = 0; p < 64; p++) {
    assert.equal(BC7_PARTITIONS_2[p]! & 1, 0);
    assert.equal(BC7_PARTITIONS_3[p]! & 3, 0);
    assert.equal((BC7_PARTITIONS_2[p]! >> BC7_ANCHORS_2[p]!) & 1, 1);
    assert.equal((BC7_PARTITIONS_3[p]! >>> (2 * BC7_ANCHORS_3_1[p]!)) & 3, 1);
    assert.equal((BC7_PARTITIONS_3[p]! >>> (2 * BC7_ANCHORS_3_2[p]!)) & 3, 2);
  }
});

Deno.test("any bytes decode, at any size, to the top left part of the whole blocks", () => {
  for (const format of TEXEL_FORMATS.filter(isDecodable)) {
    const { blockTexels, blockBytes } = formatInfo(format);
    const columns = 12 / blockTexels;
    const bytes = randomBytes(columns * columns * blockBytes, 7);
    const whole = decodeBlocks(format, bytes, 12, 12);
    const texelBytes = decodedTexelBytes(format);
    assert.equal(whole.length, 144 * texelBytes);
    if (blockTexels === 1) continue;
    for (const [width, height] of [[9, 12], [12, 1], [11, 6]] as const) {
      const part = decodeBlocks(format, bytes, width, height);
      for (let y = 0; y < height; y++) {
        assert.deepEqual(
          part.subarray(y * width * texelBytes, (y + 1) * width * texelBytes),
          whole.subarray(y * 12 * texelBytes, (y * 12 + width) * texelBytes),
        );
      }
    }
  }
});

Deno.test("uncompressed formats are copied", () => {
  const bytes = randomBytes(64, 8);
  assert.deepEqual(decodeBlocks("r16unorm", bytes, 4, 2), bytes.slice(0, 16));
  const copy = decodeBlocks("rgba8unorm", bytes, 4, 4);
  copy[0] = copy[0]! ^ 255;
  assert.notEqual(copy[0], bytes[0]);
});

Deno.test("too few bytes, bad sizes, other types and unknown formats are errors", () => {
  const bytes = new Uint8Array(31);
  assert.throws(() => decodeBlocks("bc7-rgba-unorm", bytes, 5, 4), OutOfRangeError);
  assert.throws(() => decodeBlocks("bc7-rgba-unorm", bytes, 0, 4), OutOfRangeError);
  assert.throws(() => decodeBlocks("bc7-rgba-unorm", bytes, 4, 1.5), OutOfRangeError);
  assert.throws(() => decodeBlocks("bc7-rgba-unorm", bytes, 4, NaN), OutOfRangeError);
  assert.throws(
    () => decodeBlocks("bc7-rgba-unorm", [0] as unknown as Uint8Array, 4, 4),
    InvalidArgumentError,
  );
  assert.throws(() => decodeBlocks("bc2" as TexelFormat, bytes, 4, 4), UnsupportedError);
});
