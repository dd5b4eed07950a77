/**
 * Which levels of a texture are its low mips. Pure.
 *
 * Levels are counted from the one of a single tile, which covers the volume whatever the texture's size in
 * tiles is: so the low mips of a texture whose tile count is biased are the same, but for their numbers.
 *
 * @module
 */

import { TileGrid } from "../../tiles/mod.ts";

/** The coarsest levels of a texture, as a texture of their own. */
export interface LowMipLevels {
  /** Their tiles; level 0 is the finest of them, the last one is a single tile. */
  readonly grid: TileGrid;
  /** Number of the finest of them in the texture. */
  readonly firstLevel: number;
}

/** A texture's levels with those that it leaves out, down to the one of a single tile. */
function wholeGrid({ width, height, tileSize }: TileGrid): TileGrid {
  return new TileGrid(width, height, tileSize, { lastLevel: "tile" });
}

/**
 * So many of the coarsest levels of a texture, or all if there are not as many.
 *
 * @param count At least 1. Those that the texture leaves out count, too.
 */
export function lowMipLevels(texture: TileGrid, count: number): LowMipLevels {
  const whole = wholeGrid(texture);
  const firstLevel = Math.max(0, whole.levelCount - count);
  const { width, height } = whole.level(firstLevel);
  const grid = new TileGrid(width, height, texture.tileSize, { lastLevel: "tile" });
  return { grid, firstLevel };
}

/**
 * Levels by which those of a texture have higher numbers than the same ones of a bake; null if they are not
 * the same: the axes of a texture of few tiles may be nearer to each other in length than those of a larger one.
 */
export function levelOffset(texture: TileGrid, baked: TileGrid): number | null {
  const whole = wholeGrid(texture);
  const [last, lastBaked] = [whole, baked].map((grid) => grid.level(grid.levelCount - 1));
  const isSame = texture.tileSize === baked.tileSize && last!.width === lastBaked!.width &&
    last!.height === lastBaked!.height;
  return isSame ? whole.levelCount - baked.levelCount : null;
}
