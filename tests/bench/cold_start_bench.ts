/**
 * Updates from a cold start to a settled picture, against the fewest that the budgets for tiles and
 * bytes allow.
 *
 * @module
 */

import { type Benchmark, type BenchResult, summarize } from "../../src/cli/bench/benchmark.ts";
import { type CameraView, lookAt, perspective } from "../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { BLANK_TILE_BYTES, blankSource } from "./blank_source.ts";

const SIZE = 2 ** 15;
/** Updates after which a start counts as never settling. */
const GIVE_UP_UPDATES = 1000;

/** Limits of one update. */
interface Budget {
  readonly tilesPerUpdate: number;
  readonly bytesPerUpdate: number;
}

const BUDGETS: readonly Budget[] = [
  { tilesPerUpdate: 1, bytesPerUpdate: 2 ** 24 },
  { tilesPerUpdate: 7, bytesPerUpdate: 2 ** 24 },
  { tilesPerUpdate: 64, bytesPerUpdate: 2 ** 24 },
  { tilesPerUpdate: 64, bytesPerUpdate: 2 ** 18 },
  { tilesPerUpdate: 64, bytesPerUpdate: 2 ** 20 },
];

/** Views of the texture: near, between two levels, far, towards the horizon, and all around. */
function views(): CameraView[] {
  const viewport = [1280, 720];
  const projection = perspective({ fovYDegrees: 60, aspect: 16 / 9, near: 1, far: Infinity });
  const middle = SIZE / 2 + 77;
  const looking = (height: number, ahead: number) => {
    const position = [middle, middle, height];
    const up = ahead === 0 ? [0, 1, 0] : [0, 0, 1];
    const view = lookAt(position, [middle, middle + ahead, 0], { up });
    return { position, view, projection, viewport };
  };
  const around = { position: [middle, middle, 800], viewport };
  return [looking(150, 0), looking(900, 0), looking(9000, 0), looking(400, 2000), around];
}

/** Lets requested tiles arrive. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Updates until nothing is missing, and the fewest possible. */
async function coldStart(
  device: ForgeDevice,
  camera: CameraView,
  options: { budget: Budget; waits: boolean },
): Promise<{ updates: number; fewest: number; tiles: number }> {
  const { budget, waits } = options;
  using system = new VirtualTextureSystem(device, { ...budget, maxMemoryMb: 256 });
  await system.loadTexture(blankSource(SIZE));
  let tiles = 0;
  let updates = 0;
  for (let missing = Infinity; missing > 0 && updates < GIVE_UP_UPDATES; updates++) {
    const result = waits ? await system.update(camera) : system.updateNow(camera);
    if (updates === 0) tiles = result.tilesWanted;
    missing = result.tilesPending + result.tilesQueued;
    if (!waits) await nextTurn();
  }
  const perUpdate = Math.min(
    budget.tilesPerUpdate,
    Math.max(1, Math.floor(budget.bytesPerUpdate / BLANK_TILE_BYTES)),
  );
  // Without waiting, tiles that one update requests land in the next.
  const fewest = Math.ceil(tiles / perUpdate) + (waits ? 0 : 1);
  return { updates, fewest, tiles };
}

/** Measures cold starts for the first few budgets and views. */
export async function benchColdStart(
  device: ForgeDevice,
  options: { budgets: number; views: number },
): Promise<BenchResult> {
  const ratios = { waiting: [] as number[], never: [] as number[] };
  const tiles: number[] = [];
  for (const camera of views().slice(0, options.views)) {
    for (const budget of BUDGETS.slice(-options.budgets)) {
      const waiting = await coldStart(device, camera, { budget, waits: true });
      const never = await coldStart(device, camera, { budget, waits: false });
      ratios.waiting.push(waiting.updates / waiting.fewest);
      ratios.never.push(never.updates / never.fewest);
      tiles.push(waiting.tiles);
    }
  }
  return {
    metrics: {
      updates_that_wait_vs_fewest: summarize(ratios.waiting, { unit: "ratio", target: 1 }),
      updates_that_never_wait_vs_fewest: summarize(ratios.never, { unit: "ratio", target: 1 }),
      tiles_needed: summarize(tiles, { unit: "tiles" }),
    },
  };
}

/** The benchmark. */
export const bench: Benchmark = {
  name: "cold_start",
  description: "updates from a cold start to a settled picture, against the fewest possible",
  runBenchmark: ({ device }) =>
    benchColdStart(device, { budgets: BUDGETS.length, views: views().length }),
};
