/**
 * A texture that holds its level all over, as brightness, and a square that shows what it samples.
 *
 * @module
 */

import { lookAt, perspective } from "../../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import {
  type ExpressionInput,
  expressions as e,
  Material,
  RuntimeVirtualTexture,
  type RuntimeVirtualTextureScene,
  RuntimeVirtualTextureVolume,
  type StaticMeshComponent,
} from "../../../src/rvt/mod.ts";
import type { RenderCamera } from "../../../src/scene/mod.ts";
import type { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { affineOf, volumeOf } from "../../rvt/oracle/shapes.ts";
import { emptyScene, square } from "./flat_scene.ts";

/** World edge of the texture, which has 1024 texels, about the origin. */
const EDGE = 32;
/** Levels that it has. */
export const LEVELS = 5;
/** World to volume space. */
export const WORLD_TO_VOLUME = volumeOf(affineOf({ scale: [EDGE, EDGE, 10] }));

/** Its levels differ from texel to texel, as pixels in front are smaller than those behind. */
export const SLANTING: RenderCamera = {
  view: lookAt([2, -5, 3], [0, 0, 0]),
  projection: perspective({ fovYDegrees: 50, aspect: 1, near: 0.1, far: 100 }),
  ...{ width: 96, height: 96 },
};

/** Linear red, green and blue of a level. */
export function brightnessOf(level: number): readonly number[] {
  const value = Math.min(Math.max(level, 0), LEVELS - 1) / LEVELS;
  return [value, value, value];
}

/** A scene with it, resident in the middle. */
export interface LevelsWorld {
  readonly system: VirtualTextureSystem;
  readonly scene: RuntimeVirtualTextureScene;
  readonly asset: RuntimeVirtualTexture;
  /** In the middle; 8 by 8 units. */
  readonly ground: StaticMeshComponent;
}

/** Makes the scene. */
export async function levelsWorld(device: ForgeDevice): Promise<LevelsWorld> {
  const { system, scene } = emptyScene(device, { maxMemoryMb: 16 });
  scene.change({ maxUploadsPerFrame: 64 });
  const asset = new RuntimeVirtualTexture({
    ...{ name: "Levels", materialType: "base_color", sizeInTilesLog2: 4, tileSize: 64 },
    compressTextures: false,
  });
  const ground = square([0, 0, 0], { size: 8, renderToVirtualTextures: [asset] });
  const level = e.multiply(e.viewProperty("virtual_texture_output_level"), 1 / LEVELS);
  const writer = square([0, 0, 0], {
    size: EDGE + 8,
    at: [0, 0, 0.1],
    ...{ renderToVirtualTextures: [asset], drawInMainPass: "never" },
  });
  writer.material = new Material({ name: "level", domain: "virtual_texture", baseColor: level });
  scene.addComponent(ground);
  scene.addComponent(writer);
  const volume = new RuntimeVirtualTextureVolume(asset, { scale: [EDGE, EDGE, 10] });
  await scene.addVolume(volume);
  for (let level = LEVELS - 1; level >= 0; level--) {
    await scene.requestPreload({ min: [-5, -5, -1], max: [5, 5, 1] }, level);
  }
  return { system, scene, asset, ground };
}

/** A rough material of a colour. */
export function showing(baseColor: ExpressionInput): Material {
  return new Material({ name: "showing", baseColor, roughness: 1, specular: 0 });
}
