/**
 * The bytes of a tile, taken block by block from a file.
 *
 * @module
 */

import { formatInfo, type TexelFormat } from "../../../src/texels/mod.ts";

/** A tile of a level. */
export interface TilePlace {
  readonly tileSize: number;
  readonly border: number;
  readonly x: number;
  readonly y: number;
  /** Where the level begins in the file. */
  readonly offset: number;
  /** Size of the level in texels. */
  readonly width: number;
  readonly height: number;
  readonly blockBytes: number;
  readonly format: TexelFormat;
}

/** Every block of the tile with its border, the nearest one outside the level. */
export function expectedTile(bytes: Uint8Array, place: TilePlace): Uint8Array {
  const { tileSize, border, x, y, offset, width, height, blockBytes, format } = place;
  const edge = formatInfo(format).blockTexels;
  const columns = Math.ceil(width / edge);
  const rows = Math.ceil(height / edge);
  const across = (tileSize + 2 * border) / edge;
  const tile = new Uint8Array(across * across * blockBytes);
  for (let row = 0; row < across; row++) {
    for (let column = 0; column < across; column++) {
      const fromColumn = clamp((x * tileSize - border) / edge + column, columns);
      const fromRow = clamp((y * tileSize - border) / edge + row, rows);
      const from = offset + (fromRow * columns + fromColumn) * blockBytes;
      tile.set(bytes.subarray(from, from + blockBytes), (row * across + column) * blockBytes);
    }
  }
  return tile;
}

function clamp(value: number, count: number): number {
  return Math.max(0, Math.min(count - 1, value));
}

/** Whether two rows of bytes are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
