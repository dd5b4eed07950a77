/**
 * Checks the JPEG data of TIFF files against what the directory says (TIFF Technical Note 2).
 *
 * @module
 */

import { malformedPicture } from "../headers/picture_header.ts";
import type { JpegFrame } from "../jpeg/verify_scans.ts";
import { chunkSeenRows, type TiffChunk, type TiffLayout } from "./tiff_chunks.ts";

/**
 * Checks the frame header of a strip or tile: the decoder takes a smaller one, and leaves the rest
 * of its texels as they were.
 *
 * @param isExact Whether every plane has the size of the picture, which those of colours that are
 * stored apart and have fewer samples do not.
 * @throws {MalformedFileError} if it does not cover its part of the picture.
 */
export function checkJpegFrame(
  name: string,
  { width, height, components }: JpegFrame,
  { layout, chunk, isExact }: { layout: TiffLayout; chunk: TiffChunk; isExact: boolean },
): void {
  if (layout.planes > 1 && !isExact) return;
  const { what, chunkWidth, chunkHeight, samples } = layout;
  // Some writers give the last strip the rows of the others.
  const isRight = width === chunkWidth && height >= chunkSeenRows(layout, chunk.index) &&
    height <= chunkHeight && components.length === samples;
  if (isRight) return;
  throw malformedPicture(
    name,
    `its ${what} ${chunk.index} must be JPEG data of ${chunkWidth}×${chunkHeight} texels of ` +
      `${samples} components: it has ${width}×${height} of ${components.length}`,
  );
}
