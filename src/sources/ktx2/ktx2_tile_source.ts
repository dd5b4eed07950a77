/**
 * Tiles read directly from a KTX2 file without supercompression.
 *
 * A tile is read as rows of blocks. Rows of one tile, and of tiles that are requested in the same
 * turn of the event loop, are read together where the gaps between them are small: tiles of one row
 * of tiles share their bands.
 *
 * @module
 */

import { OutOfRangeError, UnsupportedError } from "../../errors.ts";
import {
  type ColorSpace,
  formatInfo,
  type TexelFormat,
  unorm16ToFloat32,
} from "../../texels/mod.ts";
import { TileGrid } from "../../tiles/mod.ts";
import {
  assembleSlot,
  blockRegion,
  checkSlotShape,
  levelBlocks,
  type SlotShape,
} from "../block_region.ts";
import type { ByteSource, ReadOptions } from "../bytes/byte_source.ts";
import { type CoalescingOptions, CoalescingSource } from "../bytes/coalescing_source.ts";
import type { ByteRange } from "../bytes/read_range.ts";
import { checkedTileRequest } from "../tile_request.ts";
import type { ReadCounters, TileSource } from "../tile_source.ts";
import type { Ktx2File } from "./ktx2_file.ts";
import { isReadableByRegion, texelFormatOrThrow } from "./streamable.ts";

/** Options of {@linkcode ktx2TileSource}. */
export interface Ktx2TileSourceOptions {
  /** Edge of a tile's payload in texels; a multiple of 4 for BC formats. */
  readonly tileSize: number;
  /** Texels on each side that belong to the neighbours; a multiple of 4 for BC formats. */
  readonly border: number;
  /**
   * `"r32float"`, `"rg32float"` or `"rgba32float"` give normalised values of 16 bits as floats, for
   * devices without those.
   */
  readonly format?: TexelFormat;
  /** How reads are merged. */
  readonly coalescing?: CoalescingOptions;
}

/** A KTX2 file as tiles. */
export interface Ktx2TileSource extends TileSource {
  /** The file's description. */
  readonly file: Ktx2File;
  /** Levels that the file has: 0 to `presentLevels` − 1. Tiles of others cannot be read. */
  readonly presentLevels: number;
}

class RegionTileSource implements Ktx2TileSource {
  readonly file: Ktx2File;
  readonly grid: TileGrid;
  readonly border: number;
  readonly format: TexelFormat;
  readonly #stored: SlotShape;
  readonly #bytes: CoalescingSource;

  constructor(bytes: ByteSource, file: Ktx2File, options: Ktx2TileSourceOptions) {
    const { tileSize, border } = options;
    const stored = texelFormatOrThrow(file);
    if (!isReadableByRegion(file)) {
      throw new UnsupportedError(
        `tiles from supercompression ${file.scheme.name}`,
        `Cannot read ${file.name} by region as its levels are compressed whole: its ` +
          `supercompression is ${file.scheme.name}`,
      );
    }
    this.format = options.format ?? stored;
    if (this.format !== stored && this.format !== stored.replace("16unorm", "32float")) {
      throw new UnsupportedError(
        `${stored} as ${this.format}`,
        `Cannot read ${file.name} as ${this.format}: its tiles are ${stored}`,
      );
    }
    this.#stored = { tileSize, border, format: stored };
    checkSlotShape(this.#stored);
    this.file = file;
    this.border = border;
    this.grid = new TileGrid(file.width, file.height, tileSize);
    this.#bytes = new CoalescingSource(bytes, options.coalescing);
  }

  get name(): string {
    return this.file.name;
  }

  get colorSpace(): ColorSpace {
    return this.file.colorSpace;
  }

  get opaque(): boolean {
    return this.file.opaque;
  }

  get info(): string {
    return this.file.describe();
  }

  get presentLevels(): number {
    return this.file.levels.length;
  }

  get counters(): Readonly<ReadCounters> {
    return this.#bytes.counters;
  }

  async readTile(
    level: number,
    x: number,
    y: number,
    options: ReadOptions = {},
  ): Promise<Uint8Array> {
    checkedTileRequest(this.name, { level, x, y, options });
    const stored = this.file.levels[level];
    if (stored === undefined) {
      throw new OutOfRangeError(
        "level",
        `Cannot read tile of ${this.name} as level must be from 0 to ${this.presentLevels - 1}: ` +
          `current value is ${level}`,
      );
    }
    const { format } = this.#stored;
    const { conversion } = this.file;
    const region = blockRegion(this.name, { grid: this.grid, shape: this.#stored, level, x, y });
    const blockBytes = conversion?.storedBytes ?? formatInfo(format).blockBytes;
    const { columns } = levelBlocks(stored, format);
    const ranges: ByteRange[] = [];
    for (let row = 0; row < region.rows; row++) {
      const block = (region.firstRow + row) * columns + region.firstColumn;
      ranges.push({
        offset: stored.offset + block * blockBytes,
        length: region.columns * blockBytes,
      });
    }
    const rows = await this.#bytes.readRanges(ranges, options);
    const texels = conversion === null ? rows : rows.map((row) => conversion.convert(row));
    const slot = assembleSlot(region, texels, format);
    return this.format === format ? slot : unorm16ToFloat32(slot);
  }

  close(): void {
    this.#bytes.close();
  }
}

/**
 * Opens the tiles of a KTX2 file: 2D, any width and height, without supercompression, in a format
 * that is or becomes a {@linkcode TexelFormat}.
 *
 * @param bytes The file's bytes; closed with the tile source.
 * @param file The result of `readKtx2` for them.
 * @throws {UnsupportedError} naming which part of the file is not supported.
 * @throws {OutOfRangeError} if tile size or border is not a multiple of the block size.
 */
export function ktx2TileSource(
  bytes: ByteSource,
  file: Ktx2File,
  options: Ktx2TileSourceOptions,
): Ktx2TileSource {
  return new RegionTileSource(bytes, file, options);
}
