/**
 * Levels that a function of the caller does not give, made from the coarsest that it does.
 *
 * @module
 */

import { UnsupportedError } from "../../errors.ts";
import {
  type Appearance,
  type ColorSpace,
  decodedLayout,
  decodedValues,
  MipPyramid,
  regionBytes,
  weighingAlpha,
} from "../../texels/mod.ts";
import type { TileGrid } from "../../tiles/mod.ts";
import { type RowFormat, rowTexelBytes } from "../row_source.ts";
import type { LevelRegion, RegionReader } from "./region_reader.ts";

/** Bytes of rows that are read at once. */
const STRIP_BYTES = 2 * 2 ** 20;
/** Bytes that the levels may take in memory. */
const MOST_BYTES = 2 ** 30;

/** What the levels are made from. */
export interface CoarseLevelsOptions {
  /** Name of the texture in messages. */
  readonly name: string;
  readonly grid: TileGrid;
  readonly format: RowFormat;
  readonly colorSpace: ColorSpace;
  readonly appearance: Appearance;
  /** Levels that are given. */
  readonly levels: number;
  readonly signal?: AbortSignal | undefined;
}

/** The levels from one on, in memory. */
export class CoarseLevels {
  readonly #grid: TileGrid;
  readonly #texelBytes: number;
  /** The texels of each level from the first on. */
  readonly #texels = new Map<number, Uint8Array>();

  private constructor({ grid, format, levels }: CoarseLevelsOptions) {
    this.#grid = grid;
    this.#texelBytes = rowTexelBytes(format);
    for (const { level, width, height } of grid.levels.slice(levels)) {
      this.#texels.set(level, new Uint8Array(regionBytes(format, width, height)));
    }
  }

  /**
   * Reads the coarsest level that is given, strip by strip, and filters the others from it: in linear light,
   * premultiplied, around holes.
   *
   * @throws {UnsupportedError} if they would take more than 1 GiB.
   * @throws What reading throws, and the signal's reason.
   */
  static async make(reader: RegionReader, options: CoarseLevelsOptions): Promise<CoarseLevels> {
    const { name, grid, format, colorSpace, appearance, levels, signal } = options;
    const missing = grid.levels.slice(levels);
    const bytes = missing.reduce((sum, one) => sum + regionBytes(format, one.width, one.height), 0);
    if (bytes > MOST_BYTES) {
      throw new UnsupportedError(
        "levels",
        `Cannot make the levels of ${name} from ${levels} on as they would take ${bytes} bytes of ` +
          `memory: give at least so many levels that the others take ${MOST_BYTES}`,
      );
    }
    const made = new CoarseLevels(options);
    if (missing.length === 0) return made;
    const level = levels - 1;
    const { width, height } = grid.level(level);
    const layout = decodedLayout(format, colorSpace);
    const pyramid = new MipPyramid(width, height, {
      layout: { ...layout, alpha: weighingAlpha(appearance, layout.channels) },
      levelCount: grid.levelCount - level,
      onRow: (step, y, { buffer, byteOffset, byteLength }) => {
        const row = new Uint8Array(buffer, byteOffset, byteLength);
        made.#texels.get(level + step)!.set(row, y * byteLength);
      },
    });
    const rowBytes = regionBytes(format, width, 1);
    const strip = Math.max(1, Math.floor(STRIP_BYTES / rowBytes));
    for (let y = 0; y < height; y += strip) {
      const rows = Math.min(strip, height - y);
      const read = await reader.read({ level, x: 0, y, width, height: rows }, signal);
      // Values begin at a multiple of their size.
      const aligned = read.byteOffset % 4 === 0 ? read : read.slice();
      for (let row = 0; row < rows; row++) {
        const bytesOfRow = aligned.subarray(row * rowBytes, (row + 1) * rowBytes);
        pyramid.pushRow(decodedValues(bytesOfRow, format));
      }
    }
    return made;
  }

  /** Rows of a region of one of the levels. */
  rowsOf({ level, x, y, width, height }: LevelRegion): Uint8Array[] {
    const texels = this.#texels.get(level)!;
    const rowBytes = this.#grid.level(level).width * this.#texelBytes;
    return Array.from({ length: height }, (_, row) => {
      const start = (y + row) * rowBytes + x * this.#texelBytes;
      return texels.subarray(start, start + width * this.#texelBytes);
    });
  }
}
