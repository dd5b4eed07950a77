/**
 * Fuzzer of PNG pictures.
 *
 * @module
 */

import sharp from "sharp";
import type { Fuzzer } from "../../src/cli/fuzz/fuzzer.ts";
import { openPicture } from "../../src/sources/mod.ts";
import { pictureFuzzer, pictureSample, smoothTexels } from "./pictures/picture_fuzzer.ts";
import { changeRows, pngFields, pngSize, sealPng } from "./pictures/png_parts.ts";

const KINDS: readonly (readonly [string, 1 | 2 | 3 | 4, object])[] = [
  ["colours", 3, {}],
  ["colours and alpha", 4, {}],
  ["grey", 1, {}],
  ["interlaced", 3, { progressive: true }],
  ["palette", 3, { palette: true, colours: 32 }],
];

async function samples() {
  const [width, height] = [43, 29];
  const made = KINDS.map(async ([name, channels, options]) => {
    const raw = sharp(smoothTexels(width, height, channels), { raw: { width, height, channels } });
    const pipeline = channels === 1 ? raw.toColourspace("b-w") : raw;
    const bytes = new Uint8Array(await pipeline.png(options).toBuffer());
    return await pictureSample(name, bytes, {
      fields: pngFields(bytes),
      headerBytes: 33,
      seal: sealPng,
    });
  });
  const deep = Uint16Array.from(smoothTexels(width, height, 1), (value) => value * 257);
  const grey16 = new Uint8Array(
    await sharp(deep, { raw: { width, height, channels: 1 } }).toColourspace("grey16").png()
      .toBuffer(),
  );
  made.push(pictureSample("grey of 16 bits", grey16, {
    fields: pngFields(grey16),
    headerBytes: 33,
    seal: sealPng,
  }));
  return await Promise.all(made);
}

/** The fuzzer of the library's reader. */
export const fuzzer: Fuzzer = pictureFuzzer({
  name: "png",
  samples: await samples(),
  changeInside: changeRows,
  headerSize: pngSize,
}, openPicture);
