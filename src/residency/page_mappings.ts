/**
 * Which tiles of one texture are mapped, and the edits that bring its page table up to date.
 *
 * The CPU keeps the real mappings only. In the table, the page entry of a missing tile holds what
 * its nearest mapped ancestor holds. A change is one edit (tile, old value, new value); the GPU
 * rewrites, coarse levels first, the page entries below the tile that still hold the old value.
 *
 * @module
 */

import type { TileGrid } from "../tiles/mod.ts";
import { IntMap } from "./int_map.ts";
import { PAGE_ENTRY_NONE, type PageEdit } from "./page_entry.ts";

/** What an {@linkcode IntMap} of page entries gives for "not mapped". */
const UNMAPPED = PAGE_ENTRY_NONE;

/** The mappings of one texture. */
export class PageMappings {
  /** The texture's tiles. */
  readonly grid: TileGrid;
  readonly #mapped = new IntMap(256);
  /** Tiles changed since the last edits were taken, with what they held then. */
  readonly #before = new IntMap(64);
  readonly #changed: number[] = [];

  /** No tile is mapped yet. */
  constructor(grid: TileGrid) {
    this.grid = grid;
  }

  /** Number of mapped tiles. */
  get size(): number {
    return this.#mapped.size;
  }

  /** Whether edits are waiting to be taken. */
  get dirty(): boolean {
    return this.#changed.length > 0;
  }

  /** Bytes of CPU memory. */
  get byteLength(): number {
    return this.#mapped.byteLength + this.#before.byteLength;
  }

  /** Maps a tile to a page entry, in place of what it had. */
  map(tile: number, value: number): void {
    this.#remember(tile);
    this.#mapped.set(tile, value | 0);
  }

  /** Unmaps a tile; it then shows its nearest mapped ancestor. */
  unmap(tile: number): void {
    this.#remember(tile);
    this.#mapped.delete(tile);
  }

  /** What the table holds for a tile once all edits are done. */
  resolve(tile: number): number {
    const value = this.#mapped.get(tile, UNMAPPED);
    if (value !== UNMAPPED) return value >>> 0;
    const { level, x, y } = this.grid.addressOf(tile);
    return this.#inherited(level, x, y);
  }

  /** The edits since the last call, coarse levels first; the GPU must apply them in this order. */
  takeEdits(): Required<PageEdit>[] {
    const { levels } = this.grid;
    const edits: Required<PageEdit>[] = [];
    // A coarser level has larger numbers, so falling numbers are coarse to fine.
    this.#changed.sort(descending);
    let level = levels.length - 1;
    for (const tile of this.#changed) {
      while (levels[level]!.firstTile > tile) level--;
      const { firstTile, tilesX } = levels[level]!;
      const y = Math.floor((tile - firstTile) / tilesX);
      const x = tile - firstTile - y * tilesX;
      const before = this.#before.get(tile, UNMAPPED);
      const after = this.#mapped.get(tile, UNMAPPED);
      // When this edit runs, the coarser ones have: a tile that was not mapped already shows what
      // its nearest ancestor holds now.
      const inherited = before === UNMAPPED || after === UNMAPPED
        ? this.#inherited(level, x, y)
        : PAGE_ENTRY_NONE;
      const oldValue = before === UNMAPPED ? inherited : before >>> 0;
      const newValue = after === UNMAPPED ? inherited : after >>> 0;
      if (oldValue === newValue) continue;
      edits.push({ tile, oldValue, newValue, ownEntryOnly: this.#hidesBelow(level, x, y) });
    }
    this.#changed.length = 0;
    this.#before.clear();
    return edits;
  }

  /** What the nearest mapped ancestor of a tile holds. */
  #inherited(level: number, x: number, y: number): number {
    const { levels } = this.grid;
    for (let up = level + 1; up < levels.length; up++) {
      const { firstTile, tilesX, tilesY } = levels[up]!;
      x = Math.min(x >> 1, tilesX - 1);
      y = Math.min(y >> 1, tilesY - 1);
      const value = this.#mapped.get(firstTile + y * tilesX + x, UNMAPPED);
      if (value !== UNMAPPED) return value >>> 0;
    }
    return PAGE_ENTRY_NONE;
  }

  /**
   * Whether every child of a tile was mapped when the last edits were taken, and is now: then no tile
   * below shows what the tile holds, neither before nor after. True for the finest level.
   */
  #hidesBelow(level: number, x: number, y: number): boolean {
    const finer = this.grid.levels[level - 1];
    if (finer === undefined) return true;
    const { tilesX, tilesY } = this.grid.levels[level]!;
    // Floored sizes can lose a column or a row: the last tile is the parent of what is left over.
    const endX = x + 1 < tilesX ? 2 * x + 2 : finer.tilesX;
    const endY = y + 1 < tilesY ? 2 * y + 2 : finer.tilesY;
    for (let childY = 2 * y; childY < endY; childY++) {
      for (let childX = 2 * x; childX < endX; childX++) {
        const child = finer.firstTile + childY * finer.tilesX + childX;
        const after = this.#mapped.get(child, UNMAPPED);
        if (after === UNMAPPED || this.#before.get(child, after) === UNMAPPED) return false;
      }
    }
    return true;
  }

  #remember(tile: number): void {
    if (this.#before.has(tile)) return;
    this.#before.set(tile, this.#mapped.get(tile, UNMAPPED));
    this.#changed.push(tile);
  }
}

function descending(a: number, b: number): number {
  return b - a;
}
