/**
 * What block compression saves.
 *
 * @module
 */

import { formatInfo, isBlockCompressed, type TexelFormat } from "./formats.ts";

/** Bytes of a channel that holds what BC6H does: 16-bit floats. */
const HDR_CHANNEL_BYTES = 2;

/**
 * Bytes of a texel of the uncompressed format with the same channels: 4 (RGBA8) for BC1, BC3 and BC7, 2 for
 * BC5, 1 for BC4, 8 (16-bit floats) for BC6H. Of a format that is not compressed, its own.
 *
 * @throws {UnsupportedError} if the name is not a {@linkcode TexelFormat}.
 */
export function uncompressedTexelBytes(format: TexelFormat): number {
  const { blockBytes, channels } = formatInfo(format);
  if (!isBlockCompressed(format)) return blockBytes;
  return format.startsWith("bc6h") ? 4 * HDR_CHANNEL_BYTES : channels;
}
