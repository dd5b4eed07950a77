/**
 * Which tiles of a bake lack something of what their materials sample. Pure.
 *
 * @module
 */

import type { TileGrid } from "../../tiles/mod.ts";
import { firstIdentifiedLevel, identifiedTile } from "./tile_identities.ts";

/** Tiles that a hexadecimal digit tells of. */
const TILES_PER_DIGIT = 4;

/** Tiles of a bake of which is told whether they are incomplete, the coarsest: finer ones are told by theirs. */
function toldTiles(baked: TileGrid): { readonly first: number; readonly digits: number } {
  const first = baked.level(firstIdentifiedLevel(baked)).firstTile;
  return { first, digits: Math.ceil((baked.tileCount - first) / TILES_PER_DIGIT) };
}

/** What a bake keeps: a bit for each tile that has an identity, the first of a digit its highest one. */
export function incompleteDigits(baked: TileGrid, incomplete: Iterable<number>): string {
  const { first, digits } = toldTiles(baked);
  const values = new Uint8Array(digits);
  for (const tile of incomplete) {
    const index = identifiedTile(baked, tile) - first;
    values[Math.floor(index / TILES_PER_DIGIT)]! |= 8 >> index % TILES_PER_DIGIT;
  }
  return Array.from(values, (value) => value.toString(16)).join("");
}

/** Whether a text is what {@linkcode incompleteDigits} makes of some tiles. */
export function areIncompleteDigits(baked: TileGrid, text: string): boolean {
  return text.length === toldTiles(baked).digits && /^[0-9a-f]*$/.test(text);
}

/** Whether a tile is incomplete, or one that it tells of. */
export function isIncomplete(digits: string, baked: TileGrid, tile: number): boolean {
  const index = identifiedTile(baked, tile) - toldTiles(baked).first;
  const digit = Number.parseInt(digits[Math.floor(index / TILES_PER_DIGIT)]!, 16);
  return (digit & (8 >> index % TILES_PER_DIGIT)) !== 0;
}
