/**
 * Low mips of a world of many objects: how long a build takes, and what a distant view takes from it against
 * one that is rendered: time until it is sharp, objects that are loaded, memory of their meshes.
 *
 * @module
 */

import { type Benchmark, type BenchResult, summarize } from "../../src/cli/bench/benchmark.ts";
import { gridMesh, lookAt, perspective, type Vec3 } from "../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../src/gpu/mod.ts";
import {
  DecalComponent,
  DeferredComponent,
  expressions as e,
  Material,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureScene,
  RuntimeVirtualTextureVolume,
  StaticMeshComponent,
  type VirtualTextureBuilder,
} from "../../src/rvt/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { timeWork } from "./rvt/work_time.ts";

/** What {@linkcode benchLowMips} measures. */
export interface LowMipsBenchOptions {
  /** Objects along each side of the world. */
  readonly side: number;
  /** Levels that are built. */
  readonly levels: number;
  readonly rounds: number;
}

const OPTIONS: LowMipsBenchOptions = { side: 24, levels: 5, rounds: 3 };
const BUDGET_MB = 64;
/** World units from one object to the next. */
const SPACING = 8;
const QUADS = 12;
const TEXTURE = { sizeInTilesLog2: 6, tileSize: 64, materialType: "base_color" } as const;
const VIEWPORT = [640, 360] as const;

/** A world whose objects are loaded once a tile needs them. */
class ObjectWorld {
  readonly system: VirtualTextureSystem;
  readonly scene: RuntimeVirtualTextureScene;
  readonly volume: RuntimeVirtualTextureVolume;
  readonly size: number;

  constructor(
    device: ForgeDevice,
    { side, levels }: LowMipsBenchOptions,
    builder: VirtualTextureBuilder | null,
  ) {
    this.system = new VirtualTextureSystem(device, {
      maxMemoryMb: BUDGET_MB,
      tileSize: TEXTURE.tileSize,
      gpuMsPerUpdate: Infinity,
    });
    this.scene = new RuntimeVirtualTextureScene(this.system, { logger: { warn() {} } });
    this.size = side * SPACING;
    const asset = new RuntimeVirtualTexture({ name: "world", ...TEXTURE });
    const place = e.multiply(e.componentMask(e.worldPosition(), "xy"), 0.2);
    const shade = e.noise(place, { kind: "value", octaves: 3 });
    const paint = (name: string, color: readonly number[]) =>
      new Material({ name, domain: "virtual_texture", baseColor: e.multiply(shade, color) });
    const ground = new DecalComponent({
      material: paint("ground", [0.3, 0.5, 0.2]),
      size: [this.size, this.size],
      renderToVirtualTextures: [asset],
    });
    this.scene.addComponent(ground);
    const rock = paint("rock", [0.6, 0.5, 0.4]);
    for (let i = 0; i < side ** 2; i++) {
      this.scene.addDeferredComponent(this.#object(i, { side, asset, material: rock }));
    }
    this.volume = new RuntimeVirtualTextureVolume(asset, {
      scale: [this.size, this.size, 20],
      streamingLowMips: levels,
      virtualTextureBuilder: builder,
    });
  }

  #object(
    index: number,
    { side, asset, material }: {
      readonly side: number;
      readonly asset: RuntimeVirtualTexture;
      readonly material: Material;
    },
  ): DeferredComponent {
    const at = (i: number) => (i + 0.5) * SPACING - this.size / 2;
    const [x, y] = [at(index % side), at(Math.floor(index / side))];
    const position: Vec3 = [x, y, 1];
    return new DeferredComponent({
      name: `rock ${index}`,
      bounds: { min: [x - 2, y - 2, 0], max: [x + 2, y + 2, 2] },
      identity: `rock ${index}`,
      renderToVirtualTextures: [asset],
      // A mesh of its own each, as if it was read from a file.
      load: () =>
        Promise.resolve(
          new StaticMeshComponent({
            mesh: gridMesh({ size: [3, 3], quads: [QUADS, QUADS] }),
            material,
            transform: { position },
            renderToVirtualTextures: [asset],
          }),
        ),
    });
  }

  /** Adds the volume, and streams until all that is seen from far above is sharp. */
  async showFromAfar(): Promise<void> {
    await this.scene.addVolume(this.volume);
    const position = [0, -this.size, 1.5 * this.size];
    const camera = {
      position,
      view: lookAt(position, [0, 0, 0], { up: [0, 0, 1] }),
      projection: perspective({
        fovYDegrees: 60,
        aspect: VIEWPORT[0] / VIEWPORT[1],
        near: 1,
        far: 1e4,
      }),
      viewport: VIEWPORT,
    };
    await this.system.update(camera);
    await this.system.flush();
  }

  /** Objects that are loaded. */
  get loadedCount(): number {
    return this.scene.deferredComponents.filter(({ isLoaded }) => isLoaded).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.scene.close();
    this.system.close();
  }
}

/** Builds, and looks from afar. */
export async function benchLowMips(
  device: ForgeDevice,
  options: LowMipsBenchOptions = OPTIONS,
): Promise<BenchResult> {
  const figures: Record<"speed" | "time" | "loaded" | "memory", number[]> = {
    speed: [],
    time: [],
    loaded: [],
    memory: [],
  };
  const view = async (builder: VirtualTextureBuilder | null) => {
    await using world = new ObjectWorld(device, options, builder);
    const ms = await timeWork(device, () => world.showFromAfar());
    return { ms, loaded: world.loadedCount, bytes: world.scene.geometryBytes };
  };
  for (let round = 0; round < options.rounds; round++) {
    await using world = new ObjectWorld(device, options, null);
    await world.scene.addVolume(world.volume);
    const start = performance.now();
    const built = await world.scene.build(world.volume);
    const seconds = (performance.now() - start) / 1000;
    figures.speed.push(built.tileCount / seconds);
    const rendered = await view(null);
    const baked = await view(built.builder);
    figures.time.push(baked.ms / rendered.ms);
    figures.loaded.push(100 * baked.loaded / rendered.loaded);
    figures.memory.push(baked.bytes / rendered.bytes);
  }
  return {
    metrics: {
      build: summarize(figures.speed, { unit: "tiles/s" }),
      distant_view_vs_rendered: summarize(figures.time, { unit: "ratio", target: 1 }),
      objects_loaded_by_distant_view: summarize(figures.loaded, { unit: "%", target: 0 }),
      memory_of_meshes_vs_rendered: summarize(figures.memory, { unit: "ratio", target: 0.1 }),
    },
  };
}

/** Baked low mips. */
export const bench: Benchmark = {
  name: "rvt_low_mips",
  description: "builds of low mips, and a distant view of them against a rendered one",
  runBenchmark: ({ device }) => benchLowMips(device),
};
