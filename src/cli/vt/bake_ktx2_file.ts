/**
 * Bakes a KTX2 file for `vt bake`.
 *
 * @module
 */

import { basename } from "node:path";
import {
  bakeKtx2,
  type BakePictureOptions,
  type BakeReport,
  checkOutputDiffers,
} from "../../bake/mod.ts";
import { OutOfRangeError } from "../../errors.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";
import { type ImageChoice, openFileSource } from "../../sources/mod.ts";

/** What the command line says; of it, a KTX2 file has no use for limits of decoding. */
export interface BakeFileOptions extends BakePictureOptions {
  readonly image: ImageChoice;
}

/** What is told of a bake. */
export type ToldOfBake = Pick<
  BakeReport,
  "output" | "width" | "height" | "format" | "levels" | "tiles" | "byteLength"
>;

/**
 * Bakes one image of a KTX2 file to a tile store, in its own format unless another one is named.
 *
 * @throws {OutOfRangeError} if the output is no tile store, or the file itself.
 * @throws Anything that `bakeKtx2` throws.
 */
export async function bakeKtx2File(
  device: ForgeDevice | null,
  path: string,
  options: BakeFileOptions,
): Promise<ToldOfBake> {
  const { output, image, format, quality, tileSize, colorSpace, wrap, signal, onProgress } =
    options;
  if (typeof output !== "string" || !output.toLowerCase().endsWith(".pmtiles")) {
    throw new OutOfRangeError(
      "output",
      `Cannot bake ${path} as the output of a KTX2 file must end in .pmtiles: current value is ` +
        output,
    );
  }
  await checkOutputDiffers(path, output);
  const bytes = await openFileSource(path);
  try {
    return await bakeKtx2(device, bytes, {
      ...image,
      output,
      identity: { name: basename(path) },
      ...(format === undefined ? {} : { format }),
      colorSpace: colorSpace ?? null,
      ...(quality === undefined ? {} : { quality }),
      ...(tileSize === undefined ? {} : { tileSize }),
      ...(wrap === undefined ? {} : { wrap }),
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
  } finally {
    bytes.close();
  }
}
