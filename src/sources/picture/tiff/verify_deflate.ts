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

/** Chunks up to this size are inflated in one go. */
const SMALL_BYTES = 1024 * 1024;
const SMALL_TEXEL_BYTES = 16 * 1024 * 1024;
const PIECE_BYTES = 256 * 1024;

/**
 * Inflates a strip or tile to its end.
 *
 * @param isExact Whether its uncompressed size is known, which it is not if colours have fewer
 * samples than texels.
 * @param checkTime Called again and again; throws when that takes too long.
 * @throws {MalformedFileError} if the data is damaged, or gives fewer texels than it must.
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
  let inflated: number;
  try {
    inflated = chunk.bytes <= SMALL_BYTES && wanted <= SMALL_TEXEL_BYTES
      ? await inflateSmall(bytes, chunk, wanted)
      : await inflateLarge(bytes, chunk, { wanted, checkTime });
  } catch (cause) {
    if (!isZlibError(cause)) throw cause;
    throw malformedPicture(
      bytes.name,
      `its ${layout.what} ${chunk.index} must be Deflate data: ${cause.message}`,
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

/** More than is wanted is left out: some writers fill up the last strip. */
async function inflateSmall(
  bytes: ByteSource,
  { offset, bytes: length }: TiffChunk,
  wanted: number,
): Promise<number> {
  const { inflateSync } = await import("node:zlib");
  try {
    return inflateSync(await bytes.read(offset, length), { maxOutputLength: wanted }).byteLength;
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") return wanted;
    throw error;
  }
}

async function inflateLarge(
  bytes: ByteSource,
  { offset, bytes: length }: TiffChunk,
  { wanted, checkTime }: { wanted: number; checkTime: () => void },
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
      if (inflated > wanted) break;
    }
  } finally {
    stored.destroy();
  }
  return inflated;
}
