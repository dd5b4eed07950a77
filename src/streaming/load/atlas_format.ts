/**
 * Which format a texture has in the atlas.
 *
 * @module
 */

import { InvalidArgumentError } from "../../errors.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";
import { formatInfo, isBlockCompressed, type TexelFormat } from "../../texels/mod.ts";

/** Names of formats, without colour space, with their linear texel format. */
const FORMAT_NAMES: Readonly<Record<string, TexelFormat>> = Object.freeze({
  r8: "r8unorm",
  r16: "r16unorm",
  rgba8: "rgba8unorm",
  bc1: "bc1-rgba-unorm",
  bc3: "bc3-rgba-unorm",
  bc4: "bc4-r-unorm",
  bc5: "bc5-rg-unorm",
  bc7: "bc7-rgba-unorm",
});

/** Choices of `preferredFormat`, as messages spell them; either case will do. */
export const PREFERRED_FORMATS: readonly string[] = Object.freeze(
  Object.keys(FORMAT_NAMES).map((name) => name.toUpperCase()),
);

/** The format without its colour space. */
function linearOf(format: TexelFormat): TexelFormat {
  return format.replace(/-srgb$/, "") as TexelFormat;
}

function namedFormat(name: string): TexelFormat {
  const lower = name.toLowerCase();
  const found = FORMAT_NAMES[lower] ??
    Object.values(FORMAT_NAMES).find((format) => format === linearOf(lower as TexelFormat));
  if (found !== undefined) return found;
  throw new InvalidArgumentError(
    "preferredFormat",
    `Cannot load texture as preferredFormat must be one of ` +
      `${PREFERRED_FORMATS.join(", ")}: current value is ${name}`,
  );
}

/** What a device can hold in place of a format: itself, or one without compression. */
function held(format: TexelFormat, device: ForgeDevice): TexelFormat {
  if (device.supports(format)) return format;
  if (format === "r16unorm") return "r32float";
  if (format === "bc4-r-unorm") return "r8unorm";
  if (!isBlockCompressed(format)) return format;
  return formatInfo(format).colorSpace === "srgb" ? "rgba8unorm-srgb" : "rgba8unorm";
}

/**
 * The format that a stored texture gets in the atlas.
 *
 * @param preferred A name such as `"BC7"`, or null for the stored format.
 * @throws {InvalidArgumentError} if the name is not known.
 */
export function formatFor(
  stored: TexelFormat,
  preferred: string | null,
  device: ForgeDevice,
): TexelFormat {
  if (preferred === null) return held(stored, device);
  const wanted = namedFormat(preferred);
  if (wanted === linearOf(stored)) return held(stored, device);
  const isSrgb = formatInfo(stored).colorSpace === "srgb";
  const twin = `${wanted}-srgb` as TexelFormat;
  const hasTwin = wanted.startsWith("rgba8") || /^bc[137]/.test(wanted);
  return held(isSrgb && hasTwin ? twin : wanted, device);
}

/** The name of the format to bake a picture to. */
export function bakeFormatOf(preferred: string, device: ForgeDevice): TexelFormat {
  return held(namedFormat(preferred), device);
}

/** Whether tiles of a format are what a preferred format asks for on a device. */
export function isSameFamily(
  format: TexelFormat,
  preferred: string,
  device: ForgeDevice,
): boolean {
  return linearOf(held(namedFormat(preferred), device)) === linearOf(format);
}
