/**
 * Decoded rows of one level of a KTX2 file, for baking the levels that the file lacks.
 *
 * @module
 */

import { checkedInteger, checkedSignalOption } from "../../checks.ts";
import { DisposedError } from "../../errors.ts";
import {
  type ColorSpace,
  decodeBlocks,
  decodedTexelFormat,
  formatInfo,
  type TexelFormat,
} from "../../texels/mod.ts";
import { levelBlocks } from "../block_region.ts";
import type { ByteSource, ReadOptions } from "../bytes/byte_source.ts";
import { checkRowRange, type RowFormat, type RowSource } from "../row_source.ts";
import { inflateLevel, type InflateOptions } from "./inflate_level.ts";
import type { Ktx2Level } from "./level_index.ts";
import type { Ktx2File } from "./ktx2_file.ts";
import { isReadableByRegion, texelFormatOrThrow } from "./streamable.ts";

class LevelRowSource implements RowSource {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly format: RowFormat;
  readonly colorSpace: ColorSpace;
  readonly #bytes: ByteSource;
  readonly #file: Ktx2File;
  readonly #level: Ktx2Level;
  readonly #stored: TexelFormat;
  readonly #options: InflateOptions;
  /** The whole level once it is inflated, where it cannot be read by region. */
  #inflated: Promise<Uint8Array> | null = null;
  #closed = false;

  constructor(bytes: ByteSource, file: Ktx2File, rest: { level: number } & InflateOptions) {
    this.#stored = texelFormatOrThrow(file);
    checkedInteger(rest.level, {
      name: "level",
      failure: `Cannot read rows of ${file.name}`,
      range: [0, file.levels.length - 1],
    });
    const level = file.levels[rest.level]!;
    this.name = file.name;
    this.width = level.width;
    this.height = level.height;
    this.format = file.conversion?.rows ?? decodedTexelFormat(this.#stored);
    this.colorSpace = file.colorSpace;
    this.#bytes = bytes;
    this.#file = file;
    this.#level = level;
    this.#options = rest;
  }

  async readRows(
    firstRow: number,
    rowCount: number,
    options: ReadOptions = {},
  ): Promise<Uint8Array> {
    if (this.#closed) {
      throw new DisposedError(this.name, `Cannot read rows of ${this.name} as it was closed`);
    }
    checkRowRange(this, firstRow, rowCount);
    checkedSignalOption(options, `Cannot read rows of ${this.name}`);
    const { blockTexels, blockBytes } = formatInfo(this.#stored);
    const { conversion } = this.#file;
    const firstBlockRow = Math.floor(firstRow / blockTexels);
    const blockRows = Math.ceil((firstRow + rowCount) / blockTexels) - firstBlockRow;
    const rowBytes = levelBlocks(this.#level, this.#stored).columns *
      (conversion?.storedBytes ?? blockBytes);
    const blocks = await this.#read(firstBlockRow * rowBytes, blockRows * rowBytes, options);
    const top = firstRow - firstBlockRow * blockTexels;
    const texels = this.#decode(blocks, top + rowCount);
    if (this.#file.opaque) { for (let i = 3; i < texels.length; i += 4) texels[i] = 255; }
    return top === 0 ? texels : texels.slice(top * (texels.length / (top + rowCount)));
  }

  /** Decodes whole rows of blocks to so many rows of texels. */
  #decode(blocks: Uint8Array, rows: number): Uint8Array {
    const { conversion } = this.#file;
    if (conversion === null) return decodeBlocks(this.#stored, blocks, this.width, rows);
    if (conversion.rows !== null) return new Uint8Array(blocks);
    return decodeBlocks(this.#stored, conversion.convert(blocks), this.width, rows);
  }

  async #read(offset: number, length: number, options: ReadOptions): Promise<Uint8Array> {
    if (isReadableByRegion(this.#file)) {
      return await this.#bytes.read(this.#level.offset + offset, length, options);
    }
    // Callers share the inflated level, so the signal of one must not stop it.
    this.#inflated ??= this.#inflate();
    const level = await this.#inflated;
    options.signal?.throwIfAborted();
    return level.subarray(offset, offset + length);
  }

  async #inflate(): Promise<Uint8Array> {
    try {
      return await inflateLevel(this.#bytes, this.#file, {
        ...this.#options,
        level: this.#level.level,
      });
    } catch (error) {
      this.#inflated = null; // So that a later read tries again.
      throw error;
    }
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#inflated = null;
    return Promise.resolve();
  }
}

/**
 * Opens one level of a KTX2 file as decoded rows: compressed 8-bit formats and RGBA8 as RGBA8, BC4 and
 * R8 as 8-bit grey, normalised values of 8 and 16 bits and 32-bit floats as they are, signed values
 * and other floats as 32-bit floats; three channels get an alpha of 1. Values are as stored: sRGB
 * stays encoded and premultiplied colours ({@linkcode Ktx2File.premultiplied}) stay multiplied.
 *
 * Files without supercompression are read row by row. Of others, the whole level is inflated at the
 * first read and kept until `close`; `maxLevelBytes` bounds it.
 *
 * @param bytes The file's bytes; they stay open and belong to the caller.
 * @param file The result of `readKtx2` for them.
 * @throws {UnsupportedError} naming which part of the file is not supported.
 * @throws {OutOfRangeError} if the file has no such level.
 */
export function ktx2RowSource(
  bytes: ByteSource,
  file: Ktx2File,
  options: { readonly level: number } & InflateOptions,
): RowSource {
  return new LevelRowSource(bytes, file, options);
}
