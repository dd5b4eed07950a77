/**
 * Pictures as the decoder gives them, without what the library looks for itself.
 *
 * @module
 */

import sharp from "sharp";
import { MalformedFileError } from "../../../src/errors.ts";
import type { RowSource } from "../../../src/sources/mod.ts";

/** Decodes colours in memory; what the decoder refuses is malformed. */
export async function decoderAlone(bytes: Uint8Array): Promise<RowSource> {
  try {
    const { data, info } = await sharp(bytes, { failOn: "warning", limitInputPixels: 2 ** 22 })
      .autoOrient().toColourspace("srgb").ensureAlpha().raw()
      .toBuffer({ resolveWithObject: true });
    return {
      name: "bytes",
      width: info.width,
      height: info.height,
      format: "rgba8unorm",
      colorSpace: "srgb",
      readRows: () => Promise.resolve(new Uint8Array(data)),
      close: () => Promise.resolve(),
    };
  } catch (cause) {
    throw new MalformedFileError("bytes", "The decoder refuses it", { cause });
  }
}
