/**
 * Chunks of WebP files (RFC 9649, section 2.3).
 *
 * @module
 */

import type { HeaderReader } from "../headers/header_reader.ts";
import { malformedPicture, MOST_PARTS } from "../headers/picture_header.ts";

const CHUNK_BYTES = 8;

/** A chunk. */
export interface WebpChunk {
  /** Its four letters. */
  readonly kind: string;
  /** First byte of what it holds. */
  readonly at: number;
  /** Bytes that it holds. */
  readonly length: number;
}

/**
 * The chunks of a part of a file.
 *
 * @throws {MalformedFileError} if one goes beyond the part, or there are too many.
 */
export async function readWebpChunks(
  file: HeaderReader,
  { from, end }: { readonly from: number; readonly end: number },
): Promise<WebpChunk[]> {
  const chunks: WebpChunk[] = [];
  for (let next = from; next + CHUNK_BYTES <= end;) {
    const view = await file.view(next, CHUNK_BYTES, "the next chunk");
    const kind = fourLetters(view, 0);
    const length = view.getUint32(4, true);
    const at = next + CHUNK_BYTES;
    if (at + length > end) {
      throw malformedPicture(
        file.name,
        `its chunk ${kind.trim()} must end at byte ${end}: it takes ${length} bytes from byte ` +
          `${at} on`,
      );
    }
    if (chunks.push({ kind, at, length }) > MOST_PARTS) {
      throw malformedPicture(file.name, `it must have at most ${MOST_PARTS} chunks`);
    }
    next = at + length + (length & 1);
  }
  return chunks;
}

function fourLetters(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(offset + i)));
}
