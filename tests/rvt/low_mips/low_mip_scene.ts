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

/** Tiles of a texture whose low mips are streamed. */
interface Recorded {
  /** How many were copied. */
  copied: number;
  /** The indices of those that were rendered. */
  rendered: number[];
}

const recorded = new WeakMap<object, Recorded>();

const { record } = JoinedRecorder.prototype;
JoinedRecorder.prototype.record = function (encoder, atlas, items) {
  record.call(this, encoder, atlas, items);
  const known = recorded.get(this) ?? { copied: 0, rendered: [] };
  recorded.set(this, known);
  for (const { payload } of items) {
    if ("tile" in payload) known.rendered.push(payload.tile);
    else known.copied++;
  }
};

/** What was recorded of a texture since this was called last; nothing if no low mips of it are streamed. */
export function takeRecorded(texture: StreamedTexture): Recorded {
  const { recorder } = insideOf(texture);
  const taken = recorded.get(recorder) ?? { copied: 0, rendered: [] };
  recorded.delete(recorder);
  return { ...taken, rendered: taken.rendered.sort((a, b) => a - b) };
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

/** What such a scene builds. */
export async function builtTiles(
  device: ForgeDevice,
  options: Parameters<typeof placeLowMips>[1] = {},
): Promise<VirtualTextureBuilder> {
  await using placed = await placeLowMips(device, options);
  const { builder } = await placed.scene.build(placed.volume);
  return builder;
}
