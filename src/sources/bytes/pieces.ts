/**
 * Reads bytes piece by piece.
 *
 * @module
 */

import type { ByteSource, ReadOptions } from "./byte_source.ts";

/** All bytes of a range of a source, in order. */
export async function* pieces(
  bytes: ByteSource,
  { offset, length, pieceBytes, signal }: {
    offset: number;
    length: number;
    pieceBytes: number;
    signal?: AbortSignal | undefined;
  },
): AsyncGenerator<Uint8Array> {
  const options: ReadOptions = signal === undefined ? {} : { signal };
  for (let done = 0; done < length; done += pieceBytes) {
    yield await bytes.read(offset + done, Math.min(pieceBytes, length - done), options);
  }
}
