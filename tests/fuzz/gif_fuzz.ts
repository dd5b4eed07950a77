/**
 * Fuzzer of GIF pictures.
 *
 * @module
 */

import sharp from "sharp";
import type { Fuzzer } from "../../src/cli/fuzz/fuzzer.ts";
import { openPicture } from "../../src/sources/mod.ts";
import { coversScreen, gifFields, gifSize } from "./pictures/gif_parts.ts";
import { pictureFuzzer, pictureSample, smoothTexels } from "./pictures/picture_fuzzer.ts";

const KINDS: readonly (readonly [string, 3 | 4, object])[] = [
  ["colours", 3, {}],
  ["transparent", 4, {}],
  ["interlaced", 3, { progressive: true }],
  ["few colours", 3, { colours: 8 }],
];

async function samples() {
  const [width, height] = [41, 27];
  return await Promise.all(KINDS.map(async ([name, channels, options]) => {
    const raw = sharp(smoothTexels(width, height, channels), { raw: { width, height, channels } });
    const bytes = new Uint8Array(await raw.gif(options).toBuffer());
    return await pictureSample(name, bytes, { fields: gifFields(bytes), headerBytes: 13 });
  }));
}

/** The fuzzer of the library's reader. */
export const fuzzer: Fuzzer = pictureFuzzer({
  name: "gif",
  samples: await samples(),
  headerSize: gifSize,
  // Colours of a table may become black.
  isExact: () => false,
  isComparable: coversScreen,
}, openPicture);
