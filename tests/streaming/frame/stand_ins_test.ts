/**
 * Tiles that only stand in for finer ones: they are wanted, after all that is sampled.
 */

import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { FeedbackWants } from "../../../src/streaming/frame/feedback_wants.ts";
import { TileGrid, TileList, TileReason } from "../../../src/tiles/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { ControlledSource } from "../sources.ts";

/** Levels of the tiles that a view of level 0 asks for, in their order, four an update. */
async function levelsAsked(): Promise<number[]> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 16 * 2 ** 20,
    tileSize: 64,
    tilesPerUpdate: 4,
  });
  const source = new ControlledSource();
  await system.loadTexture(source);
  const levels: number[] = [];
  source.before = ({ level }) => void levels.push(level);
  const camera = lookDown(500, 500, heightOfLevel(0.5, [320, 180]), [320, 180]);
  const { tilesWanted } = await system.update(camera, { timeBudgetMs: Infinity });
  for (let i = 0; i < 19; i++) await system.update(camera, { timeBudgetMs: Infinity });
  assert.equal(levels.length, tilesWanted);
  return levels;
}

/** Whether no tile of the levels 0 and 1, which are sampled, comes after one that only stands in. */
function isSampledFirst(levels: readonly number[]): boolean {
  const first = levels.findIndex((level) => level > 1);
  assert.ok(first !== -1 && levels.includes(0), `${levels}`);
  return levels.slice(first).every((level) => level > 1);
}

Deno.test("what is sampled is asked for before what only stands in", async () => {
  const levels = await levelsAsked();
  assert.ok(isSampledFirst(levels), `${levels}`);
});

Deno.test("negative control: tiles that stand in among the others come first", async () => {
  const { putStandInsLast } = TileList.prototype;
  TileList.prototype.putStandInsLast = function () {};
  try {
    assert.ok(!isSampledFirst(await levelsAsked()));
  } finally {
    TileList.prototype.putStandInsLast = putStandInsLast;
  }
});

function listed(list: TileList): number[] {
  return [...list.tiles.subarray(0, list.count)];
}

Deno.test("those that find no room are dropped, but for the first ones and what was promoted", () => {
  for (const kept of [0, 1, 2, 9]) {
    const list = new TileList();
    for (const tile of [90, 70, 50]) list.pushStandIn(tile, 5, TileReason.visible);
    for (const tile of [20, 10]) list.push(tile, 5, TileReason.visible);
    list.promoteStandIn(1);
    list.promoteStandIn(4);
    list.putStandInsLast(kept);
    assert.deepEqual(listed(list), [70, 20, 10, 90, 50].slice(0, 3 + kept));
    assert.equal(list.standInCount, Math.min(2, kept));
    const covers = [...list.coverage.subarray(0, list.count)];
    assert.deepEqual(covers, [5, 5, 5, 0, 0].slice(0, list.count));
  }
});

Deno.test("of what feedback names, all above the next coarser level only stands in", () => {
  const grid = new TileGrid(4096, 4096, 64);
  const wants = new FeedbackWants();
  wants.add({ tiles: Int32Array.of(5), counts: Uint32Array.of(1), lodBias: 0, view: 0 });
  const list = new TileList();
  wants.list(grid, list, { lodBias: 0 });
  const levels = listed(list).map((tile) => grid.levelOf(tile));
  assert.deepEqual(levels, [...levels].sort((a, b) => b - a));
  for (const [i, level] of levels.entries()) assert.equal(list.standIns[i], level > 1 ? 1 : 0);
  assert.equal(list.standInCount, levels.length - 2);
});
