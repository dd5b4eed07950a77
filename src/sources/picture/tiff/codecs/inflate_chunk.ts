/**
 * Inflates the Deflate and Zstandard data of TIFF files, to its end, where its checksum is.
 *
 * Some bytes may be left over: some writers fill up the last strip.
 *
 * @module
 */

import type { zstdDecompressSync } from "node:zlib";
import type { ByteSource } from "../../../bytes/byte_source.ts";
import { pieces } from "../../../bytes/pieces.ts";
import { RuleError, zstdFrames } from "../../../ktx2/zstd_frames.ts";
import { malformedPicture } from "../../headers/picture_header.ts";
import type { TiffChunk } from "../tiff_chunks.ts";

/** Bytes that may be left over in any case, behind twice the texels of a whole chunk. */
const MOST_BYTES_LEFT = 64 * 1024;
const PIECE_BYTES = 256 * 1024;
/** How Deno's errors of damaged Zstandard data begin. */
const ZSTD_ERROR = /^Zstd decompress error: /;

/** Bytes that may come out of a chunk of which so many are wanted. */
export function mostInflatedBytes(chunkBytes: number): number {
  return 2 * chunkBytes + MOST_BYTES_LEFT;
}

/** What is inflated. */
export interface Inflating {
  /** Name of the file in messages. */
  readonly name: string;
  /** The chunk in messages, such as `its tile 3`. */
  readonly what: string;
  /** Bytes that its texels take; null if all that come out are wanted. */
  readonly wanted: number | null;
  /** Bytes that may come out. */
  readonly most: number;
}

/**
 * Inflates data in memory.
 *
 * @returns The wanted bytes.
 * @throws {MalformedFileError} if the data is damaged, or gives fewer or more bytes than it may.
 */
export async function inflateBytes(
  data: Uint8Array,
  kind: "Deflate" | "Zstandard",
  inflating: Inflating,
): Promise<Uint8Array> {
  const { name, what, wanted, most } = inflating;
  const { inflateSync, zstdDecompressSync } = await import("node:zlib");
  let inflated: Uint8Array;
  try {
    inflated = kind === "Deflate"
      ? inflateSync(data, { maxOutputLength: most })
      : inflateFrames(data, most, zstdDecompressSync);
  } catch (cause) {
    const { code, message } = cause as Error & { code?: string };
    if (code === "ERR_BUFFER_TOO_LARGE") throw givesMore(inflating);
    if (!isInflateError(cause)) throw cause;
    const why = message.replace(ZSTD_ERROR, "");
    throw malformedPicture(name, `${what} must be ${kind} data: ${why}`);
  }
  if (inflated.byteLength > most) throw givesMore(inflating);
  if (wanted === null) return inflated;
  if (inflated.byteLength < wanted) {
    throw malformedPicture(
      name,
      `${what} must give ${wanted} bytes: it gives ${inflated.byteLength}`,
    );
  }
  return inflated.subarray(0, wanted);
}

/** Zstandard data of several frames, which give at most so many bytes together. */
function inflateFrames(
  data: Uint8Array,
  most: number,
  inflate: typeof zstdDecompressSync,
): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const { bytes } of zstdFrames(data)) {
    // A limit of 0 would be none.
    const part = inflate(bytes, { maxOutputLength: Math.max(1, most - length) });
    parts.push(part);
    length += part.byteLength;
  }
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

function givesMore({ name, what, most }: Inflating): Error {
  return malformedPicture(name, `${what} must give at most ${most} bytes: it gives more`);
}

function isInflateError(error: unknown): boolean {
  if (error instanceof RuleError) return true;
  if (!(error instanceof Error)) return false;
  // What Deno's Zstandard says of damage has no code.
  return "code" in error ? /^(Z_|ZSTD_)/i.test(String(error.code)) : ZSTD_ERROR.test(error.message);
}

/** Inflates one long chunk of Deflate data, some rows at a time. */
export class InflatingChunk {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #inflating: Inflating;
  readonly #checkTime: () => void;
  #piece: Uint8Array = new Uint8Array(0);
  #given = 0;
  #inflated = 0;

  private constructor(
    pieces: AsyncIterator<Uint8Array>,
    inflating: Inflating,
    checkTime: () => void,
  ) {
    this.#pieces = pieces;
    this.#inflating = inflating;
    this.#checkTime = checkTime;
  }

  /**
   * Begins with a chunk.
   *
   * @param checkTime Called again and again; throws when that takes too long.
   */
  static async open(
    bytes: ByteSource,
    { offset, bytes: length }: TiffChunk,
    { inflating, checkTime }: { inflating: Inflating; checkTime: () => void },
  ): Promise<InflatingChunk> {
    const { createInflate } = await import("node:zlib");
    const { Readable } = await import("node:stream");
    const stored = Readable.from(pieces(bytes, { offset, length, pieceBytes: PIECE_BYTES }));
    const inflate = createInflate();
    stored.on("error", (error) => inflate.destroy(error));
    const output = stored.pipe(inflate)[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    return new InflatingChunk(output, inflating, checkTime);
  }

  /**
   * The next bytes; after the last that are wanted, the data is read to its end.
   *
   * @throws {MalformedFileError} as {@linkcode inflateBytes}.
   */
  async take(count: number): Promise<Uint8Array> {
    const { name, what, wanted } = this.#inflating;
    const taken = new Uint8Array(count);
    let filled = 0;
    while (filled < count) {
      if (this.#piece.byteLength === 0 && !await this.#nextPiece()) {
        throw malformedPicture(
          name,
          `${what} must give ${wanted} bytes: it gives ${this.#inflated}`,
        );
      }
      const part = this.#piece.subarray(0, count - filled);
      taken.set(part, filled);
      filled += part.byteLength;
      this.#piece = this.#piece.subarray(part.byteLength);
    }
    this.#given += count;
    if (this.#given >= wanted!) { while (await this.#nextPiece()); }
    return taken;
  }

  async #nextPiece(): Promise<boolean> {
    this.#checkTime();
    const { name, what, most } = this.#inflating;
    try {
      const next = await this.#pieces.next();
      if (next.done) return false;
      this.#piece = next.value;
    } catch (cause) {
      if (!isInflateError(cause)) throw cause;
      throw malformedPicture(name, `${what} must be Deflate data: ${(cause as Error).message}`);
    }
    this.#inflated += this.#piece.byteLength;
    if (this.#inflated > most) throw givesMore(this.#inflating);
    return true;
  }

  /** Ends before the data does. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}
