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
    const { blockTexels, blockBytes } = formatInfo(format);
    const { grid, border } = this;
    const { width, height } = grid.level(level);
    const blocks = (grid.tileSize + 2 * border) / blockTexels;
    const lastColumn = Math.ceil(width / blockTexels) - 1;
    const lastRow = Math.ceil(height / blockTexels) - 1;
    const firstColumn = (x * grid.tileSize - border) / blockTexels;
    const firstRow = (y * grid.tileSize - border) / blockTexels;
    const changes = this.#changes[grid.tileIndexOf(level, x, y)]!;
    const bytes = new Uint8Array(blocks * blocks * blockBytes);
    const isMap = format.startsWith("rgba8");
    let at = 0;
    for (let j = 0; j < blocks; j++) {
      const row = Math.min(lastRow, Math.max(0, firstRow + j));
      for (let i = 0; i < blocks; i++, at += blockBytes) {
        const column = Math.min(lastColumn, Math.max(0, firstColumn + i));
        if (isMap) {
          bytes[at] = redOfLevel(level) - changes % CHANGES_TOLD;
          bytes[at + 1] = Math.min(255, 255 * (column + 0.5) / width);
          bytes[at + 2] = Math.min(255, 255 * (row + 0.5) / height);
          bytes[at + 3] = 255;
        } else {
          const value = this.#seed * 41 + level * 17 + column * 5 + row * 3 + changes * 11;
          for (let k = 0; k < blockBytes; k++) bytes[at + k] = value + 7 * k;
          // Mode 6, so that every block is legal.
          if (format.startsWith("bc7")) bytes[at] = 0x40;
        }
      }
    }
    return bytes;
  }
}
