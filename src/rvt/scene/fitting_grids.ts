/**
 * Whether volumes could be placed with other tiles.
 *
 * @module
 */

import type { StreamedTexture, VirtualTextureSystem } from "../../streaming/mod.ts";
import type { TileGrid } from "../../tiles/mod.ts";
import type { RuntimeVirtualTexture } from "../asset/mod.ts";
import type { RuntimeVirtualTextureVolume } from "../volume/mod.ts";
import { type SceneOptions, tileCountBiasOf } from "./scene_options.ts";
import type { PlacementHost, VolumeEntry } from "./volume_entry.ts";

type Biases = Required<Pick<SceneOptions, "tileCountBias" | "groupTileCountBias">>;

/** A scene as it is now. */
interface PlacingScene {
  readonly system: VirtualTextureSystem;
  readonly options: Biases;
  readonly volumes: readonly RuntimeVirtualTextureVolume[];
  textureOf(asset: RuntimeVirtualTexture): StreamedTexture | null;
}

/**
 * Checks that the volumes of a scene whose bias changes can be placed with it, one after the other.
 *
 * @param options The scene's options to come.
 * @throws {OutOfRangeError} if tiles × tile size would exceed 2^20 texels, or the device cannot hold the
 * page table.
 * @throws {BudgetError} naming the minimum if a texture would not fit the budget beside the others.
 */
export function assertBiasesFit(
  scene: PlacingScene,
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

/**
 * Checks that a volume which is placed can be so with the tiles that it has now.
 *
 * @throws As {@linkcode assertBiasesFit} does.
 */
export function assertGridFits(
  { volume, placed }: Pick<VolumeEntry, "volume" | "placed">,
  { system, tileCountBiasOf }: Pick<PlacementHost, "system" | "tileCountBiasOf">,
): void {
  if (placed === null) return;
  const { texture } = placed;
  const grid = volume.grid(tileCountBiasOf(volume));
  if (grid.width === texture.grid.width && grid.height === texture.grid.height) return;
  system.tuning.assertGridsFit(new Map([[texture, grid]]));
}
