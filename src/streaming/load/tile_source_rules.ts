/**
 * What a tile source must be to be streamed, checked when it is loaded.
 *
 * @module
 */

import {
  checkedBoolean,
  checkedChoice,
  checkedMethods,
  checkedString,
  describeValue,
} from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError, UnsupportedError } from "../../errors.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";
import { areValueStatistics, type TileSource, type TileStore } from "../../sources/mod.ts";
import {
  checkedAppearance,
  COLOR_SPACES,
  type ColorSpace,
  formatInfo,
  STORED_FORMATS,
  type TexelFormat,
} from "../../texels/mod.ts";
import { checkedWrap, TileGrid, wrapText } from "../../tiles/mod.ts";
import { TILE_SIZE_RANGE } from "../options.ts";
import type { LoadTextureOptions } from "./load_options.ts";
import { canHaveHoles } from "../supply/source_holes.ts";
import { TILE_BORDERS } from "../supply/supply.ts";

/** What is wrong with the tiles of a source. */
interface TileShapeFault {
  /** Name of the value. */
  readonly name: "tileSize" | "border";
  /** What it must be. */
  readonly wanted: string;
  /** What it is. */
  readonly value: unknown;
}

/** What is wrong with the tile size or border of a source, or null if nothing is. */
function tileShapeFault(
  { grid, border }: Pick<TileSource, "grid" | "border">,
): TileShapeFault | null {
  const [least, most] = TILE_SIZE_RANGE;
  const { tileSize } = grid;
  if (!(tileSize >= least && tileSize <= most && Number.isInteger(Math.log2(tileSize)))) {
    return { name: "tileSize", wanted: `a power of 2 from ${least} to ${most}`, value: tileSize };
  }
  if (TILE_BORDERS.includes(border)) return null;
  return { name: "border", wanted: `one of ${TILE_BORDERS.join(", ")}`, value: border };
}

/** Why a tile store cannot be streamed, or null if it can. */
export function tileStoreFault(store: TileStore): string | null {
  const { firstLevel } = store.description;
  if (firstLevel > 0) return `it lacks the levels before ${firstLevel}`;
  if (store.planes.length > 1) return `it has ${store.planes.length} planes, and one is supported`;
  const fault = tileShapeFault(store);
  if (fault === null) return null;
  return `its ${fault.name} must be ${fault.wanted}: current value is ${fault.value}`;
}

function isTileStore(source: TileSource): source is TileStore {
  return "readTilePlanes" in source;
}

/**
 * Checks a tile source that the caller made or opened.
 *
 * @throws {InvalidArgumentError} if it lacks something, or something has the wrong type.
 * @throws {OutOfRangeError} if its tiles cannot be streamed.
 * @throws {UnsupportedError} if it is a tile store of a kind that cannot be streamed, or an option
 * asks for what cannot change its tiles: a format, a quality, or a colour space or a wrap that is not its
 * own.
 */
