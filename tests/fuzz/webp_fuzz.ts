/**
 * Fuzzer of WebP pictures.
 *
 * @module
 */

import sharp, { type WebpOptions } from "sharp";
import type { Fuzzer } from "../../src/cli/fuzz/fuzzer.ts";
import { openPicture } from "../../src/sources/mod.ts";
import { pictureFuzzer, pictureSample, smoothTexels } from "./pictures/picture_fuzzer.ts";
import { webpFields, webpSize } from "./pictures/webp_parts.ts";

const KINDS: readonly (readonly [string, 3 | 4, WebpOptions])[] = [
  ["lossy", 3, {}],
  ["lossless", 3, { lossless: true }],
  ["lossy, alpha", 4, {}],
  ["lossless, alpha", 4, { lossless: true }],
];

async function samples() {
  const [width, height] = [47, 35];
  return await Promise.all(KINDS.map(async ([name, channels, options]) => {
    const raw = sharp(smoothTexels(width, height, channels), { raw: { width, height, channels } });
    const bytes = new Uint8Array(await raw.webp(options).toBuffer());
    return await pictureSample(name, bytes, { fields: webpFields(bytes), headerBytes: 30 });
  }));
}

/** The fuzzer of the library's reader. */
export const fuzzer: Fuzzer = pictureFuzzer(
  { name: "webp", samples: await samples(), headerSize: webpSize, isExact: () => false },
  openPicture,
);
