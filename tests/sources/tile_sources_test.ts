import assert from "node:assert/strict";
import fc from "fast-check";
import {
  DisposedError,
  InvalidArgumentError,
  OutOfRangeError,
  UnsupportedError,
} from "../../src/errors.ts";
import type { WrapMode } from "../../src/tiles/mod.ts";
import {
  compositeTileSource,
  type MakeBlock,
  type ProceduralOptions,
  proceduralTileSource,
} from "../../src/sources/mod.ts";

const OPTIONS: ProceduralOptions = {
  width: 100,
  height: 60,
  tileSize: 16,
  border: 4,
  format: "rgba8unorm",
};

/** Every texel says where it is. */
function place(tag: number): MakeBlock {
  return (level, column, row, out, at) => out.set([tag + level, column, row, 255], at);
}

const MODES = fc.constantFrom<WrapMode[]>("clamp", "repeat");

/** The texel of a level at a place of an axis. */
function inside(at: number, size: number, mode: WrapMode): number {
  return mode === "clamp" ? Math.min(size - 1, Math.max(0, at)) : ((at % size) + size) % size;
}

Deno.test("a procedural tile holds the texels of its place, edges or all of them repeated", async () => {
  await fc.assert(fc.asyncProperty(
    fc.integer({ min: 0, max: 6 }),
    fc.nat(100),
    fc.nat(100),
    fc.tuple(MODES, MODES),
    async (level, i, j, wrap) => {
      const source = proceduralTileSource(place(0), { ...OPTIONS, wrap });
      assert.deepEqual(source.wrap, wrap);
      const grid = source.grid.level(level);
      const [x, y] = [i % grid.tilesX, j % grid.tilesY];
      const tile = await source.readTile(level, x, y);
      for (let row = 0; row < 24; row++) {
        for (let column = 0; column < 24; column++) {
          const wanted = [
            level,
            inside(x * 16 + column - 4, grid.width, wrap[0]),
            inside(y * 16 + row - 4, grid.height, wrap[1]),
            255,
          ];
          const at = (row * 24 + column) * 4;
          assert.deepEqual([...tile.subarray(at, at + 4)], wanted);
        }
      }
    },
  ));
});

Deno.test("procedural textures of 2^18 texels have every tile, and number blocks by column and row", async () => {
  const seen: number[] = [];
  const source = proceduralTileSource((_level, column) => void seen.push(column), {
    width: 2 ** 18,
    height: 2 ** 18,
    tileSize: 8,
    border: 4,
    format: "bc7-rgba-unorm",
  });
  const last = source.grid.level(0).tilesX - 1;
  assert.equal((await source.readTile(0, last, last)).length, 16 * 16);
  assert.deepEqual([...new Set(seen)], [2 ** 16 - 3, 2 ** 16 - 2, 2 ** 16 - 1]);
});

Deno.test("procedural sources refuse impossible options, and reads after closing", async () => {
  const make = place(0);
  assert.throws(() => proceduralTileSource(make, { ...OPTIONS, border: -1 }), OutOfRangeError);
  assert.throws(() => proceduralTileSource(make, { ...OPTIONS, width: 0 }), OutOfRangeError);
  const blocks = { ...OPTIONS, format: "bc7-rgba-unorm" } as const;
  assert.throws(() => proceduralTileSource(make, { ...blocks, wrap: "repeat" }), UnsupportedError);
  assert.throws(() => proceduralTileSource(make, { ...OPTIONS, wrap: ["clamp"] as never }), {
    argument: "wrap",
  });
  const source = proceduralTileSource(make, OPTIONS);
  await assert.rejects(source.readTile(0, 7, 0), OutOfRangeError);
  await assert.rejects(source.readTile(7, 0, 0), OutOfRangeError);
  await assert.rejects(
    source.readTile(0, 0, 0, { signal: AbortSignal.abort() }),
    { name: "AbortError" },
  );
  source.close();
  await assert.rejects(source.readTile(0, 0, 0), DisposedError);
});

Deno.test("a composite takes each level from its own source, and counts both", async () => {
  const fine = proceduralTileSource(place(0), { ...OPTIONS, name: "fine" });
  const coarse = proceduralTileSource(place(100), { ...OPTIONS, name: "coarse" });
  const both = compositeTileSource(fine, coarse, { firstCoarseLevel: 2, info: "baked from 2 on" });
  const firstBytes = [];
  for (let level = 0; level < 7; level++) firstBytes.push((await both.readTile(level, 0, 0))[0]);
  assert.deepEqual(firstBytes, [0, 1, 102, 103, 104, 105, 106]);
  assert.equal(both.name, "fine");
  assert.equal(both.info, "baked from 2 on");
  assert.equal(
    both.counters.bytesRead,
    fine.counters.bytesRead + coarse.counters.bytesRead,
  );
  both.close();
  await assert.rejects(fine.readTile(0, 0, 0), DisposedError);
  await assert.rejects(coarse.readTile(0, 0, 0), DisposedError);
});

Deno.test("sources of different textures cannot be joined", () => {
  const fine = proceduralTileSource(place(0), OPTIONS);
  const others: Partial<ProceduralOptions>[] = [
    { width: 99 },
    { height: 61 },
    { tileSize: 32 },
    { border: 0 },
    { format: "rgba8unorm-srgb" },
    { colorSpace: "srgb" },
    { wrap: ["clamp", "repeat"] },
  ];
  for (const other of others) {
    const coarse = proceduralTileSource(place(0), { ...OPTIONS, ...other });
    assert.throws(
      () => compositeTileSource(fine, coarse, { firstCoarseLevel: 1 }),
      InvalidArgumentError,
    );
  }
  for (const firstCoarseLevel of [-1, 7, 1.5]) {
    assert.throws(() => compositeTileSource(fine, fine, { firstCoarseLevel }), OutOfRangeError);
  }
});
