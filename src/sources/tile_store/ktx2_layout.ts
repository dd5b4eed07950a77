/**
 * The bytes of a KTX2 file around its texels: header, level index, data format descriptor and
 * key/value data, after the KTX File Format Specification, version 2.0.
 *
 * @module
 */

import { InvalidArgumentError } from "../../errors.ts";
import {
  type ColorSpace,
  formatInfo,
  regionBytes,
  type StoredFormat,
  type TexelFormat,
} from "../../texels/mod.ts";
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
const FLAG_ALPHA_PREMULTIPLIED = 1;

/**
 * Vulkan's names of a format with linear and with gamma-encoded values. Where Vulkan lacks one of
 * them, both are the same and only the data format descriptor states the difference.
 */
const VK_NAMES: Readonly<Record<StoredFormat, readonly [linear: string, srgb: string]>> = Object
  .freeze({
    "r8unorm": ["R8_UNORM", "R8_SRGB"],
    "r8snorm": both("R8_SNORM"),
    "rg8unorm": both("R8G8_UNORM"),
    "rg8snorm": both("R8G8_SNORM"),
    "rgba8unorm": both("R8G8B8A8_UNORM"),
    "rgba8unorm-srgb": both("R8G8B8A8_SRGB"),
    "rgba8snorm": both("R8G8B8A8_SNORM"),
    "r16unorm": both("R16_UNORM"),
    "rg16unorm": both("R16G16_UNORM"),
    "rgba16unorm": both("R16G16B16A16_UNORM"),
    "r16float": both("R16_SFLOAT"),
    "rg16float": both("R16G16_SFLOAT"),
    "rgba16float": both("R16G16B16A16_SFLOAT"),
    "r32float": both("R32_SFLOAT"),
    "rg32float": both("R32G32_SFLOAT"),
    "rgba32float": both("R32G32B32A32_SFLOAT"),
    "rgb10a2unorm": both("A2B10G10R10_UNORM_PACK32"),
    "rg11b10ufloat": both("B10G11R11_UFLOAT_PACK32"),
    "rgb9e5ufloat": both("E5B9G9R9_UFLOAT_PACK32"),
    "bc1-rgba-unorm": both("BC1_RGBA_UNORM_BLOCK"),
    "bc1-rgba-unorm-srgb": both("BC1_RGBA_SRGB_BLOCK"),
    "bc2-rgba-unorm": both("BC2_UNORM_BLOCK"),
    "bc2-rgba-unorm-srgb": both("BC2_SRGB_BLOCK"),
    "bc3-rgba-unorm": both("BC3_UNORM_BLOCK"),
    "bc3-rgba-unorm-srgb": both("BC3_SRGB_BLOCK"),
    "bc4-r-unorm": both("BC4_UNORM_BLOCK"),
    "bc4-r-snorm": both("BC4_SNORM_BLOCK"),
    "bc5-rg-unorm": both("BC5_UNORM_BLOCK"),
    "bc5-rg-snorm": both("BC5_SNORM_BLOCK"),
    "bc6h-rgb-ufloat": both("BC6H_UFLOAT_BLOCK"),
    "bc6h-rgb-float": both("BC6H_SFLOAT_BLOCK"),
    "bc7-rgba-unorm": both("BC7_UNORM_BLOCK"),
    "bc7-rgba-unorm-srgb": both("BC7_SRGB_BLOCK"),
    "etc2-rgb8unorm": both("ETC2_R8G8B8_UNORM_BLOCK"),
    "etc2-rgb8unorm-srgb": both("ETC2_R8G8B8_SRGB_BLOCK"),
    "etc2-rgb8a1unorm": both("ETC2_R8G8B8A1_UNORM_BLOCK"),
    "etc2-rgb8a1unorm-srgb": both("ETC2_R8G8B8A1_SRGB_BLOCK"),
    "etc2-rgba8unorm": both("ETC2_R8G8B8A8_UNORM_BLOCK"),
    "etc2-rgba8unorm-srgb": both("ETC2_R8G8B8A8_SRGB_BLOCK"),
    "eac-r11unorm": both("EAC_R11_UNORM_BLOCK"),
    "eac-r11snorm": both("EAC_R11_SNORM_BLOCK"),
    "eac-rg11unorm": both("EAC_R11G11_UNORM_BLOCK"),
    "eac-rg11snorm": both("EAC_R11G11_SNORM_BLOCK"),
    "astc-4x4-unorm": both("ASTC_4x4_UNORM_BLOCK"),
    "astc-4x4-unorm-srgb": both("ASTC_4x4_SRGB_BLOCK"),
    "astc-8x8-unorm": both("ASTC_8x8_UNORM_BLOCK"),
    "astc-8x8-unorm-srgb": both("ASTC_8x8_SRGB_BLOCK"),
  });

