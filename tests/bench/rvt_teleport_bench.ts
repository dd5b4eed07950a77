/**
 * Updates from a teleport until everything that the view wants is resident, against the fewest that the
 * limit of tiles allows.
 *
 * The fewest are as many as it takes to render the tiles that were rendered, after the one that asks for
 * the first of them. Time of the GPU is not limited here. Updates never wait, as in a game.
 *
 * @module
 */

import { type Benchmark, type BenchResult, summarize } from "../../src/cli/bench/benchmark.ts";
import { type CameraView, lookAt, perspective } from "../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { insideOf } from "../streaming/inside.ts";
import { GROUND_SIZE, LayeredScene } from "./rvt/layered_scene.ts";

/** What {@linkcode benchTeleport} measures. */
export interface TeleportBenchOptions {
  /** Tiles that an update renders at most. */
  readonly limits: readonly number[];
  /** Teleports with each of them. */
  readonly teleports: number;
}

const OPTIONS: TeleportBenchOptions = { limits: [1, 8, 64], teleports: 6 };
const BUDGET_MB = 64;
const TEXTURE = { sizeInTilesLog2: 6, tileSize: 64, materialType: "base_color" } as const;
const VIEWPORT = [640, 360] as const;
/** Updates after which a view counts as never sharp. */
const GIVE_UP_UPDATES = 2000;

/** Teleports. */
export async function benchTeleport(
  device: ForgeDevice,
  { limits, teleports }: TeleportBenchOptions = OPTIONS,
): Promise<BenchResult> {
  const [ratios, tiles]: [number[], number[]] = [[], []];
  for (const limit of limits) {
    using system = new VirtualTextureSystem(device, {
      maxMemoryMb: BUDGET_MB,
      gpuMsPerUpdate: Infinity,
      tilesPerUpdate: limit,
    });
    const { scene, texture } = await LayeredScene.create(system, { layers: 1, ...TEXTURE });
    scene.change({ maxUploadsPerFrame: limit });
    const counter = insideOf(texture).recorder as unknown as { readonly renderedCount: number };
    for (let i = 0; i < teleports; i++) {
      const before = counter.renderedCount;
      const updates = await updatesUntilSharp(system, viewOf(i));
      const rendered = counter.renderedCount - before;
      if (rendered === 0) continue;
      tiles.push(rendered);
      // What one update asks for is rendered in the next.
      ratios.push(updates / (1 + Math.ceil(rendered / limit)));
    }
  }
  return {
    metrics: {
      tiles_of_a_teleport: summarize(tiles, { unit: "tiles" }),
      updates_until_sharp_vs_fewest: summarize(ratios, { unit: "ratio", target: 1 }),
    },
  };
}

/** A view from low above the ground, somewhere else for each number. */
function viewOf(index: number): CameraView {
  const [x, y] = [(7 + 23 * index) % GROUND_SIZE, (51 + 39 * index) % GROUND_SIZE];
  const middle = GROUND_SIZE / 2;
  const position = [x, y, 10];
  const [aheadX, aheadY] = [middle - x || 1, middle - y || 1];
  return {
    position,
    view: lookAt(position, [x + aheadX / 4, y + aheadY / 4, 0], { up: [0, 0, 1] }),
    projection: perspective({
      fovYDegrees: 60,
      aspect: VIEWPORT[0] / VIEWPORT[1],
      near: 0.1,
      far: 1000,
    }),
    viewport: VIEWPORT,
  };
}

async function updatesUntilSharp(system: VirtualTextureSystem, view: CameraView): Promise<number> {
  for (let updates = 1; updates < GIVE_UP_UPDATES; updates++) {
    const { tilesPending, tilesQueued } = system.updateNow(view);
    if (tilesPending + tilesQueued === 0) return updates;
    // What was asked for arrives.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return GIVE_UP_UPDATES;
}

/** Frames until a view is sharp. */
export const bench: Benchmark = {
  name: "rvt_teleport",
  description: "updates from a teleport until the view is sharp, against the fewest possible",
  runBenchmark: ({ device }) => benchTeleport(device),
};
