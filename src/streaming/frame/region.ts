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
  const { x, y, width, height, level } = checkedRegion(grid, region, failure);
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
