/**
 * Making content stale, so that it is made anew.
 *
 * @module
 */

import { checkedBoolean, checkedInteger, checkOptionNames, describeValue } from "../checks.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { TextureResidency } from "../residency/mod.ts";
import { type TexelRect, type TileAddress, touchTest, type Wrap } from "../tiles/mod.ts";
import type { Appearance } from "../texels/mod.ts";
import { checkedRegion, type Region } from "./frame/region.ts";
import { storedRegion } from "./stored_parts.ts";

const TILE_NAMES: readonly (keyof TileAddress)[] = ["level", "x", "y"];

const FAILURE = "Cannot invalidate texture";

/** Whether the content of a tile is stale; asked for each that is resident or in flight. */
export type TileTest = (tile: TileAddress) => boolean;

/** Options of `VirtualTextureSystem.invalidate`. */
export interface InvalidateOptions {
  /**
   * Whether the tiles are made anew before any that are missing, such as those under a brush; default
   * false: missing ones and stale ones have shares. What is urgent for more than a few frames has half of
   * them, as long as others are missing.
   */
  readonly urgent?: boolean;
}

const OPTION_NAMES: readonly (keyof InvalidateOptions)[] = ["urgent"];

/**
 * Checks how content is made stale, and fills in the defaults.
 *
 * @throws {InvalidArgumentError} for an option that does not exist, or a value of the wrong type.
 */
export function checkedInvalidate(options: InvalidateOptions): Required<InvalidateOptions> {
  checkOptionNames(options, { failure: FAILURE, names: OPTION_NAMES });
  const { urgent = false } = options;
  return { urgent: checkedBoolean(urgent, { name: "urgent", failure: FAILURE }) };
}

/**
 * Makes the content of a tile, of every tile that depends on a region, of those that a function names,
 * or of all tiles stale.
 *
 * @param part A tile; a region, which is clipped to the texture and then grown by the border and a texel of
 * each level, across the edges of a texture that repeats; a function that
 * is asked for each tile; or null for all.
 * @throws What the function throws; nothing is stale then.
 * @throws {InvalidArgumentError} if it is neither, or a number is missing.
 * @throws {OutOfRangeError} if the tile or the level does not exist, or a size is negative.
 */
export function invalidateContent(
  texture: TextureResidency,
  part: TileAddress | Region | TileTest | null,
  options: Required<InvalidateOptions> & {
    readonly borderTexels: number;
    readonly wrap: Wrap;
    readonly appearance: Appearance;
  },
): void {
  const { borderTexels, wrap, urgent, appearance } = options;
  if (part === null) texture.invalidateAll({ urgent });
  else if (typeof part === "function") {
    texture.invalidateWhere((tile) => isNamed(texture, part, tile), { urgent });
  } else if (typeof part !== "object" || Array.isArray(part)) {
    throw new InvalidArgumentError(
      "part",
      `${FAILURE} as part must be a tile, a region or a function: current value is ${
        describeValue(part)
      }`,
    );
  } else if ("width" in part || "height" in part) {
    const region = checkedRegion(texture.grid, part as Region, FAILURE);
    const stored = storedRegion(region, { grid: texture.grid, description: { appearance } });
    const rect = levelZeroRect(texture, stored);
    texture.invalidateWhere(touchTest(texture.grid, rect, { borderTexels, wrap }), { urgent });
  } else {
    texture.invalidateTile(tileOf(texture, part), { urgent });
  }
}

function isNamed({ grid }: TextureResidency, test: TileTest, tile: number): boolean {
  const answer = test(grid.addressOf(tile));
  if (typeof answer === "boolean") return answer;
  throw new InvalidArgumentError(
    "part",
    `${FAILURE} as part must return true or false: current value is ${describeValue(answer)}`,
  );
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
  const { x, y, width, height, level = 0 } = region;
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
