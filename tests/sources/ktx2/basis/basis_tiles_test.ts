import assert from "node:assert/strict";
import { deflateSync, zstdCompressSync } from "node:zlib";
import {
  isReadAs,
  type Ktx2File,
  ktx2RowSource,
  ktx2TileSource,
  memorySource,
  readKtx2,
} from "../../../../src/sources/mod.ts";
import { transcoders } from "../../../../src/sources/ktx2/basis/transcoder_pool.ts";
import { decodeBlocks, type TexelFormat } from "../../../../src/texels/mod.ts";
import { makeKtx2 } from "../make_ktx2.ts";
import { UASTC } from "../sample_parts.ts";
import { encodeBasis, MODES, psnr, samplePicture } from "./encode_basis.ts";

Deno.test.afterEach(() => transcoders.endIdleWorkers());

const WIDTH = 50;
const HEIGHT = 34;
/** Least likeness of what is decoded to the picture: ETC1S has four colours in a block, of one hue. */
const LEAST_DECIBELS: Readonly<Record<number, number>> = { [MODES.ETC1S]: 26, [MODES.UASTC]: 36 };
const COLOR = [0, 1, 2];
const ALL = [0, 1, 2, 3];

/** The rows of an image of a file. */
async function rowsOf(
  bytes: Uint8Array,
  choice: { level?: number; layer?: number } = {},
): Promise<Uint8Array> {
  const source = memorySource(bytes);
  const rows = ktx2RowSource(source, await readKtx2(source), { level: 0, ...choice });
  try {
    return await rows.readRows(0, rows.height);
  } finally {
    await rows.close();
  }
}

/** Level 0 as the only tile of a file, decoded. */
async function decodedTile(bytes: Uint8Array, format: TexelFormat): Promise<Uint8Array> {
  const source = memorySource(bytes);
  const tiles = ktx2TileSource(source, await readKtx2(source), { tileSize: 64, border: 0, format });
  try {
    const texels = decodeBlocks(format, await tiles.readTile(0, 0, 0), 64, 64);
    const stride = texels.length / 64;
    const wanted = stride / 64 * WIDTH;
    const cut = new Uint8Array(HEIGHT * wanted);
    for (let y = 0; y < HEIGHT; y++) {
      cut.set(texels.subarray(y * stride, y * stride + wanted), y * wanted);
    }
    return cut;
  } finally {
    tiles.close();
  }
}

Deno.test("rows of every level are close to the picture, with and without alpha", async () => {
  for (const hasAlpha of [false, true]) {
    const picture = samplePicture(WIDTH, HEIGHT, hasAlpha);
    for (const mode of [MODES.ETC1S, MODES.UASTC]) {
      const file = await encodeBasis(picture, { mode });
      const rows = await rowsOf(file);
      const found = psnr(rows, picture.texels, ALL);
      assert.ok(found > LEAST_DECIBELS[mode]!, `mode ${mode}, alpha ${hasAlpha}: ${found} dB`);
      const coarse = await rowsOf(file, { level: 3 });
      assert.equal(coarse.length, 4 * 6 * 4);
      // Negative control: another picture is not as close.
      assert.ok(psnr(rows, samplePicture(WIDTH, HEIGHT, !hasAlpha).texels.reverse(), ALL) < 20);
    }
  }
});

Deno.test("blocks of each format are close to the picture, as far as it has their channels", async () => {
  const cases: [boolean, number, TexelFormat, number[]][] = [];
  for (const mode of [MODES.ETC1S, MODES.UASTC]) {
    cases.push([true, mode, "bc7-rgba-unorm-srgb", ALL], [true, mode, "bc3-rgba-unorm-srgb", ALL]);
    cases.push([false, mode, "bc1-rgba-unorm-srgb", COLOR]);
    cases.push([true, mode, "rgba8unorm-srgb", ALL]);
  }
  for (const [hasAlpha, mode, format, channels] of cases) {
    const picture = samplePicture(WIDTH, HEIGHT, hasAlpha);
    const tile = await decodedTile(await encodeBasis(picture, { mode }), format);
    const found = psnr(tile, picture.texels, channels);
    assert.ok(found > LEAST_DECIBELS[mode]! - 1, `mode ${mode} as ${format}: ${found} dB`);
  }
});

Deno.test("one and two channels become BC4, BC5, or texels with zeros for what they lack", async () => {
  const { texels } = samplePicture(WIDTH, HEIGHT, true);
  const file = await encodeBasis({ width: WIDTH, height: HEIGHT, texels }, {
    mode: MODES.UASTC,
    mips: false,
    srgb: false,
  });
  const RED = 4, RED_AND_ALPHA = 5, RED_AND_GREEN = 6;
  const channel = (at: number, of = texels) => of.filter((_, i) => i % 4 === at);
  const difference = (a: Uint8Array, b: Uint8Array) =>
    Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

  const red = withChannels(file, RED);
  assert.ok(difference(await rowsOf(red), channel(0)) < 24);
  assert.ok(difference(await decodedTile(red, "bc4-r-unorm"), channel(0)) < 24);
  for (const [channels, green] of [[RED_AND_ALPHA, 3], [RED_AND_GREEN, 1]] as const) {
    const two = withChannels(file, channels);
    // The transcoder takes the second channel of BC5 from alpha alone.
    const tile = green === 3 ? [await decodedTile(two, "bc5-rg-unorm")] : [];
    for (const made of [await rowsOf(two), ...tile]) {
      assert.ok(difference(channel(0, made), channel(0)) < 24);
      assert.ok(difference(channel(1, made), channel(green)) < 24);
      assert.ok(made.every((value, i) => i % 4 < 2 || value === (i % 4 === 3 ? 255 : 0)));
    }
  }
});

