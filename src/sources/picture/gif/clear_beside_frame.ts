/**
 * Makes transparent what the first frame of a GIF file leaves free: the decoder makes it black where
 * the frame has no transparent colour.
 *
 * @module
 */

import { requireDeno } from "../../../deno_runtime.ts";
import { writeFully } from "../../bytes/scratch_file.ts";
import { DECODED_HEADER_BYTES } from "../decoder/decoded_picture.ts";
import { besideFrame, type GifHeader } from "./gif_header.ts";

const TEXEL_BYTES = 4;

/** Overwrites texels of the decoded picture, which is red, green, blue, alpha of 8 bits. */
export async function clearBesideFrame(path: string, header: GifHeader): Promise<void> {
  const rectangles = besideFrame(header);
  if (rectangles.length === 0) return;
  const rowTexels = header.storedWidth;
  const blank = new Uint8Array(rowTexels * TEXEL_BYTES);
  using file = await requireDeno().open(path, { read: true, write: true });
  for (const { left, top, width, height } of rectangles) {
    for (let row = top; row < top + height; row++) {
      const offset = DECODED_HEADER_BYTES + (row * rowTexels + left) * TEXEL_BYTES;
      await writeFully(file, blank.subarray(0, width * TEXEL_BYTES), offset);
    }
  }
}
