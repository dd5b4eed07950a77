/**
 * Reads parts of the levels of one image of a KTX2 file.
 *
 * Levels without supercompression are read by region, ranges near one another together. Others are
 * inflated whole, one at a time: the level that was read last is kept. Texels that a format of other
 * bytes stands for are converted.
 *
 * @module
 */

import { DisposedError } from "../../errors.ts";
import { formatInfo, regionBytes, type TexelFormat } from "../../texels/mod.ts";
import type { ByteSource, ReadOptions } from "../bytes/byte_source.ts";
import { type CoalescingOptions, CoalescingSource } from "../bytes/coalescing_source.ts";
import type { ByteRange } from "../bytes/read_range.ts";
import type { ReadCounters } from "../tile_source.ts";
import { BasisReader } from "./basis/basis_reader.ts";
import { type ChosenImage, imageIndex } from "./image_choice.ts";
import { inflateLevel, type InflateOptions } from "./inflate_level.ts";
import type { Ktx2File } from "./ktx2_file.ts";
import type { TexelConversion } from "./rules/texel_storage.ts";
import { isReadableByRegion } from "./streamable.ts";

/** Reads ranges of the blocks of an image, in the format of the file's tiles. */
export interface LevelReader {
  /** What reading cost so far. */
  readonly counters: Readonly<ReadCounters>;
  /**
   * Reads ranges that count from the image's first byte in a level. Chunks may share memory: do not
   * write to them.
   */
  readRanges(
    level: number,
    ranges: readonly ByteRange[],
    options?: ReadOptions,
  ): Promise<readonly Uint8Array[]>;
  /** Later reads fail. */
  close(): void;
}

/** Which image of which file to read. */
export interface LevelReaderOptions extends InflateOptions {
  readonly image: ChosenImage;
  /** Format of the tiles. */
  readonly format: TexelFormat;
  /** Whether texels are left as they are stored; ranges then count stored bytes. Default false. */
  readonly isRaw?: boolean;
  readonly coalescing?: CoalescingOptions;
}

/** First byte of an image in its level, once supercompression is undone. */
function imageOffset(file: Ktx2File, level: number, options: LevelReaderOptions): number {
  const { width, height } = file.levels[level]!;
  const imageBytes = file.conversion === null
    ? regionBytes(options.format, width, height)
    : width * height * file.conversion.storedBytes;
  return imageIndex(file, options.image, level) * imageBytes;
}

/** Converts what another reader reads. */
class ConvertingReader implements LevelReader {
  readonly #inner: LevelReader;
  readonly #conversion: TexelConversion;
  readonly #texelBytes: number;

  constructor(inner: LevelReader, conversion: TexelConversion, texelBytes: number) {
    this.#inner = inner;
    this.#conversion = conversion;
    this.#texelBytes = texelBytes;
  }

  get counters(): Readonly<ReadCounters> {
    return this.#inner.counters;
  }

  async readRanges(
    level: number,
    ranges: readonly ByteRange[],
    options: ReadOptions = {},
  ): Promise<readonly Uint8Array[]> {
    const { storedBytes, convert } = this.#conversion;
    const stored = (bytes: number) => (bytes / this.#texelBytes) * storedBytes;
    const chunks = await this.#inner.readRanges(
      level,
      ranges.map(({ offset, length }) => ({ offset: stored(offset), length: stored(length) })),
      options,
    );
    return chunks.map((chunk) => convert(chunk));
  }

  close(): void {
    this.#inner.close();
  }
}

class RegionReader implements LevelReader {
  readonly #bytes: CoalescingSource;
  readonly #file: Ktx2File;
  readonly #options: LevelReaderOptions;

  constructor(bytes: ByteSource, file: Ktx2File, options: LevelReaderOptions) {
    this.#bytes = new CoalescingSource(bytes, options.coalescing);
    this.#file = file;
    this.#options = options;
  }

  get counters(): Readonly<ReadCounters> {
    return this.#bytes.counters;
  }

  readRanges(
    level: number,
    ranges: readonly ByteRange[],
    options: ReadOptions = {},
  ): Promise<readonly Uint8Array[]> {
    const first = this.#file.levels[level]!.offset + imageOffset(this.#file, level, this.#options);
    return this.#bytes.readRanges(
      ranges.map(({ offset, length }) => ({ offset: first + offset, length })),
      options,
    );
  }

  close(): void {
    this.#bytes.close();
  }
}

class InflatingReader implements LevelReader {
  readonly counters: ReadCounters = { bytesRead: 0, bytesUsed: 0 };
  readonly #bytes: ByteSource;
  readonly #file: Ktx2File;
  readonly #options: LevelReaderOptions;
  #latest: { readonly level: number; readonly content: Promise<Uint8Array> } | null = null;
  #closed = false;

  constructor(bytes: ByteSource, file: Ktx2File, options: LevelReaderOptions) {
    this.#bytes = bytes;
    this.#file = file;
    this.#options = options;
  }

  async readRanges(
    level: number,
    ranges: readonly ByteRange[],
    { signal }: ReadOptions = {},
  ): Promise<readonly Uint8Array[]> {
    const { name } = this.#file;
    if (this.#closed) {
      throw new DisposedError(name, `Cannot read level ${level} of ${name} as it was closed`);
    }
    signal?.throwIfAborted();
    // Callers share the inflated level, so the signal of one must not stop it.
    if (this.#latest?.level !== level) this.#latest = { level, content: this.#inflate(level) };
    const content = await this.#latest.content;
    signal?.throwIfAborted();
    const first = imageOffset(this.#file, level, this.#options);
    return ranges.map(({ offset, length }) => {
      this.counters.bytesUsed += length;
      return content.subarray(first + offset, first + offset + length);
    });
  }

  async #inflate(level: number): Promise<Uint8Array> {
    try {
      const content = await inflateLevel(this.#bytes, this.#file, { ...this.#options, level });
      this.counters.bytesRead += this.#file.levels[level]!.length;
      return content;
    } catch (error) {
      this.#latest = null; // So that a later read tries again.
      throw error;
    }
  }

  close(): void {
    this.#closed = true;
    this.#latest = null;
    this.#bytes.close();
  }
}

/** Reads the levels of one image; closing it closes the bytes. */
export function levelReader(
  bytes: ByteSource,
  file: Ktx2File,
  options: LevelReaderOptions,
): LevelReader {
  if (file.basis !== null) {
    const index = (level: number) => imageIndex(file, options.image, level);
    return new BasisReader(bytes, file, { ...options, texels: file.basis, imageIndex: index });
  }
  const Reader = isReadableByRegion(file) ? RegionReader : InflatingReader;
  const reader = new Reader(bytes, file, options);
  if (file.conversion === null || options.isRaw) return reader;
  return new ConvertingReader(reader, file.conversion, formatInfo(options.format).blockBytes);
}
