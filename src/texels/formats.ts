/**
 * The texel formats that an atlas can hold, and the block of each.
 *
 * Names are WebGPU's (`GPUTextureFormat`). A block is the smallest piece that can be addressed:
 * 4×4 texels (8×8 for one size of ASTC) for the compressed formats, one texel for the others. ASTC
 * of other block sizes is missing, as tiles could not be cut out of it: their edges are powers of 2.
 *
 * @module
 */

import { checkedString } from "../checks.ts";
import { UnsupportedError } from "../errors.ts";

/** A format that tiles can be stored in. */
export type TexelFormat =
  | "r8unorm"
  | "r8snorm"
  | "rg8unorm"
  | "rg8snorm"
  | "rgba8unorm"
  | "rgba8unorm-srgb"
  | "rgba8snorm"
  | "r16unorm"
  | "rg16unorm"
  | "rgba16unorm"
  | "r16uint"
  | "r16float"
  | "rg16float"
  | "rgba16float"
  | "r32float"
  | "rg32float"
  | "rgba32float"
  | "rgb10a2unorm"
  | "rg11b10ufloat"
  | "rgb9e5ufloat"
  | "bc1-rgba-unorm"
  | "bc1-rgba-unorm-srgb"
  | "bc2-rgba-unorm"
  | "bc2-rgba-unorm-srgb"
  | "bc3-rgba-unorm"
  | "bc3-rgba-unorm-srgb"
  | "bc4-r-unorm"
  | "bc4-r-snorm"
  | "bc5-rg-unorm"
  | "bc5-rg-snorm"
  | "bc6h-rgb-ufloat"
  | "bc6h-rgb-float"
  | "bc7-rgba-unorm"
  | "bc7-rgba-unorm-srgb"
  | "etc2-rgb8unorm"
  | "etc2-rgb8unorm-srgb"
  | "etc2-rgb8a1unorm"
  | "etc2-rgb8a1unorm-srgb"
  | "etc2-rgba8unorm"
  | "etc2-rgba8unorm-srgb"
  | "eac-r11unorm"
  | "eac-r11snorm"
  | "eac-rg11unorm"
  | "eac-rg11snorm"
  | "astc-4x4-unorm"
  | "astc-4x4-unorm-srgb"
  | "astc-8x8-unorm"
  | "astc-8x8-unorm-srgb";

/**
 * A format that files, tile sources and baked pictures may have. `r16uint` is none: only what is
 * rendered into an atlas has it, where the device lacks `r16unorm`, whose bytes are the same.
 */
export type StoredFormat = Exclude<TexelFormat, "r16uint">;

/** How to interpret stored values. `srgb` values are gamma-encoded (IEC 61966-2-1). */
export type ColorSpace = "srgb" | "linear";

/** Every colour space. */
export const COLOR_SPACES: readonly ColorSpace[] = ["srgb", "linear"];

/** Edge of a block in texels. */
export type BlockTexels = 1 | 4 | 8;

/** A format and its blocks. */
export interface FormatInfo {
  /** WebGPU's name of the format. */
  readonly format: TexelFormat;
  /** Edge of a block in texels: 1 for uncompressed formats. */
  readonly blockTexels: BlockTexels;
  /** Size of a block in bytes. */
  readonly blockBytes: number;
  /** Colour channels that carry content; formats without alpha that have three channels say 4. */
  readonly channels: 1 | 2 | 4;
  /** Whether the hardware decodes the stored values from sRGB when it samples. */
  readonly colorSpace: ColorSpace;
  /** Type of texels in shaders. Samplers filter `float`; of `uint`, shaders load texels one by one. */
  readonly sampleType: "float" | "uint";
  /** Device feature without which a texture of this format cannot be made, or null. */
  readonly requiredFeature: GPUFeatureName | null;
  /**
   * Device feature without which samplers do not filter the format, so that shaders load texels one
   * by one; null if they filter it wherever it can be made, or never (`uint`).
   */
  readonly filterFeature: GPUFeatureName | null;
}

const BC: GPUFeatureName = "texture-compression-bc";
const ETC2: GPUFeatureName = "texture-compression-etc2";
const ASTC: GPUFeatureName = "texture-compression-astc";
const TIER1 = "texture-formats-tier1" as GPUFeatureName;
const FILTERED: GPUFeatureName = "float32-filterable";

/** Edge and bytes of a block, channels, and the feature that is needed. */
type Row = readonly [BlockTexels, number, 1 | 2 | 4, GPUFeatureName | null];