function both(name: string): readonly [string, string] {
  return [name, name];
}

function vkNameOf(format: TexelFormat, colorSpace: ColorSpace): string {
  return VK_NAMES[format as StoredFormat][colorSpace === "srgb" ? 1 : 0];
}

/** The `VkFormat` under which KTX2 files hold a format. */
export function vkFormatOf(format: TexelFormat, colorSpace: ColorSpace): number {
  return vkFormatNumber(vkNameOf(format, colorSpace))!;
}

/** What the texels of a KTX2 file are. */
export interface Ktx2LayoutOptions {
  /** Format of the texels. */
  readonly format: TexelFormat;
  /** The format's own where it has a variant with sRGB encoding. */
  readonly colorSpace: ColorSpace;
  /** Whether colours are multiplied by alpha. Default false. */
  readonly premultipliedAlpha?: boolean;
  /** An entry at the end of the key/value data, zeros to be filled in. Default none. */
  readonly lastEntry?: { readonly key: string; readonly byteLength: number };
}

/**
 * Lays out a two-dimensional KTX2 file without supercompression: the file begins with `prefix`, and
 * each level's texels lie at its `offset`.
 *
 * @param sizes Sizes of the levels in texels, finest first.
 */
export function ktx2Layout(
  sizes: readonly { readonly width: number; readonly height: number }[],
  options: Ktx2LayoutOptions,
): Ktx2Layout {
  const { format, colorSpace, lastEntry } = options;
  const finest = sizes[0];
  if (finest === undefined) {
    throw new InvalidArgumentError("sizes", "Cannot lay out KTX2 file as it must have a level");
  }
  const dfd = dataFormatDescriptor(options);
  const kvd = keyValueData([
    ["KTXorientation", utf8("rd\0")],
    ["KTXwriter", utf8("forge3d\0")],
    ...(lastEntry ? [[lastEntry.key, new Uint8Array(lastEntry.byteLength)] as const] : []),
  ]);
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
function dataFormatDescriptor(
  { format, colorSpace, premultipliedAlpha = false }: Ktx2LayoutOptions,
): Uint8Array {
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
  view.setUint8(15, premultipliedAlpha ? FLAG_ALPHA_PREMULTIPLIED : 0);
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

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Key/value entries, which must be sorted by key; each is padded to 4 bytes. */
function keyValueData(entries: readonly (readonly [key: string, value: Uint8Array])[]): Uint8Array {
  const sizes = entries.map(([key, value]) => utf8(key).byteLength + 1 + value.byteLength);
  const padded = sizes.map((size) => 4 + Math.ceil(size / 4) * 4);
  const out = new Uint8Array(padded.reduce((sum, size) => sum + size, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  entries.forEach(([key, value], i) => {
    view.setUint32(at, sizes[i]!, true);
    out.set(utf8(key), at + 4);
    out.set(value, at + 4 + sizes[i]! - value.byteLength);
    at += padded[i]!;
  });
  return out;
}
