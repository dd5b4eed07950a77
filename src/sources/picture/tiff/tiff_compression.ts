/**
 * Compressions of TIFF files, by number and name.
 *
 * @module
 */

import { unsupportedPicture } from "../headers/picture_header.ts";

/** Numbers of compressions that are treated apart. */
export const TIFF_COMPRESSION = Object.freeze({
  none: 1,
  lzw: 5,
  jpeg: 7,
  deflate: 8,
  packBits: 32773,
  oldDeflate: 32946,
  lerc: 34887,
  zstd: 50000,
  webp: 50001,
});

/** CCITT: modified Huffman, T.4 and T.6. */
export const CCITT_COMPRESSIONS: readonly number[] = [2, 3, 4];

/** Those that are decoded, with their names; tests decode each. */
const DECODED: Readonly<Record<number, string>> = {
  1: "none",
  2: "CCITT (modified Huffman)",
  3: "CCITT T.4",
  4: "CCITT T.6",
  5: "LZW",
  7: "JPEG",
  8: "Deflate",
  32773: "PackBits",
  32946: "Deflate",
  34887: "LERC",
  50000: "Zstandard",
  50001: "WebP",
};

const NAMES: Readonly<Record<number, string>> = {
  6: "old-style JPEG",
  9: "JBIG (T.85)",
  10: "JBIG (T.43)",
  22610: "JPEG XR",
  32766: "NeXT",
  32809: "ThunderScan",
  32908: "PixarFilm",
  32909: "PixarLog",
  34661: "JBIG",
  34676: "SGILog",
  34677: "SGILog24",
  34712: "JPEG 2000",
  34892: "lossy JPEG",
  34925: "LZMA",
  34933: "PNG",
  34934: "JPEG XR",
  33003: "JPEG 2000",
  33005: "JPEG 2000",
  48124: "JetRaw",
  50002: "JPEG XL",
  52546: "JPEG XL",
};

/**
 * The name of a compression.
 *
 * @throws {UnsupportedError} that names it, if it is not decoded here.
 */
export function decodedCompressionName(name: string, compression: number): string {
  const decoded = DECODED[compression];
  if (decoded !== undefined) return decoded;
  const known = NAMES[compression];
  const what = known === undefined ? `${compression}` : `${known} (${compression})`;
  throw unsupportedPicture(name, {
    feature: `TIFF compression ${known ?? compression}`,
    why: "its TIFF compression must be none, PackBits, LZW, Deflate, Zstandard, LERC, JPEG, WebP " +
      `or CCITT: current value is ${what}`,
  });
}
