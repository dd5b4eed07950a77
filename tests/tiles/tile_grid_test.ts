import assert from "node:assert/strict";
import fc from "fast-check";
import { fullLevelCount, levelSize, TileGrid } from "../../src/tiles/mod.ts";

const grids = fc.record({
  width: fc.integer({ min: 1, max: 5000 }),
  height: fc.integer({ min: 1, max: 5000 }),
  tileSize: fc.constantFrom(16, 64, 100, 256),
  lastLevel: fc.constantFrom("texel" as const, "tile" as const),
}).map(({ width, height, tileSize, lastLevel }) => ({
  grid: new TileGrid(width, height, tileSize, { lastLevel }),
  lastLevel,
}));

Deno.test("levels floor, grids are ceilings, and tile indices number all tiles without gaps", () => {
  fc.assert(fc.property(grids, ({ grid, lastLevel }) => {
    let tiles = 0;
    for (const level of grid.levels) {
      assert.equal(level.width, Math.max(1, grid.width >> level.level));
      assert.equal(level.tilesX, Math.ceil(level.width / grid.tileSize));
      assert.equal(level.firstTile, tiles);
      tiles += level.tilesX * level.tilesY;
    }
    assert.equal(grid.tileCount, tiles);
    if (lastLevel === "tile") return;
    const last = grid.levels.at(-1)!;
    assert.deepEqual([last.width, last.height], [1, 1]);
    assert.equal(grid.levelCount, fullLevelCount(grid.width, grid.height));
  }));
});

Deno.test("a grid that ends at one tile is a full grid cut off after its first level of one tile", () => {
  fc.assert(fc.property(grids, ({ grid: { width, height, tileSize } }) => {
    const full = new TileGrid(width, height, tileSize);
    const short = new TileGrid(width, height, tileSize, { lastLevel: "tile" });
    assert.deepEqual(short.levels, full.levels.slice(0, full.tailLevel + 1));
    assert.equal(short.tailLevel, full.tailLevel);
    assert.equal(short.tailLevel, short.levelCount - 1);
    const onlyLast = short.levels.filter(({ tilesX, tilesY }) => tilesX * tilesY === 1);
    assert.deepEqual(onlyLast, [short.levels.at(-1)]);
    const { level, x, y } = short.addressOf(short.tileCount - 1);
    assert.deepEqual([level, x, y], [short.levelCount - 1, 0, 0]);
    assert.equal(short.parentOf(short.tileCount - 1), -1);
    for (let tile = 0; tile < short.tileCount - 1; tile++) {
      assert.equal(short.parentOf(tile), full.parentOf(tile));
    }
    assert.equal(short.has(short.levelCount, 0, 0), false);
  }));
});

Deno.test("removed levels are the coarsest, and the last that remains is the tail, all of its tiles", () => {
  fc.assert(fc.property(grids, fc.nat(), ({ grid: whole, lastLevel }, n) => {
    const { width, height, tileSize, levelCount } = whole;
    const removedLevels = n % levelCount;
    const grid = new TileGrid(width, height, tileSize, { lastLevel, removedLevels });
    assert.deepEqual(grid.levels, whole.levels.slice(0, levelCount - removedLevels));
    assert.equal(grid.tailLevel, Math.min(whole.tailLevel, grid.levelCount - 1));
    const last = grid.levels.at(-1)!;
    assert.equal(grid.tileCount, last.firstTile + last.tilesX * last.tilesY);
    assert.equal(grid.tailFirstTile + grid.tailTileCount, grid.tileCount);
    for (let tile = 0; tile < grid.tileCount; tile++) {
      assert.equal(tile >= grid.tailFirstTile, grid.levelOf(tile) >= grid.tailLevel);
      const isLast = grid.levelOf(tile) === grid.levelCount - 1;
      assert.equal(grid.parentOf(tile), isLast ? -1 : whole.parentOf(tile));
    }
  }));
});

Deno.test("at least one level remains", () => {
  for (const removedLevels of [5, -1, 0.5]) {
    const make = () => new TileGrid(1024, 1024, 64, { lastLevel: "tile", removedLevels });
    assert.throws(make, {
      name: "OutOfRangeError",
      message: /removedLevels must be .* 0 to 4|>= 0/,
    });
  }
});

Deno.test("tileIndexOf and addressOf are inverses", () => {
  fc.assert(fc.property(grids, fc.nat(), ({ grid }, n) => {
    const tile = n % grid.tileCount;
    const { level, x, y } = grid.addressOf(tile);
    assert.ok(grid.has(level, x, y));
    assert.equal(grid.tileIndexOf(level, x, y), tile);
    assert.equal(grid.levelOf(tile), level);
  }));
});

Deno.test("every tile's chain of parents ends at the coarsest tile, one level at a time", () => {
  fc.assert(fc.property(grids, fc.nat(), ({ grid }, n) => {
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
  assert.throws(
    () => new TileGrid(4, 4, 64).level(3),
    /must be an integer from 0 to 2: current value is 3/,
  );
  assert.throws(() => new TileGrid("4" as never, 4, 64), { name: "InvalidArgumentError" });
  assert.throws(() => new TileGrid(4, 4, 64, { lastLevel: "row" as never }), {
    name: "OutOfRangeError",
    argument: "lastLevel",
  });
  assert.equal(levelSize(1, 5), 1);
});
