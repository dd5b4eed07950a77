/**
 * Overwrites rectangles of a picture that is decoded to a file.
 *
 * @module
 */

import type { DenoFile } from "../../../deno_runtime.ts";
import { writeFully } from "../../bytes/scratch_file.ts";
import { rowTexelBytes } from "../../row_source.ts";
import type { PictureHeader } from "../headers/picture_header.ts";
import type { PictureInfo } from "../picture_info.ts";
import type { TexelRectangle } from "../tiff/sparse_tiff.ts";
import { DECODED_HEADER_BYTES } from "./decoded_picture.ts";

const BLOCK_BYTES = 1024 * 1024;

/**
 * Fills rectangles, which are of the stored picture, with one texel.
 *
 * @param texel The bytes of one decoded texel.
 */
export async function fillDecoded(
  file: DenoFile,
  { info, header, rectangles, texel }: {
    info: PictureInfo;
    header: PictureHeader;
    rectangles: readonly TexelRectangle[];
    texel: Uint8Array;
  },
): Promise<void> {
  const texelBytes = rowTexelBytes(info.format);
  const block = new Uint8Array(Math.max(BLOCK_BYTES, info.width * texelBytes));
  for (let at = 0; at < block.byteLength; at += texelBytes) block.set(texel, at);
  for (const stored of rectangles) {
    const { left, top, width, height } = orientedRectangle(stored, header);
    // Rows of full width lie one after the other.
    const isFullWidth = width === info.width;
    const rowsAtOnce = isFullWidth ? Math.floor(block.byteLength / (width * texelBytes)) : 1;
    for (let row = 0; row < height; row += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, height - row);
      const offset = DECODED_HEADER_BYTES + ((top + row) * info.width + left) * texelBytes;
      await writeFully(file, block.subarray(0, rows * width * texelBytes), offset);
    }
  }
}

/**
 * Where a rectangle of the stored picture lies in the one that is seen (EXIF 2.3, orientation).
 */
export function orientedRectangle(
  { left, top, width, height }: TexelRectangle,
  { orientation, storedWidth, storedHeight }: Pick<
    PictureHeader,
    "orientation" | "storedWidth" | "storedHeight"
  >,
): TexelRectangle {
  const fromRight = storedWidth - left - width;
  const fromBottom = storedHeight - top - height;
  // Columns and rows of the seen picture, in terms of the stored one's.
  const isTurned = orientation > 4;
  const x = [2, 3].includes(orientation) ? fromRight : left;
  const y = [3, 4].includes(orientation) ? fromBottom : top;
  if (!isTurned) return { left: x, top: y, width, height };
  return {
    left: [6, 7].includes(orientation) ? fromBottom : top,
    top: [7, 8].includes(orientation) ? fromRight : left,
    width: height,
    height: width,
  };
}
