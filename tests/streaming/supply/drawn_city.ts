/**
 * Several drawn textures beside one that is read, and how many tiles each submit draws.
 *
 * @module
 */

import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import type { StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { ControlledSource, mapSource } from "../sources.ts";
import { KINDS } from "./drawn_pair.ts";
import { describeDrawn, type DrawnSupply, drawnSupply } from "./drawn_supply.ts";
import { DrawnWorld } from "./drawn_world.ts";

/** A drawn texture, and what it shows. */
export interface DrawnPart {
  readonly texture: StreamedTexture;
  readonly world: DrawnWorld;
  readonly supply: DrawnSupply;
}

/** Textures side by side, and what was drawn of them. */
export interface City {
  readonly parts: readonly DrawnPart[];
  readonly source: ControlledSource;
  /** Tiles that each submit has drawn, those without any left out. */
  readonly drawnBySubmit: number[];
}

/** Adds a texture that is drawn. */
export async function addDrawn(
  system: VirtualTextureSystem,
  options: { readonly side?: number; readonly priority?: number } = {},
): Promise<DrawnPart> {
  const { side = 1024, priority } = options;
  const world = new DrawnWorld(new TileGrid(side, side, 64));
  const formats = KINDS[0]!;
  let supply: DrawnSupply | undefined;
  const described = describeDrawn(world, formats);
  const texture = await system.addTexture(
    priority === undefined ? described : { ...described, priority },
    ({ device, ledger }) => supply = drawnSupply({ device, ledger, world, formats }),
  );
  return { texture, world, supply: supply! };
}

/** Adds so many drawn textures and one that is read. */
export async function makeCity(
  device: ForgeDevice,
  system: VirtualTextureSystem,
  options: { readonly textures?: number; readonly side?: number } = {},
): Promise<City> {
  const { textures = 2, side = 1024 } = options;
  const parts: DrawnPart[] = [];
  for (let i = 0; i < textures; i++) parts.push(await addDrawn(system, { side }));
  const source = new ControlledSource(mapSource({ width: 1024, height: 1024 }));
  await system.loadTexture(source);
  const drawnBySubmit: number[] = [];
  let drawn = 0;
  for (const { supply: { recorder } } of parts) {
    const { record } = recorder;
    recorder.record = function (encoder, atlas, items) {
      record.call(this, encoder, atlas, items);
      drawn += items.length;
    };
  }
  const { submits } = device;
  const { submit } = submits;
  submits.submit = function (commands) {
    if (drawn > 0) drawnBySubmit.push(drawn);
    drawn = 0;
    return submit.call(this, commands);
  };
  return { parts, source, drawnBySubmit };
}
