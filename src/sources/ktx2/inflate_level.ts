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
import { readWhole } from "../bytes/read_range.ts";
import type { Ktx2File } from "./ktx2_file.ts";
import { SCHEME } from "./rules/supercompression.ts";
import { RuleError, windowLogOf, type ZstdFrame, zstdFrames } from "./zstd_frames.ts";

/** Options of reading supercompressed levels. */
export interface InflateOptions {
  /** A level that would take more bytes in memory is refused. */
  readonly maxLevelBytes?: number;
}

/** Default of {@linkcode InflateOptions.maxLevelBytes}: a level of 16384² texels in RGBA8. */
export const DEFAULT_MAX_LEVEL_BYTES = 1024 * 1024 * 1024;

/** What comes out, and how much went in: the decompressor ignores what follows. */
interface Inflated {
  readonly buffer: Uint8Array<ArrayBuffer>;
  readonly engine: { readonly bytesWritten: number };
}

/** DEFLATE makes at most 258 bytes of 2 bits (RFC 1951, section 3.2.5). */
const MOST_ZLIB_GROWTH = 1032;
/** The decompressor takes no smaller chunk. */
const LEAST_CHUNK_BYTES = 64;

/** Number of the decompressor's parameter `ZSTD_d_windowLogMax`. */
const WINDOW_LOG_PARAMETER = 100;

type Inflate = (
  bytes: Uint8Array,
  options: {
    maxOutputLength: number;
    chunkSize: number;
    info: true;
    params?: Record<number, number>;
  },
) => Inflated;

/**
 * The decompressor of a scheme. Not the one with a callback: Deno runs that on the same thread, and
 * an error after its first chunk ends the process.
 */
async function inflateOf(file: Ktx2File): Promise<Inflate> {
  const isZlib = file.scheme.number === SCHEME.ZLIB;
  try {
    const zlib = await import("node:zlib");
    return (isZlib ? zlib.inflateSync : zlib.zstdDecompressSync) as unknown as Inflate;
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
 * Reads and inflates one level. Zstandard data may be several frames, skippable ones among them.
 *
 * @param file A file whose scheme is Zstandard or ZLIB and whose level `level` exists.
 * @throws {UnsupportedError} if the level would take more than `maxLevelBytes`, or there is no
 * decompressor here.
 * @throws {MalformedFileError} if the data is damaged, does not have the length that the file
 * states, or is followed by bytes that do not belong to it.
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
  const stored = await readWhole(bytes, { offset, length });
  const failure = `Cannot inflate level ${level} of ${file.name}`;
  try {
    const parts = file.scheme.number === SCHEME.ZLIB
      ? [{ bytes: stored, mostContentBytes: MOST_ZLIB_GROWTH * stored.byteLength }]
      : zstdFrames(stored, uncompressedLength);
    return inflateParts(parts, uncompressedLength, inflate);
  } catch (cause) {
    const { code, message } = cause as Error & { code?: string };
    const reason = cause instanceof RuleError
      ? `as ${message}`
      : code === "ERR_BUFFER_TOO_LARGE"
      ? `as ${tooMuch(uncompressedLength)}`
      : `as its data is damaged: ${message}`;
    throw new MalformedFileError(file.name, `${failure} ${reason}`, { cause });
  }
}

function tooMuch(length: number): string {
  return `it gives more than ${length} bytes, the size of the level`;
}

/** Inflates parts that are to give `length` bytes together. */
function inflateParts(
  parts: readonly ZstdFrame[],
  length: number,
  inflate: Inflate,
): Uint8Array {
  const outputs: Uint8Array[] = [];
  // Of ZLIB, which has no parameters, it is ignored.
  const params = { [WINDOW_LOG_PARAMETER]: windowLogOf(length) };
  let total = 0;
  for (const { bytes, mostContentBytes } of parts) {
    const limit = Math.max(1, length - total);
    const { buffer, engine } = inflate(bytes, {
      maxOutputLength: limit,
      // Room for all of it, so that it is not put together of pieces.
      chunkSize: Math.max(LEAST_CHUNK_BYTES, Math.min(limit, mostContentBytes) + 1),
      info: true,
      params,
    });
    if (engine.bytesWritten < bytes.byteLength) {
      throw new RuleError(
        `nothing must follow its data: ${bytes.byteLength - engine.bytesWritten} of ` +
          `${bytes.byteLength} bytes do`,
      );
    }
    total += buffer.byteLength;
    outputs.push(new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength));
  }
  if (total > length) throw new RuleError(tooMuch(length));
  if (total < length) {
    throw new RuleError(`it gives fewer than ${length} bytes, the size of the level: ${total}`);
  }
  if (outputs.length === 1) return outputs[0]!;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const output of outputs) {
    joined.set(output, at);
    at += output.byteLength;
  }
  return joined;
}
