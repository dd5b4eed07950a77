/**
 * Which tiles of a runtime virtual texture show something of a footprint.
 *
 * @module
 */

import { checkedInteger } from "../../../checks.ts";
import type { LevelGrid, TileGrid } from "../../../tiles/mod.ts";
import {
  type Footprint,
  footprintBounds,
  type FootprintPoint,
  type FootprintRect,
  footprintTouchesRect,
} from "./footprint.ts";

/** By how many texels of each level a tile reaches beyond its border: as far as filters may read. */
const FILTER_TEXELS = 1;

/** How far tiles reach. */
export interface TileReach {
  /** Texels around a payload that belong to its neighbours. */
  readonly borderTexels: number;
}

/**
 * The part of a texture that a tile can show: its payload with its border and one more texel of its
 * level on each side.
 *
 * @throws {InvalidArgumentError} if the tile is not a number.
 * @throws {OutOfRangeError} if there is no such tile.
 */
export function tileReachRect(
  grid: TileGrid,
  tile: number,
  { borderTexels }: TileReach,
): FootprintRect {
  const { level, x, y } = grid.addressOf(tile);
  const columns = reachOf(x, { size: grid.level(level).width, grid, borderTexels });
  const rows = reachOf(y, { size: grid.level(level).height, grid, borderTexels });
  return { u0: columns[0], v0: rows[0], u1: columns[1], v1: rows[1] };
}

/**
 * Whether a tile can show something of a footprint.
 *
 * @throws {InvalidArgumentError} if the tile is not a number.
 * @throws {OutOfRangeError} if there is no such tile.
 */
export function footprintTouchesTile(
  footprint: Footprint,
  tile: number,
  options: TileReach & { readonly grid: TileGrid },
): boolean {
  return footprintTouchesRect(footprint, tileReachRect(options.grid, tile, options));
}

/**
 * The tiles of all levels that can show something of a footprint, finest level first and row by row:
 * those whose {@linkcode tileReachRect} has a point in common with it. The cost is that of the rows
 * and tiles that are touched.
 *
 * @throws {InvalidArgumentError} if the border is not a number.
 * @throws {OutOfRangeError} if it is not an integer from 0 to the tile size.
 */
export function tilesTouchedBy(
  grid: TileGrid,
  footprint: Footprint,
  { borderTexels }: TileReach,
): number[] {
  const failure = "Cannot find touched tiles";
  checkedInteger(borderTexels, { name: "borderTexels", failure, range: [0, grid.tileSize] });
  const tiles: number[] = [];
  if (footprint.length === 0) return tiles;
  const { v0, v1 } = footprintBounds(footprint);
  for (const level of grid.levels) {
    const rows = touchedSpan([v0, v1], {
      size: level.height,
      count: level.tilesY,
      grid,
      borderTexels,
    });
    for (let y = rows[0]; y <= rows[1]; y++) {
      const band = reachOf(y, { size: level.height, grid, borderTexels });
      pushRow(tiles, { band: extentWithin(footprint, band), y, level, grid, borderTexels });
    }
  }
  return tiles;
}

/** Adds the tiles of a row that touch an interval of u. */
function pushRow(
  tiles: number[],
  options: {
    readonly band: readonly [number, number] | null;
    readonly y: number;
    readonly level: LevelGrid;
    readonly grid: TileGrid;
    readonly borderTexels: number;
  },
): void {
  const { band, y, level, grid, borderTexels } = options;
  if (band === null) return;
  const columns = { size: level.width, count: level.tilesX, grid, borderTexels };
  const [first, last] = touchedSpan(band, columns);
  for (let x = first; x <= last; x++) tiles.push(level.firstTile + y * level.tilesX + x);
}

/** One axis of a level. */
interface Axis {
  /** Its texels. */
  readonly size: number;
  readonly grid: TileGrid;
  readonly borderTexels: number;
}

/** The interval of u, or of v, that a column, or a row, of tiles can show. */
function reachOf(index: number, { size, grid, borderTexels }: Axis): readonly [number, number] {
  const grow = borderTexels + FILTER_TEXELS;
  const start = index * grid.tileSize;
  const end = Math.min(start + grid.tileSize, size);
  return [(start - grow) / size, (end + grow) / size];
}

/** The first and the last column, or row, that can show something of an interval. */
function touchedSpan(
  [from, to]: readonly [number, number],
  axis: Axis & { readonly count: number },
): readonly [number, number] {
  const { size, count, grid, borderTexels } = axis;
  const grow = borderTexels + FILTER_TEXELS;
  const guess = (texel: number) => Math.floor(texel / grid.tileSize);
  let first = Math.min(count - 1, Math.max(0, guess(from * size - grow) - 1));
  let last = Math.max(0, Math.min(count - 1, guess(to * size + grow) + 1));
  // The ends are decided as for single tiles, so that both agree however numbers are rounded.
  while (first <= last && reachOf(first, axis)[1] < from) first++;
  while (last >= first && reachOf(last, axis)[0] > to) last--;
  return [first, last];
}

/** The interval of u that a footprint has within an interval of v; null if none. */
function extentWithin(
  footprint: Footprint,
  [v0, v1]: readonly [number, number],
): readonly [number, number] | null {
  let [least, most] = [Infinity, -Infinity];
  const reach = (u: number) => {
    least = Math.min(least, u);
    most = Math.max(most, u);
  };
  footprint.forEach((corner, index) => {
    if (corner[1] >= v0 && corner[1] <= v1) reach(corner[0]);
    const next = footprint[(index + 1) % footprint.length]!;
    for (const v of [v0, v1]) {
      if ((corner[1] < v) !== (next[1] < v)) reach(crossing(corner, next, v));
    }
  });
  return least > most ? null : [least, most];
}

/** Where an edge crosses a line of constant v. */
function crossing(from: FootprintPoint, to: FootprintPoint, v: number): number {
  return from[0] + (to[0] - from[0]) * ((v - from[1]) / (to[1] - from[1]));
}