export function checkTileSource(
  source: TileSource,
  options: Pick<LoadTextureOptions, "preferredFormat" | "quality" | "colorSpace" | "wrap">,
): void {
  const name = typeof source.name === "string" ? `"${source.name}"` : "";
  const failure = `Cannot load tile source ${name}`.trimEnd();
  checkedString(source.name, { name: "name", failure });
  checkedMethods(source, { name: "input", failure, methods: ["readTile", "close"] });
  if (!(source.grid instanceof TileGrid)) {
    throw new InvalidArgumentError(
      "grid",
      `${failure} as grid must be a TileGrid: current value is ${describeValue(source.grid)}`,
    );
  }
  checkedChoice(source.format, { name: "format", failure, choices: STORED_FORMATS });
  checkedChoice(source.colorSpace, { name: "colorSpace", failure, choices: COLOR_SPACES });
  checkStoredEncoding(source.format, source.colorSpace, failure);
  if (source.wrap !== undefined) checkedWrap(source.wrap, { failure });
  if (source.appearance !== undefined) checkedAppearance(source.appearance, failure);
  checkHoles(source, failure);
  checkedString(source.info, { name: "info", failure });
  if (typeof source.counters?.bytesRead !== "number") {
    throw new InvalidArgumentError(
      "counters",
      `${failure} as counters must be an object with bytesRead and bytesUsed: current value is ` +
        describeValue(source.counters),
    );
  }
  if (!areValueStatistics(source.valueStatistics)) {
    throw new InvalidArgumentError(
      "valueStatistics",
      `${failure} as valueStatistics must be statistics of 1 to 4 bands: current value is ` +
        describeValue(source.valueStatistics),
    );
  }
  checkedChoice(source.border, { name: "border", failure, choices: TILE_BORDERS });
  const fault = tileShapeFault(source);
  if (fault !== null) {
    throw new OutOfRangeError(
      fault.name,
      `${failure} as ${fault.name} must be ${fault.wanted}: current value is ${fault.value}`,
    );
  }
  const storeFault = isTileStore(source) ? tileStoreFault(source) : null;
  if (storeFault !== null) {
    throw new UnsupportedError("tile store", `${failure} as ${storeFault}`);
  }
  const { preferredFormat, quality } = options;
  if (preferredFormat !== undefined && preferredFormat !== null) {
    throw new UnsupportedError(
      "preferredFormat",
      `${failure} as preferredFormat cannot change the format of its tiles, ${source.format}: ` +
        `leave preferredFormat out`,
    );
  }
  if (quality !== undefined && quality !== null) {
    throw new UnsupportedError(
      "quality",
      `${failure} as quality cannot change its tiles, which are not encoded: leave quality out`,
    );
  }
  const clash = colorSpaceFault(source, options);
  if (clash !== null) throw new UnsupportedError("colorSpace", `${failure} as ${clash}`);
  const wrapClash = wrapFault(source, options);
  if (wrapClash !== null) throw new UnsupportedError("wrap", `${failure} as ${wrapClash}`);
}

/** Checks that only a source of floats says that it has holes. */
function checkHoles({ hasHoles = false, format }: TileSource, failure: string): void {
  checkedBoolean(hasHoles, { name: "hasHoles", failure });
  if (!hasHoles || canHaveHoles(format)) return;
  throw new OutOfRangeError(
    "hasHoles",
    `${failure} as hasHoles must be false with the format ${format}, which has no NaN: ` +
      `current value is true`,
  );
}

/**
 * Checks that a colour space does not contradict a format that is sRGB-encoded by its name.
 *
 * @throws {OutOfRangeError} if it does.
 */
export function checkStoredEncoding(
  format: TexelFormat,
  colorSpace: ColorSpace,
  failure: string,
): void {
  if (formatInfo(format).colorSpace !== "srgb" || colorSpace === "srgb") return;
  throw new OutOfRangeError(
    "colorSpace",
    `${failure} as colorSpace must be srgb with the format ${format}: current value is ${colorSpace}`,
  );
}

/** Why the colour space that is asked for is refused; null if it is the stored one or none. */
export function colorSpaceFault(
  stored: { readonly colorSpace: ColorSpace },
  { colorSpace }: Pick<LoadTextureOptions, "colorSpace">,
): string | null {
  if (colorSpace === undefined || colorSpace === null) return null;
  if (colorSpace === stored.colorSpace) return null;
  return `colorSpace cannot change its own colour space, ${stored.colorSpace}: leave colorSpace out`;
}

/** Why the wrap that is asked for is refused; null if it is that of the tiles or none. */
export function wrapFault(
  stored: Pick<TileSource, "wrap">,
  { wrap }: Pick<LoadTextureOptions, "wrap">,
): string | null {
  if (wrap === undefined || wrap === null || wrapText(wrap) === wrapText(stored.wrap)) return null;
  return `wrap cannot change what its tiles hold beyond its edges, ${wrapText(stored.wrap)}: ` +
    `leave wrap out`;
}

/**
 * Checks that a page table for the tiles of a source fits a texture of the device.
 *
 * @throws {OutOfRangeError} if it does not.
 */
export function assertPageTableFits(
  { name, grid }: Pick<TileSource, "name" | "grid">,
  device: ForgeDevice,
): void {
  const side = device.limit("maxTextureDimension2D");
  if (grid.tileCount <= side * side) return;
  throw new OutOfRangeError(
    "tileSize",
    `Cannot load ${name} as it must have at most ${
      side * side
    } tiles, which is what a page table ` +
      `of this device holds: it has ${grid.tileCount} of ${grid.tileSize} × ${grid.tileSize} ` +
      `texels, so choose a larger tileSize`,
  );
}
