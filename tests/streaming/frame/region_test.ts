import assert from "node:assert/strict";
import fc from "fast-check";
import { OutOfRangeError } from "../../../src/errors.ts";
import { tileCountOfRegion, tilesOfRegion } from "../../../src/streaming/frame/region.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";

Deno.test("a region has exactly the tiles that share some of its area", () => {
  const side = fc.oneof(
    fc.double({ min: -200, max: 500, noNaN: true }),
    fc.integer({ min: -4, max: 9 }).map((n) => 64 * n),
  );
  const size = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 700, noNaN: true }));
  fc.assert(
    fc.property(
      fc.record({ x: side, y: side, width: size, height: size, level: fc.nat(3) }),
      (region) => {
        const grid = new TileGrid(333, 259, 64);
        const { tilesX, tilesY, width, height } = grid.level(region.level);
        const wanted: number[] = [];
        for (let y = 0; y < tilesY; y++) {
          for (let x = 0; x < tilesX; x++) {
            const left = Math.max(64 * x, region.x);
            const right = Math.min(64 * x + 64, width, region.x + region.width);
            const top = Math.max(64 * y, region.y);
            const bottom = Math.min(64 * y + 64, height, region.y + region.height);
            if (left < right && top < bottom) wanted.push(grid.tileIndexOf(region.level, x, y));
          }
        }
        assert.deepEqual([...tilesOfRegion(grid, region)], wanted);
        assert.equal(tileCountOfRegion(grid, region, "Cannot count tiles"), wanted.length);
      },
    ),
    {
      examples: [[{ x: 0, y: 10, width: Number.MIN_VALUE, height: 5, level: 0 }]],
    },
  );
});

Deno.test("a region that makes no sense is an error that names the argument", () => {
  const grid = new TileGrid(256, 256, 64);
  const region = { x: 0, y: 0, width: 64, height: 64 };
  for (const name of ["x", "y", "width", "height"] as const) {
    for (const value of [NaN, Infinity, -Infinity]) {
      assert.throws(
        () => [...tilesOfRegion(grid, { ...region, [name]: value })],
        (error) => error instanceof OutOfRangeError && error.argument === name,
      );
    }
  }
  assert.throws(() => [...tilesOfRegion(grid, { ...region, x: "0" as never })], {
    name: "InvalidArgumentError",
    argument: "x",
  });
  for (const name of ["width", "height"] as const) {
    assert.throws(
      () => [...tilesOfRegion(grid, { ...region, [name]: -1 })],
      (error) => error instanceof OutOfRangeError && error.argument === name,
    );
  }
  for (const level of [-1, 9, 0.5, NaN]) {
    assert.throws(() => [...tilesOfRegion(grid, { ...region, level })], OutOfRangeError);
  }
});
