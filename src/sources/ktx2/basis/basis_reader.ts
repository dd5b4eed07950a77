/**
 * Reads an image of Basis Universal as blocks, or texels, of another format.
 *
 * UASTC is transcoded in strips of rows of blocks, several at the same time; of the other forms a level is
 * transcoded whole. What was read last is kept, and the strips after it are begun: read level by level, top
 * down.
 *
 * @module
 */

import { DisposedError } from "../../../errors.ts";
import { formatInfo, regionBytes, type TexelFormat } from "../../../texels/mod.ts";
import { unlessAborted } from "../../../waiting.ts";
import type { ByteSource, ReadOptions } from "../../bytes/byte_source.ts";
import { type ByteRange, readWhole } from "../../bytes/read_range.ts";
import type { ReadCounters } from "../../tile_source.ts";
import { DEFAULT_MAX_LEVEL_BYTES, inflateLevel, type InflateOptions } from "../inflate_level.ts";
import type { Ktx2File } from "../ktx2_file.ts";
import { SCHEME } from "../rules/supercompression.ts";
import type { BasisTexels } from "./basis_form.ts";
import { type BasisTarget, basisTarget, ONE, ZERO } from "./basis_target.ts";
import { type ImageTable, readImageTable } from "./image_slices.ts";
import { outcomeError, tooLargeError } from "./transcode_errors.ts";
import { type TranscoderPool, transcoders } from "./transcoder_pool.ts";
import type { BasisImage } from "./wrap_image.ts";
import { wrapImage } from "./wrap_image.ts";

/** Texels of a strip, about. */
const STRIP_TEXELS = 2 ** 20;
/** Edge of the blocks of the forms that are read in strips. */
const BLOCK_TEXELS = 4;
const BLOCK_BYTES = 16;
/** Seconds that a strip may take at most: some, and more for its texels, which take 20 to 70 ns each. */
const LEAST_SECONDS = 30;
const SECONDS_PER_TEXEL = 5e-6;
/** Largest global data that is read into memory. */
const MAX_GLOBAL_BYTES = 64 * 2 ** 20;

/** What to read. */
export interface BasisReaderOptions extends InflateOptions {
  /** What the file's texels are. */
  readonly texels: BasisTexels;
  /** The format to make: one that `basisTarget` knows. */
  readonly format: TexelFormat;
  /** Number of the image in a level. */
  readonly imageIndex: (level: number) => number;
  /** Runs the transcoder. Default: the one of this process. */
  readonly pool?: TranscoderPool;
}

/** The strips of one level. */
interface LevelStrips {
  readonly level: number;
  /** Texels of a strip from top to bottom; the last has fewer. */
  readonly height: number;
  readonly count: number;
  readonly strips: Map<number, Promise<Uint8Array>>;
  /** The level without supercompression, where it had some. */
  readonly inflated: Promise<Uint8Array> | null;
}

/** Reads ranges of the blocks of an image. */
export class BasisReader {
  /** What reading cost so far. */
  readonly counters: ReadCounters = { bytesRead: 0, bytesUsed: 0 };
  readonly #bytes: ByteSource;
  readonly #file: Ktx2File;
  readonly #options: BasisReaderOptions;
  readonly #target: BasisTarget;
  readonly #pool: TranscoderPool;
  readonly #closed = new AbortController();
  #table: Promise<ImageTable> | null = null;
  #current: LevelStrips | null = null;

  /** @param bytes The file; closed with the reader. */
  constructor(bytes: ByteSource, file: Ktx2File, options: BasisReaderOptions) {
    this.#bytes = bytes;
    this.#file = file;
    this.#options = options;
    this.#target = basisTarget(options.texels, options.format)!;
    this.#pool = options.pool ?? transcoders;
  }

