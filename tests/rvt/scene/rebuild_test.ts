import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { checkMemory } from "../../streaming/checks.ts";
import { makeWorld, rebuilt } from "./edited_world.ts";
import { AWAY, type PlacedScene, type TilePlanes } from "./placed_scene.ts";
import { RandomEdits } from "./random_edits.ts";
import { takeBatches } from "./rendered_tiles.ts";

/** The tiles whose planes differ, bit for bit. */
export function differingTiles(
  one: ReadonlyMap<number, TilePlanes>,
  other: ReadonlyMap<number, TilePlanes>,
): number[] {
  const tiles = new Set([...one.keys(), ...other.keys()]);
  return [...tiles].filter((tile) => {
    const [a, b] = [one.get(tile), other.get(tile)];
    return a === undefined || b === undefined ||
      a.some((plane, i) => Buffer.compare(plane, b[i]!) !== 0);
  });
}

/** Tiles that differ from those of the same world made from scratch. */
async function wrongTiles(device: ForgeDevice, placed: PlacedScene): Promise<number[]> {
  await placed.scene.settled();
  await placed.renderAll();
  using made = await rebuilt(device, placed);
  await made.renderAll();
  return differingTiles(await placed.readTiles(), await made.readTiles());
}

Deno.test("a tile alone is the same tile in a full batch, bit for bit", async () => {
  using device = await requestDevice();
  using alone = await makeWorld(device);
  using together = await makeWorld(device);
  await together.renderAll();
  const sizes = takeBatches(together.texture).map((batch) => batch.length);
  assert.ok(Math.max(...sizes) >= 8, `batches of ${sizes}`);
  for (let tile = 0; tile < alone.grid.tileCount; tile++) await alone.renderTiles([tile]);
  const singles = takeBatches(alone.texture).map((batch) => batch.length);
  assert.ok(singles.length === alone.grid.tileCount && Math.max(...singles) === 1);
  assert.deepEqual(differingTiles(await alone.readTiles(), await together.readTiles()), []);
});

for (const seed of [1, 2, 3]) {
  Deno.test(`after random edits all tiles are those of a rebuild, bit for bit (seed ${seed})`, async () => {
    using device = await requestDevice();
    using placed = await makeWorld(device);
    await placed.renderAll();
    const edits = new RandomEdits(seed);
    let names: string[] = [];
    for (let round = 0; round < 40; round++) {
      names.push(edits.edit(placed));
      // Some of what is stale, with edits in between.
      if (edits.random() < 0.5) await placed.scene.settled();
      if (placed.scene.textureOf(placed.asset) !== null) placed.system.updateNow(AWAY);
      checkMemory(placed.system);
      if (edits.random() > 0.15 && round < 39) continue;
      assert.deepEqual(await wrongTiles(device, placed), [], `after ${names}`);
      names = [];
    }
  });
}
