/**
 * Textures whose levels end at the first one of a single tile.
 */

import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { TileGrid, TileList } from "../../../src/tiles/mod.ts";
import { cameraAt, heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything } from "../checks.ts";
import { insideOf } from "../inside.ts";
import { checkPlaces } from "../pictures.ts";
import { ControlledSource, mapSource, redOfLevel } from "../sources.ts";
import { KINDS, makePair, OPTIONS, runPair, SIDE } from "./drawn_pair.ts";

/** A source that has no levels beyond the first of one tile. */
class ShortSource extends ControlledSource {
  readonly #grid: TileGrid;

  constructor(width: number, height: number) {
    super(mapSource({ width, height }));
    this.#grid = new TileGrid(width, height, 64, { lastLevel: "tile" });
  }

  override get grid(): TileGrid {
    return this.#grid;
  }
}

Deno.test("a drawn and a read texture whose levels end at one tile stream like any others", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, OPTIONS);
  const grid = new TileGrid(SIDE, SIDE, 64, { lastLevel: "tile" });
  const pair = await makePair(device, system, {
    formats: KINDS[0]!,
    seed: 21,
    grid,
    source: new ShortSource(SIDE, SIDE),
  });
  assert.equal(grid.levelCount, 5);
  for (const texture of [pair.drawn, pair.read]) {
    assert.equal(insideOf(texture).residency.slotOf.size, 1, "one pinned tile");
  }
  await runPair(pair);
});

Deno.test("a coarsest level of several tiles is pinned as a whole, and streams like any other", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, OPTIONS);
  const grid = new TileGrid(SIDE, SIDE, 64, { lastLevel: "tile", removedLevels: 2 });
  const pair = await makePair(device, system, { formats: KINDS[0]!, seed: 22, grid });
  assert.equal(grid.tailTileCount, 16);
  assert.equal(insideOf(pair.drawn).residency.slotOf.size, 16, "all of them are pinned");
  system.evictTiles();
  assert.equal(insideOf(pair.drawn).residency.slotOf.size, 16);
  await runPair(pair);
});

/** Cameras so high that a pixel covers far more than a texel of the last level. */
const HIGH = [6.5, 7, 9].map((level) => lookDown(SIDE / 2, SIDE / 2, heightOfLevel(level)));

for (const filter of ["bilinear", "trilinear", "anisotropic"] as const) {
  Deno.test(`beyond the last level that one is shown: ${filter}`, async () => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { ...OPTIONS, maxAnisotropy: 8 });
    const short = await system.loadTexture(new ShortSource(SIDE, SIDE));
    const full = await system.loadTexture(mapSource({ width: SIDE, height: SIDE }));
    const last = short.grid.levelCount - 1;
    for (const camera of [...HIGH, cameraAt([512, 4000, 900], [512, 500, 0])]) {
      await system.update(camera);
      let compared = 0;
      const picture = await render(system, camera, { texture: short, filter });
      const other = await render(system, camera, { texture: full, filter });
      for (let at = 0; at < picture.data.length; at += 4) {
        if (picture.data[at + 3] !== 255) continue;
        compared++;
        assert.ok(picture.data[at]! <= redOfLevel(last) + 1);
        // Where the full chain shows a coarser level, this shows its last.
        if (other.data[at]! <= redOfLevel(last) + 8) continue;
        assert.ok(Math.abs(picture.data[at]! - redOfLevel(last)) <= 1, `red ${picture.data[at]}`);
      }
      assert.ok(compared > 0);
      assert.ok(await system.flush(), "nothing is wanted that does not exist");
    }
    await checkEverything(system);
  });
}

Deno.test("negative control: a full chain shows coarser levels in the same view", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, OPTIONS);
  const full = await system.loadTexture(mapSource({ width: SIDE, height: SIDE }));
  await system.update(HIGH[0]!);
  const { data } = await render(system, HIGH[0]!, { texture: full });
  const last = new TileGrid(SIDE, SIDE, 64, { lastLevel: "tile" }).levelCount - 1;
  assert.ok(data.some((red, at) => at % 4 === 0 && red > redOfLevel(last) + 8));
});

Deno.test("sizes that do not halve exactly, debug views and feedback", async () => {
  using device = await requestDevice();
  for (const [width, height] of [[700, 300], [65, 1000], [64, 64], [1, 1]] as const) {
    using system = new VirtualTextureSystem(device, OPTIONS);
    const texture = await system.loadTexture(new ShortSource(width, height));
    const { grid } = texture;
    const last = grid.levelCount - 1;
    assert.equal(grid.tailLevel, last);
    for (const level of [0, 1, 2.5, 8]) {
      const camera = lookDown(width / 2, height / 2, heightOfLevel(level));
      // From far away, so that level 0 is wanted through feedback alone.
      const told = lookDown(width / 2, height / 2, heightOfLevel(level === 0 ? 8 : level));
      for (let frame = 0; frame < 3; frame++) {
        await system.update(told);
        await render(system, camera);
      }
      assert.ok(await system.flush());
      const picture = await render(system, camera, { filter: "bilinear" });
      if (level < last) checkPlaces(picture, camera, texture);
      const debug = await render(system, camera, { debug: "level" });
      for (let at = 0; at < debug.data.length; at += 4) {
        assert.equal(debug.data[at + 3], picture.data[at + 3]);
        if (picture.data[at + 3] === 0) continue;
        const [red, green, blue] = picture.data.subarray(at, at + 3);
        const shown = Math.round((red! - 8) / 16);
        assert.ok(shown <= last);
        const brightness = 0.35 + 0.65 * Math.max(red!, green!, blue!) / 255;
        const wanted = debugColor(shown).map((value) => 255 * value * brightness);
        const drawn = debug.data.subarray(at, at + 3);
        const isOutline = drawn.every((value) => value === 255);
        assert.ok(isOutline || wanted.every((value, i) => Math.abs(value - drawn[i]!) <= 3));
      }
      const { feedback } = insideOf(texture);
      const list = new TileList();
      feedback.list(grid, list, { lodBias: -Infinity });
      for (let i = 0; i < list.count; i++) assert.ok(list.tiles[i]! < grid.tileCount);
      if (level === 0 && last > 0) assert.ok(feedback.size > 0, "feedback has come");
    }
    await checkEverything(system);
  }
});

/** Colour of a level, as the shader of the debug view has it. */
function debugColor(level: number): number[] {
  return [0, 0.3333, 0.6667].map((turn) =>
    0.5 + 0.5 * Math.cos(6.283185 * (level * 0.381966 + turn))
  );
}
