/**
 * Cuts a level into tiles with borders as its rows arrive.
 *
 * @module
 */

import type { LevelGrid } from "../tiles/mod.ts";
import type { Dimensions } from "./repeated_blocks.ts";

/** A tile's texels with its borders, and where it belongs. */
export interface CutTile {
  readonly x: number;
  readonly y: number;
  /** Tight rows of the texels from the upper left corner on, of the size that is cut. */
  readonly pixels: Uint8Array;
}

/**
 * Holds as many rows of a level as a tile with borders has: `tileSize + 2·border`. Once the last
 * row that a row of tiles needs has arrived, the tiles must be taken before the next row is pushed.
 */
export class TileCutter {
  readonly #level: LevelGrid;
  readonly #tileSize: number;
  readonly #border: number;
  readonly #edge: number;
  readonly #cutWidth: number;
  readonly #cutHeight: number;
  readonly #texelBytes: number;
  readonly #rowBytes: number;
  /** Row r lies at place r modulo the number of places. */
  readonly #window: Uint8Array;
  readonly #places: number;
  #rowsIn = 0;
  #tileRowsOut = 0;

  /** @param cut Dimensions of what is cut from each tile with its borders; default all of it. */
  constructor(
    level: LevelGrid,
    { tileSize, border, texelBytes, cut }: {
      tileSize: number;
      border: number;
      texelBytes: number;
      cut?: Dimensions;
    },
  ) {
    this.#level = level;
    this.#tileSize = tileSize;
    this.#border = border;
    this.#edge = tileSize + 2 * border;
    this.#cutWidth = cut?.width ?? this.#edge;
    this.#cutHeight = cut?.height ?? this.#edge;
    this.#texelBytes = texelBytes;
    this.#rowBytes = level.width * texelBytes;
    this.#places = Math.min(this.#edge, level.height);
    this.#window = new Uint8Array(this.#places * this.#rowBytes);
  }

  /** Copies a row. Returns whether tiles must be taken before the next. */
  pushRow(row: Uint8Array): boolean {
    this.#window.set(row, (this.#rowsIn % this.#places) * this.#rowBytes);
    this.#rowsIn++;
    return this.#isReady();
  }

  /** Whether all rows of the next row of tiles have arrived. */
  #isReady(): boolean {
    if (this.#tileRowsOut >= this.#level.tilesY) return false;
    const needed = (this.#tileRowsOut + 1) * this.#tileSize + this.#border;
    return this.#rowsIn >= Math.min(needed, this.#level.height);
  }

  /** The tiles whose rows have all arrived, each cut when the iterator reaches it. */
  *takeFinishedTiles(): Generator<CutTile> {
    while (this.#isReady()) {
      for (let x = 0; x < this.#level.tilesX; x++) {
        yield { x, y: this.#tileRowsOut, pixels: this.#cut(x, this.#tileRowsOut) };
      }
      this.#tileRowsOut++;
    }
  }

  #cut(x: number, y: number): Uint8Array {
    const texelBytes = this.#texelBytes;
    const pixels = new Uint8Array(this.#cutWidth * this.#cutHeight * texelBytes);
    // Columns of the tile, as columns of the level: `left` is negative at the near edge.
    const left = x * this.#tileSize - this.#border;
    const first = Math.max(0, left);
    const last = Math.min(left + this.#cutWidth, this.#level.width);
    const top = y * this.#tileSize - this.#border;
    const tightRow = this.#cutWidth * texelBytes;
    for (let j = 0; j < this.#cutHeight; j++) {
      const row = Math.min(Math.max(0, top + j), this.#level.height - 1);
      const from = (row % this.#places) * this.#rowBytes;
      const to = j * tightRow;
      const inside = to + (first - left) * texelBytes;
      pixels.set(
        this.#window.subarray(from + first * texelBytes, from + last * texelBytes),
        inside,
      );
      const insideEnd = inside + (last - first) * texelBytes;
      for (let at = to; at < inside; at += texelBytes) {
        pixels.copyWithin(at, inside, inside + texelBytes);
      }
      for (let at = insideEnd; at < to + tightRow; at += texelBytes) {
        pixels.copyWithin(at, insideEnd - texelBytes, insideEnd);
      }
    }
    return pixels;
  }
}
