/**
 * Which tiles become stale when a part of level 0 changes.
 *
 * @module
 */

import type { TileGrid } from "./tile_grid.ts";

/** A rectangle in texels of level 0: the upper left corner is inside, the lower right one is not. */
export interface TexelRect {
  /** Left edge. */
  readonly x0: number;
  /** Upper edge. */
  readonly y0: number;
  /** Right edge. */
  readonly x1: number;
  /** Lower edge. */
  readonly y1: number;
}

/** Called for each tile with its tile index, its level, and its column and row there. */
export type VisitTile = (tile: number, level: number, x: number, y: number) => void;

/**
 * By how many texels of each level the rectangle is grown. A texel of a level is filtered from texels
 * of the level before, which need not nest exactly where sizes were floored; the overhangs of all
 * finer levels together stay below one texel (1/2 + 1/4 + …).
 */
const FILTER_TEXELS = 1;

/**
 * Visits every tile of every level, finest level first and row by row, whose slot can depend on a
 * rectangle of level 0: whose payload or border touches the rectangle, scaled to the level and grown
 * by one of its texels. Allocates nothing per tile.
 *
 * @param rect May be fractional, and reach beyond the texture. An empty rectangle touches nothing.
 * @param options `borderTexels`: texels around a payload that belong to its neighbours.
 */
export function forEachTileTouching(
  grid: TileGrid,
  rect: TexelRect,
  options: { readonly borderTexels: number },
  visit: VisitTile,
): void {
  const spans = touchedSpans(grid, rect, options.borderTexels);
  for (const { level, tilesX, firstTile } of grid.levels) {
    const at = 4 * level;
    for (let y = spans[at + 2]!; y < spans[at + 3]!; y++) {
      for (let x = spans[at]!; x < spans[at + 1]!; x++) {
        visit(firstTile + y * tilesX + x, level, x, y);
      }
    }
  }
}

/**
 * The same as a test of single tiles: cheaper where many tiles are touched and few are asked about.
 *
 * @returns Tells whether {@linkcode forEachTileTouching} visits the tile with an index.
 */
export function touchTest(
  grid: TileGrid,
  rect: TexelRect,
  options: { readonly borderTexels: number },
): (tile: number) => boolean {
  const spans = touchedSpans(grid, rect, options.borderTexels);
  return (tile) => {
    const level = grid.levelOf(tile);
    const { firstTile, tilesX } = grid.levels[level]!;
    const y = Math.floor((tile - firstTile) / tilesX);
    const x = tile - firstTile - y * tilesX;
    const at = 4 * level;
    return x >= spans[at]! && x < spans[at + 1]! && y >= spans[at + 2]! && y < spans[at + 3]!;
  };
}

/** First column and the one past the last, and the same of rows, for each level. */
function touchedSpans(grid: TileGrid, rect: TexelRect, borderTexels: number): Float64Array {
  const spans = new Float64Array(4 * grid.levelCount);
  const x0 = Math.max(0, rect.x0);
  const y0 = Math.max(0, rect.y0);
  const x1 = Math.min(grid.width, rect.x1);
  const y1 = Math.min(grid.height, rect.y1);
  if (!(x0 < x1 && y0 < y1)) return spans;
  const { tileSize } = grid;
  for (const { level, width, height, tilesX, tilesY } of grid.levels) {
    const left = Math.floor(x0 * width / grid.width) - FILTER_TEXELS;
    const top = Math.floor(y0 * height / grid.height) - FILTER_TEXELS;
    const right = Math.min(width, Math.ceil(x1 * width / grid.width) + FILTER_TEXELS);
    const bottom = Math.min(height, Math.ceil(y1 * height / grid.height) + FILTER_TEXELS);
    const at = 4 * level;
    spans[at] = Math.max(0, Math.floor((left - borderTexels) / tileSize));
    spans[at + 1] = Math.min(tilesX, Math.ceil((right + borderTexels) / tileSize));
    spans[at + 2] = Math.max(0, Math.floor((top - borderTexels) / tileSize));
    spans[at + 3] = Math.min(tilesY, Math.ceil((bottom + borderTexels) / tileSize));
  }
  return spans;
}
