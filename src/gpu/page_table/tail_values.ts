/**
 * Content of a page table of which only the tail was ever edited. Pure.
 *
 * @module
 */

import { PAGE_ENTRY_NONE, type PageEdit } from "../../residency/mod.ts";
import type { TileGrid } from "../../tiles/mod.ts";

/** Effect of a batch of edits on a table of which only the tail was edited. */
export interface TailChange {
  /** New value of all page entries at once, or null if the tiles below the tail do not change. */
  readonly fill: number | null;
  /** Tiles of the tail that are written one by one, after the fill. */
  readonly tiles: readonly number[];
  /** Page entries that hold another value than before. */
  readonly changedCount: number;
}

/**
 * The page entries of the tail: the levels that are a single tile each. As long as no finer tile
 * was edited, all of these hold what the tail's finest tile does, so that an edit that covers
 * millions of them is one fill instead of a look at each.
 */
export class TailValues {
  readonly #grid: TileGrid;
  /** From the tail's finest level on. */
  readonly #values: Uint32Array;
  readonly #before: Uint32Array;
  readonly #edits: (PageEdit | undefined)[];

  /** Begins with a table in which nothing is resident. */
  constructor(grid: TileGrid) {
    this.#grid = grid;
    const count = grid.levelCount - grid.tailLevel;
    this.#values = new Uint32Array(count).fill(PAGE_ENTRY_NONE);
    this.#before = new Uint32Array(count);
    this.#edits = new Array(count).fill(undefined);
  }

  /**
   * Applies a batch's edits of the tail; those of finer tiles are left out.
   *
   * A batch whose commands were lost may be applied again, and is then written again.
   */
  applyEdits(edits: readonly PageEdit[]): TailChange {
    const { levels, tailLevel } = this.#grid;
    const values = this.#values;
    const firstTile = levels[tailLevel]!.firstTile;
    this.#before.set(values);
    this.#edits.fill(undefined);
    // The tail's levels are single tiles, whose numbers follow each other.
    for (const edit of edits) {
      if (edit.tile >= firstTile) this.#edits[edit.tile - firstTile] = edit;
    }
    for (let edited = values.length - 1; edited >= 0; edited--) {
      const edit = this.#edits[edited];
      if (edit === undefined) continue;
      for (let i = 0; i < edited; i++) {
        if (values[i] === edit.oldValue) values[i] = edit.newValue;
      }
      values[edited] = edit.newValue;
    }
    const isWritten = (value: number) => this.#edits.some((edit) => edit?.newValue === value);
    const finest = values[0]!;
    const fill = isWritten(finest) ? finest : null;
    const tiles: number[] = [];
    let changedCount = values[0] === this.#before[0] ? 0 : firstTile + 1;
    for (let i = 1; i < values.length; i++) {
      if (values[i] !== this.#before[i]) changedCount++;
      const isDue = fill === null ? isWritten(values[i]!) : values[i] !== fill;
      if (isDue) tiles.push(firstTile + i);
    }
    return { fill, tiles, changedCount };
  }

  /** What a tile of the tail holds. */
  valueOf(tile: number): number {
    return this.#values[tile - this.#grid.levels[this.#grid.tailLevel]!.firstTile]!;
  }
}
