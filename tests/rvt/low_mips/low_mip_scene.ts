/**
 * Scenes whose low mips are built.
 *
 * @module
 */

import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import type { MaterialTypeName } from "../../../src/rvt/asset/mod.ts";
import type { VirtualTextureBuilder } from "../../../src/rvt/low_mips/mod.ts";
import { JoinedRecorder } from "../../../src/rvt/low_mips/joined_recorder.ts";
import type { StreamedTexture } from "../../../src/streaming/mod.ts";
import { insideOf } from "../../streaming/inside.ts";
import type { PlacedScene, PlacedSceneOptions, TilePlanes } from "../scene/placed_scene.ts";
import { placeSmoothWorld } from "../scene/smooth_world.ts";

const read = new WeakMap<object, number>();

const { record } = JoinedRecorder.prototype;
JoinedRecorder.prototype.record = function (encoder, atlas, items) {
  record.call(this, encoder, atlas, items);
  const count = items.filter(({ payload }) => Array.isArray(payload)).length;
  read.set(this, (read.get(this) ?? 0) + count);
};

/** Tiles of a texture that were copied from a bake so far. */
export function copiedCount(texture: StreamedTexture): number {
  return read.get(insideOf(texture).recorder) ?? 0;
}

/** Every tile of a scene's texture, resident, by its index. */
export async function allTiles(placed: PlacedScene): Promise<ReadonlyMap<number, TilePlanes>> {
  await placed.renderAll();
  return await placed.readTiles();
}

/** The smooth world of a type, whose low mips come from a builder. */
export function placeLowMips(
  device: ForgeDevice,
  options: PlacedSceneOptions & {
    readonly materialType?: MaterialTypeName;
    readonly builder?: VirtualTextureBuilder | null;
    readonly count?: number;
  } = {},
): Promise<PlacedScene> {
  const { materialType = "base_color", builder = null, count = 2, ...others } = options;
  const volume = { streamingLowMips: count, virtualTextureBuilder: builder, ...others.volume };
  return placeSmoothWorld(device, { ...others, volume, materialType });
}
