import assert from "node:assert/strict";
import fc from "fast-check";
import { MipPyramid } from "../../src/texels/mod.ts";
import {
  forEachTileTouching,
  type TexelRect,
  TileGrid,
  touchTest,
  type Wrap,
  type WrapMode,
  wrapModes,
} from "../../src/tiles/mod.ts";

function touched(
  grid: TileGrid,
  rect: TexelRect,
  borderTexels: number,
  wrap: Wrap = "clamp",
): number[] {
  const tiles: number[] = [];
  forEachTileTouching(grid, rect, { borderTexels, wrap }, (tile, level, x, y) => {
    assert.equal(tile, grid.tileIndexOf(level, x, y));
    tiles.push(tile);
  });
  return tiles;
}

/** The same, asked tile by tile. */
function touchedByTest(
  grid: TileGrid,
  rect: TexelRect,
  borderTexels: number,
  wrap: Wrap = "clamp",
): number[] {
  const isTouched = touchTest(grid, rect, { borderTexels, wrap });
  return Array.from({ length: grid.tileCount }, (_, tile) => tile).filter(isTouched);
}

/** Whether two ranges of texels, ends excluded, have a texel in common. */
function overlap(a0: number, a1: number, b0: number, b1: number): boolean {
  return Math.max(a0, b0) < Math.min(a1, b1);
}

/** Whether the texels of a level that a slot holds along an axis have one in common with an interval. */
function holds(
  tile: number,
  [first, end]: readonly [number, number],
  { grid, border, size, mode }: {
    readonly grid: TileGrid;
    readonly border: number;
    readonly size: number;
    readonly mode: WrapMode;
  },
): boolean {
  const [start, stop] = [tile * grid.tileSize - border, (tile + 1) * grid.tileSize + border];
  if (mode === "clamp") return overlap(Math.max(0, start), Math.min(size, stop), first, end);
  const places = Array.from({ length: stop - start }, (_, i) => start + i);
  return places.some((at) =>
    [-size, 0, size].some((turn) => at - turn >= first && at - turn < Math.min(size, end))
  );
}

/** Looks at every tile: the texels of its level in its slot against the rectangle, grown by one. */
function touchedBySearch(
  grid: TileGrid,
  rect: TexelRect,
  border: number,
  wrap: Wrap = "clamp",
): number[] {
  const [wrapU, wrapV] = wrapModes(wrap);
  const [x0, y0] = [Math.max(0, rect.x0), Math.max(0, rect.y0)];
  const [x1, y1] = [Math.min(grid.width, rect.x1), Math.min(grid.height, rect.y1)];
  if (x0 >= x1 || y0 >= y1) return [];
  const tiles: number[] = [];
  for (let tile = 0; tile < grid.tileCount; tile++) {
    const { level, x, y } = grid.addressOf(tile);
    const { width, height } = grid.level(level);
    const ofX = [
      Math.floor(x0 * width / grid.width) - 1,
      Math.ceil(x1 * width / grid.width) + 1,
    ] as const;
    const ofY = [
      Math.floor(y0 * height / grid.height) - 1,
      Math.ceil(y1 * height / grid.height) + 1,
    ] as const;
    const inX = holds(x, ofX, { grid, border, size: width, mode: wrapU });
    const inY = holds(y, ofY, { grid, border, size: height, mode: wrapV });
    if (inX && inY) tiles.push(tile);
  }
  return tiles;
}

const cases = fc.record({
  width: fc.integer({ min: 1, max: 700 }),
  height: fc.integer({ min: 1, max: 700 }),
  tileSize: fc.constantFrom(8, 16, 64),
  lastLevel: fc.constantFrom("texel" as const, "tile" as const),
  border: fc.constantFrom(0, 2, 4, 8),
  x: fc.double({ min: -0.2, max: 1.1, noNaN: true }),
  y: fc.double({ min: -0.2, max: 1.1, noNaN: true }),
  w: fc.double({ min: 0, max: 0.6, noNaN: true }),
  h: fc.double({ min: 0, max: 0.6, noNaN: true }),
  integers: fc.boolean(),
  wrap: fc.tuple(fc.constantFrom("clamp", "repeat"), fc.constantFrom("clamp", "repeat")),
}).map(({ width, height, tileSize, lastLevel, border, x, y, w, h, integers, wrap }) => {
  const round = integers ? Math.round : (value: number) => value;
  const rect = {
    x0: round(x * width),
    y0: round(y * height),
    x1: round((x + w) * width),
    y1: round((y + h) * height),
  };
  return { grid: new TileGrid(width, height, tileSize, { lastLevel }), rect, border, wrap };
});

Deno.test("the tiles visited are those that a search of all tiles finds, in the same order", () => {
  fc.assert(
    fc.property(cases, ({ grid, rect, border, wrap }) => {
      const found = touchedBySearch(grid, rect, border, wrap);
      assert.deepEqual(touched(grid, rect, border, wrap), found);
    }),
    { numRuns: 300 },
  );
});

Deno.test("the test for single tiles holds for those that are visited, and for no other", () => {
  fc.assert(
    fc.property(cases, ({ grid, rect, border, wrap }) => {
      const visited = touched(grid, rect, border, wrap);
      assert.deepEqual(touchedByTest(grid, rect, border, wrap), visited);
    }),
    { numRuns: 300 },
  );
});

