/**
 * Tiles read directly from one image of a KTX2 file.
 *
 * A tile is read as rows of blocks. Without supercompression, rows of one tile, and of tiles that are
 * requested in the same turn of the event loop, are read together where the gaps between them are
 * small: tiles of one row of tiles share their bands.
 *
 * @module
 */

import { OutOfRangeError, UnsupportedError } from "../../errors.ts";
import {
  type Appearance,
  type ColorSpace,
  formatInfo,
  type TexelFormat,
  unorm16ToFloat32,
} from "../../texels/mod.ts";
import { checkedWrap, CLAMPED, TileGrid, type Wrap, type WrapModes } from "../../tiles/mod.ts";
import {
  assembleSlot,
  blockRegion,
  checkSlotShape,
  isWholeInBlocks,
  levelBlocks,
  numbersOf,
  type SlotShape,
} from "../block_region.ts";
import type { ByteSource, ReadOptions } from "../bytes/byte_source.ts";
import type { CoalescingOptions } from "../bytes/coalescing_source.ts";
import type { ByteRange } from "../bytes/read_range.ts";
import { checkedTileRequest } from "../tile_request.ts";
import type { ReadCounters, TileSource } from "../tile_source.ts";
import { fileAppearance } from "./file_appearance.ts";
import { type ChosenImage, chosenImage, type ImageChoice } from "./image_choice.ts";
import type { InflateOptions } from "./inflate_level.ts";
import type { Ktx2File } from "./ktx2_file.ts";
import { type LevelReader, levelReader } from "./level_reader.ts";
import { isReadAs, texelFormatOrThrow } from "./streamable.ts";

/** Options of {@linkcode ktx2TileSource}. */
export interface Ktx2TileSourceOptions extends ImageChoice, InflateOptions {
  /** Edge of a tile's payload in texels; a multiple of 4 for BC formats. */
  readonly tileSize: number;
  /** Texels on each side that belong to the neighbours; a multiple of 4 for BC formats. */
  readonly border: number;
  /**
   * `"r32float"`, `"rg32float"` or `"rgba32float"` give normalised values of 16 bits as floats, for
   * devices without those.
   */
  readonly format?: TexelFormat;
  /** What lies beyond the edges of a level; default `"clamp"`. */
  readonly wrap?: Wrap;
  /** How reads are merged. */
  readonly coalescing?: CoalescingOptions;
}

/** A KTX2 file as tiles. */
export interface Ktx2TileSource extends TileSource {
  /** The file's description. */
  readonly file: Ktx2File;
  /**
   * Levels that can be read, 0 to `presentLevels` − 1: those that the image has, but where it repeats only up
   * to the first that is not whole blocks.
   */
  readonly presentLevels: number;
}

class ImageTileSource implements Ktx2TileSource {
  readonly file: Ktx2File;
  readonly grid: TileGrid;
  readonly border: number;
  readonly format: TexelFormat;
  readonly wrap: WrapModes;
  readonly presentLevels: number;
  readonly #stored: SlotShape;
  readonly #image: ChosenImage;
  readonly #levels: LevelReader;

  constructor(bytes: ByteSource, file: Ktx2File, options: Ktx2TileSourceOptions) {
    const { tileSize, border } = options;
    const stored = texelFormatOrThrow(file);
    const image = chosenImage(file, options);
    this.format = options.format ?? stored;
    if (!isReadAs(file, this.format)) {
      throw new UnsupportedError(
        `${stored} as ${this.format}`,
        `Cannot read ${file.name} as ${this.format}: its tiles are ${stored}`,
      );
    }
    const format = file.basis === null ? stored : this.format;
    this.#stored = { tileSize, border, format };
    checkSlotShape(this.#stored);
    const { wrap = CLAMPED } = options;
    this.wrap = checkedWrap(wrap, { failure: `Cannot read ${file.name}` });
    this.file = file;
    this.border = border;
    this.grid = new TileGrid(file.width, file.height, tileSize);
    const cut = { format, wrap: this.wrap };
    const partial = this.grid.levels.findIndex((level) => !isWholeInBlocks(level, cut));
    this.presentLevels = partial === -1 ? image.levelCount : Math.min(partial, image.levelCount);
    this.#image = image;
    this.#levels = levelReader(bytes, file, { ...options, image, format });
  }

  get name(): string {
    return this.file.name;
  }

  get colorSpace(): ColorSpace {
    return this.file.colorSpace;
  }

  get appearance(): Appearance {
    return fileAppearance(this.file);
  }

  get opaque(): boolean {
    return this.file.opaque;
  }

  get info(): string {
    const { text } = this.#image;
    return `${this.file.describe()}${text === "" ? "" : `, ${text}`}`;
  }

  get counters(): Readonly<ReadCounters> {
    return this.#levels.counters;
  }

  async readTile(
    level: number,
    x: number,
    y: number,
    options: ReadOptions = {},
  ): Promise<Uint8Array> {
    checkedTileRequest(this.name, { level, x, y, options });
    const { levelCount } = this.#image;
    if (level >= levelCount) {
      throw new OutOfRangeError(
        "level",
        `Cannot read tile of ${this.name} as level must be from 0 to ${levelCount - 1}: ` +
          `current value is ${level}`,
      );
    }
    const { wrap } = this;
    const { format } = this.#stored;
    if (level >= this.presentLevels) {
      const { width, height } = this.grid.level(level);
      throw new UnsupportedError(
        "wrap",
        `Cannot read tile of level ${level} of ${this.name} as wrap must be clamp where a level is ` +
          `not whole blocks of ${format}: it is ${width} × ${height} texels`,
      );
    }
    const region = blockRegion(this.name, {
      grid: this.grid,
      shape: this.#stored,
      level,
      x,
      y,
      wrap,
    });
    const { blockBytes } = formatInfo(format);
    const { columns } = levelBlocks(this.grid.level(level), format);
    const ranges: ByteRange[] = [];
    for (const row of numbersOf(region.rows)) {
      for (const { first, count } of region.columns.runs) {
        const block = row * columns + first;
        ranges.push({ offset: block * blockBytes, length: count * blockBytes });
      }
    }
    const rows = await this.#levels.readRanges(level, ranges, options);
    const slot = assembleSlot(region, rows, format);
    return this.format === format ? slot : unorm16ToFloat32(slot);
  }

  close(): void {
    this.#levels.close();
  }
}

/**
 * Opens the tiles of one image of a KTX2 file, of any width and height, in a format that is or
 * becomes a {@linkcode TexelFormat}. Blocks are those of the file, bit for bit.
 *
 * Files without supercompression are read by region. Of others, a level is inflated whole when a tile of
 * it is read and kept until one of another level is: read them level by level.
 *
 * @param bytes The file's bytes; closed with the tile source.
 * @param file The result of `readKtx2` for them.
 * @throws {UnsupportedError} naming which part of the file is not supported, or which of `layer`, `face`
 * and `slice` must be given.
 * @throws {InvalidArgumentError} if wrap has the wrong type.
 * @throws {OutOfRangeError} if tile size or border is not a multiple of the block size, the file has no such
 * layer, face or slice, or wrap no such mode.
 */
export function ktx2TileSource(
  bytes: ByteSource,
  file: Ktx2File,
  options: Ktx2TileSourceOptions,
): Ktx2TileSource {
  return new ImageTileSource(bytes, file, options);
}
