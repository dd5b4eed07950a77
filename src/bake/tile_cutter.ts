/**
 * Cuts a level into tiles with borders as its rows arrive.
 *
 * @module
 */

import { CLAMPED, type LevelGrid, type WrapModes } from "../tiles/mod.ts";
import type { Dimensions } from "./repeated_blocks.ts";

/** A tile's texels with its borders, and where it belongs. */
export interface CutTile {
  readonly x: number;
  readonly y: number;
  /** Tight rows of the texels from the upper left corner on, of the size that is cut. */
  readonly pixels: Uint8Array;
}

/** How tiles are cut. */
export interface TileCutterOptions {
  readonly tileSize: number;
  readonly border: number;
  readonly texelBytes: number;
  /** Dimensions of what is cut from each tile with its borders; default all of it. */
  readonly cut?: Dimensions;
  /** What lies beyond the edges of the level; default clamped. */
  readonly wrap?: WrapModes;
}

/**
 * Holds as many rows of a level as a tile with borders has: `tileSize + 2·border`. Once the last
 * row that a row of tiles needs has arrived, the tiles must be taken before the next row is pushed.
 *
 * Where rows repeat, the last rows lie above the first row of tiles (the first ones, if the border is
 * larger than a tile), which thus comes last, and the first rows below the last: of a level that is higher
 * than a tile, `tileSize + border` of them are kept besides.
 */
export class TileCutter {
  readonly #level: LevelGrid;
  readonly #tileSize: number;
  readonly #border: number;
  readonly #cutWidth: number;
  readonly #cutHeight: number;
  readonly #texelBytes: number;
  readonly #rowBytes: number;
  readonly #wrap: WrapModes;
  /** Rows of tiles above which the last rows lie. */
  readonly #rowsAtEnd: number;
  /** Row r lies at place r modulo the number of places. */
  readonly #window: Uint8Array;
  readonly #places: number;
  /** The first rows, where they are needed again and the window loses them. */
  readonly #head: Uint8Array;
  #rowsIn = 0;
  #tileRowsOut = 0;

  /** Begins a level with no rows yet. */
  constructor(level: LevelGrid, options: TileCutterOptions) {
    const { tileSize, border, texelBytes, cut, wrap = CLAMPED } = options;
    const edge = tileSize + 2 * border;
    this.#level = level;
    this.#tileSize = tileSize;
    this.#border = border;
    this.#cutWidth = cut?.width ?? edge;
    this.#cutHeight = cut?.height ?? edge;
    this.#texelBytes = texelBytes;
    this.#rowBytes = level.width * texelBytes;
    this.#wrap = wrap;
    this.#places = Math.min(edge, level.height);
    this.#window = new Uint8Array(this.#places * this.#rowBytes);
    const repeatsRows = wrap[1] === "repeat";
    this.#rowsAtEnd = repeatsRows ? Math.min(Math.ceil(border / tileSize), level.tilesY) : 0;
    const keepsHead = repeatsRows && this.#places < level.height;
    const headRows = Math.max(1, this.#rowsAtEnd) * tileSize + border;
    this.#head = new Uint8Array(keepsHead ? Math.min(headRows, level.height) * this.#rowBytes : 0);
  }

  /** Copies a row. Returns whether tiles must be taken before the next. */
  pushRow(row: Uint8Array): boolean {
    this.#window.set(row, (this.#rowsIn % this.#places) * this.#rowBytes);
    const at = this.#rowsIn * this.#rowBytes;
    if (at < this.#head.byteLength) this.#head.set(row, at);
    this.#rowsIn++;
    return this.#isReady();
  }

  /** The row of tiles that is cut next. */
  get #tileRow(): number {
    return (this.#tileRowsOut + this.#rowsAtEnd) % this.#level.tilesY;
  }

  /** Whether all rows of the next row of tiles have arrived. */
  #isReady(): boolean {
    const { height, tilesY } = this.#level;
    if (this.#tileRowsOut >= tilesY) return false;
    const row = this.#tileRow;
    const end = (row + 1) * this.#tileSize + this.#border;
    return this.#rowsIn >= (row < this.#rowsAtEnd ? height : Math.min(end, height));
  }

  /** The tiles whose rows have all arrived, each cut when the iterator reaches it. */
  *takeFinishedTiles(): Generator<CutTile> {
    while (this.#isReady()) {
      const y = this.#tileRow;
      for (let x = 0; x < this.#level.tilesX; x++) yield { x, y, pixels: this.#cut(x, y) };
      this.#tileRowsOut++;
    }
  }

  #cut(x: number, y: number): Uint8Array {
    const pixels = new Uint8Array(this.#cutWidth * this.#cutHeight * this.#texelBytes);
    const left = x * this.#tileSize - this.#border;
    const top = y * this.#tileSize - this.#border;
    const tightRow = this.#cutWidth * this.#texelBytes;
    for (let j = 0; j < this.#cutHeight; j++) {
      const row = pixels.subarray(j * tightRow, (j + 1) * tightRow);
      if (this.#wrap[0] === "repeat") this.#repeatRow(row, this.#rowAt(top + j), left);
      else this.#clampRow(row, this.#rowAt(top + j), left);
    }
    return pixels;
  }

  /** A row of the level, or the one that stands for it beyond an edge. */
  #rowAt(y: number): Uint8Array {
    const { height } = this.#level;
    const row = this.#wrap[1] === "repeat"
      ? ((y % height) + height) % height
      : Math.min(Math.max(0, y), height - 1);
    const isInHead = row * this.#rowBytes < this.#head.byteLength;
    const [rows, place] = isInHead ? [this.#head, row] : [this.#window, row % this.#places];
    return rows.subarray(place * this.#rowBytes, (place + 1) * this.#rowBytes);
  }

  /** Texels of a row from a column on, which is negative at the near edge, with its first and last repeated. */
  #clampRow(to: Uint8Array, row: Uint8Array, left: number): void {
    const texelBytes = this.#texelBytes;
    const first = Math.max(0, left);
    const last = Math.min(left + this.#cutWidth, this.#level.width);
    const inside = (first - left) * texelBytes;
    to.set(row.subarray(first * texelBytes, last * texelBytes), inside);
    const insideEnd = inside + (last - first) * texelBytes;
    for (let at = 0; at < inside; at += texelBytes) {
      to.copyWithin(at, inside, inside + texelBytes);
    }
    for (let at = insideEnd; at < to.byteLength; at += texelBytes) {
      to.copyWithin(at, insideEnd - texelBytes, insideEnd);
    }
  }

  /** The same of a row that begins anew behind its last texel. */
  #repeatRow(to: Uint8Array, row: Uint8Array, left: number): void {
    const { width } = this.#level;
    const texelBytes = this.#texelBytes;
    let from = ((left % width) + width) % width * texelBytes;
    for (let at = 0; at < to.byteLength;) {
      const end = Math.min(row.byteLength, from + to.byteLength - at);
      to.set(row.subarray(from, end), at);
      at += end - from;
      from = 0;
    }
  }
}
