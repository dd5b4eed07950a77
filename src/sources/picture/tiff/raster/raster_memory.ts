/**
 * Memory that decoding a TIFF picture takes, from its header.
 *
 * @module
 */

import { rowTexelBytes } from "../../../row_source.ts";
import { memoryLimitError, type ResolvedLimits } from "../../picture_limits.ts";
import { chunkTexelBytes } from "../tiff_chunks.ts";
import { TIFF_COMPRESSION } from "../tiff_compression.ts";
import type { TiffPicture } from "../tiff_header.ts";

/** What the decoder takes beside, in MiB. */
const OTHER_MEMORY_MB = 192;
/** A chunk as it is stored, decompressed, and put in its place. */
const COPIES = 3;
/** Compressions of which some rows are decoded at a time, where a strip is long. */
const SLICED: readonly number[] = [
  TIFF_COMPRESSION.none,
  TIFF_COMPRESSION.deflate,
  TIFF_COMPRESSION.oldDeflate,
];

/**
 * Checks that a picture can be decoded within the limit of memory.
 *
 * @throws {UnsupportedError} if it cannot: its strips or tiles are too large, or its rows are seen as
 * columns, for which all are held.
 */
export function assertRasterFits(
  name: string,
  { layout, raster, orientation, storedWidth, storedHeight }: TiffPicture,
  limits: ResolvedLimits,
): void {
  const { columns, planes, what, compression, chunkWidth, chunkHeight } = layout;
  const isSliced = SLICED.includes(compression) && (compression === TIFF_COMPRESSION.none ||
    (columns === 1 && planes === 1));
  const together = columns * (planes === 1 ? 1 : Math.min(planes, 4));
  const chunkBytes = isSliced ? 0 : COPIES * together * chunkTexelBytes(layout, 0);
  const texelBytes = storedWidth * storedHeight * rowTexelBytes(raster.format);
  const turnedBytes = orientation > 4 ? texelBytes : 0;
  const mb = Math.ceil((chunkBytes + turnedBytes) / 2 ** 20) + OTHER_MEMORY_MB;
  if (chunkBytes + turnedBytes === 0 || mb <= limits.maxDecodeMemoryMb) return;
  throw memoryLimitError(
    name,
    limits,
    turnedBytes > 0
      ? `it is turned by its orientation, so that its ${storedWidth}×${storedHeight} texels are ` +
        `decoded all at once, in about ${mb} MiB`
      : `its ${what}s of ${chunkWidth}×${chunkHeight} texels are decoded a row at a time, in about ` +
        `${mb} MiB`,
  );
}
