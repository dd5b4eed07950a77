import assert from "node:assert/strict";
import {
  areIncompleteDigits,
  incompleteDigits,
  isIncomplete,
} from "../../../src/rvt/low_mips/incomplete_tiles.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";

Deno.test("each tile of a small bake is told by a bit of its own", () => {
  const grid = new TileGrid(32, 16, 4, { lastLevel: "tile" });
  const incomplete = new Set([0, 3, 17, grid.tileCount - 1]);
  const digits = incompleteDigits(grid, incomplete);
  for (let tile = 0; tile < grid.tileCount; tile++) {
    assert.equal(isIncomplete(digits, grid, tile), incomplete.has(tile), `${tile}`);
  }
  assert.ok(areIncompleteDigits(grid, digits));
  for (const text of [`${digits}0`, digits.slice(1), `g${digits.slice(1)}`, ""]) {
    assert.ok(!areIncompleteDigits(grid, text), text);
  }
});

Deno.test("a tile of a large bake that is too fine for a bit is told by an ancestor", () => {
  const grid = new TileGrid(512, 512, 4, { lastLevel: "tile" });
  // Of 128 × 128 tiles and 21,845 in all, the 1,365 coarsest have bits.
  const digits = incompleteDigits(grid, [0]);
  assert.equal(digits.length, Math.ceil(1365 / 4));
  const isTold = (x: number, y: number) => isIncomplete(digits, grid, grid.tileIndexOf(0, x, y));
  assert.deepEqual([[0, 0], [3, 3], [4, 0], [0, 4]].map(([x, y]) => isTold(x!, y!)), [
    true,
    true,
    false,
    false,
  ]);
});
