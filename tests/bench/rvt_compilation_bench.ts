/**
 * What the first tiles with a new material cost, whose pipeline has to be compiled, against tiles with a
 * material whose pipeline is there; and how many pipelines materials with equal graphs share.
 *
 * A decal with a material that was not drawn before is added to a ground that is resident, and updates are
 * made until its tiles are. Beside the whole time, the longest update says for how long a frame is held up.
 *
 * @module
 */

import { type Benchmark, type BenchResult, summarize } from "../../src/cli/bench/benchmark.ts";
import type { ForgeDevice } from "../../src/gpu/mod.ts";
import {
  DecalComponent,
  expressions as e,
  Material,
  MaterialInstance,
  type MaterialInterface,
} from "../../src/rvt/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { GROUND_SIZE, groundView, LayeredScene } from "./rvt/layered_scene.ts";

/** What {@linkcode benchCompilation} measures. */
export interface CompilationBenchOptions {
  /** Materials that were never drawn before, and as many with a graph that was. */
  readonly materials: number;
}

const OPTIONS: CompilationBenchOptions = { materials: 12 };
const BUDGET_MB = 64;
const TEXTURE = { sizeInTilesLog2: 2, tileSize: 128 } as const;
const VIEW = groundView("down", [512, 512]);

/** Adds decals, one after the other. */
export async function benchCompilation(
  device: ForgeDevice,
  { materials }: CompilationBenchOptions = OPTIONS,
): Promise<BenchResult> {
  using system = new VirtualTextureSystem(device, {
    maxMemoryMb: BUDGET_MB,
    gpuMsPerUpdate: Infinity,
  });
  const ground = await LayeredScene.create(system, { layers: 1, ...TEXTURE });
  await system.update(VIEW, { timeBudgetMs: null });
  const counted = countPipelines(device.gpu);
  try {
    const fresh: number[] = [];
    const longest: number[] = [];
    const known: number[] = [];
    for (let i = 0; i < materials; i++) {
      const first = paint(i);
      const unknown = await addDecal(system, ground, first);
      fresh.push(unknown.ms);
      longest.push(unknown.longestMs);
      known.push((await addDecal(system, ground, paint(i))).ms);
      known.push(
        (await addDecal(system, ground, new MaterialInstance(first, { name: `instance ${i}` }))).ms,
      );
    }
    const pipelines = counted.count / materials;
    return {
      metrics: {
        first_tiles_of_new_material: summarize(fresh, { unit: "ms" }),
        longest_update_of_those: summarize(longest, { unit: "ms" }),
        first_tiles_of_material_with_known_graph: summarize(known, { unit: "ms" }),
        new_graph_vs_known: summarize([fastest(fresh) / fastest(known)], { unit: "ratio" }),
        pipelines_of_3_materials_with_equal_graphs: summarize([pipelines], {
          unit: "pipelines",
          target: 1,
        }),
      },
    };
  } finally {
    counted.stop();
  }
}

function fastest(times: readonly number[]): number {
  return Math.min(...times);
}

/** A material with a graph that differs from those of other numbers. */
function paint(index: number): Material {
  const place = e.multiply(e.worldPosition(), 0.5);
  const noise = e.noise(place, { kind: "gradient", octaves: 3, seed: 1000 + index });
  return new Material({
    name: `paint ${index}`,
    domain: "virtual_texture",
    baseColor: e.lerp([0.1, 0.2, 0.3], [0.8, 0.6, 0.4], { alpha: e.saturate(noise) }),
    roughness: e.absolute(noise),
    opacity: e.scalarParameter("opacity", 0.5),
  });
}

/** Milliseconds until a decal is in the tiles that show it, and of the longest update. */
async function addDecal(
  system: VirtualTextureSystem,
  { scene, assets }: LayeredScene,
  material: MaterialInterface,
): Promise<{ readonly ms: number; readonly longestMs: number }> {
  const middle = GROUND_SIZE / 2;
  const decal = new DecalComponent({
    name: "decal",
    material,
    size: [4, 4],
    transform: { position: [middle + 5, middle + 5, 0] },
    renderToVirtualTextures: assets,
  });
  const before = performance.now();
  scene.addComponent(decal);
  let longestMs = 0;
  for (let isDone = false; !isDone;) {
    const begin = performance.now();
    const { tilesPending, tilesQueued } = system.updateNow(VIEW);
    longestMs = Math.max(longestMs, performance.now() - begin);
    isDone = tilesPending + tilesQueued === 0;
    // The compiler answers.
    if (!isDone) await new Promise((resolve) => setTimeout(resolve, 0));
  }
  await system.device.submits.wait();
  const ms = performance.now() - before;
  scene.removeComponent(decal);
  await system.update(VIEW, { timeBudgetMs: null });
  return { ms, longestMs };
}

/** Counts the render pipelines that are made. */
function countPipelines(gpu: GPUDevice): { readonly count: number; stop(): void } {
  const counted = {
    count: 0,
    stop: () => {
      delete (gpu as { createRenderPipeline?: unknown }).createRenderPipeline;
    },
  };
  Object.defineProperty(gpu, "createRenderPipeline", {
    configurable: true,
    value: (descriptor: GPURenderPipelineDescriptor) => {
      counted.count++;
      return GPUDevice.prototype.createRenderPipeline.call(gpu, descriptor);
    },
  });
  return counted;
}

/** The first tiles with materials. */
export const bench: Benchmark = {
  name: "rvt_compilation",
  description: "the first tiles with a new material against those whose pipeline is there",
  runBenchmark: ({ device }) => benchCompilation(device),
};
