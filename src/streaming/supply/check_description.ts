/**
 * Checks of texture descriptions.
 *
 * @module
 */

import { checkedInteger } from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import { formatInfo, isTexelFormat } from "../../texels/mod.ts";
import { TileGrid } from "../../tiles/mod.ts";
import { TILE_SIZE_RANGE } from "../options.ts";
import { MAX_PLANES, type TextureDescription } from "./supply.ts";

const FAILURE = "Cannot add texture";
/** Borders that a tile may have. */
const BORDERS: readonly number[] = [0, 2, 4, 6, 8];

/**
 * Checks a description.
 *
 * @throws {InvalidArgumentError} if a part is missing or of the wrong type.
 * @throws {OutOfRangeError} if a value is not allowed.
 */
export function checkDescription(description: TextureDescription): void {
  const { name, grid, border, formats, colorSpace } = description ?? {};
  if (!(grid instanceof TileGrid)) {
    throw new InvalidArgumentError("grid", `${FAILURE} ${name} as grid must be a TileGrid`);
  }
  const failure = `${FAILURE} ${name}`;
  checkedInteger(grid.tileSize, { name: "tileSize", failure, range: TILE_SIZE_RANGE });
  if (!Number.isInteger(Math.log2(grid.tileSize))) {
    throw new OutOfRangeError(
      "tileSize",
      `${failure} as tileSize must be a power of 2: current value is ${grid.tileSize}`,
    );
  }
  if (!BORDERS.includes(border)) {
    throw new OutOfRangeError(
      "border",
      `${failure} as border must be one of ${BORDERS.join(", ")}: current value is ${border}`,
    );
  }
  if (!Array.isArray(formats) || formats.length < 1 || formats.length > MAX_PLANES) {
    throw new OutOfRangeError(
      "formats",
      `${failure} as formats must name 1 to ${MAX_PLANES} planes: current count is ` +
        `${Array.isArray(formats) ? formats.length : "none"}`,
    );
  }
  for (const format of formats) {
    if (
      isTexelFormat(format) && (grid.tileSize + 2 * border) % formatInfo(format).blockTexels === 0
    ) {
      continue;
    }
    throw new OutOfRangeError(
      "formats",
      `${failure} as formats must be texel formats whose blocks fill a slot of ` +
        `${grid.tileSize + 2 * border} texels: current value is ${format}`,
    );
  }
  if (colorSpace !== "srgb" && colorSpace !== "linear") {
    throw new OutOfRangeError(
      "colorSpace",
      `${failure} as colorSpace must be srgb or linear: current value is ${colorSpace}`,
    );
  }
}
