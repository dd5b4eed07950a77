/**
 * Frames of a ground with layers: through a runtime virtual texture against shading every layer directly,
 * and with four textures at rest against none.
 *
 * A frame is an update and a picture of 640×360 pixels, which it waits for. The direct ground evaluates the
 * graphs of all layers for each pixel, with derivatives of the picture; the other samples a texture in which
 * everything that the view wants is resident. The direct ground has all layers in one material: that is as
 * fast as shading directly gets, and the stricter comparison. Frames with `layers: "direct"` draw the same
 * ground as the texture, a pass over the pixels for each layer, with four fragments a pixel. Where the device draws on the CPU, times are processor time.
 *
 * @module
 */

import {
  type Benchmark,
  type BenchMetric,
  type BenchResult,
  summarize,
} from "../../src/cli/bench/benchmark.ts";
import type { CameraView } from "../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../src/gpu/mod.ts";
import { renderScene, type RenderSceneOptions } from "../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { groundView, LayeredScene, type LayeredSceneOptions } from "./rvt/layered_scene.ts";
import { ratiosOf, type TimeCounts, timeInterleaved, type Work } from "./rvt/work_time.ts";

/** What {@linkcode benchFrames} measures. */
export interface FrameBenchOptions extends TimeCounts {
  readonly layers: readonly number[];
  readonly viewport: readonly [number, number];
}

const OPTIONS: FrameBenchOptions = {
  layers: [1, 4, 16],
  viewport: [640, 360],
  rounds: 7,
  repeats: 6,
};

const BUDGET_MB = 128;
const TEXTURE = { sizeInTilesLog2: 4, tileSize: 128 } as const;
/** Textures that are at rest. */
const RESTING = 4;
const REST_TARGET = 1.05;

/** Measures frames. */
export async function benchFrames(
  device: ForgeDevice,
  options: FrameBenchOptions = OPTIONS,
  say: (text: string) => void = () => {},
): Promise<BenchResult> {
  const metrics: Record<string, BenchMetric> = {};
  const ms = (times: readonly number[]) => summarize(times, { unit: "ms" });
  for (const layers of options.layers) {
    say(`${layers} layers`);
    const { texture, direct } = await timeScenes(device, options, {
      texture: { layers, shading: "texture", ...TEXTURE },
      direct: { layers, shading: "direct", textures: 0, ...TEXTURE },
    });
    metrics[`${layers}_layers_shaded_directly`] = ms(direct);
    metrics[`${layers}_layers_through_texture_vs_directly`] = summarize(ratiosOf(texture, direct), {
      unit: "ratio",
    });
    const ground = { layers, shading: "texture", ...TEXTURE } as const;
    const fewer = { ...options, rounds: Math.min(options.rounds, 3), repeats: 1 };
    const { tiles, passes } = await timeScenes(device, fewer, {
      tiles: ground,
      passes: { ...ground, picture: { layers: "direct" } },
    });
    metrics[`${layers}_layers_shaded_in_passes`] = ms(passes);
    metrics[`${layers}_layers_through_texture_vs_passes`] = summarize(ratiosOf(tiles, passes), {
      unit: "ratio",
    });
  }
  say(`${RESTING} textures at rest`);
  const { some, none } = await timeScenes(device, options, {
    some: { layers: 2, shading: "direct", textures: RESTING, ...TEXTURE },
    none: { layers: 2, shading: "direct", textures: 0, ...TEXTURE },
  });
  metrics["no_texture"] = ms(none);
  metrics[`${RESTING}_textures_at_rest_vs_none`] = summarize(ratiosOf(some, none), {
    unit: "ratio",
    target: REST_TARGET,
  });
  return { metrics };
}

/** A scene whose frames are measured. */
interface FrameScene extends LayeredSceneOptions {
  /** How its pictures are drawn; default as `renderScene` does. */
  readonly picture?: RenderSceneOptions;
}

/** Times of some frames of each of several scenes, in which everything that is wanted is resident. */
async function timeScenes<Name extends string>(
  device: ForgeDevice,
  { viewport, ...counts }: FrameBenchOptions,
  scenes: Readonly<Record<Name, FrameScene>>,
): Promise<Record<Name, number[]>> {
  const view = groundView("across", viewport);
  const systems: VirtualTextureSystem[] = [];
  try {
    const works = {} as Record<Name, Work>;
    for (const name of Object.keys(scenes) as Name[]) {
      const system = new VirtualTextureSystem(device, { maxMemoryMb: BUDGET_MB });
      systems.push(system);
      const { picture, ...options }: FrameScene = scenes[name];
      const { scene } = await LayeredScene.create(system, options);
      const drawFrame = async () => {
        system.updateNow(view);
        await renderScene(scene, view, picture);
      };
      await settle(system, view, drawFrame);
      works[name] = drawFrame;
    }
    return await timeInterleaved(device, works, counts);
  } finally {
    for (const system of systems) system.close();
  }
}

/** Frames without a new tile after which a view has what it wants, and the most that it is waited for. */
const QUIET_FRAMES = 8;
const MOST_FRAMES = 70;

/** Draws frames, and waits for the tiles that they ask for, until they ask for none. */
async function settle(
  system: VirtualTextureSystem,
  view: CameraView,
  drawFrame: () => Promise<void>,
): Promise<void> {
  let quiet = 0;
  for (let frame = 0; frame < MOST_FRAMES && quiet < QUIET_FRAMES; frame++) {
    await drawFrame();
    const { tilesLoaded } = await system.update(view, { timeBudgetMs: null });
    quiet = tilesLoaded === 0 ? quiet + 1 : 0;
  }
}

/** Frames with runtime virtual textures. */
export const bench: Benchmark = {
  name: "rvt_frames",
  description: "frames through a texture against shading all layers directly, and textures at rest",
  runBenchmark: ({ device, say }) => benchFrames(device, OPTIONS, say),
};
