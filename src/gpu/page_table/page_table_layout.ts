/**
 * How page entries lie in the texture of a page table. Pure.
 *
 * @module
 */

import { OutOfRangeError } from "../../errors.ts";
import type { TileGrid } from "../../tiles/mod.ts";

/** Invocations of a workgroup of the edit shader. */
export const PAGE_TABLE_WORKGROUP = 64;

/** Levels that the edit shader's uniform has room for. */
export const PAGE_TABLE_MAX_LEVELS = 21;

/** Bytes of the edit shader's `Levels`. */
export const LEVELS_BYTES: number = 16 + PAGE_TABLE_MAX_LEVELS * 16;

/** Bytes of the edit shader's `Group`. */
export const GROUP_BYTES = 16;

/** Size of a page table's texture. */
export interface PageTableLayout {
  /** log2 of the width. */
  readonly tableShift: number;
  /** Width in texels, a power of two. */
  readonly width: number;
  /** Height in texels. */
  readonly height: number;
}

/** Width of a table that needs more than one row, unless it would be too high. */
const USUAL_SHIFT = 11;

/**
 * Size of the texture for a number of page entries: one row if they fit 2048 texels, else as many
 * rows of 2048 as are needed, and wider where the rows would be too many.
 *
 * @throws {OutOfRangeError} if they do not fit a texture of `maxTextureSize`².
 */
export function planPageTable(tileCount: number, maxTextureSize: number): PageTableLayout {
  let tableShift = Math.min(USUAL_SHIFT, Math.ceil(Math.log2(Math.max(1, tileCount))));
  while (Math.ceil(tileCount / 2 ** tableShift) > maxTextureSize) tableShift++;
  const width = 2 ** tableShift;
  if (width > maxTextureSize) {
    throw new OutOfRangeError(
      "tileCount",
      `Cannot make page table as its tiles must fit a texture of ${maxTextureSize}² texels: ` +
        `current count is ${tileCount}`,
    );
  }
  return { tableShift, width, height: Math.ceil(tileCount / width) };
}

/** Tiles of the largest subtree of a tile of a level, that tile included. */
export function subtreeTiles(grid: TileGrid, level: number): number {
  const top = grid.level(level);
  let tiles = 0;
  for (let finer = 0; finer <= level; finer++) {
    const { tilesX, tilesY } = grid.level(finer);
    const shift = level - finer;
    tiles += widestSpan(top.tilesX, tilesX, shift) * widestSpan(top.tilesY, tilesY, shift);
  }
  return tiles;
}

function widestSpan(count: number, finerCount: number, finerBy: number): number {
  const last = finerCount - (count - 1) * 2 ** finerBy;
  return count > 1 ? Math.max(2 ** finerBy, last) : last;
}

/** The edit shader's `Levels`. */
export function packLevels(grid: TileGrid, tableShift: number): Uint32Array<ArrayBuffer> {
  if (grid.levelCount > PAGE_TABLE_MAX_LEVELS) {
    throw new OutOfRangeError(
      "grid",
      `Cannot make page table as its grid must have <= ${PAGE_TABLE_MAX_LEVELS} levels: ` +
        `current count is ${grid.levelCount}`,
    );
  }
  const words = new Uint32Array(LEVELS_BYTES / 4);
  words[0] = tableShift;
  words[1] = 2 ** tableShift - 1;
  for (const { level, tilesX, tilesY, firstTile } of grid.levels) {
    words.set([tilesX, tilesY, firstTile], 4 + level * 4);
  }
  return words;
}
