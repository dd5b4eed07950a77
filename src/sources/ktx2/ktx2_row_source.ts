/**
 * Decoded rows of one level of a KTX2 file, for baking the levels that the file lacks.
 *
 * @module
 */

import { checkedInteger, checkedSignalOption } from "../../checks.ts";
import { DisposedError } from "../../errors.ts";
import {
  type Appearance,
  type ColorSpace,
  decodeBlocks,
  decodedTexelFormat,
  formatInfo,
  type TexelFormat,
} from "../../texels/mod.ts";
import { levelBlocks } from "../block_region.ts";
import type { ByteSource, ReadOptions } from "../bytes/byte_source.ts";
import { keptOpen } from "../bytes/kept_open.ts";
import { checkRowRange, type RowFormat, type RowSource } from "../row_source.ts";
import { fileAppearance } from "./file_appearance.ts";
import { chosenImage, type ImageChoice } from "./image_choice.ts";
import type { InflateOptions } from "./inflate_level.ts";
import type { Ktx2Level } from "./level_index.ts";
import type { Ktx2File } from "./ktx2_file.ts";
import { type LevelReader, levelReader } from "./level_reader.ts";
import { decodableFormatOrThrow } from "./streamable.ts";

/** Which rows to open. */
export interface Ktx2RowOptions extends ImageChoice, InflateOptions {
  /** The level, 0 the finest. */
  readonly level: number;
}

class LevelRowSource implements RowSource {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly format: RowFormat;
  readonly colorSpace: ColorSpace;
  readonly appearance: Appearance;
  readonly #file: Ktx2File;
  readonly #level: Ktx2Level;
  readonly #stored: TexelFormat;
  /** Format of the stored texels where they are decoded rows themselves. */
  readonly #raw: RowFormat | null;
  readonly #reader: LevelReader;
  #closed = false;

  constructor(bytes: ByteSource, file: Ktx2File, options: Ktx2RowOptions) {
    this.#stored = decodableFormatOrThrow(file);
    const image = chosenImage(file, options);
    checkedInteger(options.level, {
      name: "level",
      failure: `Cannot read rows of ${file.name}`,
      range: [0, image.levelCount - 1],
    });
    const level = file.levels[options.level]!;
    this.name = file.name;
    this.width = level.width;
    this.height = level.height;
    this.#raw = file.conversion?.rows ?? null;
    this.format = this.#raw ?? decodedTexelFormat(this.#stored);
    this.colorSpace = file.colorSpace;
    this.appearance = fileAppearance(file);
    this.#file = file;
    this.#level = level;
    this.#reader = levelReader(keptOpen(bytes), file, {
      ...options,
      image,
      format: this.#stored,
      isRaw: this.#raw !== null,
    });
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
    const format = this.#raw ?? this.#stored;
    const { blockTexels, blockBytes } = formatInfo(format);
    const firstBlockRow = Math.floor(firstRow / blockTexels);
    const blockRows = Math.ceil((firstRow + rowCount) / blockTexels) - firstBlockRow;
    const rowBytes = levelBlocks(this.#level, format).columns * blockBytes;
    const range = { offset: firstBlockRow * rowBytes, length: blockRows * rowBytes };
    const [blocks] = await this.#reader.readRanges(this.#level.level, [range], options);
    const top = firstRow - firstBlockRow * blockTexels;
    const texels = decodeBlocks(format, blocks!, this.width, top + rowCount);
    if (this.#file.opaque) { for (let i = 3; i < texels.length; i += 4) texels[i] = 255; }
    return top === 0 ? texels : texels.slice(top * (texels.length / (top + rowCount)));
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#reader.close();
    return Promise.resolve();
  }
}

/**
 * Opens one level of an image of a KTX2 file as decoded rows: compressed 8-bit formats and RGBA8 as RGBA8,
 * BC4 and R8 as 8-bit grey, normalised values of 8 and 16 bits and 32-bit floats as they are, signed values
 * and other floats as 32-bit floats; three channels get an alpha of 1. Values are as stored: sRGB stays
 * encoded and premultiplied colours ({@linkcode Ktx2File.premultiplied}) stay multiplied.
 *
 * Files without supercompression are read row by row. Of others, the whole level is inflated at the
 * first read and kept until `close`; `maxLevelBytes` bounds it.
 *
 * @param bytes The file's bytes; they stay open and belong to the caller.
 * @param file The result of `readKtx2` for them.
 * @throws {UnsupportedError} naming which part of the file is not supported, or which of `layer`, `face`
 * and `slice` must be given.
 * @throws {OutOfRangeError} if the image has no such level, or the file no such image.
 */
export function ktx2RowSource(
  bytes: ByteSource,
  file: Ktx2File,
  options: Ktx2RowOptions,
): RowSource {
  return new LevelRowSource(bytes, file, options);
}
