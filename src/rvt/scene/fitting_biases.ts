/**
 * Whether volumes could be placed with other biases.
 *
 * @module
 */

import type { StreamedTexture } from "../../streaming/mod.ts";
import type { TileGrid } from "../../tiles/mod.ts";
import type { RuntimeVirtualTextureScene } from "./rvt_scene.ts";
import { type SceneOptions, tileCountBiasOf } from "./scene_options.ts";

type Biases = Required<Pick<SceneOptions, "tileCountBias" | "groupTileCountBias">>;

/**
 * Checks that the volumes of a scene whose bias changes can be placed with it, one after the other.
 *
 * @param options The scene's options to come.
 * @throws {OutOfRangeError} if tiles × tile size would exceed 2^20 texels, or the device cannot hold the
 * page table.
 * @throws {BudgetError} naming the minimum if a texture would not fit the budget beside the others.
 */
export function assertBiasesFit(
  scene: Pick<RuntimeVirtualTextureScene, "volumes" | "options" | "system" | "textureOf">,
  options: Biases,
): void {
  const grids = new Map<StreamedTexture, TileGrid>();
  for (const volume of scene.volumes) {
    const bias = tileCountBiasOf(options, volume);
    if (bias === tileCountBiasOf(scene.options, volume)) continue;
    const grid = volume.grid(bias);
    const texture = scene.textureOf(volume.asset);
    if (texture === null) continue;
    grids.set(texture, grid);
    scene.system.tuning.assertGridsFit(grids);
  }
}
