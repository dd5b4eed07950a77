/**
 * Random traffic through a page table, compared with a table that is rebuilt from scratch.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type ForgeDevice, MemoryLedger, PageTable } from "../../../src/gpu/mod.ts";
import {
  packPageEntry,
  PAGE_ENTRY_NONE,
  type PageEdit,
  PageMappings,
} from "../../../src/residency/mod.ts";
import type { TileGrid } from "../../../src/tiles/mod.ts";
import { randomNumbers } from "../random_numbers.ts";

/** Odd and even, square and long, deep and flat; sizes that lose columns at every level. */
export const GRIDS: readonly [number, number, number][] = [
  [1, 1, 256],
  [300, 200, 64],
  [257, 255, 64],
  [1025, 513, 64],
  [1151, 63, 64],
  [65, 2111, 64],
  [1999, 1777, 128],
  [13, 9, 1],
  [31, 33, 1],
  [127, 65, 1],
  [63, 129, 3],
  [511, 7, 2],
];

/** Page entries in the order of tiles. */
export type Table = Uint32Array;

/** The table for a set of mappings, computed tile by tile from scratch. */
export function rebuild(grid: TileGrid, mapped: ReadonlyMap<number, number>): Table {
  const table = new Uint32Array(grid.tileCount);
  for (let tile = grid.tileCount - 1; tile >= 0; tile--) {
    const parent = grid.parentOf(tile);
    table[tile] = mapped.get(tile) ?? (parent === -1 ? PAGE_ENTRY_NONE : table[parent]!);
  }
  return table;
}

/** Number of page entries in which two tables differ. */
export function differences(a: Table, b: Table): number {
  assert.equal(a.length, b.length);
  return a.reduce((count, value, i) => count + (value === b[i] ? 0 : 1), 0);
}

/** Applies edits in a submit of their own. */
export function submitEdits(
  device: ForgeDevice,
  table: PageTable,
  edits: readonly PageEdit[],
): void {
  const encoder = device.gpu.createCommandEncoder();
  table.recordEdits(encoder, edits);
  device.submits.submit([encoder.finish()]);
}

/** Random mappings of a grid. */
export class RandomMappings {
  readonly mappings: PageMappings;
  readonly mapped = new Map<number, number>();
  readonly #random: () => number;

  constructor(grid: TileGrid, seed: number) {
    this.mappings = new PageMappings(grid);
    this.#random = randomNumbers(seed);
  }

  /**
   * Maps or unmaps a random tile, often with those just below it, so that tiles come to be hidden
   * by their children.
   *
   * @param firstLevel Finest level that is touched.
   * @param afterEach Called after each tile.
   */
  change(firstLevel: number, afterEach: () => void = () => {}): void {
    const { grid } = this.mappings;
    const random = this.#random;
    const level = firstLevel + Math.floor(random() * (grid.levelCount - firstLevel));
    const { tilesX, tilesY, firstTile } = grid.level(level);
    const tile = firstTile + Math.floor(random() * tilesX * tilesY);
    this.#toggle(tile, 0.6);
    afterEach();
    if (level === firstLevel || random() < 0.5) return;
    const finer = grid.level(level - 1);
    const last = finer.firstTile + finer.tilesX * finer.tilesY;
    for (let child = finer.firstTile; child < last; child++) {
      if (grid.parentOf(child) !== tile) continue;
      this.#toggle(child, 0.1);
      afterEach();
    }
  }

  #toggle(tile: number, unmapped: number): void {
    const random = this.#random;
    if (this.mapped.has(tile) && random() < unmapped) {
      this.mappings.unmap(tile);
      this.mapped.delete(tile);
      return;
    }
    const slot = [random() * 256, random() * 256, random() * 2048].map(Math.floor);
    const level = this.mappings.grid.levelOf(tile);
    const value = packPageEntry(slot[0]!, slot[1]!, slot[2]!, level);
    this.mappings.map(tile, value);
    this.mapped.set(tile, value);
  }
}

/** Options of {@linkcode wrongAfterTraffic}. */
export interface TrafficOptions {
  readonly seed: number;
  readonly batches: number;
  readonly operations: number;
  /** Batches at the start that touch nothing but the tail; default 2. */
  readonly tailBatches?: number;
  readonly apply?: (device: ForgeDevice, table: PageTable, edits: readonly PageEdit[]) => void;
}

/** Page entries that are wrong after random maps and unmaps, against a rebuild from scratch. */
export async function wrongAfterTraffic(
  device: ForgeDevice,
  grid: TileGrid,
  options: TrafficOptions,
): Promise<number> {
  const { seed, batches, operations, tailBatches = 2, apply = submitEdits } = options;
  const ledger = new MemoryLedger(device.submits, 2 ** 26);
  const table = new PageTable(device, ledger, grid);
  const random = new RandomMappings(grid, seed);
  let wrong = 0;
  try {
    for (let batch = 0; batch < batches; batch++) {
      const firstLevel = batch < tailBatches ? grid.tailLevel : 0;
      for (let operation = 0; operation < operations; operation++) random.change(firstLevel);
      apply(device, table, random.mappings.takeEdits());
      wrong += differences(await table.readBack(), rebuild(grid, random.mapped));
    }
  } finally {
    table.destroy();
  }
  return wrong;
}
