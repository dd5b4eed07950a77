/**
 * Where the bytes of an image of Basis Universal lie in its file.
 *
 * @module
 */

import type { ByteSource } from "../../bytes/byte_source.ts";
import { type ByteRange, readWhole } from "../../bytes/read_range.ts";
import type { Ktx2File } from "../ktx2_file.ts";
import type { CodeBooks } from "./wrap_image.ts";

const HEADER_BYTES = 20;
const BASIS_IMAGE_BYTES = 20;
const HDR_IMAGE_BYTES = 12;

/** The global data of a file, as far as images need it. */
export interface ImageTable {
  /** Of BasisLZ, what all images are decoded with. */
  readonly codeBooks?: CodeBooks;
  /** Slices of an image, in bytes of its level. */
  slicesOf(level: number, image: number): readonly ByteRange[];
}

/** Number of an image among those of all levels, finest level first. */
function imageNumber({ header, levels }: Ktx2File, level: number, image: number): number {
  let before = 0;
  for (const { level: other } of levels.slice(0, level)) {
    const depth = Math.max(1, Math.floor(header.pixelDepth / 2 ** other));
    before += Math.max(1, header.layerCount) * header.faceCount * depth;
  }
  return before + image;
}

function imageCount(file: Ktx2File): number {
  return imageNumber(file, file.levels.length, 0);
}

/**
 * Reads the global data of a file whose scheme is BasisLZ or UASTC HDR 6x6 intermediate. `readKtx2` has
 * checked what its table says.
 */
export async function readImageTable(bytes: ByteSource, file: Ktx2File): Promise<ImageTable> {
  const data = await readWhole(bytes, file.header.supercompressionGlobalData);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const range = (at: number): ByteRange => ({
    offset: view.getUint32(at, true),
    length: view.getUint32(at + 4, true),
  });
  if (file.modelName !== "ETC1S") {
    return {
      slicesOf: (level, image) => [range(HDR_IMAGE_BYTES * imageNumber(file, level, image))],
    };
  }
  return {
    codeBooks: {
      header: data.subarray(0, HEADER_BYTES),
      content: data.subarray(HEADER_BYTES + BASIS_IMAGE_BYTES * imageCount(file)),
    },
    slicesOf(level, image) {
      const at = HEADER_BYTES + BASIS_IMAGE_BYTES * imageNumber(file, level, image);
      return [range(at + 4), range(at + 12)].filter(({ length }) => length > 0);
    },
  };
}
