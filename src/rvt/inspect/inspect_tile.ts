/**
 * The tile inspector.
 *
 * @module
 */

import { checkedInstance, checkedInteger, checkOptionNames } from "../../checks.ts";
import { InvalidArgumentError } from "../../errors.ts";
import { transformPoint } from "../../geometry/mod.ts";
import { tileState } from "../../streaming/mod.ts";
import type { TileAddress } from "../../tiles/mod.ts";
import { RuntimeVirtualTexture } from "../asset/mod.ts";
import { lowMipsOf } from "../scene/low_mips/volume_low_mips.ts";
import { PlacedVolume } from "../scene/placed_volume.ts";
import { RuntimeVirtualTextureScene } from "../scene/rvt_scene.ts";
import { tileCountBiasOf } from "../scene/scene_options.ts";
import { tileView } from "../tile/tile_view.ts";
import { volumeToWorld } from "../volume/mod.ts";
import { compressionError } from "./compression_error.ts";
import type { TileInspection } from "./tile_inspection.ts";
import { tileWriters } from "./tile_writers.ts";

const FAILURE = "Cannot inspect tile";

/**
 * Tells everything about a tile: which components write it, in which order, at which level of detail and from
 * which sources; which are certain to be covered and by what; which do not write it, and why; which deferred
 * components it may show; whether it is resident, and how old; whether it is baked, and stale there; and how far
 * compression takes it from what was rendered, for which it is rendered
 * twice in a system of its own, with what is resident of the virtual textures that materials sample. Neither
 * the scene nor its textures change.
 *
 * @param scene Holds a volume that places the asset.
 * @param tile Level, column and row.
 * @throws {InvalidArgumentError} if the scene, the asset or the tile is none, or no volume places the asset.
 * @throws {OutOfRangeError} if the texture has no such tile.
 * @throws {DisposedError} if the scene or its system was closed.
 * @throws {DeviceError} if the device is lost.
 * @throws {BudgetError} if a few tiles take more than 512 MB.
 */
export async function inspectTile(
  scene: RuntimeVirtualTextureScene,
  asset: RuntimeVirtualTexture,
  tile: TileAddress,
): Promise<TileInspection> {
  checkedInstance(scene, { name: "scene", failure: FAILURE, kind: RuntimeVirtualTextureScene });
  checkedInstance(asset, { name: "asset", failure: FAILURE, kind: RuntimeVirtualTexture });
  checkOptionNames(tile, {
    failure: FAILURE,
    names: ["level", "x", "y"],
    what: "property of a tile",
    name: "tile",
  });
  scene.assertOpen();
  const texture = scene.textureOf(asset);
  const volume = scene.volumes.find((one) => one.asset === asset);
  if (texture === null || volume === undefined) {
    throw new InvalidArgumentError(
      "asset",
      `${FAILURE} of "${asset.name}" as no volume places it: add one to the scene, with virtual texturing, ` +
        `and await its settled()`,
    );
  }
  const device = scene.system.device.present;
  const tileCountBias = tileCountBiasOf(scene.options, volume);
  const plan = new PlacedVolume(volume, { device, tileCountBias });
  const { grid } = plan.view;
  const failure = `${FAILURE} of "${asset.name}"`;
  const level = checkedInteger(tile.level, {
    name: "level",
    failure,
    range: [0, grid.levelCount - 1],
  });
  const { tilesX: columns, tilesY: rows } = grid.levels[level]!;
  const x = checkedInteger(tile.x, { name: "x", failure, range: [0, columns - 1] });
  const y = checkedInteger(tile.y, { name: "y", failure, range: [0, rows - 1] });
  for (const component of scene.components) {
    if (component.renderToVirtualTextures.includes(asset)) plan.contents.add(component);
  }
  const index = grid.tileIndexOf(level, x, y);
  const residency = tileState(texture, { level, x, y });
  const { writers, absent, components } = tileWriters(plan, index);
  const { parts: { textures }, system } = scene;
  const apart = { volume, components, tileCountBias, tile: { level, x, y }, textures };
  return {
    asset: asset.name,
    level,
    x,
    y,
    levels: grid.levelCount,
    columns,
    rows,
    center: centerOf(plan, index),
    texelSize: tileView(plan.view, index).texelSize,
    residency,
    bake: lowMipsOf(texture)?.stateOf(index) ?? null,
    writers,
    absent,
    deferred: deferredIn(scene, plan, index),
    compression: await compressionError(device, apart, { writers, grid, system }),
  };
}

function deferredIn(
  { deferredComponents }: RuntimeVirtualTextureScene,
  plan: PlacedVolume,
  tile: number,
): TileInspection["deferred"] {
  return deferredComponents
    .filter((one) => one.renderToVirtualTextures.includes(plan.volume.asset))
    .filter((one) => plan.touchTest(one.boxes())(tile))
    .map(({ name, isLoaded, failure }) => ({
      component: name,
      isLoaded,
      failure: failure?.message ?? null,
    }));
}

function centerOf({ view, volume }: PlacedVolume, tile: number): TileInspection["center"] {
  const { grid } = view;
  const { level, x, y } = grid.addressOf(tile);
  const { width, height } = grid.level(level);
  const middle = (at: number, size: number) =>
    (at * grid.tileSize + Math.min((at + 1) * grid.tileSize, size)) / (2 * size);
  const place = [middle(x, width), middle(y, height), 0.5] as const;
  return transformPoint(volumeToWorld(volume.transform), place);
}
