/**
 * The tiles under a region of a level.
 *
 * @module
 */

import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
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
 * @throws {InvalidArgumentError} if a number is not finite.
 * @throws {OutOfRangeError} if the size is negative or the level does not exist.
 */
export function* tilesOfRegion(grid: TileGrid, region: Region): Generator<number> {
  const { x, y, width, height, level = 0 } = region;
  for (const [name, value] of Object.entries({ x, y, width, height })) {
    if (!Number.isFinite(value)) {
      throw new InvalidArgumentError(
        name,
        `Cannot prefetch region as ${name} must be a finite number: current value is ${value}`,
      );
    }
  }
  if (width < 0 || height < 0) {
    throw new OutOfRangeError(
      width < 0 ? "width" : "height",
      `Cannot prefetch region as its size must be >= 0: current value is ${width} x ${height}`,
    );
  }
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
