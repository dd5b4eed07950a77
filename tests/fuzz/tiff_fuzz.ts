/**
 * Fuzzer of TIFF pictures.
 *
 * @module
 */

import sharp, { type TiffOptions } from "sharp";
import type { Fuzzer } from "../../src/cli/fuzz/fuzzer.ts";
import { openPicture } from "../../src/sources/mod.ts";
import {
  pictureFuzzer,
  type PictureKind,
  pictureSample,
  smoothTexels,
} from "./pictures/picture_fuzzer.ts";
import { changeChunk } from "./pictures/tiff_changes.ts";
import { tiffDataFault } from "./pictures/tiff_data.ts";
import {
  isComparable,
  isStoredExactly,
  plainTiff,
  tiffFields,
  tiffSize,
} from "./pictures/tiff_parts.ts";

const KINDS: readonly (readonly [string, 1 | 3 | 4, TiffOptions])[] = [
  ["plain", 3, { compression: "none" }],
  ["lzw", 3, { compression: "lzw", predictor: "horizontal" }],
  ["deflate, alpha", 4, { compression: "deflate" }],
  ["packbits, grey", 1, { compression: "packbits" }],
  ["jpeg inside", 3, { compression: "jpeg" }],
  ["tiles", 3, { compression: "deflate", tile: true, tileWidth: 16, tileHeight: 16 }],
  ["jpeg tiles", 3, { compression: "jpeg", tile: true, tileWidth: 32, tileHeight: 32 }],
  ["lzw tiles", 3, { compression: "lzw", tile: true, tileWidth: 32, tileHeight: 32 }],
];

async function samples() {
  const [width, height] = [53, 37];
  const made = KINDS.map(async ([name, channels, options]) => {
    const raw = sharp(smoothTexels(width, height, channels), { raw: { width, height, channels } });
    const pipeline = channels === 1 ? raw.toColourspace("b-w") : raw;
    return [name, new Uint8Array(await pipeline.tiff(options).toBuffer())] as const;
  });
  const deep = Uint16Array.from(smoothTexels(width, height, 1), (value) => value * 257);
  const floats = Float32Array.from(smoothTexels(width, height, 1), (value) => value / 255);
  const files = [
    ...await Promise.all(made),
    ["16 bits", plainTiff(new Uint8Array(deep.buffer), { width, bits: 16, sampleFormat: 1 })],
    ["floats", plainTiff(new Uint8Array(floats.buffer), { width, bits: 32, sampleFormat: 3 })],
  ] as const;
  return await Promise.all(files.map(([name, bytes]) => {
    return pictureSample(name, bytes, { fields: tiffFields(bytes), headerBytes: 8 });
  }));
}

const KIND: PictureKind = {
  name: "tiff",
  samples: await samples(),
  changeInside: changeChunk,
  headerSize: tiffSize,
  isExact: isStoredExactly,
  isComparable,
  dataFault: tiffDataFault,
};

/** A fuzzer of a function that opens pictures. */
export function tiffFuzzer(open: typeof openPicture): Fuzzer {
  return pictureFuzzer(KIND, open);
}

/** The fuzzer of the library's reader. */
export const fuzzer: Fuzzer = tiffFuzzer(openPicture);
