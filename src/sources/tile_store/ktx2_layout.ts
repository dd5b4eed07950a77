/**
 * The bytes of a KTX2 file around its texels: header, level index, data format descriptor and
 * key/value data, after the KTX File Format Specification, version 2.0.
 *
 * @module
 */

import { InvalidArgumentError } from "../../errors.ts";
import { type ColorSpace, formatInfo, regionBytes, type TexelFormat } from "../../texels/mod.ts";
import { TRANSFER_SRGB } from "../ktx2/rules/color_model.ts";
import { expectedDescriptor, samplesWithTransfer } from "../ktx2/rules/expected_descriptor.ts";
import { vkFormatNumber } from "../ktx2/rules/vk_format.ts";

/** Where one level lies in a file. */
export interface Ktx2LevelRange {
  /** First byte. */
  readonly offset: number;
  /** Number of bytes. */
  readonly byteLength: number;
}

/** A KTX2 file without its texels. */
export interface Ktx2Layout {
  /** Everything before the first byte of texels. */
  readonly prefix: Uint8Array;
  /** Where to put each level, finest first. Levels lie in the file coarsest first. */
  readonly levels: readonly Ktx2LevelRange[];
  /** Size of the whole file in bytes. */
  readonly byteLength: number;
}

/** First bytes of every KTX2 file: «KTX 20»\r\n\x1A\n. */
export const KTX2_IDENTIFIER: readonly number[] = Object.freeze([
  0xAB,
  0x4B,
  0x54,
  0x58,
  0x20,
  0x32,
  0x30,
  0xBB,
  0x0D,
  0x0A,
  0x1A,
  0x0A,
]);

const HEADER_BYTES = 80;
const LEVEL_INDEX_BYTES = 24;
const TRANSFER_LINEAR = 1;
const PRIMARIES_BT709 = 1;

const SRGB_NAMES: Readonly<Partial<Record<TexelFormat, string>>> = Object.freeze({
  "r8unorm": "R8_SRGB",
  "rgba8unorm-srgb": "R8G8B8A8_SRGB",
  "bc1-rgba-unorm-srgb": "BC1_RGBA_SRGB_BLOCK",
  "bc3-rgba-unorm-srgb": "BC3_SRGB_BLOCK",
  "bc7-rgba-unorm-srgb": "BC7_SRGB_BLOCK",
});

const LINEAR_NAMES: Readonly<Partial<Record<TexelFormat, string>>> = Object.freeze({
  "r8unorm": "R8_UNORM",
  "r16unorm": "R16_UNORM",
  "r32float": "R32_SFLOAT",
  "rgba8unorm": "R8G8B8A8_UNORM",
  "bc1-rgba-unorm": "BC1_RGBA_UNORM_BLOCK",
  "bc3-rgba-unorm": "BC3_UNORM_BLOCK",
  "bc4-r-unorm": "BC4_UNORM_BLOCK",
  "bc5-rg-unorm": "BC5_UNORM_BLOCK",
  "bc7-rgba-unorm": "BC7_UNORM_BLOCK",
});

/** Vulkan lacks sRGB variants of some formats; then only the data format descriptor states it. */
function vkNameOf(format: TexelFormat, colorSpace: ColorSpace): string {
  const names = colorSpace === "srgb" ? [SRGB_NAMES, LINEAR_NAMES] : [LINEAR_NAMES, SRGB_NAMES];
  return names[0]![format] ?? names[1]![format]!;
}

/** The `VkFormat` under which KTX2 files hold a format. */
export function vkFormatOf(format: TexelFormat, colorSpace: ColorSpace): number {
  return vkFormatNumber(vkNameOf(format, colorSpace))!;
}

/**
 * Lays out a two-dimensional KTX2 file without supercompression: the file begins with `prefix`, and
 * each level's texels lie at its `offset`.
 *
 * @param sizes Sizes of the levels in texels, finest first.
 * @param options Format and colour space of the texels. The colour space must be the format's own
 * where the format has an sRGB variant.
 */
