/**
 * What stored formats decode to.
 *
 * @module
 */

import { type ColorSpace, formatInfo, isBlockCompressed, type TexelFormat } from "./formats.ts";
import type { TexelArray, TexelLayout } from "./texel_layout.ts";

/**
 * Format of decoded texels: the name of an uncompressed texel format, without the colour space.
 * Values of more than one byte are little-endian. Four channels are red, green, blue, straight
 * alpha. In floats, NaN says that there is no value.
 */
export type DecodedFormat =
  | "r8unorm"
  | "rg8unorm"
  | "rgba8unorm"
  | "r16unorm"
  | "rg16unorm"
  | "rgba16unorm"
  | "r32float"
  | "rg32float"
  | "rgba32float";

/** Every {@linkcode DecodedFormat}. */
export const DECODED_TEXEL_FORMATS: readonly DecodedFormat[] = Object.freeze(
  [
    ...["r8unorm", "rg8unorm", "rgba8unorm", "r16unorm", "rg16unorm", "rgba16unorm"] as const,
    ...["r32float", "rg32float", "rgba32float"] as const,
  ],
);

const FLOATS = { 1: "r32float", 2: "rg32float", 4: "rgba32float" } as const;

/**
 * The format that a stored format decodes to without loss of what a sampler sees: itself where it
 * is one of the decoded ones; `r8unorm` for BC4, `rgba8unorm` for the other compressed formats of
 * 8-bit values (BC5, too); 32-bit floats of as many channels for signed values, smaller floats,
 * packed ones, BC6H and EAC.
 */
export function decodedTexelFormat(format: TexelFormat): DecodedFormat {
  const { channels } = formatInfo(format);
  const linear = format.replace(/-srgb$/, "");
  const same = DECODED_TEXEL_FORMATS.find((decoded) => decoded === linear);
  if (same !== undefined) return same;
  if (format === "r16uint") return "r16unorm";
  if (format === "bc4-r-unorm") return "r8unorm";
  const isEightBits = isBlockCompressed(format) && !/snorm|float|^eac/.test(format);
  return isEightBits ? "rgba8unorm" : FLOATS[channels];
}

/** How the mip filter sees decoded texels. */
export function decodedLayout(format: DecodedFormat, colorSpace: ColorSpace): TexelLayout {
  const { channels } = formatInfo(format);
  const storage = format.endsWith("float")
    ? "float32"
    : format.endsWith("16unorm")
    ? "unorm16"
    : "unorm8";
  return { storage, channels, colorSpace };
}

/** Decoded texels as values. The bytes must begin at a multiple of 4 of their buffer. */
export function decodedValues(bytes: Uint8Array, format: DecodedFormat): TexelArray {
  const { buffer, byteOffset, byteLength } = bytes;
  if (format.endsWith("float")) return new Float32Array(buffer, byteOffset, byteLength / 4);
  if (format.endsWith("16unorm")) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return bytes;
}
