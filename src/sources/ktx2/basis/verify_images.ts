/**
 * Transcodes every image of a level, so that damage of their slices shows.
 *
 * @module
 */

import { regionBytes } from "../../../texels/mod.ts";
import { levelSize } from "../../../tiles/mod.ts";
import type { ByteSource, ReadOptions } from "../../bytes/byte_source.ts";
import { keptOpen } from "../../bytes/kept_open.ts";
import type { InflateOptions } from "../inflate_level.ts";
import type { Ktx2File } from "../ktx2_file.ts";
import type { BasisTexels } from "./basis_form.ts";
import { BasisReader } from "./basis_reader.ts";
import { basisBlockFormat } from "./basis_target.ts";

/** Bytes that are read at once. */
const PIECE_BYTES = 2 ** 20;

/** Options of {@linkcode verifyImages}. */
export interface VerifyImagesOptions extends ReadOptions, InflateOptions {
  readonly level: number;
  readonly texels: BasisTexels;
}

/**
 * Transcodes every image of a level of Basis Universal.
 *
 * @throws {MalformedFileError} if one is damaged.
 * @throws {UnsupportedError} if there is no transcoder, or it takes too much memory or time.
 */
export async function verifyImages(
  bytes: ByteSource,
  file: Ktx2File,
  { level, texels, signal, ...limits }: VerifyImagesOptions,
): Promise<void> {
  const { layerCount, faceCount, pixelDepth } = file.header;
  const count = Math.max(1, layerCount) * faceCount * levelSize(Math.max(1, pixelDepth), level);
  const format = basisBlockFormat(texels, file);
  const { width, height } = file.levels[level]!;
  const length = regionBytes(format, width, height);
  for (let image = 0; image < count; image++) {
    const reader = new BasisReader(keptOpen(bytes), file, {
      ...limits,
      ...{ texels, format, imageIndex: () => image },
    });
    try {
      for (let offset = 0; offset < length; offset += PIECE_BYTES) {
        const piece = { offset, length: Math.min(PIECE_BYTES, length - offset) };
        await reader.readRanges(level, [piece], signal ? { signal } : {});
      }
    } finally {
      reader.close();
    }
  }
}
