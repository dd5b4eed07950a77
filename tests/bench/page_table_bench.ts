/**
 * Page-table texels that the GPU writes for random streaming traffic, against the exact set: those
 * that change, by a model that rebuilds the whole table after every change.
 *
 * @module
 */

import { type Benchmark, type BenchResult, summarize } from "../../src/cli/bench/benchmark.ts";
import { type ForgeDevice, MemoryLedger, PageTable } from "../../src/gpu/mod.ts";
import {
  packPageEntry,
  PAGE_ENTRY_NONE,
  type PageEdit,
  PageMappings,
} from "../../src/residency/mod.ts";
import { TileGrid } from "../../src/tiles/mod.ts";
import { seededRandom } from "../helpers/random.ts";

const MIB = 1024 * 1024;
const TILE_SIZE = 64;
/** Tiles that stay resident. */
const CAPACITY = 64;
/** Tiles that come in an update at most. */
const TILES_PER_UPDATE = 24;
/** Odd sizes, which do not nest exactly, and even ones. */
const SIZES = [[5001, 3003], [4096, 4096]] as const;

/** The table that some mappings must give, worked out tile by tile. */
function rebuild(grid: TileGrid, mapped: ReadonlyMap<number, number>): Uint32Array {
  const table = new Uint32Array(grid.tileCount);
  for (let tile = grid.tileCount - 1; tile >= 0; tile--) {
    const parent = grid.parentOf(tile);
    table[tile] = mapped.get(tile) ?? (parent === -1 ? PAGE_ENTRY_NONE : table[parent]!);
  }
  return table;
}

function changedTexels(before: Uint32Array, after: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < before.length; i++) if (before[i] !== after[i]) count++;
  return count;
}

/** A camera that wanders and zooms at random, and the tiles that its texture keeps for it. */
class Traffic {
  readonly mappings: PageMappings;
  readonly mapped = new Map<number, number>();
  readonly #grid: TileGrid;
  readonly #random: () => number;
  #x = 0.5;
  #y = 0.5;
  #level = 2;
  #nextSlot = 0;

  constructor(grid: TileGrid, seed: number) {
    this.#grid = grid;
    this.#random = seededRandom(seed);
    this.mappings = new PageMappings(grid);
    // The tail is pinned and never goes. Its finest level, which covers the others, comes first.
    this.#map(grid.tileIndexOf(grid.tailLevel, 0, 0));
  }

  /** Moves the camera, maps what it sees and gives up what was not seen for the longest. */
  step(): void {
    const random = this.#random;
    const jumps = random() < 0.1;
    this.#x = jumps ? random() : Math.min(1, Math.max(0, this.#x + (random() - 0.5) * 0.1));
    this.#y = jumps ? random() : Math.min(1, Math.max(0, this.#y + (random() - 0.5) * 0.1));
    const zoom = this.#level + Math.round((random() - 0.5) * 2.5);
    this.#level = Math.min(this.#grid.tailLevel - 1, Math.max(0, zoom));
    let room = TILES_PER_UPDATE;
    for (const tile of this.#seen()) {
      const value = this.mapped.get(tile);
      if (value !== undefined) {
        this.mapped.delete(tile);
        this.mapped.set(tile, value);
      } else if (room-- > 0) this.#map(tile);
    }
    for (const tile of [...this.mapped.keys()]) {
      if (this.mapped.size <= CAPACITY) break;
      if (this.#grid.levelOf(tile) === this.#grid.tailLevel) continue;
      this.mapped.delete(tile);
      this.mappings.unmap(tile);
    }
  }

  /** Tiles around the camera at its level and the next coarser one, parents first. */
  #seen(): number[] {
    const entries: number[] = [];
    for (const level of [this.#level + 1, this.#level]) {
      const { tilesX, tilesY } = this.#grid.level(level);
      const x = Math.min(tilesX - 1, Math.floor(this.#x * tilesX));
      const y = Math.min(tilesY - 1, Math.floor(this.#y * tilesY));
      for (let dy = -2; dy <= 2; dy++) {
        for (let dx = -2; dx <= 2; dx++) {
          if (!this.#grid.has(level, x + dx, y + dy)) continue;
          entries.push(this.#grid.tileIndexOf(level, x + dx, y + dy));
        }
      }
    }
    return entries;
  }

  #map(tile: number): void {
    const slot = this.#nextSlot++;
    const value = packPageEntry(slot & 255, (slot >> 8) & 255, 0, this.#grid.levelOf(tile));
    this.mapped.set(tile, value);
    this.mappings.map(tile, value);
  }
}

/** Texels that each edit changes by itself, one after the other, over all edits. */
function exactTexels(
  grid: TileGrid,
  mapped: ReadonlyMap<number, number>,
  change: { edits: readonly PageEdit[]; after: ReadonlyMap<number, number> },
): number {
  const state = new Map(mapped);
  let table = rebuild(grid, state);
  let count = 0;
  for (const { tile } of change.edits) {
    const value = change.after.get(tile);
    if (value === undefined) state.delete(tile);
    else state.set(tile, value);
    const next = rebuild(grid, state);
    count += changedTexels(table, next);
    table = next;
  }
  return count;
}

/** Measures page tables over some updates. */
export async function benchPageTable(
  device: ForgeDevice,
  options: { updates: number },
): Promise<BenchResult> {
  const perChange: number[] = [];
  const perUpdate: number[] = [];
  const changes: number[] = [];
  for (const [seed, [width, height]] of SIZES.entries()) {
    const grid = new TileGrid(width, height, TILE_SIZE);
    const table = new PageTable(device, new MemoryLedger(device.submits, 8 * MIB), grid);
    const traffic = new Traffic(grid, seed + 1);
    let known: ReadonlyMap<number, number> = new Map();
    let written = 0;
    try {
      for (let update = 0; update < options.updates; update++) {
        traffic.step();
        const edits = traffic.mappings.takeEdits();
        const encoder = device.gpu.createCommandEncoder({ label: "page table bench" });
        table.recordEdits(encoder, edits);
        device.submits.submit([encoder.finish()]);
        const total = await table.readWrittenTexels();
        const after = new Map(traffic.mapped);
        const exact = exactTexels(grid, known, { edits, after });
        const net = changedTexels(rebuild(grid, known), rebuild(grid, after));
        if (exact > 0) perChange.push((total - written) / exact);
        if (net > 0) perUpdate.push((total - written) / net);
        changes.push(edits.length);
        known = after;
        written = total;
      }
    } finally {
      table.destroy();
    }
  }
  return {
    metrics: {
      written_vs_exact_per_change: summarize(perChange, { unit: "ratio", target: 1 }),
      written_vs_changed_per_update: summarize(perUpdate, { unit: "ratio" }),
      changes_per_update: summarize(changes, { unit: "tiles" }),
    },
  };
}

/** The benchmark. */
export const bench: Benchmark = {
  name: "page_table",
  description: "page-table texels written against the exact set, under random streaming traffic",
  run: ({ device }) => benchPageTable(device, { updates: 60 }),
};
