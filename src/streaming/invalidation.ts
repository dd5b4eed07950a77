/**
 * Making content stale, so that it is made anew.
 *
 * @module
 */

import { checkedInteger, checkOptionNames, describeValue } from "../checks.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { TextureResidency } from "../residency/mod.ts";
import { type TexelRect, type TileAddress, touchTest } from "../tiles/mod.ts";
import { checkedRegion, type Region } from "./frame/region.ts";

const TILE_NAMES: readonly (keyof TileAddress)[] = ["level", "x", "y"];

const FAILURE = "Cannot invalidate texture";

/**
 * Makes the content of a tile, of every tile that depends on a region, or of all tiles stale.
 *
 * @param part A tile; a region, which is grown by the border and a texel of each level; or null for
 * all.
 * @throws {InvalidArgumentError} if it is neither, or a number is missing.
 * @throws {OutOfRangeError} if the tile or the level does not exist, or a size is negative.
 */
export function invalidateContent(
  texture: TextureResidency,
  part: TileAddress | Region | null,
  borderTexels: number,
): void {
  if (part === null) texture.invalidateAll();
  else if (typeof part !== "object" || Array.isArray(part)) {
    throw new InvalidArgumentError(
      "part",
      `${FAILURE} as part must be a tile or a region: current value is ${describeValue(part)}`,
    );
  } else if ("width" in part || "height" in part) {
    const rect = levelZeroRect(texture, part as Region);
    texture.invalidateWhere(touchTest(texture.grid, rect, { borderTexels }));
  } else {
    texture.invalidateTile(tileOf(texture, part));
  }
}

function tileOf({ grid }: TextureResidency, tile: TileAddress): number {
  const failure = FAILURE;
  checkOptionNames(tile, { failure, names: TILE_NAMES });
  const { level, x, y } = tile;
  checkedInteger(level, { name: "level", failure, range: [0, grid.levelCount - 1] });
  const { tilesX, tilesY } = grid.level(level);
  checkedInteger(x, { name: "x", failure, range: [0, tilesX - 1] });
  checkedInteger(y, { name: "y", failure, range: [0, tilesY - 1] });
  return grid.tileIndexOf(level, x, y);
}

/** A region of any level as a rectangle in texels of level 0. */
function levelZeroRect({ grid }: TextureResidency, region: Region): TexelRect {
  const { x, y, width, height, level } = checkedRegion(grid, region, FAILURE);
  const of = grid.level(level);
  const scaleX = grid.width / of.width;
  const scaleY = grid.height / of.height;
  return {
    x0: x * scaleX,
    y0: y * scaleY,
    x1: (x + width) * scaleX,
    y1: (y + height) * scaleY,
  };
}
