/**
 * Which texel format a picture is baked to, and which rows its encoder takes.
 *
 * @module
 */

import { checkedChoice } from "../checks.ts";
import { UnsupportedError } from "../errors.ts";
import type { ForgeDevice } from "../gpu/mod.ts";
import type { RowFormat } from "../sources/mod.ts";
import {
  type ColorSpace,
  DECODED_TEXEL_FORMATS,
  decodedTexelFormat,
  formatInfo,
  isBlockCompressed,
  isTexelFormat,
  type TexelFormat,
} from "../texels/mod.ts";
import { type PictureSamples, rowsListText, rowsText, samplesText } from "./rows_text.ts";
import { canConvertRows } from "./convert_rows.ts";

/** The linear texel format of each name. */
const TARGETS: Readonly<Record<BakeFormat, TexelFormat>> = Object.freeze(
  {
    r8: "r8unorm",
    rg8: "rg8unorm",
    rgba8: "rgba8unorm",
    r8s: "r8snorm",
    rg8s: "rg8snorm",
    rgba8s: "rgba8snorm",
    r16: "r16unorm",
    rg16: "rg16unorm",
    rgba16: "rgba16unorm",
    r16f: "r16float",
    rg16f: "rg16float",
    rgba16f: "rgba16float",
    r32f: "r32float",
    rg32f: "rg32float",
    rgba32f: "rgba32float",
    rgb10a2: "rgb10a2unorm",
    rg11b10f: "rg11b10ufloat",
    rgb9e5: "rgb9e5ufloat",
    bc1: "bc1-rgba-unorm",
    bc3: "bc3-rgba-unorm",
    bc4: "bc4-r-unorm",
    bc5: "bc5-rg-unorm",
    bc7: "bc7-rgba-unorm",
  } satisfies Record<BakeFormat, TexelFormat>,
);

/** A name from {@linkcode BAKE_FORMATS}. */
export type BakeFormat =
  | "r8"
  | "rg8"
  | "rgba8"
  | "r8s"
  | "rg8s"
  | "rgba8s"
  | "r16"
  | "rg16"
  | "rgba16"
  | "r16f"
  | "rg16f"
  | "rgba16f"
  | "r32f"
  | "rg32f"
  | "rgba32f"
  | "rgb10a2"
  | "rg11b10f"
  | "rgb9e5"
  | "bc1"
  | "bc3"
  | "bc4"
  | "bc5"
  | "bc7";

/**
 * Names of formats to bake to, of either colour space. Names of {@linkcode TexelFormat} are
 * accepted too; the colour space decides between a format and its `-srgb` counterpart. `s` at the
 * end stands for values from −1 to 1, `f` for floats.
 */
export const BAKE_FORMATS: readonly BakeFormat[] = Object.freeze(
  Object.keys(TARGETS) as BakeFormat[],
);

/** Whether levels can be baked to a format. */
export function isBakeFormat(format: TexelFormat): boolean {
  return Object.values(TARGETS).includes(format.replace(/-srgb$/, "") as TexelFormat);
}

/** Formats without a variant for sRGB that may hold values which are encoded that way. */
const ENCODED: readonly TexelFormat[] = [
  ...["r8unorm", "r16unorm", "rg16unorm", "rgba16unorm", "bc4-r-unorm"] as const,
];

/** The format with values of a colour space, or null if it cannot have such. */
function inColorSpace(linear: TexelFormat, colorSpace: ColorSpace): TexelFormat | null {
  if (colorSpace === "linear") return linear;
  const srgb = `${linear}-srgb`;
  if (isTexelFormat(srgb)) return srgb;
  return ENCODED.includes(linear) ? linear : null;
}

/** Rows that can be encoded to a format. */
function acceptedRows(format: TexelFormat): readonly RowFormat[] {
  return DECODED_TEXEL_FORMATS.filter((rows) => canConvertRows(rows, pixelsOf(format, rows)));
}

/** What rows must hold before they are encoded; of BC formats grey or colour as they are. */
function pixelsOf(format: TexelFormat, rows: RowFormat): RowFormat {
  if (!isBlockCompressed(format)) return decodedTexelFormat(format);
  const isGrey = formatInfo(rows).channels === 1 && format !== "bc5-rg-unorm";
  return isGrey || format === "bc4-r-unorm" ? "r8unorm" : "rgba8unorm";
}

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
    format === lower || TARGETS[format] === lower || `${TARGETS[format]}-srgb` === lower
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
 * colour pictures BC7 if there is a device that has it, else RGBA8; grey ones, and linear ones of
 * more than 8 bits, as they are: R8, R16 or R32F by their depth, with as many channels, but R32F
 * instead of R16 for a device without R16.
 * @param picture Format of the decoded rows, and the device that will encode, or null. `samples` say
 * what the file holds, for messages.
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
    readonly samples?: PictureSamples;
  },
): ResolvedFormat {
  const { name, rows, colorSpace, device, samples } = picture;
  const chosen = wanted === undefined ? defaultFormat(picture) : checkedBakeFormat(wanted);
  const accepted = acceptedRows(TARGETS[chosen]);
  if (!accepted.includes(rows)) {
    throw new UnsupportedError(
      chosen,
      `Cannot bake ${name} to ${chosen} as it must have ${rowsListText(accepted)}: ` +
        `it has ${samples === undefined ? rowsText(rows) : samplesText(samples, rows)}`,
    );
  }
  const format = inColorSpace(TARGETS[chosen], colorSpace);
  if (format === null) {
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
  return { format, pixels: pixelsOf(format, rows) };
}

function defaultFormat(
  { rows, colorSpace, device, isForSampling = false }: {
    readonly rows: RowFormat;
    readonly colorSpace: ColorSpace;
    readonly device: ForgeDevice | null;
    readonly isForSampling?: boolean;
  },
): BakeFormat {
  const { channels } = formatInfo(rows);
  const isColor = rows === "rgba8unorm" || (channels > 1 && colorSpace === "srgb");
  if (isColor && isForSampling && device?.isCpu) return "rgba8";
  if (isColor) return device?.supports("bc7-rgba-unorm") ? "bc7" : "rgba8";
  const letters = { 1: "r", 2: "rg", 4: "rgba" } as const;
  if (rows.endsWith("8unorm")) return `${letters[channels]}8`;
  const hasNorm16 = rows.endsWith("16unorm") && (device === null || device.supports(rows));
  return `${letters[channels]}${hasNorm16 ? "16" : "32f"}`;
}
