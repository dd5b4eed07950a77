/**
 * Small scenes for tests.
 *
 * @module
 */

import { lookAt, perspective } from "../../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import {
  DecalComponent,
  expressions as e,
  LandscapeComponent,
  Material,
  type MaterialInterface,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureScene,
  type RuntimeVirtualTextureSettings,
  RuntimeVirtualTextureVolume,
  type SceneOptions,
} from "../../../src/rvt/mod.ts";
import {
  VirtualTextureSystem,
  type VirtualTextureSystemOptions,
} from "../../../src/streaming/mod.ts";

/** Samples along each edge of the landscape, a world unit apart. */
export const SAMPLES = 17;
/** World length of the landscape. */
export const EXTENT = SAMPLES - 1;

/** Says nothing. */
export const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** A landscape with hills, a texture that it is rendered to, and the volume around it. */
export interface SmallWorld {
  readonly system: VirtualTextureSystem;
  readonly scene: RuntimeVirtualTextureScene;
  readonly asset: RuntimeVirtualTexture;
  readonly volume: RuntimeVirtualTextureVolume;
  readonly landscape: LandscapeComponent;
  readonly ground: Material;
  /** What the scene has warned of. */
  readonly warnings: string[];
}

/** A material of one colour for runtime virtual textures. */
export function paintOf(color: readonly number[], name = "paint"): Material {
  return new Material({ name, domain: "virtual_texture", baseColor: color });
}

/** Makes a world; its volume is placed. */
export async function smallWorld(
  device: ForgeDevice,
  options: {
    readonly asset?: RuntimeVirtualTextureSettings;
    readonly system?: VirtualTextureSystemOptions;
    readonly scene?: SceneOptions;
    readonly isPlaced?: boolean;
  } = {},
): Promise<SmallWorld> {
  const warnings: string[] = [];
  const system = new VirtualTextureSystem(device, {
    maxMemoryMb: 16,
    logger: SILENT,
    ...options.system,
  });
  const logger = { warn: (message: string) => void warnings.push(message) };
  const scene = new RuntimeVirtualTextureScene(system, { logger, ...options.scene });
  const asset = new RuntimeVirtualTexture({
    name: "Ground",
    materialType: "base_color",
    sizeInTilesLog2: 2,
    tileSize: 64,
    compressTextures: false,
    ...options.asset,
  });
  const ground = paintOf([0.2, 0.4, 0.1], "ground");
  const landscape = new LandscapeComponent({
    name: "land",
    material: ground,
    width: SAMPLES,
    height: SAMPLES,
    heights: Float32Array.from(
      { length: SAMPLES ** 2 },
      (_, i) => Math.sin(i % SAMPLES) + Math.cos(i / SAMPLES / 2),
    ),
    renderToVirtualTextures: [asset],
  });
  scene.addComponent(landscape);
  const volume = new RuntimeVirtualTextureVolume(asset, {
    name: "Volume",
    position: [EXTENT / 2, EXTENT / 2, 0],
    scale: [EXTENT, EXTENT, 10],
  });
  if (options.isPlaced ?? true) await scene.addVolume(volume);
  return { system, scene, asset, volume, landscape, ground, warnings };
}

/** A decal of a size in the middle of the world, unless it is placed elsewhere. */
export function decalOf(
  material: MaterialInterface,
  asset: RuntimeVirtualTexture,
  options: { readonly size?: readonly number[]; readonly position?: readonly number[] } = {},
): DecalComponent {
  const { size = [4, 4], position = [EXTENT / 2, EXTENT / 2, 3] } = options;
  return new DecalComponent({
    material,
    size,
    transform: { position },
    renderToVirtualTextures: [asset],
  });
}

/** A camera above the middle, looking down. */
export function cameraAbove(height = 14, pixels = 128) {
  const at = [EXTENT / 2, EXTENT / 2, 0];
  const eye = [at[0]!, at[1]!, height];
  return {
    position: eye,
    view: lookAt(eye, at),
    projection: perspective({ fovYDegrees: 60, aspect: 1, near: 0.1, far: 1000 }),
    width: pixels,
    height: pixels,
    viewport: [pixels, pixels] as const,
  };
}

/** A material that shows what a texture holds, unlit as far as that goes. */
export function showing(asset: RuntimeVirtualTexture, name = "showing"): Material {
  const { baseColor } = e.runtimeVirtualTextureSample(asset, {});
  return new Material({
    name,
    baseColor,
    roughness: 1,
    specular: 0,
    rvtOutput: e.runtimeVirtualTextureOutput({ baseColor: [0.2, 0.4, 0.1] }),
  });
}
