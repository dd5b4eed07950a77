import assert from "node:assert/strict";
import { zstdCompressSync } from "node:zlib";
import { ktx2RowSource, ktx2TileSource, memorySource, readKtx2 } from "../../../src/sources/mod.ts";
import { texelStorageOf } from "../../../src/sources/ktx2/rules/texel_storage.ts";
import { vkFormatName } from "../../../src/sources/ktx2/rules/vk_format.ts";
import {
  decodeBlocks,
  type DecodedFormat,
  decodedLayout,
  decodedTexelFormat,
  decodedValues,
  formatInfo,
  isBlockCompressed,
  type TexelFormat,
} from "../../../src/texels/mod.ts";
import { levelLength, makeKtx2, noise } from "./make_ktx2.ts";
import { BLOCK_FORMATS, light, PLAIN_FORMATS, type VulkanFormat } from "./vulkan_formats.ts";

const SIZE = { width: 24, height: 16 };

/** A file of one level of noise, without infinite values and such that are none. */
function makeFile({ row, valueAt }: VulkanFormat): { file: Uint8Array; stored: Uint8Array } {
  const stored = noise(levelLength(row, SIZE.width, SIZE.height), 3);
  const view = new DataView(stored.buffer);
  for (let at = 0; valueAt !== null && at < stored.length; at += row.blockBytes) {
    if (valueAt(view, at).every(Number.isFinite)) continue;
    stored.fill(0x31, at, at + row.blockBytes);
  }
  return { file: makeKtx2({ row, ...SIZE, levels: [{ stored }] }), stored };
}

/** Red, green, blue and alpha of decoded texels, as a sampler reads them. */
function colors(bytes: Uint8Array, rows: DecodedFormat, srgb: boolean): number[][] {
  const values = decodedValues(bytes, rows);
  const { channels, storage } = decodedLayout(rows, "linear");
  const unit = storage === "unorm8" ? 255 : storage === "unorm16" ? 65535 : 1;
  return Array.from({ length: values.length / channels }, (_, texel) => {
    const color = [0, 0, 0, 1];
    for (let c = 0; c < channels; c++) {
      const value = values[texel * channels + c]! / unit;
      color[c] = srgb && c < 3 ? light(value) : value;
    }
    return color;
  });
}

function largestDifference(found: readonly number[][], wanted: readonly number[][]): number {
  assert.equal(found.length, wanted.length);
  return found.reduce((most, color, i) =>
    color.reduce((m, value, c) => {
      const scale = Math.max(1, Math.abs(wanted[i]![c]!));
      const difference = Math.abs(value - wanted[i]![c]!) / scale;
      return Math.max(m, Number.isNaN(difference) ? Infinity : difference);
    }, most), 0);
}

Deno.test("tiles of every uncompressed format hold the values that Vulkan says", async () => {
  for (const vulkan of PLAIN_FORMATS) {
    const { name, row, format, valueAt } = vulkan;
    const { file, stored } = makeFile(vulkan);
    const bytes = memorySource(file, name);
    const described = await readKtx2(bytes);
    assert.equal(described.vkFormatName, name);
    assert.deepEqual([described.texelFormat, described.unsupported], [format, null], name);
    const source = ktx2TileSource(bytes, described, { tileSize: 32, border: 0 });
    const tile = decodeBlocks(format, await source.readTile(0, 0, 0), 32, 32);
    const rows = decodedTexelFormat(format);
    const srgb = formatInfo(format).colorSpace === "srgb";
    const texels = colors(tile, rows, srgb).filter((_, i) =>
      i % 32 < SIZE.width && i < 32 * SIZE.height
    );
    const view = new DataView(stored.buffer);
    const wanted = Array.from(
      { length: SIZE.width * SIZE.height },
      (_, i) => valueAt!(view, i * row.blockBytes),
    );
    const difference = largestDifference(texels, wanted);
    assert.ok(difference < 1e-6, `${name}: ${difference}`);
    const shifted = [...wanted.slice(1), wanted[0]!];
    assert.ok(largestDifference(texels, shifted) > 0.1, "control: the texel beside");
    source.close();
  }
});

Deno.test("rows of every format are its decoded texels", async () => {
  for (const vulkan of [...PLAIN_FORMATS, ...BLOCK_FORMATS]) {
    const { name, format, row, valueAt } = vulkan;
    if (format.startsWith("astc")) continue;
    const { file, stored } = makeFile(vulkan);
    const bytes = memorySource(file, name);
    const described = await readKtx2(bytes);
    assert.deepEqual([described.texelFormat, described.unsupported], [format, null], name);
    const source = ktx2RowSource(bytes, described, { level: 0 });
    const rows = await source.readRows(2, 11);
    if (valueAt === null) {
      const whole = decodeBlocks(format, stored, SIZE.width, SIZE.height);
      const rowBytes = whole.length / SIZE.height;
      const wanted = whole.slice(2 * rowBytes, 13 * rowBytes);
      if (described.opaque) { for (let k = 3; k < wanted.length; k += 4) wanted[k] = 255; }
      assert.deepEqual(rows, wanted, name);
      continue;
    }
    const view = new DataView(stored.buffer);
    const wanted = Array.from({ length: 11 * SIZE.width }, (_, i) => {
      const color = valueAt(view, (2 * SIZE.width + i) * row.blockBytes);
      // Rows of grey have one channel.
      return name === "R8_SRGB" ? [color[0]!, 0, 0, 1] : color;
    });
    assert.ok(largestDifference(colors(rows, source.format, row.srgb), wanted) < 1e-6, name);
    await source.close();
  }
});

