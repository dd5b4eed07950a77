/**
 * How a TIFF file becomes texels: which bands, in which format, and where there is no data.
 *
 * Values are kept exactly where texels can hold them. uint8 and uint16 are normalised integers, of
 * fewer bits shares of the most that those can say; other integers and floats are 32-bit floats of
 * the values themselves. Where one band, or bands of other types than uint8, may lack data, they are
 * floats too, and NaN says so; several bands of uint8 have alpha 0 there.
 *
 * @module
 */

import { OutOfRangeError } from "../../../../errors.ts";
import type { RowFormat } from "../../../row_source.ts";
import { unsupportedPicture } from "../../headers/picture_header.ts";
import type { TiffDirectory } from "../tiff_directory.ts";
import { isDecodedToColors } from "./chunk_colors.ts";
import { PHOTOMETRIC, sampleTypeName, type TiffSamples } from "./samples.ts";
import type { TiffPage } from "./pages.ts";

/** The value that stands for no data, as text (GDAL). */
const NO_DATA_TAG = 42113;
const MOST_TEXT_BYTES = 64;

/** Bits that samples of each type may have. */
const READ_BITS = {
  unsigned: [1, 2, 4, 8, 9, 10, 11, 12, 13, 14, 15, 16, 24, 32, 64],
  signed: [8, 16, 24, 32, 64],
  float: [16, 32, 64],
  complex: [],
} as const;

/** How a page becomes texels. */
export interface TiffRaster {
  readonly samples: TiffSamples;
  /**
   * What bands are: the file's samples; entries of its palette, or colours that are decoded from
   * them (CMYK, YCbCr, CIELAB), which are red, green, blue and, where the file has it, alpha.
   */
  readonly source: "samples" | "palette" | "colors";
  /** Bands that may be chosen. */
  readonly bandCount: number;
  /** The bands that become channels, from 0, without alpha. */
  readonly bands: readonly number[];
  /** The band that becomes alpha; null if there is none. */
  readonly alphaBand: number | null;
  /** Whether colours are divided by alpha. */
  readonly isAssociated: boolean;
  /** The value that stands for no data; null if none does. */
  readonly noData: number | null;
  /** Whether a texel may lack data: there is a value for it, or a mask. */
  readonly hasHoles: boolean;
  /** Format of the decoded rows. */
  readonly format: RowFormat;
  /** What a channel of 1 stands for: 255 for uint8, 1 where texels hold the values themselves. */
  readonly valueScale: number;
}

/**
 * Decides how a page becomes texels.
 *
 * @param bands Numbers of bands from 1 in the order that is wanted, or null for the default: red,
 * green and blue, or the first three bands, or the only ones.
 * @throws {OutOfRangeError} if there is no such band.
 * @throws {UnsupportedError} if the samples are of a type that is not read.
 */
export async function planRaster(
  name: string,
  { directory, mask }: Pick<TiffPage, "directory" | "mask">,
  { samples, isGreyPalette, bands: wanted }: {
    readonly samples: TiffSamples;
    readonly isGreyPalette: boolean;
    readonly bands: readonly number[] | null;
  },
): Promise<TiffRaster> {
  assertRead(name, samples);
  const source = samples.photometric === PHOTOMETRIC.palette
    ? "palette"
    : isDecodedToColors(samples.photometric)
    ? "colors"
    : "samples";
  const colors = source === "palette" && isGreyPalette ? 1 : 3;
  const isCounted = source === "samples";
  const bandCount = isCounted ? samples.count : colors + (samples.alpha === null ? 0 : 1);
  const alpha = samples.alpha === null ? null : isCounted ? samples.alpha.sample : colors;
  const chosen = wanted === null
    ? defaultBands({ samples, bandCount, alpha })
    : checkedBands(name, wanted, bandCount);
  // Alpha that is asked for behind the others is what it would be anyway.
  const isAlphaLast = alpha !== null && chosen.length > 1 &&
    chosen.indexOf(alpha) === chosen.length - 1;
  const bands = isAlphaLast ? chosen.slice(0, -1) : chosen;
  const alphaBand = bands.length > 3 || (alpha !== null && bands.includes(alpha)) ? null : alpha;
  const noData = await readNoData(directory);
  const hasHoles = noData !== null || mask !== null;
  return {
    samples,
    source,
    bandCount,
    bands,
    alphaBand,
    isAssociated: alphaBand !== null && (samples.alpha?.isAssociated ?? false),
    noData,
    hasHoles,
    ...texelKind({ samples, source, bands: bands.length, alphaBand, hasHoles }),
  };
}

