import assert from "node:assert/strict";
import fc from "fast-check";
import { fullLevelCount, levelSize, TileGrid } from "../../src/tiles/mod.ts";

const grids = fc.record({
  width: fc.integer({ min: 1, max: 5000 }),
  height: fc.integer({ min: 1, max: 5000 }),
  tileSize: fc.constantFrom(16, 64, 100, 256),
}).map(({ width, height, tileSize }) => new TileGrid(width, height, tileSize));

Deno.test("levels floor, grids are ceilings, and entries number all tiles without gaps", () => {
  fc.assert(fc.property(grids, (grid) => {
    let entries = 0;
    for (const level of grid.levels) {
      assert.equal(level.width, Math.max(1, grid.width >> level.level));
      assert.equal(level.tilesX, Math.ceil(level.width / grid.tileSize));
      assert.equal(level.firstTile, entries);
      entries += level.tilesX * level.tilesY;
    }
    assert.equal(grid.tileCount, entries);
    const last = grid.levels.at(-1)!;
    assert.deepEqual([last.width, last.height], [1, 1]);
    assert.equal(grid.levelCount, fullLevelCount(grid.width, grid.height));
  }));
});

Deno.test("tileIndexOf and addressOf are inverses", () => {
  fc.assert(fc.property(grids, fc.nat(), (grid, n) => {
    const tile = n % grid.tileCount;
    const { level, x, y } = grid.addressOf(tile);
    assert.ok(grid.has(level, x, y));
    assert.equal(grid.tileIndexOf(level, x, y), tile);
    assert.equal(grid.levelOf(tile), level);
  }));
});

Deno.test("every tile's chain of parents ends at the coarsest tile, one level at a time", () => {
  fc.assert(fc.property(grids, fc.nat(), (grid, n) => {
    let tile = n % grid.tileCount;
    let level = grid.levelOf(tile);
    for (let parent = grid.parentOf(tile); parent !== -1; parent = grid.parentOf(tile)) {
      assert.equal(grid.levelOf(parent), level + 1);
      tile = parent;
      level++;
    }
    assert.equal(tile, grid.tileCount - 1);
  }));
});

Deno.test("the last column of an odd grid has a parent, clamped to the parent's grid", () => {
  const grid = new TileGrid(5 * 64 + 1, 64, 64); // level 0: 6 tiles; level 1: 160 texels, 3 tiles
  assert.equal(grid.levels[0]!.tilesX, 6);
  const odd = new TileGrid(2 * 64 + 1, 64, 64); // level 0: 3 tiles; level 1: 64 texels, 1 tile
  assert.equal(odd.parentOf(odd.tileIndexOf(0, 2, 0)), odd.tileIndexOf(1, 0, 0));
});

Deno.test("the tail begins at the first level of a single tile", () => {
  assert.equal(new TileGrid(4096, 2048, 256).tailLevel, 4);
  assert.equal(new TileGrid(3, 2, 256).tailLevel, 0);
});

Deno.test("sizes and levels out of range are refused by name", () => {
  assert.throws(() => new TileGrid(0, 4, 64), { name: "OutOfRangeError", argument: "width" });
  assert.throws(() => new TileGrid(4, 1.5, 64), { argument: "height" });
  assert.throws(() => new TileGrid(4, NaN, 64), { argument: "height" });
  assert.throws(() => new TileGrid(4, 4, 0), { argument: "tileSize" });
  assert.throws(() => new TileGrid(4, 4, 64).level(3), /must be from 0 to 2: current value is 3/);
  assert.equal(levelSize(1, 5), 1);
});
