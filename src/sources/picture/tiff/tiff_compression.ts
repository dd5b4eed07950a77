/**
 * Compressions of TIFF files, by number and name.
 *
 * @module
 */

import { unsupportedPicture } from "../headers/picture_header.ts";

/** Numbers of compressions that are treated apart. */
export const TIFF_COMPRESSION = Object.freeze({ none: 1, deflate: 8, oldDeflate: 32946, jpeg: 7 });

/** CCITT: modified Huffman, T.4 and T.6. */
export const CCITT_COMPRESSIONS: readonly number[] = [2, 3, 4];

/** Those that the picture decoder is built with; tests decode each. */
const DECODED: readonly number[] = [1, 2, 3, 4, 5, 7, 8, 32773, 32946, 50001];

const NAMES: Readonly<Record<number, string>> = {
  6: "old-style JPEG",
  9: "JBIG (T.85)",
  10: "JBIG (T.43)",
  32766: "NeXT",
  32809: "ThunderScan",
  32908: "PixarFilm",
  32909: "PixarLog",
  34661: "JBIG",
  34676: "SGILog",
  34677: "SGILog24",
  34712: "JPEG 2000",
  34887: "LERC",
  34925: "LZMA",
  50000: "Zstandard",
  50002: "JPEG XL",
  33003: "JPEG 2000",
  33005: "JPEG 2000",
  34892: "lossy JPEG",
};

/**
 * Refuses a compression that the picture decoder does not have: it would give black texels.
 *
 * @throws {UnsupportedError} that names it.
 */
export function assertDecodedCompression(name: string, compression: number): void {
  if (DECODED.includes(compression)) return;
  const known = NAMES[compression];
  const what = known === undefined ? `${compression}` : `${known} (${compression})`;
  throw unsupportedPicture(name, {
    feature: `TIFF compression ${known ?? compression}`,
    why: "its TIFF compression must be none, PackBits, LZW, Deflate, JPEG, WebP or CCITT: " +
      `current value is ${what}`,
  });
}
