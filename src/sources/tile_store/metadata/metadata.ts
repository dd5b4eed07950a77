/**
 * The metadata of a tile store as it is written; see FORMAT.md in the folder above.
 *
 * @module
 */

import type { TileGrid } from "../../../tiles/mod.ts";
import { gridOf, planesOf, type WholeDescription } from "./description.ts";

/** Key of the store's own object in the archive's metadata. */
export const METADATA_KEY = "forge3d_tile_store";
/** Version of the format that is written; version 1 is read too. */
export const TILE_STORE_VERSION = 2;

/** The levels present, finest first, as the metadata lists them. */
export function levelList(
  grid: TileGrid,
  { firstLevel, top }: { readonly firstLevel: number; readonly top: number },
): Record<string, number>[] {
  return grid.levels.slice(firstLevel).map(({ level, width, height, tilesX, tilesY }) => ({
    level,
    zoom: top - level,
    width,
    height,
    tilesX,
    tilesY,
  }));
}

/** The zooms of a store: zoom = top − level. */
export interface Zooms {
  /** Level of 1 × 1 texel, whether it is there or not. */
  readonly top: number;
  /** Zoom of the last level. */
  readonly min: number;
  /** Zoom of the first level. */
  readonly max: number;
}

/** The zooms of a store. */
export function zoomsOf(
  { width, height, levelCount }: TileGrid,
  { firstLevel }: Pick<WholeDescription, "firstLevel">,
): Zooms {
  const top = Math.floor(Math.log2(Math.max(width, height)));
  return { top, min: top - (levelCount - 1), max: top - firstLevel };
}

/** Metadata as the archive holds it. */
export function metadataJson(description: WholeDescription): Record<string, unknown> {
  const { source, info, firstLevel, lastLevel, wrap, appearance, holes, valueStatistics } =
    description;
  const { width, height, tileSize, border } = description;
  const grid = gridOf(description);
  return {
    name: source.name,
    description: info,
    [METADATA_KEY]: {
      version: TILE_STORE_VERSION,
      width,
      height,
      tileSize,
      border,
      planes: planesOf(description),
      firstLevel,
      lastLevel,
      levels: levelList(grid, { firstLevel, ...zoomsOf(grid, description) }),
      wrap: { x: wrap.x, y: wrap.y },
      ...appearance,
      ...(holes === null ? {} : { holes: holes.map(toHex) }),
      source,
      info,
      ...(valueStatistics === null ? {} : { valueStatistics }),
    },
  };
}

/** Bytes as lower-case hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
