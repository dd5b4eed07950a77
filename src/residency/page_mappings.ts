/**
 * Which tiles of one texture are mapped, and the edits that bring its page table up to date.
 *
 * The processor keeps the real mappings only. In the table, the entry of a missing tile holds what
 * its nearest mapped ancestor holds. A change is one edit (tile, old value, new value); the GPU
 * rewrites, coarse levels first, the entries below the tile that still hold the old value.
 *
 * @module
 */

import type { TileGrid } from "../tiles/mod.ts";
import { EntryMap } from "./int_map.ts";
import { PAGE_ENTRY_NONE, type PageEdit } from "./page_entry.ts";

/** What an {@linkcode EntryMap} of page entries holds for "not mapped": no packed entry is all ones. */
const UNMAPPED = -1;

/** The mappings of one texture. */
export class PageMappings {
  /** The texture's tiles. */
  readonly grid: TileGrid;
  readonly #mapped = new EntryMap(256);
  /** Tiles changed since the last edits were taken, with what they held then. */
  readonly #before = new EntryMap(64);
  #changed: number[] = [];

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

  /** Bytes of processor memory. */
  get byteLength(): number {
    return this.#mapped.byteLength + this.#before.byteLength;
  }

  /** Maps a tile to a packed page entry, in place of what it had. */
  map(entry: number, value: number): void {
    this.#remember(entry);
    this.#mapped.set(entry, value | 0);
  }

  /** Unmaps a tile; it then shows its nearest mapped ancestor. */
  unmap(entry: number): void {
    this.#remember(entry);
    this.#mapped.delete(entry);
  }

  /** What the table holds for a tile once all edits are done. */
  resolve(entry: number): number {
    for (let at = entry; at !== -1; at = this.grid.parentOf(at)) {
      const value = this.#mapped.get(at, UNMAPPED);
      if (value !== UNMAPPED) return value >>> 0;
    }
    return PAGE_ENTRY_NONE;
  }

  /** The edits since the last call, coarse levels first; the GPU must apply them in this order. */
  takeEdits(): PageEdit[] {
    const edits: PageEdit[] = [];
    // A coarser level has larger numbers, so falling numbers are coarse to fine.
    this.#changed.sort(descending);
    for (const entry of this.#changed) {
      const before = this.#before.get(entry, UNMAPPED);
      const after = this.#mapped.get(entry, UNMAPPED);
      const parent = before === UNMAPPED || after === UNMAPPED ? this.grid.parentOf(entry) : -1;
      // When this edit runs, the coarser ones have: a tile that was not mapped already shows what
      // its nearest ancestor holds now.
      const inherited = parent === -1 ? PAGE_ENTRY_NONE : this.resolve(parent);
      const oldValue = before === UNMAPPED ? inherited : before >>> 0;
      const newValue = after === UNMAPPED ? inherited : after >>> 0;
      if (oldValue !== newValue) edits.push({ entry, oldValue, newValue });
    }
    this.#changed = [];
    this.#before.clear();
    return edits;
  }

  #remember(entry: number): void {
    if (this.#before.has(entry)) return;
    this.#before.set(entry, this.#mapped.get(entry, UNMAPPED));
    this.#changed.push(entry);
  }
}

function descending(a: number, b: number): number {
  return b - a;
}
