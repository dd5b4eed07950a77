/**
 * Which format a texture has in the atlas.
 *
 * @module
 */

import { checkedChoice } from "../../checks.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";
import { decodedFormat } from "../../sources/mod.ts";
import { formatInfo, type TexelFormat } from "../../texels/mod.ts";

/** Names of formats, without colour space, with their linear texel format. */
const FORMAT_NAMES = Object.freeze(
  {
    R8: "r8unorm",
    R16: "r16unorm",
    RGBA8: "rgba8unorm",
    BC1: "bc1-rgba-unorm",
    BC3: "bc3-rgba-unorm",
    BC4: "bc4-r-unorm",
    BC5: "bc5-rg-unorm",
    BC7: "bc7-rgba-unorm",
  } satisfies Record<FormatName, TexelFormat>,
);

/** Names of formats in `preferredFormat`. */
export type FormatName = "R8" | "R16" | "RGBA8" | "BC1" | "BC3" | "BC4" | "BC5" | "BC7";

/** Values of `preferredFormat`, in the case in which messages show them. */
export const FORMAT_CHOICES: readonly FormatName[] = Object.freeze(
  Object.keys(FORMAT_NAMES) as FormatName[],
);

/** The format without its colour space. */
function linearOf(format: TexelFormat): TexelFormat {
  return format.replace(/-srgb$/, "") as TexelFormat;
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
  const srgb = `${wanted}-srgb` as TexelFormat;
  const hasSrgb = wanted.startsWith("rgba8") || /^bc[137]/.test(wanted);
  return heldFormat(isSrgb && hasSrgb ? srgb : wanted, device);
}

/** The format to bake a picture to. */
export function bakeFormatOf(preferred: string, device: ForgeDevice): TexelFormat {
  return heldFormat(checkedFormatName(preferred), device);
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
