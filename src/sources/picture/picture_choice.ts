/**
 * Which page and bands of a picture are read.
 *
 * @module
 */

import { checkedInteger, describeValue } from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import type { RowFormat } from "../row_source.ts";
import { type PictureHeader, unsupportedPicture } from "./headers/picture_header.ts";

/** Options that say what of a picture is read. */
export interface PictureChoiceOptions {
  /**
   * Page of a TIFF file, from 0: pictures in full resolution count, thumbnails and masks do not.
   * Default: the first page, or if that is a thumbnail of another (of its shape, at most half as
   * large), the other. Pictures of other kinds have no pages: with them it is an error.
   */
  readonly page?: number;
  /**
   * One to four bands in the order that is wanted, numbered from 1; one may be named twice. One band
   * is grey, two are red and green, three are red, green and blue, and a fourth is alpha, by which
   * the others are weighed in coarser levels. What a file marks as alpha stays alpha, unless it is
   * chosen for something else. Default: red, green, blue and alpha as the file has them, or the first
   * three bands.
   */
  readonly bands?: readonly number[];
}

/** What of a picture is read; null for the default. */
export interface PictureChoice {
  /** Number of the page, from 0. */
  readonly page: number | null;
  /** Numbers of the bands, from 1. */
  readonly bands: readonly number[] | null;
}

/** What is read where nothing is chosen. */
export const DEFAULT_CHOICE: PictureChoice = Object.freeze({ page: null, bands: null });

/** Most bands that become channels. */
const MOST_CHOSEN = 4;
/** No file has more bands or pages. */
const MOST_NUMBER = 65_535;

/**
 * Checks which page and bands are wanted, as far as is possible without the picture; null counts as
 * not given.
 *
 * @throws {InvalidArgumentError} for a value of the wrong type.
 * @throws {OutOfRangeError} for a number that no picture has, no bands, or more than four.
 */
export function checkedPictureChoice(
  { page, bands }: { readonly page?: unknown; readonly bands?: unknown },
  failure: string,
): PictureChoice {
  return {
    page: page === undefined || page === null
      ? null
      : checkedInteger(page as number, { name: "page", failure, range: [0, MOST_NUMBER] }),
    bands: bands === undefined || bands === null ? null : checkedBands(bands, failure),
  };
}

function checkedBands(bands: unknown, failure: string): number[] {
  const isList = Array.isArray(bands);
  if (!isList || !bands.every((band) => typeof band === "number")) {
    throw new InvalidArgumentError(
      "bands",
      `${failure} as bands must be an array of integers: current value is ${
        isList ? `[${bands.map(describeValue).join(", ")}]` : describeValue(bands)
      }`,
    );
  }
  if (bands.length === 0 || bands.length > MOST_CHOSEN) {
    throw new OutOfRangeError(
      "bands",
      `${failure} as bands must name 1 to ${MOST_CHOSEN} bands: it names ${bands.length}`,
    );
  }
  if (bands.every((band) => Number.isInteger(band) && band >= 1 && band <= MOST_NUMBER)) {
    return [...bands];
  }
  throw new OutOfRangeError(
    "bands",
    `${failure} as bands must be integers from 1 to ${MOST_NUMBER}: current value is ${
      bands.join(", ")
    }`,
  );
}

/**
 * Bands that may be chosen of a picture that is none of TIFF: of what it is decoded to.
 */
export function decodedBandCount(decoded: RowFormat, { hasAlpha }: PictureHeader): number {
  return decoded === "rgba8unorm" ? (hasAlpha ? 4 : 3) : 1;
}

/**
 * Format of the rows of chosen bands of a picture that is none of TIFF.
 *
 * @throws {OutOfRangeError} if it has no such band.
 * @throws {UnsupportedError} if a page is wanted.
 */
export function chosenFormat(
  name: string,
  { choice: { page, bands }, header, decoded }: {
    readonly choice: PictureChoice;
    readonly header: PictureHeader;
    readonly decoded: RowFormat;
  },
): RowFormat {
  if (page !== null) {
    const why = `only TIFF files have pages: leave page out, as it is ${header.container}`;
    throw unsupportedPicture(name, { feature: "page", why });
  }
  if (bands === null) return decoded;
  const count = decodedBandCount(decoded, header);
  if (bands.some((band) => band > count)) {
    const range = count === 1 ? "1, the only band" : `integers from 1 to ${count}`;
    throw new OutOfRangeError(
      "bands",
      `Cannot read picture ${name} as bands must be ${range}: current value is ${bands.join(", ")}`,
    );
  }
  if (decoded !== "rgba8unorm") {
    const kind = decoded.slice(1);
    return `${(["r", "rg", "rgba", "rgba"] as const)[bands.length - 1]!}${kind}` as RowFormat;
  }
  const hasOwnAlpha = header.hasAlpha && !bands.slice(0, -1).includes(4);
  const isColor = bands.length > 2 || (hasOwnAlpha && bands.join() !== "4");
  return isColor ? "rgba8unorm" : bands.length === 2 ? "rg8unorm" : "r8unorm";
}