Deno.test("negative control: a search that goes round no edge finds others", () => {
  const result = fc.check(
    fc.property(cases, ({ grid, rect, border, wrap }) => {
      assert.deepEqual(touched(grid, rect, border, wrap), touchedBySearch(grid, rect, border));
    }),
    { numRuns: 300 },
  );
  assert.ok(result.failed);
});

Deno.test("negative control: a test that forgets the border holds for others", () => {
  const result = fc.check(
    fc.property(cases, ({ grid, rect, border }) => {
      assert.deepEqual(touchedByTest(grid, rect, 0), touched(grid, rect, border));
    }),
    { numRuns: 300 },
  );
  assert.ok(result.failed);
});

/** Every level of a picture of one channel. */
function mipLevels(grid: TileGrid, texels: Float32Array): Float32Array[] {
  const levels: Float32Array[] = grid.levels.map(({ width, height }) =>
    new Float32Array(width * height)
  );
  levels[0] = texels;
  const pyramid = new MipPyramid(grid.width, grid.height, {
    layout: { storage: "float32", channels: 1, colorSpace: "linear" },
    onRow: (level, y, row) => levels[level]!.set(row as Float32Array, y * row.length),
  });
  for (let y = 0; y < grid.height; y++) {
    pyramid.pushRow(texels.subarray(y * grid.width, (y + 1) * grid.width));
  }
  return levels;
}

/** Tiles whose slot holds a texel that differs. */
function changedTiles(
  grid: TileGrid,
  border: number,
  [before, after]: [Float32Array[], Float32Array[]],
): number[] {
  const tiles: number[] = [];
  for (let tile = 0; tile < grid.tileCount; tile++) {
    const { level, x, y } = grid.addressOf(tile);
    const { width, height } = grid.level(level);
    let differs = false;
    const endX = Math.min(width, (x + 1) * grid.tileSize + border);
    const endY = Math.min(height, (y + 1) * grid.tileSize + border);
    for (let row = Math.max(0, y * grid.tileSize - border); row < endY; row++) {
      for (let column = Math.max(0, x * grid.tileSize - border); column < endX; column++) {
        const at = row * width + column;
        differs ||= before[level]![at] !== after[level]![at];
      }
    }
    if (differs) tiles.push(tile);
  }
  return tiles;
}

const paintings = fc.record({
  width: fc.integer({ min: 1, max: 150 }),
  height: fc.integer({ min: 1, max: 150 }),
  border: fc.constantFrom(0, 2, 4),
  x: fc.nat(),
  y: fc.nat(),
  size: fc.integer({ min: 1, max: 5 }),
});

/** Paints a square and compares what changed with what was visited for a rectangle. */
function missedTiles(
  { width, height, border, x, y, size }: typeof paintings extends fc.Arbitrary<infer T> ? T : never,
  visit: (grid: TileGrid, rect: TexelRect, border: number) => number[],
): number[] {
  const grid = new TileGrid(width, height, 8);
  const x0 = x % width;
  const y0 = y % height;
  const rect = { x0, y0, x1: Math.min(width, x0 + size), y1: Math.min(height, y0 + size) };
  const plain = new Float32Array(width * height);
  const painted = plain.slice();
  for (let row = rect.y0; row < rect.y1; row++) {
    painted.fill(1, row * width + rect.x0, row * width + rect.x1);
  }
  const changed = changedTiles(grid, border, [mipLevels(grid, plain), mipLevels(grid, painted)]);
  assert.ok(changed.length > 0);
  const visited = new Set(visit(grid, rect, border));
  return changed.filter((tile) => !visited.has(tile));
}

Deno.test("every tile whose filtered texels change is visited, floored odd sizes included", () => {
  fc.assert(
    fc.property(paintings, (painting) => {
      assert.deepEqual(missedTiles(painting, touched), []);
    }),
    { numRuns: 150 },
  );
});

Deno.test("negative control: without the border, or the texel that it grows by, tiles are missed", () => {
  const withoutBorder = (grid: TileGrid, rect: TexelRect) => touched(grid, rect, 0);
  const shrunk = (grid: TileGrid, rect: TexelRect, border: number) =>
    touchedBySearch(grid, rect, border - 1);
  for (const visit of [withoutBorder, shrunk]) {
    let missed = 0;
    for (const painting of fc.sample(paintings, { numRuns: 300, seed: 3 })) {
      missed += missedTiles(painting, visit).length;
    }
    assert.ok(missed > 0);
  }
});

Deno.test("rectangles that are empty, outside or not numbers touch nothing", () => {
  const grid = new TileGrid(300, 200, 64);
  const rects = [[5, 5, 5, 9], [9, 9, 5, 5], [300, 0, 400, 50], [-9, -9, 0, 0], [NaN, 0, 9, 9]];
  for (const [x0, y0, x1, y1] of rects) {
    for (const find of [touched, touchedByTest]) {
      assert.deepEqual(find(grid, { x0: x0!, y0: y0!, x1: x1!, y1: y1! }, 8), []);
    }
  }
  const all = touched(grid, { x0: -Infinity, y0: -1e9, x1: Infinity, y1: 1e9 }, 0);
  assert.equal(all.length, grid.tileCount);
});