function assertRead(name: string, samples: TiffSamples): void {
  const { bits, type, photometric } = samples;
  const isColor = isDecodedToColors(photometric);
  const isPalette = photometric === PHOTOMETRIC.palette;
  const read: readonly number[] = isColor
    ? photometric === PHOTOMETRIC.ycbcr ? [8] : [8, 16]
    : isPalette
    ? [1, 2, 4, 8, 16]
    : READ_BITS[type];
  if (read.includes(bits) && (type === "unsigned" || !(isColor || isPalette))) return;
  const kind = sampleTypeName(samples);
  const why = isColor || isPalette
    ? `samples of ${isPalette ? "a palette" : "CMYK, YCbCr or CIELAB colours"} must be ` +
      `${read.map((bits) => `uint${bits}`).join(" or ")}: current value is ${kind}`
    : `its bands must be uint8, uint16, uint32, int8, int16, int32, float16, float32, float64 or ` +
      `integers of another size that is read: current value is ${kind}`;
  throw unsupportedPicture(name, { feature: `${kind} samples`, why });
}

function defaultBands(
  { samples, bandCount, alpha }: {
    samples: TiffSamples;
    bandCount: number;
    alpha: number | null;
  },
): number[] {
  const values = Array.from({ length: Math.min(bandCount, 4) }, (_, band) => band)
    .filter((band) => band !== alpha);
  // A single band of grey beside alpha is grey; there may be no other than alpha.
  if (values.length === 0) return [0];
  return samples.count === 1
    ? values.slice(0, samples.photometric === PHOTOMETRIC.palette ? 3 : 1)
    : values.slice(0, 3);
}

function checkedBands(name: string, wanted: readonly number[], bandCount: number): number[] {
  for (const band of wanted) {
    if (band <= bandCount) continue;
    const range = bandCount === 1 ? "1, the only band" : `integers from 1 to ${bandCount}`;
    throw new OutOfRangeError(
      "bands",
      `Cannot read picture ${name} as bands must be ${range}: current value is ` +
        wanted.join(", "),
    );
  }
  return wanted.map((band) => band - 1);
}

/** GDAL's value for no data; null if there is none, or another text. */
async function readNoData(directory: TiffDirectory): Promise<number | null> {
  const text = (await directory.text(NO_DATA_TAG, MOST_TEXT_BYTES)).trim();
  if (text === "") return null;
  if (/^[+-]?nan$/i.test(text)) return NaN;
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  const value = Number(text);
  return Number.isNaN(value) ? null : value;
}

/** Channels of so many bands. */
const CHANNELS: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 2: 2, 3: 4, 4: 4 };

function texelKind(
  { samples, source, bands, alphaBand, hasHoles }: {
    samples: TiffSamples;
    source: TiffRaster["source"];
    bands: number;
    alphaBand: number | null;
    hasHoles: boolean;
  },
): Pick<TiffRaster, "format" | "valueScale"> {
  const channels = alphaBand === null ? CHANNELS[bands]! : 4;
  const names = { 1: "r", 2: "rg", 4: "rgba" } as const;
  const isUnsigned = samples.type === "unsigned" && samples.bits <= 16;
  if (!isUnsigned) return { format: `${names[channels]}32float`, valueScale: 1 };
  const isNarrow = source !== "samples" || samples.bits <= 8;
  if (isNarrow) {
    const valueScale = source === "samples" ? 2 ** samples.bits - 1 : 255;
    if (channels === 1 && hasHoles) return { format: "r32float", valueScale };
    return { format: hasHoles ? "rgba8unorm" : `${names[channels]}8unorm`, valueScale };
  }
  const format = `${names[channels]}${hasHoles ? "32float" : "16unorm"}` as const;
  return { format, valueScale: 2 ** samples.bits - 1 };
}
