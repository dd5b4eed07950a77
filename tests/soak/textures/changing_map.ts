/**
 * The content of a texture that changes: every texel of RGBA8 tells its place, its level and how often
 * its tile was changed; blocks and single channels have patterns of the same.
 *
 * @module
 */

import { formatInfo, type TexelFormat } from "../../../src/texels/mod.ts";
import { forEachTileTouching, type TexelRect, TileGrid } from "../../../src/tiles/mod.ts";
import { redOfLevel } from "../../streaming/sources.ts";

/** Changes that a texel of RGBA8 tells apart; its red stays within what means its level. */
const CHANGES_TOLD = 4;

/** Size and cut of a map. */
export interface MapShape {
  readonly width: number;
  readonly height: number;
  readonly tileSize: number;
  readonly border: number;
  /** Another number, another pattern. */
  readonly seed: number;
}

/** Makes the bytes of any tile, in any format, as they are now. */
export class ChangingMap {
  readonly grid: TileGrid;
  readonly border: number;
  readonly #seed: number;
  readonly #changes: Uint8Array;

  constructor({ width, height, tileSize, border, seed }: MapShape) {
    this.grid = new TileGrid(width, height, tileSize);
    this.border = border;
    this.#seed = seed;
    this.#changes = new Uint8Array(this.grid.tileCount);
  }

  /** Changes one tile, of one level. */
  changeTile(tile: number): void {
    this.#changes[tile]!++;
  }

  /** Changes every tile that depends on a rectangle of level 0. */
  changeRect(rect: TexelRect): void {
    forEachTileTouching(this.grid, rect, { borderTexels: this.border }, (tile) => {
      this.#changes[tile]!++;
    });
  }

  /** Changes every tile. */
  changeAll(): void {
    for (let tile = 0; tile < this.#changes.length; tile++) this.#changes[tile]!++;
  }

  /** Bytes of a slot: tight rows of blocks; outside of the level the edge is repeated. */
  slotBytes(format: TexelFormat, level: number, x: number, y: number): Uint8Array {
    const { blockTexels } = formatInfo(format);
    const { grid, border } = this;
    const { width, height } = grid.level(level);
    const blocks = (grid.tileSize + 2 * border) / blockTexels;
    const place = { level, width, height, changes: this.#changes[grid.tileIndexOf(level, x, y)]! };
    const columns = blocksAlong(blocks, {
      first: (x * grid.tileSize - border) / blockTexels,
      last: Math.ceil(width / blockTexels) - 1,
    });
    const rows = blocksAlong(blocks, {
      first: (y * grid.tileSize - border) / blockTexels,
      last: Math.ceil(height / blockTexels) - 1,
    });
    return format.startsWith("rgba8")
      ? mapTexels(columns, rows, place)
      : this.#patternBlocks(format, { columns, rows, place });
  }

  #patternBlocks(
    format: TexelFormat,
    { columns, rows, place }: { columns: Int32Array; rows: Int32Array; place: Place },
  ): Uint8Array {
    const { blockBytes } = formatInfo(format);
    const bytes = new Uint8Array(columns.length * rows.length * blockBytes);
    const base = this.#seed * 41 + place.level * 17 + place.changes * 11;
    let at = 0;
    for (const row of rows) {
      for (const column of columns) {
        const value = base + column * 5 + row * 3;
        for (let k = 0; k < blockBytes; k++) bytes[at + k] = value + 7 * k;
        // Mode 6, so that every block is legal.
        if (format.startsWith("bc7")) bytes[at] = 0x40;
        at += blockBytes;
      }
    }
    return bytes;
  }
}

/** What the texels of a tile have in common. */
interface Place {
  readonly level: number;
  readonly width: number;
  readonly height: number;
  readonly changes: number;
}

/** Columns or rows of blocks of a slot, kept within the level. */
function blocksAlong(
  count: number,
  { first, last }: { readonly first: number; readonly last: number },
): Int32Array {
  return Int32Array.from(
    { length: count },
    (_, i) => Math.min(last, Math.max(0, first + i)),
  );
}

/** RGBA8 texels whose red tells the level, whose green and blue the place. */
function mapTexels(columns: Int32Array, rows: Int32Array, place: Place): Uint8Array {
  const { level, width, height, changes } = place;
  const texels = new Uint32Array(columns.length * rows.length);
  const red = redOfLevel(level) - changes % CHANGES_TOLD;
  const greens = columns.map((column) => Math.min(255, 255 * (column + 0.5) / width));
  let at = 0;
  for (const row of rows) {
    const blue = Math.floor(Math.min(255, 255 * (row + 0.5) / height));
    const rest = (255 << 24 | blue << 16 | red) >>> 0;
    for (const green of greens) texels[at++] = rest | green << 8;
  }
  return new Uint8Array(texels.buffer);
}
