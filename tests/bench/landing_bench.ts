/**
 * What residency takes for tiles that finish one by one, each of which lets more be asked for in the
 * same frame, against tiles that finish all together.
 *
 * @module
 */

import { type Benchmark, type BenchResult, summarize } from "../../src/cli/bench/benchmark.ts";
import {
  type AdmissionBudget,
  packPageEntry,
  PoolResidency,
  Residency,
  TextureResidency,
  type Ticket,
  type TileProducer,
} from "../../src/residency/mod.ts";
import { TileGrid, TileList, TileReason } from "../../src/tiles/mod.ts";

const COST = { uploadBytes: 1, scratchBytes: 0, gpuMs: 0 };
const OPEN: AdmissionBudget = {
  tiles: 1e9,
  aheadTiles: 1e9,
  staleTiles: 1e9,
  bytes: Infinity,
  gpuMs: Infinity,
  drawnTiles: Infinity,
  staleDrawnTiles: Infinity,
  isUploading: false,
  isDrawing: false,
};

/** Finishes everything at once, but has room for so many tiles. */
class InstantProducer implements TileProducer<null> {
  readonly room: number;
  readonly asked: Ticket<null>[] = [];

  constructor(room: number) {
    this.room = room;
  }

  request(tile: number, version: number) {
    if (this.asked.length >= this.room) return "saturated";
    this.asked.push({ tile, version, payload: null, release() {} });
    return "available";
  }
  cancel() {}
  takeFinishedTiles() {
    return this.asked.splice(0);
  }
  takeFailures() {
    return [];
  }
  get pendingCount() {
    return this.asked.length;
  }
  get finishedCount() {
    return this.asked.length;
  }
  setListener() {}
}

/** Time for all tiles of level 0 to land in one frame, with room for so many in flight. */
function landAll(side: number, room: number): { ms: number; tiles: number } {
  const grid = new TileGrid(64 * side, 64 * side, 64);
  const tiles = side * side;
  const pool = new PoolResidency(
    tiles + 64,
    (slot, level) => packPageEntry(slot % 256, Math.floor(slot / 256), 0, level),
  );
  const residency = new Residency();
  const producer = new InstantProducer(room);
  const texture = new TextureResidency(1, { grid, pool, producer, recorder: { cost: COST } });
  residency.addTexture(texture);
  const list = new TileList();
  for (let tile = 0; tile < tiles; tile++) list.push(tile, 1 + tile % 97, TileReason.visible);
  residency.beginFrame();
  residency.want(texture, list);
  const start = performance.now();
  let landed = 0;
  while (residency.admit({ ...OPEN }) > 0) {
    for (const ticket of producer.takeFinishedTiles()) {
      if (residency.land(texture, ticket) !== null) landed++;
    }
  }
  const ms = performance.now() - start;
  if (landed !== tiles) throw new Error(`Cannot measure landing as ${landed} of ${tiles} landed`);
  return { ms, tiles };
}

/** Measures both over some rounds. */
export function benchLanding(options: { rounds: number; side: number }): Promise<BenchResult> {
  const { rounds, side } = options;
  const ratios: number[] = [];
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const together = landAll(side, Infinity);
    const oneByOne = landAll(side, 1);
    times.push(1000 * oneByOne.ms / oneByOne.tiles);
    ratios.push(oneByOne.ms / together.ms);
  }
  return Promise.resolve({
    metrics: {
      one_by_one_per_tile: summarize(times, { unit: "µs" }),
      one_by_one_vs_together: summarize(ratios, { unit: "ratio", target: 2 }),
    },
  });
}

/** The benchmark. */
export const bench: Benchmark = {
  name: "landing",
  description: "tiles that land one by one in a frame against all together",
  runBenchmark: () => benchLanding({ rounds: 7, side: 144 }),
};
