/**
 * Undoing the supercompression of a level.
 *
 * Output is limited to the size that the dimensions require, not the one that the data claims: 256
 * MiB of zeros fit into 8 KB of Zstandard.
 *
 * @module
 */

import { MalformedFileError, UnsupportedError } from "../../errors.ts";
import type { ByteSource } from "../bytes/byte_source.ts";
import type { Ktx2File } from "./ktx2_file.ts";
import { SCHEME } from "./rules/supercompression.ts";

/** Options of reading supercompressed levels. */
export interface InflateOptions {
  /** A level that would take more bytes in memory is refused. */
  readonly maxLevelBytes?: number;
}

/** Default of {@linkcode InflateOptions.maxLevelBytes}: a level of 16384² texels in RGBA8. */
export const DEFAULT_MAX_LEVEL_BYTES = 1024 * 1024 * 1024;

type Inflate = (
  bytes: Uint8Array,
  options: { maxOutputLength: number },
  done: (error: Error | null, output: Uint8Array) => void,
) => void;

async function inflateOf(file: Ktx2File): Promise<Inflate> {
  const isZlib = file.scheme.number === SCHEME.ZLIB;
  try {
    const zlib = await import("node:zlib");
    return (isZlib ? zlib.inflate : zlib.zstdDecompress) as Inflate;
  } catch (cause) {
    throw new UnsupportedError(
      `supercompression ${file.scheme.name}`,
      `Cannot inflate ${file.name} as node:zlib is missing: its supercompression is ` +
        `${file.scheme.name}`,
      { cause },
    );
  }
}

/**
 * Reads and inflates one level.
 *
 * @param file A file whose scheme is Zstandard or ZLIB and whose level `level` exists.
 * @throws {UnsupportedError} if the level would take more than `maxLevelBytes`, or there is no
 * decompressor here.
 * @throws {MalformedFileError} if the data is damaged, or does not have the length that the file
 * states.
 */
export async function inflateLevel(
  bytes: ByteSource,
  file: Ktx2File,
  { level, maxLevelBytes = DEFAULT_MAX_LEVEL_BYTES }: { readonly level: number } & InflateOptions,
): Promise<Uint8Array> {
  const { offset, length, uncompressedLength } = file.levels[level]!;
  if (Math.max(length, uncompressedLength) > maxLevelBytes) {
    throw new UnsupportedError(
      `supercompressed level of ${Math.max(length, uncompressedLength)} bytes`,
      `Cannot inflate level ${level} of ${file.name} as it must take at most ${maxLevelBytes} ` +
        `bytes: current value is ${Math.max(length, uncompressedLength)}`,
    );
  }
  const inflate = await inflateOf(file);
  const stored = await bytes.read(offset, length);
  const output = await new Promise<Uint8Array>((resolve, reject) => {
    inflate(stored, { maxOutputLength: uncompressedLength }, (error, inflated) => {
      if (error) reject(inflateError(file, { level, cause: error }));
      // A Buffer's slices share its memory; a plain view's are copies.
      else resolve(new Uint8Array(inflated.buffer, inflated.byteOffset, inflated.byteLength));
    });
  });
  if (output.byteLength !== uncompressedLength) {
    throw new MalformedFileError(
      file.name,
      `Cannot inflate level ${level} of ${file.name} as it must give ${uncompressedLength} bytes: ` +
        `it gives ${output.byteLength}`,
    );
  }
  return output;
}

function inflateError(
  file: Ktx2File,
  { level, cause }: { level: number; cause: Error },
): MalformedFileError {
  return new MalformedFileError(
    file.name,
    `Cannot inflate level ${level} of ${file.name}: ${cause.message}`,
    { cause },
  );
}
