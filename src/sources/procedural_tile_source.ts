/**
 * Textures of any size made by a function, without a file.
 *
 * @module
 */

import { checkOptionNames } from "../checks.ts";
import { DisposedError, UnsupportedError } from "../errors.ts";
import { type ColorSpace, formatInfo, type TexelFormat } from "../texels/mod.ts";
import {
  checkedWrap,
  CLAMPED,
  TileGrid,
  type Wrap,
  type WrapModes,
  wrapText,
} from "../tiles/mod.ts";
import {
  assembleSlot,
  blockRegion,
  type BlockRun,
  checkSlotShape,
  isWholeInBlocks,
  numbersOf,
  type SlotShape,
} from "./block_region.ts";
import type { ReadOptions } from "./bytes/byte_source.ts";
import { checkedTileRequest } from "./tile_request.ts";
import type { ReadCounters, TileSource } from "./tile_source.ts";

/**
 * Writes one block of a level: a texel of uncompressed formats, 4×4 texels of BC formats.
 *
 * @param level Level, 0 the finest.
 * @param column Column of blocks, from 0.
 * @param row Row of blocks, from 0.
 * @param out Where to write, `at` the first byte of the block.
 */
export type MakeBlock = (
  level: number,
  column: number,
  row: number,
  out: Uint8Array,
  at: number,
) => void;

/** Options of {@linkcode proceduralTileSource}. */
export interface ProceduralOptions extends SlotShape {
  /** Name of the texture in messages. */
  readonly name?: string;
  /** Width of level 0 in texels. */
  readonly width: number;
  /** Height of level 0 in texels. */
  readonly height: number;
  /** How to interpret the values; default, as the format says. */
  readonly colorSpace?: ColorSpace;
  /**
   * What lies beyond the edges of a level; default `"clamp"`. Along an axis that repeats every level must be
   * whole blocks, which those of one texel are of uncompressed formats only.
   */
  readonly wrap?: Wrap;
}

const OPTION_NAMES: readonly (keyof ProceduralOptions)[] = [
  "name",
  "width",
  "height",
  "colorSpace",
  "tileSize",
  "border",
  "format",
  "wrap",
];

class ProceduralTileSource implements TileSource {
  readonly name: string;
  readonly grid: TileGrid;
  readonly border: number;
  readonly format: TexelFormat;
  readonly colorSpace: ColorSpace;
  readonly wrap: WrapModes;
  readonly counters: ReadCounters = { bytesRead: 0, bytesUsed: 0 };
  readonly #makeBlock: MakeBlock;
  #closed = false;

  constructor(makeBlock: MakeBlock, options: ProceduralOptions) {
    checkOptionNames(options, { failure: "Cannot make procedural texture", names: OPTION_NAMES });
    checkSlotShape(options);
    const failure = "Cannot make procedural texture";
    this.wrap = options.wrap === undefined ? CLAMPED : checkedWrap(options.wrap, { failure });
    if (!isWholeInBlocks({ width: 1, height: 1 }, { format: options.format, wrap: this.wrap })) {
      throw new UnsupportedError(
        "wrap",
        `${failure} as wrap must be clamp with the format ${options.format}, whose blocks are ` +
          `larger than the last levels: current value is ${wrapText(this.wrap)}`,
      );
    }
    this.name = options.name ?? "procedural texture";
    this.grid = new TileGrid(options.width, options.height, options.tileSize);
    this.border = options.border;
    this.format = options.format;
    this.colorSpace = options.colorSpace ?? formatInfo(options.format).colorSpace;
    this.#makeBlock = makeBlock;
  }

  get info(): string {
    const { width, height } = this.grid;
    return `procedural ${width} × ${height}, ${this.format}`;
  }

  // deno-lint-ignore require-await -- errors must come as rejections
  async readTile(
    level: number,
    x: number,
    y: number,
    options: ReadOptions = {},
  ): Promise<Uint8Array> {
    const signal = checkedTileRequest(this.name, { level, x, y, options });
    if (this.#closed) {
      throw new DisposedError(this.name, `Cannot read tile of ${this.name} as it was closed`);
    }
    signal?.throwIfAborted();
    const { format, grid } = this;
    const shape = { tileSize: grid.tileSize, border: this.border, format };
    const { wrap } = this;
    const region = blockRegion(this.name, { grid, shape, level, x, y, wrap });
    const chunks: Uint8Array[] = [];
    for (const row of numbersOf(region.rows)) {
      for (const run of region.columns.runs) chunks.push(this.#makeRun(level, row, run));
    }
    for (const { length } of chunks) {
      this.counters.bytesRead += length;
      this.counters.bytesUsed += length;
    }
    return assembleSlot(region, chunks, format);
  }

  #makeRun(level: number, row: number, { first, count }: BlockRun): Uint8Array {
    const { blockBytes } = formatInfo(this.format);
    const bytes = new Uint8Array(count * blockBytes);
    for (let i = 0; i < count; i++) this.#makeBlock(level, first + i, row, bytes, i * blockBytes);
    return bytes;
  }

  close(): void {
    this.#closed = true;
  }
}

/**
 * A texture that a function makes, tile by tile: for tests, benchmarks and patterns, at any size
 * that a `TileGrid` can have.
 *
 * @param makeBlock Makes any block of any level; the same block may be requested several times.
 * @throws {OutOfRangeError} if tile size or border is not a multiple of the block size.
 *
 * @example Columns in red, rows in green
 * ```ts
 * import { proceduralTileSource } from "@forge3d/forge3d";
 *
 * const source = proceduralTileSource((_level, column, row, out, at) => {
 *   out.set([column & 255, row & 255, 0, 255], at);
 * }, { width: 2 ** 18, height: 2 ** 18, tileSize: 256, border: 4, format: "rgba8unorm" });
 * await source.readTile(0, 1023, 1023);
 * ```
 */
export function proceduralTileSource(
  makeBlock: MakeBlock,
  options: ProceduralOptions,
): TileSource {
  return new ProceduralTileSource(makeBlock, options);
}
