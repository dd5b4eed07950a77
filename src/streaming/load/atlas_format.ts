/**
 * Which format a texture has in the atlas.
 *
 * @module
 */

import { isBakeFormat } from "../../bake/mod.ts";
import { checkedChoice } from "../../checks.ts";
import { UnsupportedError } from "../../errors.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";
import { decodedFormat } from "../../sources/mod.ts";
import { formatInfo, isTexelFormat, type TexelFormat } from "../../texels/mod.ts";
import { repeats, type Wrap, wrapText } from "../../tiles/mod.ts";

/** Names of formats, without colour space, with their linear texel format. */
const FORMAT_NAMES: Readonly<Record<FormatName, TexelFormat>> = Object.freeze({
  R8: "r8unorm",
  RG8: "rg8unorm",
  RGBA8: "rgba8unorm",
  R8S: "r8snorm",
  RG8S: "rg8snorm",
  RGBA8S: "rgba8snorm",
  R16: "r16unorm",
  RG16: "rg16unorm",
  RGBA16: "rgba16unorm",
  R16F: "r16float",
  RG16F: "rg16float",
  RGBA16F: "rgba16float",
  R32F: "r32float",
  RG32F: "rg32float",
  RGBA32F: "rgba32float",
  RGB10A2: "rgb10a2unorm",
  RG11B10F: "rg11b10ufloat",
  RGB9E5: "rgb9e5ufloat",
  BC1: "bc1-rgba-unorm",
  BC2: "bc2-rgba-unorm",
  BC3: "bc3-rgba-unorm",
  BC4: "bc4-r-unorm",
  BC4S: "bc4-r-snorm",
  BC5: "bc5-rg-unorm",
  BC5S: "bc5-rg-snorm",
  BC6H: "bc6h-rgb-ufloat",
  BC7: "bc7-rgba-unorm",
});

/** Names of formats in `preferredFormat`: `S` at the end is for values from −1 to 1, `F` for floats. */
export type FormatName =
  | "R8"
  | "RG8"
  | "RGBA8"
  | "R8S"
  | "RG8S"
  | "RGBA8S"
  | "R16"
  | "RG16"
  | "RGBA16"
  | "R16F"
  | "RG16F"
  | "RGBA16F"
  | "R32F"
  | "RG32F"
  | "RGBA32F"
  | "RGB10A2"
  | "RG11B10F"
  | "RGB9E5"
  | "BC1"
  | "BC2"
  | "BC3"
  | "BC4"
  | "BC4S"
  | "BC5"
  | "BC5S"
  | "BC6H"
  | "BC7";

/** Values of `preferredFormat`, in the case in which messages show them. */
export const FORMAT_CHOICES: readonly FormatName[] = Object.freeze(
  Object.keys(FORMAT_NAMES) as FormatName[],
);

/** The format without its colour space, and of BC6H without its sign. */
function linearOf(format: TexelFormat): TexelFormat {
  const linear = format.replace(/-srgb$/, "") as TexelFormat;
  return linear === "bc6h-rgb-float" ? "bc6h-rgb-ufloat" : linear;
}

/**
 * Checks a name of a format: a short one, such as `BC7`, or a texel format, in either case.
 *
 * @returns The linear texel format that it names.
 * @throws {InvalidArgumentError} if it is not a string.
 * @throws {OutOfRangeError} if there is no such format.
 */
export function checkedFormatName(name: unknown): TexelFormat {
  const lower = typeof name === "string" ? linearOf(name.toLowerCase() as TexelFormat) : null;
  const known = FORMAT_CHOICES.find((short) =>
    short.toLowerCase() === lower || FORMAT_NAMES[short] === lower
  );
  const choice = checkedChoice(known ?? name, {
    name: "preferredFormat",
    failure: "Cannot load texture",
    choices: FORMAT_CHOICES,
  });
  return FORMAT_NAMES[choice];
}

/** What a device can hold in place of a format: itself, or one without compression. */
function heldFormat(format: TexelFormat, device: ForgeDevice): TexelFormat {
  return device.supports(format) ? format : decodedFormat(format);
}

/**
 * The format that a stored texture gets in the atlas.
 *
 * @param preferred A name such as `"BC7"`, or null for the stored format.
 * @throws {OutOfRangeError} if there is no format of this name.
 * @throws {UnsupportedError} if it is another than the stored one and nothing can be encoded to it.
 */
export function formatFor(
  stored: TexelFormat,
  preferred: string | null,
  device: ForgeDevice,
): TexelFormat {
  if (preferred === null) return heldFormat(stored, device);
  const wanted = checkedFormatName(preferred);
  if (wanted === linearOf(stored)) return heldFormat(stored, device);
  const isSrgb = formatInfo(stored).colorSpace === "srgb";
  const srgb = `${wanted}-srgb`;
  const format = isSrgb && isTexelFormat(srgb) ? srgb : wanted;
  if (format === decodedFormat(stored)) return format;
  assertEncodable(format, stored);
  return heldFormat(format, device);
}

/**
 * The format to bake a picture to.
 *
 * @throws {UnsupportedError} if pictures cannot be encoded to it.
 */
export function bakeFormatOf(preferred: string, device: ForgeDevice): TexelFormat {
  const format = checkedFormatName(preferred);
  assertEncodable(format, "a picture");
  return heldFormat(format, device);
}

function assertEncodable(format: TexelFormat, source: string): void {
  if (isBakeFormat(format)) return;
  throw new UnsupportedError(
    format,
    `Cannot load texture as preferredFormat cannot make ${format} of ${source}: nothing is encoded ` +
      `to it here, so choose another format, or leave preferredFormat out`,
  );
}

/**
 * The format that a stored texture gets if some of its levels have to be encoded: the decoded one if
 * nothing is encoded to the stored one.
 *
 * @param options `name`: of the texture, in messages; `wrap`: how it goes on beyond its edges.
 * @throws {UnsupportedError} if it can neither be encoded to nor decoded.
 */
export function encodableFormat(
  format: TexelFormat,
  { name, wrap }: { readonly name: string; readonly wrap: Wrap },
): TexelFormat {
  if (isBakeFormat(format)) return format;
  const decoded = decodedFormat(format);
  if (decoded !== format) return decoded;
  if (repeats(wrap)) {
    throw new UnsupportedError(
      `wrap of ${format}`,
      `Cannot load ${name} as wrap must be clamp with ${format}, which is decoded by devices alone: ` +
        `levels that are not whole blocks cannot repeat; current value is ${wrapText(wrap)}`,
    );
  }
  throw new UnsupportedError(
    `levels of ${format}`,
    `Cannot load ${name} as the levels that it lacks cannot be made of ${format}, which is decoded ` +
      `by devices alone: store all levels in the file, or transcode it with a tool such as toktx or ` +
      `basisu`,
  );
}

/**
 * Whether tiles of a stored format are what a preferred format asks for on a device: as they are
 * stored, or as they are decoded where the device lacks the format.
 */
export function isSameFamily(
  stored: TexelFormat,
  preferred: string,
  device: ForgeDevice,
): boolean {
  const wanted = checkedFormatName(preferred);
  const delivered = heldFormat(stored, device);
  return wanted === linearOf(stored) ||
    linearOf(heldFormat(wanted, device)) === linearOf(delivered);
}
