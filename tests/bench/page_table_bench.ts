/**
 * The cost of page tables: the texels that the GPU writes for random streaming traffic, against the
 * number that change, found by rebuilding the whole table after every change; and at the largest
 * size, a load against filling the table once, and changes of coarse tiles against an empty submit.
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
import { MAX_VIRTUAL_SIZE, TileGrid } from "../../src/tiles/mod.ts";
import { seededRandom } from "../helpers/random.ts";

const MIB = 1024 * 1024;
const TILE_SIZE = 64;
/** Tiles that stay resident. */
const CAPACITY = 64;
/** Most tiles that become resident in an update. */
const TILES_PER_UPDATE = 24;
/** Odd sizes, which do not nest exactly, and even ones. */
const SIZES = [[5001, 3003], [4096, 4096]] as const;

/** The table for some mappings, computed tile by tile. */
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
    // The tail is pinned and never evicted. Its finest level, which covers the others, is first.
    this.#map(grid.tileIndexOf(grid.tailLevel, 0, 0));
  }

  /** Moves the camera, maps the tiles that it sees and unmaps the least recently seen. */
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

/** Texels written over some updates. */
async function benchTraffic(
  device: ForgeDevice,
  options: { updates: number },
): Promise<BenchResult["metrics"]> {
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
        submitEdits(device, table, edits);
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
    written_vs_exact_per_change: summarize(perChange, { unit: "ratio", target: 1 }),
    written_vs_changed_per_update: summarize(perUpdate, { unit: "ratio" }),
    changes_per_update: summarize(changes, { unit: "tiles" }),
  };
}

function submitEdits(device: ForgeDevice, table: PageTable, edits: readonly PageEdit[]): void {
  const encoder = device.gpu.createCommandEncoder({ label: "page table bench" });
  table.recordEdits(encoder, edits);
  device.submits.submit([encoder.finish()]);
}

/** Milliseconds that work takes until the GPU is done with it. */
async function timed(device: ForgeDevice, work: () => void): Promise<number> {
  await device.submits.wait();
  const before = performance.now();
  work();
  await device.submits.wait();
  return performance.now() - before;
}

/** Fills a new texture of a table's size once: the least that a load must do. */
async function timedFill(device: ForgeDevice, like: GPUTexture): Promise<number> {
  const { width, height } = like;
  const texture = device.gpu.createTexture({
    label: "page table bench",
    format: "r32uint",
    size: [width, height],
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.STORAGE_BINDING,
  });
  const ms = await timed(device, () => {
    const encoder = device.gpu.createCommandEncoder({ label: "page table bench" });
    encoder.beginRenderPass({
      colorAttachments: [{
        view: texture.createView(),
        loadOp: "clear",
        storeOp: "store",
        clearValue: [1, 0, 0, 0],
      }],
    }).end();
    device.submits.submit([encoder.finish()]);
  });
  texture.destroy();
  return ms;
}

/** Loads at the largest size, and maps and unmaps the coarsest tile. */
async function benchLargest(
  device: ForgeDevice,
  { rounds }: { rounds: number },
): Promise<BenchResult["metrics"]> {
  const grid = new TileGrid(MAX_VIRTUAL_SIZE, MAX_VIRTUAL_SIZE, 256);
  const ledger = new MemoryLedger(device.submits, 256 * MIB);
  const times = { load: [] as number[], fill: [] as number[], root: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const mappings = new PageMappings(grid);
    const map = (level: number, slot: number) =>
      mappings.map(grid.level(level).firstTile, packPageEntry(slot, round, 0, level));
    let table!: PageTable;
    times.load.push(
      await timed(device, () => {
        table = new PageTable(device, ledger, grid);
        for (let level = grid.tailLevel; level < grid.levelCount; level++) map(level, level);
        submitEdits(device, table, mappings.takeEdits());
      }),
    );
    times.fill.push(await timedFill(device, table.texture));
    map(grid.tailLevel - 1, 0);
    submitEdits(device, table, mappings.takeEdits());
    const root = grid.levelCount - 1;
    times.root.push(
      await timed(device, () => {
        mappings.unmap(grid.level(root).firstTile);
        submitEdits(device, table, mappings.takeEdits());
      }),
    );
    table.destroy();
    await device.submits.wait();
    ledger.collect();
  }
  const fill = Math.min(...times.fill);
  return {
    "load_2^20": summarize(times.load, { unit: "ms" }),
    load_vs_fill: summarize([Math.min(...times.load) / fill], { unit: "ratio", target: 1.5 }),
    root_tile: summarize(times.root, { unit: "ms" }),
    root_tile_vs_fill: summarize([Math.min(...times.root) / fill], { unit: "ratio", target: 0.05 }),
  };
}

/** Measures page tables over a number of updates, and of rounds at the largest size. */
export async function benchPageTable(
  device: ForgeDevice,
  options: { updates: number; rounds: number },
): Promise<BenchResult> {
  return {
    metrics: { ...await benchTraffic(device, options), ...await benchLargest(device, options) },
  };
}

/** The benchmark. */
export const bench: Benchmark = {
  name: "page_table",
  description: "page-table texels written against the exact set, and the cost of loads at 2^20",
  runBenchmark: ({ device }) => benchPageTable(device, { updates: 60, rounds: 7 }),
};