  /**
   * Reads ranges that count from the image's first byte in a level of the format that is made. Chunks may
   * share memory: do not write to them.
   *
   * @throws {MalformedFileError} if the image is damaged.
   * @throws {UnsupportedError} if there is no transcoder, or it takes too much memory or time.
   */
  async readRanges(
    level: number,
    ranges: readonly ByteRange[],
    { signal }: ReadOptions = {},
  ): Promise<readonly Uint8Array[]> {
    const { name } = this.#file;
    if (this.#closed.signal.aborted) {
      throw new DisposedError(name, `Cannot read level ${level} of ${name} as it was closed`);
    }
    signal?.throwIfAborted();
    if (ranges.length === 0) return [];
    const strips = this.#stripsOf(level);
    const stripBytes = this.#stripBytes(strips);
    const first = Math.min(...ranges.map(({ offset }) => Math.floor(offset / stripBytes)));
    const last = Math.max(
      ...ranges.map(({ offset, length }) => Math.floor((offset + length - 1) / stripBytes)),
    );
    const contents = await this.#readStrips(strips, { first, last, signal });
    return ranges.map(({ offset, length }) => {
      this.counters.bytesUsed += length;
      return rangeOf(contents, { offset: offset - first * stripBytes, length }, stripBytes);
    });
  }

  /** Bytes of every strip but the last. */
  #stripBytes({ level, height }: LevelStrips): number {
    return regionBytes(this.#options.format, this.#file.levels[level]!.width, height);
  }

  #stripsOf(level: number): LevelStrips {
    if (this.#current?.level === level) return this.#current;
    const { texels, format, maxLevelBytes = DEFAULT_MAX_LEVEL_BYTES } = this.#options;
    const { width, height } = this.#file.levels[level]!;
    const inStrips = texels.form === "UASTC" || texels.form === "UASTC HDR 4x4";
    const { blockTexels } = formatInfo(format);
    const step = Math.max(BLOCK_TEXELS, blockTexels);
    const rows = Math.max(1, Math.floor(STRIP_TEXELS / (width * step))) * step;
    const stripHeight = inStrips ? Math.min(rows, Math.ceil(height / step) * step) : height;
    const made = regionBytes(format, width, Math.min(height, stripHeight));
    if (made > maxLevelBytes) {
      throw tooLargeError(this.#file, { level, bytes: made, most: maxLevelBytes });
    }
    const { number } = this.#file.scheme;
    const isInflated = number === SCHEME.ZSTD || number === SCHEME.ZLIB;
    this.#current = {
      level,
      height: stripHeight,
      count: Math.ceil(height / stripHeight),
      strips: new Map(),
      inflated: isInflated ? this.#inflate(level) : null,
    };
    return this.#current;
  }

  async #inflate(level: number): Promise<Uint8Array> {
    const { maxLevelBytes } = this.#options;
    const limit = maxLevelBytes === undefined ? {} : { maxLevelBytes };
    const content = await inflateLevel(this.#bytes, this.#file, { level, ...limit });
    this.counters.bytesRead += this.#file.levels[level]!.length;
    return content;
  }

