/**
 * An editor that streams low mips shows what it would render, whatever was edited: no edit leaves a baked
 * tile in use that would be another one now.
 */

import assert from "node:assert/strict";
import { rotationAbout } from "../../../src/geometry/mod.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { TileIdentities } from "../../../src/rvt/low_mips/tile_identities.ts";
import { makeWorld, rebuilt } from "../scene/edited_world.ts";
import type { PlacedScene } from "../scene/placed_scene.ts";
import { RandomEdits } from "../scene/random_edits.ts";
import { differingTiles } from "../scene/rebuilt_tiles.ts";
import { takeRecorded } from "./low_mip_scene.ts";

const VOLUME = {
  rotation: rotationAbout([0.1, 0.2, 1], 0.4),
  scale: [32, 32, 20],
  streamingLowMips: 2,
  useStreamingLowMipsInEditor: true,
};
const ROUNDS = 24;
/** Edits of components alone: others place the texture anew, mostly without a bake. */
const EDITS_A_ROUND = 2;

/** The tiles that differ from those of the same world, made from scratch without low mips. */
async function wrongTiles(device: ForgeDevice, placed: PlacedScene): Promise<number[]> {
  await placed.scene.settled();
  await placed.renderAll();
  const { asset, scene, volume } = placed;
  const settings = { ...volume.settings, streamingLowMips: 0, virtualTextureBuilder: null };
  const same = { asset, scene, volume: { settings } } as unknown as PlacedScene;
  await using made = await rebuilt(device, same);
  await made.renderAll();
  return differingTiles(await placed.readTiles(), await made.readTiles());
}

/** Edits at random; returns the tiles that were wrong, and how many were copied. */
async function editAtRandom(device: ForgeDevice, seed: number) {
  await using placed = await makeWorld(device, { volume: VOLUME });
  await placed.scene.build(placed.volume);
  const edits = new RandomEdits(seed);
  const wrong: string[] = [];
  let copied = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const names = Array.from({ length: EDITS_A_ROUND }, () => edits.edit(placed));
    const tiles = await wrongTiles(device, placed);
    if (tiles.length > 0) wrong.push(`tiles ${tiles} after ${names}`);
    copied += takeRecorded(placed.texture).copied;
    if (edits.random() < 0.4) await placed.scene.build(placed.volume);
  }
  return { wrong, copied };
}

for (const seed of [1, 2]) {
  Deno.test(`after random edits and builds all tiles are those of a rebuild, bit for bit (seed ${seed})`, async () => {
    using device = await requestDevice();
    const { wrong, copied } = await editAtRandom(device, seed);
    assert.deepEqual(wrong, []);
    assert.ok(copied > ROUNDS / 2, `${copied} tiles were read`);
  });
}

Deno.test("negative control: where no tile is ever stale, edits leave wrong tiles", async () => {
  using device = await requestDevice();
  const { digitsOf } = TileIdentities.prototype;
  TileIdentities.prototype.digitsOf = () => "0".repeat(16);
  try {
    assert.notDeepEqual((await editAtRandom(device, 1)).wrong, []);
  } finally {
    TileIdentities.prototype.digitsOf = digitsOf;
  }
});
