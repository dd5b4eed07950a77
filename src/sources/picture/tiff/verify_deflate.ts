/**
 * Checks Deflate data of TIFF files.
 *
 * The picture decoder stops when it has as many texels as it needs, and then neither notices that
 * data goes on, nor looks at the checksum. So all data is inflated once before it is decoded.
 *
 * @module
 */

import type { ByteSource } from "../../bytes/byte_source.ts";
import { pieces } from "../../bytes/pieces.ts";
import { malformedPicture } from "../headers/picture_header.ts";
import { chunkTexelBytes, type TiffChunk, type TiffLayout } from "./tiff_chunks.ts";

/** Bytes that may be left over in any case, behind twice the texels of a whole chunk. */
const MOST_BYTES_LEFT = 64 * 1024;
/** Chunks up to this size are inflated in one go. */
const SMALL_BYTES = 1024 * 1024;
const SMALL_TEXEL_BYTES = 16 * 1024 * 1024;
const PIECE_BYTES = 256 * 1024;

/**
 * Inflates a strip or tile to its end, where its checksum is. Some bytes may be left over: some
 * writers fill up the last strip.
 *
 * @param isExact Whether its uncompressed size is known, which it is not if colours have fewer
 * samples than texels.
 * @param checkTime Called again and again; throws when that takes too long.
 * @throws {MalformedFileError} if the data is damaged, or gives fewer or more bytes than it may.
 */
export async function verifyDeflate(
  bytes: ByteSource,
  { layout, chunk, isExact, checkTime }: {
    layout: TiffLayout;
    chunk: TiffChunk;
    isExact: boolean;
    checkTime: () => void;
  },
): Promise<void> {
  const wanted = chunkTexelBytes(layout, chunk.index);
  const most = 2 * chunkTexelBytes(layout, 0) + MOST_BYTES_LEFT;
  let inflated: number;
  try {
    inflated = chunk.bytes <= SMALL_BYTES && most <= SMALL_TEXEL_BYTES
      ? await inflateSmall(bytes, chunk, most)
      : await inflateLarge(bytes, chunk, { most, checkTime });
  } catch (cause) {
    if (!isZlibError(cause)) throw cause;
    throw malformedPicture(
      bytes.name,
      `its ${layout.what} ${chunk.index} must be Deflate data: ${cause.message}`,
    );
  }
  if (inflated > most) {
    throw malformedPicture(
      bytes.name,
      `its ${layout.what} ${chunk.index} must give at most ${most} bytes: it gives more`,
    );
  }
  if (isExact && inflated < wanted) {
    throw malformedPicture(
      bytes.name,
      `its ${layout.what} ${chunk.index} must give ${wanted} bytes: it gives ${inflated}`,
    );
  }
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}

/** Bytes that come out; some more than `most` if there are more. */
async function inflateSmall(
  bytes: ByteSource,
  { offset, bytes: length }: TiffChunk,
  most: number,
): Promise<number> {
  const { inflateSync } = await import("node:zlib");
  try {
    return inflateSync(await bytes.read(offset, length), { maxOutputLength: most }).byteLength;
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") return most + 1;
    throw error;
  }
}

async function inflateLarge(
  bytes: ByteSource,
  { offset, bytes: length }: TiffChunk,
  { most, checkTime }: { most: number; checkTime: () => void },
): Promise<number> {
  const { createInflate } = await import("node:zlib");
  const { Readable } = await import("node:stream");
  const stored = Readable.from(pieces(bytes, { offset, length, pieceBytes: PIECE_BYTES }));
  const inflate = createInflate();
  stored.on("error", (error) => inflate.destroy(error));
  let inflated = 0;
  try {
    for await (const piece of stored.pipe(inflate)) {
      checkTime();
      inflated += (piece as Uint8Array).byteLength;
      if (inflated > most) break;
    }
  } finally {
    stored.destroy();
  }
  return inflated;
}
