/**
 * Which tiles become stale when a part of level 0 changes.
 *
 * @module
 */

import type { TileGrid } from "./tile_grid.ts";
import { type Wrap, type WrapMode, wrapModes } from "./wrap.ts";

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

/** What of their neighbours tiles hold. */
export interface TouchOptions {
  /** Texels around a payload that belong to its neighbours. */
  readonly borderTexels: number;
  /** What lies beyond the edges of a level; default `"clamp"`. */
  readonly wrap?: Wrap;
}

/**
 * Visits every tile of every level, finest level first and row by row, whose slot can depend on a
 * rectangle of level 0: whose payload or border touches the rectangle, scaled to the level and grown
 * by one of its texels. Allocates nothing per tile.
 *
 * @param rect May be fractional, and reach beyond the texture, to which it is clipped. An empty rectangle
 * touches nothing.
 */
export function forEachTileTouching(
  grid: TileGrid,
  rect: TexelRect,
  options: TouchOptions,
  visit: VisitTile,
): void {
  const touched = touchedTiles(grid, rect, options);
  for (const { level, tilesX, firstTile } of grid.levels) {
    const { columns, rows } = touched[level]!;
    for (let y = rows.from; y < rows.to; y++) {
      if (!isTouched(rows, y)) continue;
      for (let x = columns.from; x < columns.to; x++) {
        if (isTouched(columns, x)) visit(firstTile + y * tilesX + x, level, x, y);
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
  options: TouchOptions,
): (tile: number) => boolean {
  const touched = touchedTiles(grid, rect, options);
  return (tile) => {
    const level = grid.levelOf(tile);
    const { firstTile, tilesX } = grid.levels[level]!;
    const { columns, rows } = touched[level]!;
    const y = Math.floor((tile - firstTile) / tilesX);
    const x = tile - firstTile - y * tilesX;
    return isTouched(columns, x) && isTouched(rows, y);
  };
}

/** Columns or rows of tiles of a level that are touched: all from one to another, but for a gap. */
interface TouchedSpan {
  /** The first. */
  readonly from: number;
  /** The one past the last. */
  readonly to: number;
  /** The first that is not touched, where the span goes round the edges. */
  readonly gapFrom: number;
  /** The first after those. */
  readonly gapTo: number;
}

const NOTHING: TouchedSpan = { from: 0, to: 0, gapFrom: 0, gapTo: 0 };

function isTouched({ from, to, gapFrom, gapTo }: TouchedSpan, at: number): boolean {
  return at >= from && at < to && !(at >= gapFrom && at < gapTo);
}

/** What is touched of each level. */
function touchedTiles(
  grid: TileGrid,
  rect: TexelRect,
  { borderTexels, wrap }: TouchOptions,
): readonly { readonly columns: TouchedSpan; readonly rows: TouchedSpan }[] {
  const x0 = Math.max(0, rect.x0);
  const y0 = Math.max(0, rect.y0);
  const x1 = Math.min(grid.width, rect.x1);
  const y1 = Math.min(grid.height, rect.y1);
  if (!(x0 < x1 && y0 < y1)) return grid.levels.map(() => ({ columns: NOTHING, rows: NOTHING }));
  const { tileSize } = grid;
  const [wrapU, wrapV] = wrapModes(wrap);
  return grid.levels.map(({ width, height, tilesX, tilesY }) => {
    const left = Math.floor(x0 * width / grid.width) - FILTER_TEXELS;
    const top = Math.floor(y0 * height / grid.height) - FILTER_TEXELS;
    const right = Math.min(width, Math.ceil(x1 * width / grid.width) + FILTER_TEXELS);
    const bottom = Math.min(height, Math.ceil(y1 * height / grid.height) + FILTER_TEXELS);
    const axis = { tileSize, borderTexels };
    return {
      columns: spanOf([left, right], { ...axis, tiles: tilesX, period: periodOf(wrapU, width) }),
      rows: spanOf([top, bottom], { ...axis, tiles: tilesY, period: periodOf(wrapV, height) }),
    };
  });
}

function periodOf(mode: WrapMode, levelTexels: number): number {
  return mode === "repeat" ? levelTexels : Infinity;
}

/** The tiles that hold texels of an interval, or of the same one a period before or after. */
function spanOf(
  [least, most]: readonly [number, number],
  { tileSize, borderTexels, tiles, period }: {
    readonly tileSize: number;
    readonly borderTexels: number;
    readonly tiles: number;
    /** Texels after which the level repeats. */
    readonly period: number;
  },
): TouchedSpan {
  const firstOf = (texel: number) => Math.floor((texel - borderTexels) / tileSize);
  const endOf = (texel: number) => Math.ceil((texel + borderTexels) / tileSize);
  const first = Math.max(0, firstOf(least));
  const end = Math.min(tiles, endOf(most));
  // What is so near the last texel reaches the last tile, and the first ones round the edge; the reverse too.
  const endOfFirst = endOf(most - period);
  if (endOfFirst > 0) return { from: 0, to: tiles, gapFrom: endOfFirst, gapTo: first };
  const firstOfLast = firstOf(least + period);
  if (firstOfLast < tiles) return { from: 0, to: tiles, gapFrom: end, gapTo: firstOfLast };
  return { from: first, to: end, gapFrom: 0, gapTo: 0 };
}
