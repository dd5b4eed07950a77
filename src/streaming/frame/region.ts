/**
 * The tiles under a region of a level.
 *
 * @module
 */

import { checkedInteger, checkedNumber, checkOptionNames, describeValue } from "../../checks.ts";
import { InvalidArgumentError } from "../../errors.ts";
import type { TileGrid } from "../../tiles/mod.ts";

/** A rectangle in texels of one level. */
export interface Region {
  /** Left edge; may be fractional or outside: that part is ignored, also where a texture repeats. */
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

const NAMES: readonly (keyof Region)[] = ["x", "y", "width", "height", "level"];

const FINITE = [-Number.MAX_VALUE, Number.MAX_VALUE] as const;
const SIZE = [0, Number.MAX_VALUE] as const;

/**
 * Checks a region and fills in its level.
 *
 * @param failure What cannot be done, for the message.
 * @throws {InvalidArgumentError} if a value is not a number, or there is no such value.
 * @throws {OutOfRangeError} if a number is not finite, the size negative, or there is no such level.
 */
export function checkedRegion(
  grid: TileGrid,
  region: Region,
  failure: string,
): Required<Region> {
  if (typeof region !== "object" || region === null || Array.isArray(region)) {
    throw new InvalidArgumentError(
      "region",
      `${failure} as region must be an object: current value is ${describeValue(region)}`,
    );
  }
  checkOptionNames(region, { failure, names: NAMES });
  const { x, y, width, height, level = 0 } = region;
  checkedNumber(x, { name: "x", failure, range: FINITE });
  checkedNumber(y, { name: "y", failure, range: FINITE });
  checkedNumber(width, { name: "width", failure, range: SIZE });
  checkedNumber(height, { name: "height", failure, range: SIZE });
  checkedInteger(level, { name: "level", failure, range: [0, grid.levelCount - 1] });
  return { x, y, width, height, level };
}

/**
 * Numbers of the tiles that a region touches, clipped to the level, one after the other: a large
 * region of a large texture has hundreds of millions. A region outside has none.
 *
 * @param failure What cannot be done, for the message.
 * @throws {InvalidArgumentError} if a value is not a number.
 * @throws {OutOfRangeError} if a number is not finite, the size negative, or there is no such level.
 */
export function* tilesOfRegion(
  grid: TileGrid,
  region: Region,
  failure: string = "Cannot prefetch region",
): Generator<number> {
  const { level, left, top, right, bottom } = touchedTiles(grid, region, failure);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) yield grid.tileIndexOf(level, x, y);
  }
}

/** Number of those tiles, which takes no longer for many. Throws the same. */
export function tileCountOfRegion(grid: TileGrid, region: Region, failure: string): number {
  const { left, top, right, bottom } = touchedTiles(grid, region, failure);
  return (right - left) * (bottom - top);
}

/** Columns and rows of the tiles that a region touches: the first ones, and those after the last. */
function touchedTiles(grid: TileGrid, region: Region, failure: string) {
  const { x, y, width, height, level } = checkedRegion(grid, region, failure);
  const of = grid.level(level);
  const { tileSize } = grid;
  const [left, right] = [Math.max(0, x), Math.min(of.width, x + width)];
  const [top, bottom] = [Math.max(0, y), Math.min(of.height, y + height)];
  if (right <= left || bottom <= top) return { level, left: 0, top: 0, right: 0, bottom: 0 };
  const [firstColumn, firstRow] = [left, top].map((texel) => Math.floor(texel / tileSize)) as [
    number,
    number,
  ];
  // Of the smallest numbers the quotient is 0.
  return {
    level,
    left: firstColumn,
    top: firstRow,
    right: Math.max(firstColumn + 1, Math.ceil(right / tileSize)),
    bottom: Math.max(firstRow + 1, Math.ceil(bottom / tileSize)),
  };
}
