/**
 * The texel formats that an atlas can hold, and the block of each.
 *
 * Names are WebGPU's (`GPUTextureFormat`). A block is the smallest piece that can be addressed:
 * 4×4 texels for the BC formats, one texel for the others.
 *
 * @module
 */

import { checkedString } from "../checks.ts";
import { UnsupportedError } from "../errors.ts";

/** A format that tiles can be stored in. */
export type TexelFormat =
  | "r8unorm"
  | "r16unorm"
  | "r16uint"
  | "r32float"
  | "rgba8unorm"
  | "rgba8unorm-srgb"
  | "bc1-rgba-unorm"
  | "bc1-rgba-unorm-srgb"
  | "bc3-rgba-unorm"
  | "bc3-rgba-unorm-srgb"
  | "bc4-r-unorm"
  | "bc5-rg-unorm"
  | "bc7-rgba-unorm"
  | "bc7-rgba-unorm-srgb";

/**
 * A format that files, tile sources and baked pictures may have. `r16uint` is none: only what is
 * rendered into an atlas has it, where the device lacks `r16unorm`, whose bytes are the same.
 */
export type StoredFormat = Exclude<TexelFormat, "r16uint">;

/** How to interpret stored values. `srgb` values are gamma-encoded (IEC 61966-2-1). */
export type ColorSpace = "srgb" | "linear";

/** Every colour space. */
export const COLOR_SPACES: readonly ColorSpace[] = ["srgb", "linear"];

/** A format and its blocks. */
export interface FormatInfo {
  /** WebGPU's name of the format. */
  readonly format: TexelFormat;
  /** Edge of a block in texels: 4 for BC formats, else 1. */
  readonly blockTexels: 1 | 4;
  /** Size of a block in bytes. */
  readonly blockBytes: number;
  /** Colour channels that carry content, 1 to 4. */
  readonly channels: 1 | 2 | 4;
  /** Whether the hardware decodes the stored values from sRGB when it samples. */
  readonly colorSpace: ColorSpace;
  /** Type of texels in shaders. Samplers filter `float`; of `uint`, shaders load texels one by one. */
  readonly sampleType: "float" | "uint";
  /** Device feature without which a texture of this format cannot be made, or null. */
  readonly requiredFeature: GPUFeatureName | null;
}

const BC: GPUFeatureName = "texture-compression-bc";

function info(
  format: TexelFormat,
  blockTexels: 1 | 4,
  blockBytes: number,
  channels: 1 | 2 | 4,
  requiredFeature: GPUFeatureName | null,
): FormatInfo {
  const colorSpace = format.endsWith("-srgb") ? "srgb" : "linear";
  const sampleType = format.endsWith("uint") ? "uint" : "float";
  return Object.freeze({
    ...{ format, blockTexels, blockBytes, channels, colorSpace, sampleType, requiredFeature },
  });
}

const FORMATS: Readonly<Record<TexelFormat, FormatInfo>> = Object.freeze({
  "r8unorm": info("r8unorm", 1, 1, 1, null),
  "r16unorm": info("r16unorm", 1, 2, 1, "texture-formats-tier1" as GPUFeatureName),
  "r16uint": info("r16uint", 1, 2, 1, null),
  "r32float": info("r32float", 1, 4, 1, "float32-filterable"),
  "rgba8unorm": info("rgba8unorm", 1, 4, 4, null),
  "rgba8unorm-srgb": info("rgba8unorm-srgb", 1, 4, 4, null),
  "bc1-rgba-unorm": info("bc1-rgba-unorm", 4, 8, 4, BC),
  "bc1-rgba-unorm-srgb": info("bc1-rgba-unorm-srgb", 4, 8, 4, BC),
  "bc3-rgba-unorm": info("bc3-rgba-unorm", 4, 16, 4, BC),
  "bc3-rgba-unorm-srgb": info("bc3-rgba-unorm-srgb", 4, 16, 4, BC),
  "bc4-r-unorm": info("bc4-r-unorm", 4, 8, 1, BC),
  "bc5-rg-unorm": info("bc5-rg-unorm", 4, 16, 2, BC),
  "bc7-rgba-unorm": info("bc7-rgba-unorm", 4, 16, 4, BC),
  "bc7-rgba-unorm-srgb": info("bc7-rgba-unorm-srgb", 4, 16, 4, BC),
});

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

/** Whether a format stores 4×4 blocks. */
export function isBlockCompressed(format: TexelFormat): boolean {
  return formatInfo(format).blockTexels > 1;
}

/** Bytes of a region of `width` × `height` texels, in tight rows of whole blocks. */
export function regionBytes(format: TexelFormat, width: number, height: number): number {
  const { blockTexels, blockBytes } = formatInfo(format);
  return Math.ceil(width / blockTexels) * Math.ceil(height / blockTexels) * blockBytes;
}