/** The same file, whose descriptor says that its channels are others. */
function withChannels(file: Uint8Array, channels: number): Uint8Array {
  const changed = file.slice();
  const descriptorAt = new DataView(file.buffer).getUint32(48, true);
  changed[descriptorAt + 31] = channels;
  return changed;
}

/** The levels of a file of UASTC without supercompression. */
async function levelsOf(bytes: Uint8Array): Promise<[Ktx2File, Uint8Array[]]> {
  const file = await readKtx2(memorySource(bytes));
  return [file, file.levels.map(({ offset, length }) => bytes.subarray(offset, offset + length))];
}

Deno.test("UASTC gives the same texels under every supercompression", async () => {
  const plain = await encodeBasis(samplePicture(WIDTH, HEIGHT, true), { mode: MODES.UASTC });
  const [{ width, height }, levels] = await levelsOf(plain);
  const wanted = await rowsOf(plain, { level: 1 });
  for (
    const [scheme, compress] of [[0, (level: Uint8Array) => level], [2, zstdCompressSync], [
      3,
      deflateSync,
    ]] as const
  ) {
    const stored = levels.map((level) => ({
      stored: new Uint8Array(compress(level)),
      uncompressedLength: level.length,
    }));
    const parts = { row: UASTC, width, height, scheme, levels: stored };
    for (const planeBytes of scheme === 0 ? [[16]] : [[16], [0]]) {
      assert.deepEqual(await rowsOf(makeKtx2({ ...parts, planeBytes }), { level: 1 }), wanted);
    }
  }
});

Deno.test("a layer of an array is what the file of that picture alone gives", async () => {
  const pictures = [samplePicture(WIDTH, HEIGHT), samplePicture(WIDTH, HEIGHT)];
  pictures[1]!.texels.reverse();
  for (const mode of [MODES.ETC1S, MODES.UASTC]) {
    const file = await encodeBasis(pictures, { mode });
    for (const layer of [0, 1]) {
      // The encoder turned alpha of the second picture into its first channel.
      const found = psnr(await rowsOf(file, { layer }), pictures[layer]!.texels, ALL);
      assert.ok(found > LEAST_DECIBELS[mode]!, `mode ${mode}, layer ${layer}: ${found} dB`);
    }
  }
});

Deno.test("a large level comes in strips that meet", async () => {
  const small = await encodeBasis(samplePicture(64, 64), { mode: MODES.UASTC, mips: false });
  const [, [blocks]] = await levelsOf(small);
  const once = await rowsOf(small);
  // 64 times as wide, and 5 times as high: one row of pictures has 2^18 texels.
  const [columns, rows] = [64, 5];
  const wide = new Uint8Array(columns * rows * blocks!.length);
  const rowBytes = 16 * 16;
  for (let i = 0; i < wide.length; i += rowBytes) {
    const row = Math.floor(i / (columns * rowBytes)) % 16;
    wide.set(blocks!.subarray(row * rowBytes, (row + 1) * rowBytes), i);
  }
  const file = makeKtx2({
    row: UASTC,
    width: 64 * columns,
    height: 64 * rows,
    levels: [{ stored: wide }],
  });
  const texels = await rowsOf(file);
  const stride = 4 * 64;
  for (let y = 0; y < 64 * rows; y += 7) {
    const wanted = once.subarray((y % 64) * stride, (y % 64 + 1) * stride);
    for (let x = 0; x < columns; x += 9) {
      const at = (y * columns + x) * stride;
      assert.deepEqual(texels.subarray(at, at + stride), wanted);
    }
  }
});

Deno.test("a format that would lose or lack a channel is not read directly", async () => {
  const [opaque, withAlpha] = await Promise.all([false, true].map(async (alpha) => {
    const bytes = await encodeBasis(samplePicture(16, 16, alpha), { mode: MODES.ETC1S });
    return await readKtx2(memorySource(bytes));
  }));
  assert.equal(isReadAs(opaque!, "bc1-rgba-unorm-srgb"), true);
  assert.equal(isReadAs(withAlpha!, "bc1-rgba-unorm-srgb"), false);
  assert.equal(isReadAs(withAlpha!, "bc7-rgba-unorm-srgb"), true);
  assert.equal(isReadAs(withAlpha!, "bc7-rgba-unorm"), false);
  assert.equal(isReadAs(withAlpha!, "bc4-r-unorm"), false);
  assert.equal(isReadAs(withAlpha!, "bc5-rg-unorm"), false);
});
