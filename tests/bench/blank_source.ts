/**
 * A texture whose tiles take no time to make, so that benchmarks measure everything else.
 *
 * @module
 */

import type { TileSource } from "../../src/sources/mod.ts";
import { formatInfo, regionBytes, type TexelFormat } from "../../src/texels/mod.ts";
import { TileGrid } from "../../src/tiles/mod.ts";

const TILE_SIZE = 256;
const BORDER = 4;
const SLOT_TEXELS = TILE_SIZE + 2 * BORDER;

/** A square texture whose tiles are all the same zeros. */
export function blankSource(size: number, format: TexelFormat = "r8unorm"): TileSource {
  const tile = new Uint8Array(regionBytes(format, SLOT_TEXELS, SLOT_TEXELS));
  return {
    name: `blank ${size}`,
    grid: new TileGrid(size, size, TILE_SIZE),
    border: BORDER,
    format,
    colorSpace: formatInfo(format).colorSpace,
    info: `blank ${size} × ${size}`,
    counters: { bytesRead: 0, bytesUsed: 0 },
    readTile: () => Promise.resolve(tile),
    close: () => {},
  };
}

/** Bytes that one tile has in the atlas. */
export const BLANK_TILE_BYTES: number = SLOT_TEXELS ** 2;
