import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything, checkMemory } from "../checks.ts";
import { checkPlaces, redRange } from "../pictures.ts";
import { mapSource, redOfLevel } from "../sources.ts";
import { insideOf } from "../inside.ts";

const MIB = 2 ** 20;

Deno.test("the first picture after a load shows the right content at the coarsest level", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryBytes: 4 * MIB, tileSize: 64 });
  const texture = await system.loadTexture(mapSource());
  const { tailLevel } = texture.grid;
  const camera = lookDown(700, 900, heightOfLevel(0));
  const picture = await render(system, camera);
  checkPlaces(picture, camera, texture);
  assert.deepEqual(redRange(picture), {
    least: redOfLevel(tailLevel),
    most: redOfLevel(tailLevel),
  });
  await checkEverything(system);
});

Deno.test("a settled picture shows the level that the camera needs, and only that", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryBytes: 4 * MIB, tileSize: 64 });
  const texture = await system.loadTexture(mapSource());
  for (const level of [3, 2, 1, 0]) {
    const camera = lookDown(1000, 1100, heightOfLevel(level) * 1.001);
    system.updateNow(camera);
    checkMemory(system);
    assert.equal(await system.flush(), true);
    const picture = await render(system, camera);
    checkPlaces(picture, camera, texture);
    const { least, most } = redRange(picture);
    assert.ok(Math.abs(least - redOfLevel(level)) <= 1 && Math.abs(most - redOfLevel(level)) <= 1);
    await checkEverything(system);
  }
});

Deno.test("children never come before their parents", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 4 * MIB,
    tileSize: 64,
    tilesPerUpdate: 3,
  });
  const texture = await system.loadTexture(mapSource());
  const { residency, grid } = insideOf(texture);
  const camera = lookDown(1000, 1100, heightOfLevel(0.4));
  let updates = 0;
  do {
    const { tilesRequested } = await system.update(camera, { timeBudgetMs: 60_000 });
    checkMemory(system);
    residency.slotOf.forEach((tile) => {
      if (grid.levelOf(tile) !== 0) return;
      assert.ok(residency.slotOf.has(grid.parentOf(tile)), "the parent is resident");
    });
    if (tilesRequested === 0) break;
  } while (++updates < 50);
  assert.ok(updates > 3 && updates < 50);
});
