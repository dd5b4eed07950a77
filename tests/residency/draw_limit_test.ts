/**
 * How the tiles that may be drawn are shared out.
 */

import assert from "node:assert/strict";
import { TileList, TileReason } from "../../src/tiles/mod.ts";
import { TextureResidency } from "../../src/residency/mod.ts";
import { budgetOf, COST, landAsked, makeWorld, type World } from "./world.ts";

/** Textures of which the first so many are drawn. */
function worldOf(drawn: number, uploaded: number): World {
  const sizes = new Array(drawn + uploaded).fill([512, 512]);
  const world = makeWorld(sizes, 2000);
  world.requests.limit = 1e6;
  const memories = world.textures.map(({ residency }, i) => [residency, i < drawn] as const);
  for (const [residency, isDrawn] of memories) {
    Object.defineProperty(residency, "isDrawn", { value: isDrawn });
  }
  return world;
}

/** A frame in which every texture wants its level 0, one of them far more. */
function runFrame(world: World, options: { favourite: number; drawnTiles: number }): number[] {
  const { residency, textures, requests } = world;
  residency.beginFrame();
  for (const [i, { residency: texture }] of textures.entries()) {
    const list = new TileList();
    const { tilesX, tilesY } = texture.grid.level(0);
    for (let t = 0; t < tilesX * tilesY; t++) {
      list.push(t, i === options.favourite ? 5000 : 50, TileReason.visible);
    }
    residency.want(texture, list);
  }
  const { drawnTiles } = options;
  const staleDrawnTiles = Math.max(1, Math.floor(drawnTiles / 4));
  residency.admit(budgetOf({ tiles: 24, staleTiles: 6, drawnTiles, staleDrawnTiles }));
  const asked = textures.map(() => 0);
  for (const ticket of requests.asked.splice(0)) {
    asked[ticket.texture]!++;
    landAsked(world, ticket);
  }
  return asked;
}

for (const drawnTiles of [1, 2, 5]) {
  for (const uploaded of [0, 1, 2]) {
    Deno.test(`of ${drawnTiles} drawn tiles beside ${uploaded} uploaded textures none is starved, and what is wanted most gets half`, () => {
      const world = worldOf(3, uploaded);
      const total = [0, 0, 0];
      for (let frame = 0; frame < 36 / drawnTiles; frame++) {
        const asked = runFrame(world, { favourite: 1, drawnTiles });
        const drawn = asked.slice(0, 3).reduce((a, b) => a + b);
        assert.equal(drawn, drawnTiles, `frame ${frame}: ${asked}`);
        for (let i = 0; i < 3; i++) total[i]! += asked[i]!;
      }
      assert.ok(total[1]! >= 15, `${total}`);
      assert.ok(total[0]! >= 4 && total[2]! >= 4, `${total}`);
      assert.ok(Math.abs(total[0]! - total[2]!) <= 5, `${total}`);
    });
  }
}

Deno.test("missing and stale tiles take turns where one tile is drawn in an update", () => {
  const world = worldOf(1, 0);
  for (let frame = 0; frame < 8; frame++) runFrame(world, { favourite: 0, drawnTiles: 5 });
  const { residency } = world.textures[0]!;
  residency.invalidateAll();
  const resident = residency.slotOf.size;
  let fresh = 0;
  for (let frame = 0; frame < 20; frame++) {
    const [asked] = runFrame(world, { favourite: 0, drawnTiles: 1 });
    assert.equal(asked, 1);
    fresh = residency.slotOf.size - resident;
  }
  assert.equal(fresh, 10, "every other tile was missing");
});

Deno.test("a texture is drawn if its recorder's content is in scratch memory", () => {
  const { grid, pool, producer } = worldOf(1, 0).textures[0]!.residency;
  for (const memory of ["scratch", "staging", undefined] as const) {
    const recorder = memory === undefined ? { cost: COST } : { cost: COST, memory };
    const texture = new TextureResidency(9, { grid, pool, producer, recorder });
    assert.equal(texture.isDrawn, memory === "scratch");
  }
});
