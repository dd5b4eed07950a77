/**
 * What forms of Basis Universal can be transcoded to.
 *
 * @module
 */

import type { ColorSpace, TexelFormat } from "../../../texels/mod.ts";
import { type BasisTexels, isHdr } from "./basis_form.ts";

/** How to make a texel format of an image. */
export interface BasisTarget {
  /** Number of what the transcoder makes: `transcoder_texture_format` of Basis Universal. */
  readonly format: number;
  /**
   * Where the channels of the format come from, if they are not all that the transcoder makes: channels of
   * its 8-bit RGBA texels, 0 to 3, or {@linkcode ZERO} or {@linkcode ONE}. Null if they are.
   */
  readonly from: readonly number[] | null;
}

const MADE = Object.freeze({
  BC1: 2,
  BC3: 3,
  BC4: 4,
  BC5: 5,
  BC7: 6,
  RGBA8: 13,
  BC6H: 22,
  RGBA16F: 25,
});
/** Stands for a channel that is 0. */
export const ZERO = 4;
/** Stands for a channel that is 1. */
export const ONE = 5;

/** A target whose blocks are what the transcoder makes. */
function made(format: number): BasisTarget {
  return { format, from: null };
}

/**
 * How texels become a format, or null where the transcoder does not make it, or would lose a channel that
 * the format has room for.
 *
 * @param format Its colour space is the file's: nothing is converted.
 */
export function basisTarget(texels: BasisTexels, format: TexelFormat): BasisTarget | null {
  const { channels, green } = texels;
  const linear = format.replace(/-srgb$/, "");
  if (isHdr(texels)) {
    if (linear === "bc6h-rgb-ufloat") return made(MADE.BC6H);
    return linear === "rgba16float" ? made(MADE.RGBA16F) : null;
  }
  const isColour = channels === "rgb" || channels === "rgba";
  switch (linear) {
    case "bc7-rgba-unorm":
      return isColour ? made(MADE.BC7) : null;
    case "bc3-rgba-unorm":
      return isColour ? made(MADE.BC3) : null;
    case "bc1-rgba-unorm":
      return channels === "rgb" ? made(MADE.BC1) : null;
    case "bc4-r-unorm":
      return channels === "r" ? made(MADE.BC4) : null;
    case "bc5-rg-unorm":
      // The transcoder takes red and alpha.
      return channels === "rg" && green === 3 ? made(MADE.BC5) : null;
    case "rgba8unorm":
      if (channels === "rg") return { ...made(MADE.RGBA8), from: [0, green, ZERO, ONE] };
      return isColour ? made(MADE.RGBA8) : null;
    case "r8unorm":
      return channels === "r" ? { ...made(MADE.RGBA8), from: [0] } : null;
    default:
      return null;
  }
}

/** What of a file its formats depend on. */
interface FileColors {
  readonly colorSpace: ColorSpace;
}

/**
 * The format in blocks that is closest to what texels are: BC7 of colours, BC4 of one channel, BC5 of two.
 * BC5 has no values in sRGB: two such channels are not compressed. Floats become BC6H.
 */
export function basisBlockFormat(texels: BasisTexels, file: FileColors): TexelFormat {
  const { channels } = texels;
  if (isHdr(texels)) return "bc6h-rgb-ufloat";
  if (channels === "r") return "bc4-r-unorm";
  if (channels === "rg" && file.colorSpace === "linear") return "bc5-rg-unorm";
  if (channels === "rg") return basisTexelFormat(texels, file);
  return file.colorSpace === "srgb" ? "bc7-rgba-unorm-srgb" : "bc7-rgba-unorm";
}

/** The format without block compression that holds all of what texels are. */
export function basisTexelFormat(texels: BasisTexels, { colorSpace }: FileColors): TexelFormat {
  if (isHdr(texels)) return "rgba16float";
  if (texels.channels === "r") return "r8unorm";
  return colorSpace === "srgb" ? "rgba8unorm-srgb" : "rgba8unorm";
}
