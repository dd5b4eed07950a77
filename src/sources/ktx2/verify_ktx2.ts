/**
 * Reads everything of a KTX2 file, so that damage shows that its description does not.
 *
 * @module
 */

import { checkedSignal } from "../../checks.ts";
import type { ByteSource, ReadOptions } from "../bytes/byte_source.ts";
import { verifyImages } from "./basis/verify_images.ts";
import { inflateLevel, type InflateOptions } from "./inflate_level.ts";
import type { Ktx2File } from "./ktx2_file.ts";
import { SCHEME } from "./rules/supercompression.ts";

/** Bytes that are read at once. */
const PIECE_BYTES = 4 * 2 ** 20;

/** Options of {@linkcode verifyKtx2}. */
export interface VerifyKtx2Options extends ReadOptions, InflateOptions {
  /** Called with the fraction of the levels that is read, 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Reads every level of a file, and undoes Zstandard and ZLIB, in whatever format its texels are; those of
 * Basis Universal are transcoded.
 *
 * @param bytes The file's bytes; they stay open and belong to the caller.
 * @param file The result of `readKtx2` for them, which has checked everything else.
 * @throws {MalformedFileError} if a level is damaged, or gives too few bytes or too many.
 * @throws {UnsupportedError} if a level would take more than `maxLevelBytes` in memory.
 * @throws {SourceReadError} if the bytes cannot be read.
 */
export async function verifyKtx2(
  bytes: ByteSource,
  file: Ktx2File,
  options: VerifyKtx2Options = {},
): Promise<void> {
  const signal = checkedSignal(options.signal, `Cannot verify ${file.name}`);
  const { onProgress: _, ...limits } = options;
  const scheme = file.scheme.number;
  const isInflated = scheme === SCHEME.ZSTD || scheme === SCHEME.ZLIB;
  const total = file.levels.reduce((sum, { length }) => sum + length, 0);
  let done = 0;
  for (const { level, offset, length } of file.levels) {
    signal?.throwIfAborted();
    if (file.basis !== null && file.unsupported === null) {
      await verifyImages(bytes, file, { ...limits, level, texels: file.basis });
    } else if (isInflated) {
      await inflateLevel(bytes, file, { ...options, level });
    } else {
      const end = offset + length;
      for (let at = offset; at < end; at += PIECE_BYTES) {
        const pieceBytes = Math.min(PIECE_BYTES, end - at);
        await bytes.read(at, pieceBytes, signal ? { signal } : {});
        options.onProgress?.((done + at + pieceBytes - offset) / total);
      }
    }
    done += length;
    options.onProgress?.(done / total);
  }
}