Deno.test("tiles of compressed formats are the blocks of the file", async () => {
  for (const vulkan of BLOCK_FORMATS) {
    const { file, stored } = makeFile(vulkan);
    const bytes = memorySource(file, vulkan.name);
    const source = ktx2TileSource(bytes, await readKtx2(bytes), { tileSize: 8, border: 0 });
    const { blockTexels, blockBytes } = formatInfo(source.format);
    const columns = SIZE.width / blockTexels;
    const tile = await source.readTile(0, 2, 1);
    const edge = 8 / blockTexels;
    for (let row = 0; row < edge; row++) {
      const at = ((edge + row) * columns + 2 * edge) * blockBytes;
      const found = tile.subarray(row * edge * blockBytes, (row + 1) * edge * blockBytes);
      assert.deepEqual(found, stored.subarray(at, at + edge * blockBytes), vulkan.name);
    }
    source.close();
  }
});

/** Names of all formats that the reader knows. */
function knownNames(): string[] {
  const names = [];
  for (let number = 1; number <= 184; number++) names.push(vkFormatName(number)!);
  for (let extension = 1000000000; extension < 1000500000; extension += 1000) {
    for (let number = 0; number < 64; number++) names.push(vkFormatName(extension + number)!);
  }
  return names.filter((name) => name !== null);
}

Deno.test("every Vulkan format is read, or is of a kind that is refused", () => {
  const refused = [
    // Integers, scaled integers and 64 bits are not filtered.
    /_[SU]INT(_|$)/,
    /_[SU]SCALED/,
    /^R64/,
    // Depth and stencil.
    /^(X8_)?D\d/,
    /^S8/,
    // Few bits, and bits that are padded.
    /^[RGBA]\dG?\d?.*_PACK(8|16)/,
    /^A[14](R|B)\d.*_PACK16/,
    /X[46]/,
    /^A2[RB]10G10[RB]10_SNORM/,
    /^A8_UNORM/,
    /SFIXED5/,
    // Luma and chroma, and other compressions.
    /_42[02]_|_444_|PLANE/,
    /^PVRTC/,
    /^ASTC_\d+x\d+(x\d+)?_SFLOAT/,
    /^ASTC_\d+x\d+x\d+/,
    /^ASTC_(?!4x4_|8x8_)/,
  ];
  const read = new Map([...PLAIN_FORMATS, ...BLOCK_FORMATS].map((one) => [one.name, one.format]));
  const names = knownNames();
  assert.ok(names.length > 250);
  for (const name of names) {
    const found: TexelFormat | null = texelStorageOf(name)?.format ?? null;
    assert.equal(found, read.get(name) ?? null, name);
    const isRefused = refused.some((kind) => kind.test(name));
    assert.equal(isRefused, found === null, name);
    if (found !== null) assert.equal(isBlockCompressed(found), name.includes("_BLOCK"));
  }
  assert.equal(names.filter((name) => read.has(name)).length, read.size);
});

Deno.test("an image of several is found by the bytes that its texels have in the file", async () => {
  const { row } = PLAIN_FORMATS.find(({ name }) => name === "B8G8R8_SRGB")!;
  const stored = noise(2 * levelLength(row, SIZE.width, SIZE.height), 4);
  for (const scheme of [0, 2]) {
    const data = scheme === 0 ? stored : new Uint8Array(zstdCompressSync(stored));
    const levels = [{ stored: data, uncompressedLength: stored.length }];
    const bytes = memorySource(makeKtx2({ row, ...SIZE, layers: 2, levels, scheme }), "array");
    const file = await readKtx2(bytes);
    const rows = await ktx2RowSource(bytes, file, { level: 0, layer: 1 }).readRows(3, 2);
    const source = ktx2TileSource(bytes, file, { tileSize: 32, border: 0, layer: 1 });
    const tile = await source.readTile(0, 0, 0);
    for (let texel = 0; texel < 2 * SIZE.width; texel++) {
      const at = stored.length / 2 + 3 * (3 * SIZE.width + texel);
      const wanted = [stored[at + 2], stored[at + 1], stored[at], 255];
      assert.deepEqual([...rows.subarray(4 * texel, 4 * texel + 4)], wanted);
      const y = 3 + Math.floor(texel / SIZE.width);
      const place = 4 * (32 * y + texel % SIZE.width);
      assert.deepEqual([...tile.subarray(place, place + 4)], wanted);
    }
    source.close();
  }
});