export function ktx2Layout(
  sizes: readonly { readonly width: number; readonly height: number }[],
  { format, colorSpace }: { readonly format: TexelFormat; readonly colorSpace: ColorSpace },
): Ktx2Layout {
  const finest = sizes[0];
  if (finest === undefined) {
    throw new InvalidArgumentError("sizes", "Cannot lay out KTX2 file as it must have a level");
  }
  const dfd = dataFormatDescriptor(format, colorSpace);
  const kvd = keyValueData([["KTXorientation", "rd"], ["KTXwriter", "forge3d"]]);
  const dfdOffset = HEADER_BYTES + sizes.length * LEVEL_INDEX_BYTES;
  const kvdOffset = dfdOffset + dfd.byteLength;
  // Levels start at multiples of lcm(block bytes, 4) (section 3.9.7); block sizes are powers of
  // two.
  const alignment = Math.max(4, formatInfo(format).blockBytes);
  const levels: Ktx2LevelRange[] = [];
  let end = kvdOffset + kvd.byteLength;
  for (const { width, height } of sizes.toReversed()) {
    const offset = Math.ceil(end / alignment) * alignment;
    const byteLength = regionBytes(format, width, height);
    levels.unshift({ offset, byteLength });
    end = offset + byteLength;
  }
  const prefix = new Uint8Array(levels.at(-1)!.offset);
  const view = new DataView(prefix.buffer);
  prefix.set(KTX2_IDENTIFIER);
  const { typeSize } = expectedDescriptor(vkNameOf(format, colorSpace))!;
  const fields = [
    [vkFormatOf(format, colorSpace), typeSize, finest.width, finest.height],
    // Depth and layers 0 (neither three-dimensional nor an array), one face, no supercompression.
    [0, 0, 1, sizes.length, 0],
    [dfdOffset, dfd.byteLength, kvdOffset, kvd.byteLength],
  ].flat();
  fields.forEach((value, i) => view.setUint32(12 + 4 * i, value, true));
  levels.forEach(({ offset, byteLength }, level) => {
    const at = HEADER_BYTES + level * LEVEL_INDEX_BYTES;
    view.setBigUint64(at, BigInt(offset), true);
    view.setBigUint64(at + 8, BigInt(byteLength), true);
    view.setBigUint64(at + 16, BigInt(byteLength), true);
  });
  prefix.set(dfd, dfdOffset);
  prefix.set(kvd, kvdOffset);
  return { prefix, levels, byteLength: end };
}

/**
 * The basic descriptor block (Khronos Data Format Specification 1.3, chapter 5), its size first.
 */
function dataFormatDescriptor(format: TexelFormat, colorSpace: ColorSpace): Uint8Array {
  const { model, block, blockBytes, samples } = expectedDescriptor(vkNameOf(format, colorSpace))!;
  const blockSize = 24 + 16 * samples.length;
  const view = new DataView(new ArrayBuffer(4 + blockSize));
  view.setUint32(0, 4 + blockSize, true);
  // Vendor 0 (Khronos) and type 0 (basic) are zero words.
  view.setUint16(8, 2, true);
  view.setUint16(10, blockSize, true);
  view.setUint8(12, model);
  view.setUint8(13, PRIMARIES_BT709);
  view.setUint8(14, colorSpace === "srgb" ? TRANSFER_SRGB : TRANSFER_LINEAR);
  view.setUint8(16, block[0] - 1);
  view.setUint8(17, block[1] - 1);
  view.setUint8(20, blockBytes);
  samplesWithTransfer(samples, view.getUint8(14)).forEach((sample, i) => {
    const at = 28 + 16 * i;
    view.setUint16(at, sample.bitOffset, true);
    view.setUint8(at + 2, sample.bitCount - 1);
    view.setUint8(at + 3, sample.channel | (sample.qualifiers << 4));
    view.setUint32(at + 8, sample.lower, true);
    view.setUint32(at + 12, sample.upper, true);
  });
  return new Uint8Array(view.buffer);
}

/** Key/value pairs, which must be sorted by key; each is padded to 4 bytes. */
function keyValueData(pairs: readonly (readonly [key: string, value: string])[]): Uint8Array {
  const encoded = pairs.map(([key, value]) => new TextEncoder().encode(`${key}\0${value}\0`));
  const sizes = encoded.map((bytes) => 4 + Math.ceil(bytes.byteLength / 4) * 4);
  const out = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  encoded.forEach((bytes, i) => {
    view.setUint32(at, bytes.byteLength, true);
    out.set(bytes, at + 4);
    at += sizes[i]!;
  });
  return out;
}
