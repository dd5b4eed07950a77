/**
 * Edits of a page table as the edit shader reads them. Pure.
 *
 * @module
 */

import { checkedInteger } from "../../checks.ts";
import { InvalidArgumentError } from "../../errors.ts";
import type { PageEdit } from "../../residency/mod.ts";
import type { TileGrid } from "../../tiles/mod.ts";
import { GROUP_BYTES, subtreeTiles } from "./page_table_layout.ts";

const RECORD_WORDS = 4;

/**
 * The records of one batch: groups first, one for each dispatch, at the distance that uniform
 * buffers are bound at, then the edits themselves. There is a group for each level with edits that
 * reach tiles below, coarse to fine, and a last one for all edits of single page entries.
 *
 * Its memory is used again from batch to batch.
 */
export class EditRecords {
  /** Bytes from group to group. */
  readonly groupStride: number;
  readonly #grid: TileGrid;
  readonly #label: string;
  readonly #tileRange: Parameters<typeof checkedInteger>[1];
  readonly #subtreeTiles: readonly number[];
  /** By level; one more for edits of single page entries. */
  readonly #counts: Uint32Array;
  readonly #next: Uint32Array;
  /** Keys into the counts of the groups that are there, in order. */
  readonly #groups: number[] = [];
  readonly #seen = new Set<number>();
  #words: Uint32Array<ArrayBuffer> = new Uint32Array(0);
  #wordCount = 0;

  /** Makes records for a grid; messages call the table by the label. */
  constructor(grid: TileGrid, options: { uniformAlignment: number; label: string }) {
    this.#grid = grid;
    this.#tileRange = {
      name: "tile",
      range: [0, grid.tileCount - 1] as const,
      failure: `Cannot edit page table "${options.label}"`,
    };
    this.#label = options.label;
    this.groupStride = Math.max(GROUP_BYTES, options.uniformAlignment);
    this.#subtreeTiles = grid.levels.map((_, level) => subtreeTiles(grid, level));
    this.#counts = new Uint32Array(grid.levelCount + 1);
    this.#next = new Uint32Array(grid.levelCount + 1);
  }

  /** The packed words; only the first {@linkcode wordCount} belong to the batch. */
  get words(): Uint32Array<ArrayBuffer> {
    return this.#words;
  }

  /** Words of the batch that was packed last. */
  get wordCount(): number {
    return this.#wordCount;
  }

  /** Groups of the batch that was packed last. */
  get groupCount(): number {
    return this.#groups.length;
  }

  /** Edits of single page entries in the batch that was packed last: the last group, if any. */
  get singleCount(): number {
    return this.#counts[this.#grid.levelCount]!;
  }

  /** Page entries that a group of the batch may touch. */
  reachOf(group: number): number {
    const key = this.#groups[group]!;
    return this.#counts[key]! * this.#reachOfEdit(key);
  }

  /**
   * Checks a batch.
   *
   * @throws {OutOfRangeError} if a tile does not exist.
   * @throws {InvalidArgumentError} if a tile is not a number, or named twice.
   */
  checkEdits(edits: readonly PageEdit[]): void {
    const range = this.#tileRange;
    const seen = this.#seen;
    seen.clear();
    for (const { tile } of edits) {
      checkedInteger(tile, range);
      seen.add(tile);
    }
    if (seen.size !== edits.length) {
      throw new InvalidArgumentError(
        "edits",
        `Cannot edit page table "${this.#label}" as a tile may be named once in a batch: ` +
          `${edits.length} edits name ${seen.size} tiles`,
      );
    }
  }

  /** Packs a batch that was checked; the shader counts records from the start of the buffer. */
  packEdits(edits: readonly PageEdit[]): void {
    const { levels, levelCount } = this.#grid;
    const counts = this.#counts.fill(0);
    for (const edit of edits) counts[this.#groupOf(edit)]!++;
    const strideWords = this.groupStride / 4;
    this.#groups.length = 0;
    for (let level = levelCount - 1; level >= 0; level--) {
      if (counts[level]! > 0) this.#groups.push(level);
    }
    if (counts[levelCount]! > 0) this.#groups.push(levelCount);
    const recordWords = this.#groups.length * strideWords;
    this.#wordCount = recordWords + edits.length * RECORD_WORDS;
    if (this.#words.length < this.#wordCount) this.#words = new Uint32Array(this.#wordCount * 2);
    const words = this.#words;
    const firstRecord = recordWords / RECORD_WORDS;
    let next = 0;
    for (const [group, key] of this.#groups.entries()) {
      const at = group * strideWords;
      words[at] = key;
      words[at + 1] = firstRecord + next;
      words[at + 2] = counts[key]!;
      words[at + 3] = this.#reachOfEdit(key);
      this.#next[key] = next;
      next += counts[key]!;
    }
    for (const edit of edits) {
      const { tile, oldValue, newValue } = edit;
      const key = this.#groupOf(edit);
      const record = recordWords + this.#next[key]!++ * RECORD_WORDS;
      if (key === levelCount) {
        words[record] = tile;
        words[record + 1] = 0;
      } else {
        const { firstTile, tilesX } = levels[key]!;
        const y = Math.floor((tile - firstTile) / tilesX);
        words[record] = tile - firstTile - y * tilesX;
        words[record + 1] = y;
      }
      words[record + 2] = oldValue;
      words[record + 3] = newValue;
    }
  }

  /** Page entries that one edit of a group may touch. */
  #reachOfEdit(key: number): number {
    return this.#subtreeTiles[key] ?? 1;
  }

  /** Level of an edit that reaches tiles below, else the group of single page entries. */
  #groupOf({ tile, ownEntryOnly }: PageEdit): number {
    const { levelCount } = this.#grid;
    if (ownEntryOnly) return levelCount;
    return this.#grid.levelOf(tile) || levelCount;
  }
}
