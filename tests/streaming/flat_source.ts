/**
 * Textures whose tiles are of one colour, so that they cost nothing to make.
 *
 * @module
 */

import type { TileSource } from "../../src/sources/mod.ts";
import { formatInfo, type TexelFormat } from "../../src/texels/mod.ts";
import { TileGrid } from "../../src/tiles/mod.ts";
import { redOfLevel } from "./sources.ts";

const TILE_SIZE = 256;
const BORDER = 4;

/** A square texture with tiles of 256 texels; of RGBA8 the red tells the level, others are black. */
export function flatSource(size: number, format: TexelFormat): TileSource {
  const { blockTexels, blockBytes, colorSpace } = formatInfo(format);
  const bytes = ((TILE_SIZE + 2 * BORDER) / blockTexels) ** 2 * blockBytes;
  const tiles = new Map<number, Uint8Array>();
  const makeTile = (level: number): Uint8Array => {
    const tile = new Uint8Array(bytes);
    // Of BC7 mode 6, so that every block is legal.
    const block = blockBytes === 4 ? [redOfLevel(level), 0, 0, 255] : [0x40];
    for (let at = 0; at < bytes; at += blockBytes) tile.set(block, at);
    return tile;
  };
  return {
    name: `flat ${size}`,
    grid: new TileGrid(size, size, TILE_SIZE),
    border: BORDER,
    format,
    colorSpace,
    info: `flat ${size} × ${size}`,
    counters: { bytesRead: 0, bytesUsed: 0 },
    readTile(level) {
      let tile = tiles.get(level);
      if (tile === undefined) tiles.set(level, tile = makeTile(level));
      return Promise.resolve(tile);
    },
    close() {},
  };
}
