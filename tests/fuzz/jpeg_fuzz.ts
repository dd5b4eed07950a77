/**
 * Fuzzer of JPEG pictures.
 *
 * @module
 */

import sharp, { type JpegOptions } from "sharp";
import type { Fuzzer } from "../../src/cli/fuzz/fuzzer.ts";
import { openPicture } from "../../src/sources/mod.ts";
import { jpegBody, jpegFields, jpegSize } from "./pictures/jpeg_parts.ts";
import { pictureFuzzer, pictureSample, smoothTexels } from "./pictures/picture_fuzzer.ts";

const KINDS: readonly (readonly [string, 1 | 3, JpegOptions])[] = [
  ["baseline", 3, { chromaSubsampling: "4:2:0" }],
  ["full chroma", 3, { chromaSubsampling: "4:4:4", quality: 95 }],
  ["progressive", 3, { progressive: true }],
  ["grey", 1, {}],
];

async function samples() {
  const [width, height] = [61, 45];
  return await Promise.all(KINDS.map(async ([name, channels, options]) => {
    const raw = sharp(smoothTexels(width, height, channels), { raw: { width, height, channels } });
    const pipeline = channels === 1 ? raw.toColourspace("b-w") : raw;
    const bytes = new Uint8Array(await pipeline.jpeg(options).toBuffer());
    return await pictureSample(name, bytes, {
      fields: jpegFields(bytes),
      headerBytes: jpegBody(bytes),
    });
  }));
}

/** The fuzzer of the library's reader. */
export const fuzzer: Fuzzer = pictureFuzzer(
  { name: "jpeg", samples: await samples(), headerSize: jpegSize, isExact: () => false },
  openPicture,
);
