/**
 * Which texel format a picture is baked to, and which rows its encoder takes.
 *
 * @module
 */

import { checkedChoice } from "../checks.ts";
import { UnsupportedError } from "../errors.ts";
import type { ForgeDevice } from "../gpu/mod.ts";
import type { RowFormat } from "../sources/mod.ts";
import type { ColorSpace, TexelFormat } from "../texels/mod.ts";

/**
 * Names of formats to bake to, of either colour space. Names of {@linkcode TexelFormat} are
 * accepted too; the colour space decides between a format and its `-srgb` counterpart.
 */
export const BAKE_FORMATS: readonly BakeFormat[] = Object.freeze(
  ["r8", "r16", "r32f", "rgba8", "bc1", "bc3", "bc4", "bc5", "bc7"] as const,
);

/** A name from {@linkcode BAKE_FORMATS}. */
export type BakeFormat = "r8" | "r16" | "r32f" | "rgba8" | "bc1" | "bc3" | "bc4" | "bc5" | "bc7";

interface Target {
  readonly linear: TexelFormat;
  readonly srgb: TexelFormat;
  /** What rows must hold before they are encoded; null: 8 bits, grey or colour as they are. */
  readonly pixels: RowFormat | null;
  /** Formats of decoded rows that can be converted to that. */
  readonly accepts: readonly RowFormat[];
}

const GREY: readonly RowFormat[] = ["r8unorm", "r16unorm"];
const ANY_UNORM: readonly RowFormat[] = ["rgba8unorm", ...GREY];

const TARGETS: Readonly<Record<BakeFormat, Target>> = Object.freeze({
  r8: { linear: "r8unorm", srgb: "r8unorm", pixels: "r8unorm", accepts: GREY },
  r16: { linear: "r16unorm", srgb: "r16unorm", pixels: "r16unorm", accepts: GREY },
  r32f: {
    linear: "r32float",
    srgb: "r32float",
    pixels: "r32float",
    accepts: [...GREY, "r32float"],
  },
  rgba8: {
    linear: "rgba8unorm",
    srgb: "rgba8unorm-srgb",
    pixels: "rgba8unorm",
    accepts: ANY_UNORM,
  },
  bc1: {
    linear: "bc1-rgba-unorm",
    srgb: "bc1-rgba-unorm-srgb",
    pixels: null,
    accepts: ANY_UNORM,
  },
  bc3: {
    linear: "bc3-rgba-unorm",
    srgb: "bc3-rgba-unorm-srgb",
    pixels: null,
    accepts: ANY_UNORM,
  },
  bc4: { linear: "bc4-r-unorm", srgb: "bc4-r-unorm", pixels: null, accepts: GREY },
  bc5: {
    linear: "bc5-rg-unorm",
    srgb: "bc5-rg-unorm",
    pixels: null,
    accepts: ["rgba8unorm"],
  },
  bc7: {
    linear: "bc7-rgba-unorm",
    srgb: "bc7-rgba-unorm-srgb",
    pixels: null,
    accepts: ANY_UNORM,
  },
});

/** A format to bake to, ready to use. */
export interface ResolvedFormat {
  readonly format: TexelFormat;
  /** What decoded rows must hold before they are encoded. */
  readonly pixels: RowFormat;
}

/**
 * Checks a name from {@linkcode BAKE_FORMATS} or of a texel format, in any case.
 *
 * @throws {InvalidArgumentError} if it is not a string.
 * @throws {OutOfRangeError} if there is no such format.
 */
export function checkedBakeFormat(name: unknown): BakeFormat {
  const lower = typeof name === "string" ? name.toLowerCase() : null;
  const known = BAKE_FORMATS.find((format) =>
    format === lower || TARGETS[format].linear === lower || TARGETS[format].srgb === lower
  );
  return checkedChoice(known ?? name, {
    name: "format",
    failure: "Cannot bake",
    choices: BAKE_FORMATS,
  });
}

/**
 * The format to bake to.
 *
 * @param wanted A name from {@linkcode BAKE_FORMATS} or of a texel format, in any case. Default:
 * colour pictures BC7 if there is a device that has it, else RGBA8; grey ones R8, R16 or R32F by
 * their depth, but R32F instead of R16 for a device without R16.
 * @param picture Format of the decoded rows, and the device that will encode, or null.
 * `isForSampling`: whether the same device will sample the texels: the default of colour pictures is
 * then RGBA8 where it is a CPU, which samples BC7 several times slower.
 * @throws {OutOfRangeError} if there is no format of this name.
 * @throws {UnsupportedError} if the picture's rows cannot be converted to the format, the format
 * has no values in the colour space, or there is no device that can encode it.
 */
export function resolveBakeFormat(
  wanted: string | undefined,
  picture: {
    readonly name: string;
    readonly rows: RowFormat;
    readonly colorSpace: ColorSpace;
    readonly device: ForgeDevice | null;
    readonly isForSampling?: boolean;
  },
): ResolvedFormat {
  const { name, rows, colorSpace, device } = picture;
  const chosen = wanted === undefined ? defaultFormat(picture) : checkedBakeFormat(wanted);
  const target = TARGETS[chosen];
  if (!target.accepts.includes(rows)) {
    throw new UnsupportedError(
      chosen,
      `Cannot bake ${name} to ${chosen} as its rows must hold ${target.accepts.join(" or ")}: ` +
        `they hold ${rows}`,
    );
  }
  const format = target[colorSpace];
  if (colorSpace === "srgb" && (format === "r32float" || format === "bc5-rg-unorm")) {
    throw new UnsupportedError(
      chosen,
      `Cannot bake ${name} to ${chosen} as its color space must be "linear": current value is "srgb"`,
    );
  }
  if (chosen.startsWith("bc") && device === null) {
    throw new UnsupportedError(
      chosen,
      `Cannot bake ${name} to ${chosen} without a device to encode on: ` +
        `request one, or bake to an uncompressed format`,
    );
  }
  const eightBits = rows === "rgba8unorm" ? "rgba8unorm" : "r8unorm";
  return { format, pixels: target.pixels ?? eightBits };
}

function defaultFormat(
  { rows, device, isForSampling = false }: {
    readonly rows: RowFormat;
    readonly device: ForgeDevice | null;
    readonly isForSampling?: boolean;
  },
): BakeFormat {
  switch (rows) {
    case "rgba8unorm":
      if (isForSampling && device?.isCpu) return "rgba8";
      return device?.supports("bc7-rgba-unorm") ? "bc7" : "rgba8";
    case "r8unorm":
      return "r8";
    case "r16unorm":
      return device === null || device.supports("r16unorm") ? "r16" : "r32f";
    case "r32float":
      return "r32f";
  }
}