  async #readStrips(
    level: LevelStrips,
    { first, last, signal }: {
      readonly first: number;
      readonly last: number;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<Uint8Array[]> {
    const { strips, count } = level;
    const end = Math.min(count, last + this.#pool.parallelJobs);
    for (const strip of strips.keys()) if (strip < first || strip >= end) strips.delete(strip);
    for (let strip = first; strip < end; strip++) {
      if (strips.has(strip)) continue;
      const content = this.#transcode(level, strip);
      // So that a later read tries again; those who wait for it hear of the failure.
      content.catch(() => {
        if (this.#current === level) this.#current = null;
      });
      strips.set(strip, content);
    }
    const wanted: Promise<Uint8Array>[] = [];
    for (let strip = first; strip <= last; strip++) wanted.push(strips.get(strip)!);
    return await unlessAborted(Promise.all(wanted), signal);
  }

  async #transcode(strips: LevelStrips, strip: number): Promise<Uint8Array> {
    const { level } = strips;
    const { width, height } = this.#file.levels[level]!;
    const { texels, format } = this.#options;
    const top = strip * strips.height;
    const size = { width, height: Math.min(strips.height, height - top) };
    const image = await this.#imageOf(strips, { top, ...size });
    const { from, format: number } = this.#target;
    const byteLength = from === null
      ? regionBytes(format, size.width, size.height)
      : 4 * size.width * size.height;
    const outcome = await this.#pool.run(
      {
        file: wrapImage({ form: texels.form, ...size, ...image }),
        format: number,
        byteLength,
      },
      {
        seconds: LEAST_SECONDS + SECONDS_PER_TEXEL * size.width * size.height,
        signal: this.#closed.signal,
      },
    );
    if (!("blocks" in outcome)) throw outcomeError(this.#file, level, outcome);
    return from === null ? outcome.blocks : chosenChannels(outcome.blocks, from);
  }

  /** What of the file an image, or a strip of it, is made of. */
  async #imageOf(
    { level, inflated }: LevelStrips,
    { top, width, height }: {
      readonly top: number;
      readonly width: number;
      readonly height: number;
    },
  ): Promise<Pick<BasisImage, "slices" | "codeBooks">> {
    const stored = this.#file.levels[level]!;
    const index = this.#options.imageIndex(level);
    const { form } = this.#options.texels;
    if (form === "ETC1S" || form === "UASTC HDR 6x6") {
      const table = await this.#readTable();
      const slices: Uint8Array[] = [];
      for (const { offset, length } of table.slicesOf(level, index)) {
        slices.push(await readWhole(this.#bytes, { offset: stored.offset + offset, length }));
        this.counters.bytesRead += length;
      }
      const { codeBooks } = table;
      return { slices, ...(codeBooks === undefined ? {} : { codeBooks }) };
    }
    const columns = Math.ceil(width / BLOCK_TEXELS);
    const rowBytes = columns * BLOCK_BYTES;
    const imageBytes = Math.ceil(stored.height / BLOCK_TEXELS) * rowBytes;
    const offset = index * imageBytes + top / BLOCK_TEXELS * rowBytes;
    const length = Math.ceil(height / BLOCK_TEXELS) * rowBytes;
    if (inflated !== null) return { slices: [(await inflated).subarray(offset, offset + length)] };
    this.counters.bytesRead += length;
    return { slices: [await readWhole(this.#bytes, { offset: stored.offset + offset, length })] };
  }

  #readTable(): Promise<ImageTable> {
    const { length } = this.#file.header.supercompressionGlobalData;
    if (length > MAX_GLOBAL_BYTES) {
      throw tooLargeError(this.#file, { level: null, bytes: length, most: MAX_GLOBAL_BYTES });
    }
    this.#table ??= readImageTable(this.#bytes, this.#file);
    this.#table.catch(() => this.#table = null);
    return this.#table;
  }

  /** Cancels what runs; later reads fail. */
  close(): void {
    const { name } = this.#file;
    this.#closed.abort(new DisposedError(name, `Cannot go on reading ${name} as it was closed`));
    this.#current = null;
    this.#bytes.close();
  }
}

/** A range of bytes that lie in several pieces of one size, one after the other. */
function rangeOf(
  pieces: readonly Uint8Array[],
  { offset, length }: ByteRange,
  pieceBytes: number,
): Uint8Array {
  const first = Math.floor(offset / pieceBytes);
  const at = offset - first * pieceBytes;
  if (at + length <= pieces[first]!.byteLength) return pieces[first]!.subarray(at, at + length);
  const joined = new Uint8Array(length);
  let done = 0;
  for (let piece = first; done < length; piece++) {
    const from = piece === first ? at : 0;
    const part = pieces[piece]!.subarray(from, from + length - done);
    joined.set(part, done);
    done += part.byteLength;
  }
  return joined;
}

/** Texels whose channels come from those of RGBA texels, or are 0 or 1. */
function chosenChannels(texels: Uint8Array, from: readonly number[]): Uint8Array {
  const count = texels.byteLength / 4;
  const result = new Uint8Array(count * from.length);
  from.forEach((channel, place) => {
    for (let i = 0; i < count; i++) {
      result[i * from.length + place] = channel === ONE
        ? 255
        : channel === ZERO
        ? 0
        : texels[4 * i + channel]!;
    }
  });
  return result;
}