const ROWS: Readonly<Record<TexelFormat, Row>> = {
  "r8unorm": [1, 1, 1, null],
  "r8snorm": [1, 1, 1, null],
  "rg8unorm": [1, 2, 2, null],
  "rg8snorm": [1, 2, 2, null],
  "rgba8unorm": [1, 4, 4, null],
  "rgba8unorm-srgb": [1, 4, 4, null],
  "rgba8snorm": [1, 4, 4, null],
  "r16unorm": [1, 2, 1, TIER1],
  "rg16unorm": [1, 4, 2, TIER1],
  "rgba16unorm": [1, 8, 4, TIER1],
  "r16uint": [1, 2, 1, null],
  "r16float": [1, 2, 1, null],
  "rg16float": [1, 4, 2, null],
  "rgba16float": [1, 8, 4, null],
  "r32float": [1, 4, 1, null],
  "rg32float": [1, 8, 2, null],
  "rgba32float": [1, 16, 4, null],
  "rgb10a2unorm": [1, 4, 4, null],
  "rg11b10ufloat": [1, 4, 4, null],
  "rgb9e5ufloat": [1, 4, 4, null],
  "bc1-rgba-unorm": [4, 8, 4, BC],
  "bc1-rgba-unorm-srgb": [4, 8, 4, BC],
  "bc2-rgba-unorm": [4, 16, 4, BC],
  "bc2-rgba-unorm-srgb": [4, 16, 4, BC],
  "bc3-rgba-unorm": [4, 16, 4, BC],
  "bc3-rgba-unorm-srgb": [4, 16, 4, BC],
  "bc4-r-unorm": [4, 8, 1, BC],
  "bc4-r-snorm": [4, 8, 1, BC],
  "bc5-rg-unorm": [4, 16, 2, BC],
  "bc5-rg-snorm": [4, 16, 2, BC],
  "bc6h-rgb-ufloat": [4, 16, 4, BC],
  "bc6h-rgb-float": [4, 16, 4, BC],
  "bc7-rgba-unorm": [4, 16, 4, BC],
  "bc7-rgba-unorm-srgb": [4, 16, 4, BC],
  "etc2-rgb8unorm": [4, 8, 4, ETC2],
  "etc2-rgb8unorm-srgb": [4, 8, 4, ETC2],
  "etc2-rgb8a1unorm": [4, 8, 4, ETC2],
  "etc2-rgb8a1unorm-srgb": [4, 8, 4, ETC2],
  "etc2-rgba8unorm": [4, 16, 4, ETC2],
  "etc2-rgba8unorm-srgb": [4, 16, 4, ETC2],
  "eac-r11unorm": [4, 8, 1, ETC2],
  "eac-r11snorm": [4, 8, 1, ETC2],
  "eac-rg11unorm": [4, 16, 2, ETC2],
  "eac-rg11snorm": [4, 16, 2, ETC2],
  "astc-4x4-unorm": [4, 16, 4, ASTC],
  "astc-4x4-unorm-srgb": [4, 16, 4, ASTC],
  "astc-8x8-unorm": [8, 16, 4, ASTC],
  "astc-8x8-unorm-srgb": [8, 16, 4, ASTC],
};

function infoOf(format: TexelFormat, row: Row): FormatInfo {
  const [blockTexels, blockBytes, channels, requiredFeature] = row;
  const colorSpace = format.endsWith("-srgb") ? "srgb" : "linear";
  const sampleType = format.endsWith("uint") ? "uint" : "float";
  const filterFeature = format.endsWith("32float") ? FILTERED : null;
  return Object.freeze({
    ...{ format, blockTexels, blockBytes, channels, colorSpace, sampleType },
    ...{ requiredFeature, filterFeature },
  });
}

const FORMATS = Object.freeze(
  Object.fromEntries(
    Object.entries(ROWS).map(([name, row]) => [name, infoOf(name as TexelFormat, row)]),
  ) as Record<TexelFormat, FormatInfo>,
);

/** Every {@linkcode TexelFormat}. */
export const TEXEL_FORMATS: readonly TexelFormat[] = Object.freeze(
  Object.keys(FORMATS) as TexelFormat[],
);

/** Every {@linkcode StoredFormat}. */
export const STORED_FORMATS: readonly StoredFormat[] = Object.freeze(
  TEXEL_FORMATS.filter((format) => format !== "r16uint"),
);

/** Whether a name is a {@linkcode TexelFormat}. */
export function isTexelFormat(name: string): name is TexelFormat {
  return typeof name === "string" && Object.hasOwn(FORMATS, name);
}

/**
 * Looks up a format.
 *
 * @throws {InvalidArgumentError} if it is not a string.
 * @throws {UnsupportedError} if the name is not a {@linkcode TexelFormat}.
 */
export function formatInfo(format: TexelFormat): FormatInfo {
  if (isTexelFormat(format)) return FORMATS[format];
  const name = checkedString(format, { name: "format", failure: "Cannot use texel format" });
  throw new UnsupportedError(name, `Cannot use texel format "${name}": unknown name`);
}

/** The colour spaces of texels of a format: its own alone where it has a variant for the other. */
export function colorSpacesOf(format: TexelFormat): readonly ColorSpace[] {
  const { colorSpace } = formatInfo(format);
  const hasVariant = colorSpace === "srgb" || isTexelFormat(`${format}-srgb`);
  return hasVariant ? [colorSpace] : COLOR_SPACES;
}

/** Formats of four channels, as samplers see them, of which alpha is always 1. */
const WITHOUT_ALPHA = /^(rg11b10|rgb9e5|bc6h|etc2-rgb8unorm)/;

/** Whether a format has alpha, which colours can be multiplied by. */
export function hasAlpha(format: TexelFormat): boolean {
  return formatInfo(format).channels === 4 && !WITHOUT_ALPHA.test(format);
}

/** Whether a format stores blocks of several texels. */
export function isBlockCompressed(format: TexelFormat): boolean {
  return formatInfo(format).blockTexels > 1;
}

/** Bytes of a region of `width` × `height` texels, in tight rows of whole blocks. */
export function regionBytes(format: TexelFormat, width: number, height: number): number {
  const { blockTexels, blockBytes } = formatInfo(format);
  return Math.ceil(width / blockTexels) * Math.ceil(height / blockTexels) * blockBytes;
}
