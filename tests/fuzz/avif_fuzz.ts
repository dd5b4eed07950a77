/**
 * Fuzzer of AVIF pictures.
 *
 * @module
 */

import sharp, { type AvifOptions } from "sharp";
import type { Fuzzer } from "../../src/cli/fuzz/fuzzer.ts";
import { openPicture } from "../../src/sources/mod.ts";
import { avifFields, avifSize } from "./pictures/avif_parts.ts";
import { pictureFuzzer, pictureSample, smoothTexels } from "./pictures/picture_fuzzer.ts";

const KINDS: readonly (readonly [string, 3 | 4, AvifOptions])[] = [
  ["lossy", 3, {}],
  ["lossless", 3, { lossless: true }],
  ["alpha", 4, {}],
  ["10 bits", 3, { bitdepth: 10 }],
];

async function samples() {
  const [width, height] = [44, 30];
  return await Promise.all(KINDS.map(async ([name, channels, options]) => {
    const raw = sharp(smoothTexels(width, height, channels), { raw: { width, height, channels } });
    const pipeline = options.bitdepth === 10 ? raw.toColourspace("rgb16") : raw;
    const bytes = new Uint8Array(await pipeline.avif({ effort: 0, ...options }).toBuffer());
    return await pictureSample(name, bytes, { fields: avifFields(bytes), headerBytes: 28 });
  }));
}

/** The fuzzer of the library's reader. */
export const fuzzer: Fuzzer = pictureFuzzer(
  { name: "avif", samples: await samples(), headerSize: avifSize, isExact: () => false },
  openPicture,
);
