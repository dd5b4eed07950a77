/**
 * Tiles against those of the same world made from scratch.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import { rebuilt } from "./edited_world.ts";
import type { PlacedScene, TilePlanes } from "./placed_scene.ts";

/** The tiles that one of two textures lacks, or whose planes differ, bit for bit. */
export function differingTiles(
  one: ReadonlyMap<number, TilePlanes>,
  other: ReadonlyMap<number, TilePlanes>,
): number[] {
  const tiles = [...new Set([...one.keys(), ...other.keys()])];
  return tiles.sort((a, b) => a - b).filter((tile) => {
    const [a, b] = [one.get(tile), other.get(tile)];
    return a === undefined || b === undefined ||
      a.some((plane, i) => Buffer.compare(plane, b[i]!) !== 0);
  });
}

/** Renders what is stale, and names the tiles that differ from those of a rebuild. */
export async function wrongTiles(device: ForgeDevice, placed: PlacedScene): Promise<number[]> {
  await placed.scene.settled();
  await placed.renderAll();
  await using made = await rebuilt(device, placed);
  await made.renderAll();
  return differingTiles(await placed.readTiles(), await made.readTiles());
}
