import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { rotationAbout } from "../../../src/geometry/mod.ts";
import { LandscapeComponent } from "../../../src/rvt/component/mod.ts";
import { checkMemory } from "../../streaming/checks.ts";
import { makeWorld } from "./edited_world.ts";
import { AWAY } from "./placed_scene.ts";
import { RandomEdits } from "./random_edits.ts";
import { differingTiles, wrongTiles } from "./rebuilt_tiles.ts";
import { takeBatches } from "./rendered_tiles.ts";

const ROUNDS = 40;

Deno.test("a tile alone is the same tile in a full batch, bit for bit", async () => {
  using device = await requestDevice();
  await using alone = await makeWorld(device);
  await using together = await makeWorld(device);
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
    await using placed = await makeWorld(device, { scene: { maxUploadsPerFrameInEditor: 3 } });
    await placed.renderAll();
    const edits = new RandomEdits(seed);
    let names: string[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      names.push(edits.edit(placed));
      if (edits.random() < 0.5) await placed.scene.settled();
      // Some of what is stale is rendered before the next edit.
      if (placed.scene.textureOf(placed.asset) !== null && edits.random() < 0.6) {
        placed.wantTiles([...Array(placed.grid.tileCount).keys()]);
        placed.system.updateNow(AWAY);
      }
      checkMemory(placed.system);
      if (edits.random() > 0.15 && round < ROUNDS) continue;
      assert.deepEqual(await wrongTiles(device, placed), [], `after ${names}`);
      names = [];
    }
  });
}

Deno.test("a brush that makes a section large enough for a level shows all of the section there", async () => {
  using device = await requestDevice();
  await using placed = await makeWorld(device, {
    volume: { rotation: rotationAbout([1, 0, 0], 0.8), scale: [32, 48, 48] },
  });
  const land = placed.scene.components.find((one) => one instanceof LandscapeComponent)!;
  // A section of 16 units has 64 pixels at level 0, and with a peak of 30 units 115.
  land.virtualTextureMinCoverage = 6.5;
  await placed.renderAll();
  const before = await placed.readTiles();
  land.setHeights({ x: 3, y: 4, width: 1, height: 1 }, [30]);
  assert.deepEqual(await wrongTiles(device, placed), []);
  const changed = differingTiles(before, await placed.readTiles());
  assert.ok(changed.some((tile) => placed.grid.levelOf(tile) === 0));
});
