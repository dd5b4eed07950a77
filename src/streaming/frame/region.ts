/**
 * The tiles under a region of a level.
 *
 * @module
 */

import { checkedInteger, checkedNumber } from "../../checks.ts";
import type { TileGrid } from "../../tiles/mod.ts";

/** A rectangle in texels of one level. */
export interface Region {
  /** Left edge; may be fractional or outside. */
  readonly x: number;
  /** Upper edge. */
  readonly y: number;
  /** Width, at least 0. */
  readonly width: number;
  /** Height, at least 0. */
  readonly height: number;
  /** The level whose texels these are; default 0. */
  readonly level?: number;
}

/**
 * Numbers of the tiles that a region touches, clipped to the level, one after the other: a large
 * region of a large texture has hundreds of millions. A region outside has none.
 *
 * @throws {InvalidArgumentError} if a value is not a number.
 * @throws {OutOfRangeError} if a number is not finite, the size negative, or there is no such level.
 */
export function* tilesOfRegion(grid: TileGrid, region: Region): Generator<number> {
  const { x, y, width, height, level = 0 } = region;
  const failure = "Cannot prefetch region";
  const most = Number.MAX_VALUE;
  for (const [name, value] of Object.entries({ x, y })) {
    checkedNumber(value, { name, failure, range: [-most, most] });
  }
  for (const [name, value] of Object.entries({ width, height })) {
    checkedNumber(value, { name, failure, range: [0, most] });
  }
  checkedInteger(level, { name: "level", failure, range: [0, grid.levelCount - 1] });
  const of = grid.level(level);
  const left = Math.max(0, x);
  const top = Math.max(0, y);
  const right = Math.min(of.width, x + width);
  const bottom = Math.min(of.height, y + height);
  if (right <= left || bottom <= top) return;
  const { tileSize } = grid;
  for (let ty = Math.floor(top / tileSize); ty * tileSize < bottom; ty++) {
    for (let tx = Math.floor(left / tileSize); tx * tileSize < right; tx++) {
      yield grid.tileIndexOf(level, tx, ty);
    }
  }
}
