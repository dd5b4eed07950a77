import assert from "node:assert/strict";
import fc from "fast-check";
import { bakeRows, type BakeRowsOptions, type LevelRows } from "../../src/bake/mod.ts";
import { InvalidArgumentError, OutOfRangeError, UnsupportedError } from "../../src/errors.ts";
import {
  MemorySink,
  memorySource,
  openTileStore,
  type RowFormat,
  type TileStore,
} from "../../src/sources/mod.ts";
import type { ColorSpace } from "../../src/texels/mod.ts";
import { TileGrid, type WrapModes } from "../../src/tiles/mod.ts";
import { largestDifference } from "./compare_store.ts";
import { referenceMips } from "./reference_mips.ts";
import { patternRows, rowsOf } from "./synthetic_rows.ts";

async function bake(
  levels: readonly LevelRows[],
  options: Omit<BakeRowsOptions, "output" | "identity">,
): Promise<TileStore> {
  const sink = new MemorySink("made.pmtiles");
  await bakeRows(null, levels, { ...options, output: sink, identity: { name: "made" } });
  return await openTileStore(memorySource(sink.bytes!, "made.pmtiles"));
}

interface Case {
  readonly width: number;
  readonly height: number;
  readonly tileSize: number;
  readonly border: number;
  readonly format: RowFormat;
  readonly colorSpace: ColorSpace;
  readonly wrap: WrapModes;
  readonly seed: number;
}

const CASES: fc.Arbitrary<Case> = fc.record({
  width: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 90 }), fc.constantFrom(31, 32, 33, 64)),
  height: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 90 }), fc.constantFrom(15, 16, 17)),
  tileSize: fc.constantFrom(4, 7, 16, 32),
  border: fc.constantFrom(0, 1, 4, 8),
  format: fc.constantFrom("rgba8unorm" as const, "r8unorm" as const),
  colorSpace: fc.constantFrom("srgb" as const, "linear" as const),
  wrap: fc.tuple(fc.constantFrom("clamp", "repeat"), fc.constantFrom("clamp", "repeat")),
  seed: fc.integer({ min: 1, max: 1e9 }),
});

/** Noise with runs of extreme values, so that alpha is often 0 and often 255. */
function noise(byteLength: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(byteLength);
  let state = seed;
  for (let i = 0; i < byteLength; i++) {
    state = Math.imul(state ^ (state >>> 15), 0x2C1B3C6D) + 0x9E3779B9 | 0;
    const value = (state >>> 8) & 0x3FF;
    bytes[i] = Math.min(255, Math.max(0, value - 384));
  }
  return bytes;
}

function pixelsOf({ width, height, format, seed }: Case): Uint8Array {
  return noise(width * height * (format === "rgba8unorm" ? 4 : 1), seed);
}

Deno.test("every texel of every tile equals the reference within 1/255, for random sizes", async () => {
  await fc.assert(
    fc.asyncProperty(CASES, async (made) => {
      const pixels = pixelsOf(made);
      const store = await bake([{ level: 0, rows: rowsOf(pixels, made) }], {
        border: made.border,
        wrap: made.wrap,
        format: made.format === "rgba8unorm" ? "rgba8" : "r8",
        grid: new TileGrid(made.width, made.height, made.tileSize),
        firstLevel: 0,
      });
      const levels = referenceMips(pixels, { ...made, srgb: made.colorSpace === "srgb" });
      assert.ok(await largestDifference(store, levels, made.format) <= 1);
      store.close();
    }),
    { numRuns: 60 },
  );
});

Deno.test("a store whose tiles are all equal opens: a run of them reaches over the levels", async () => {
  for (const format of ["r8unorm", "rgba8unorm"] as const) {
    const made = { width: 1, height: 2, format, colorSpace: "srgb" } as const;
    const pixels = new Uint8Array(2 * (format === "rgba8unorm" ? 4 : 1)).fill(255);
    const store = await bake([{ level: 0, rows: rowsOf(pixels, made) }], {
      border: 0,
      format: format === "rgba8unorm" ? "rgba8" : "r8",
      grid: new TileGrid(1, 2, 4),
      firstLevel: 0,
    });
    assert.equal(store.grid.levelCount, 2);
    assert.deepEqual(await store.readTile(0, 0, 0), await store.readTile(1, 0, 0));
    store.close();
  }
});

Deno.test("the comparison fails for mips that are filtered as stored values (negative control)", async () => {
  const made = { width: 64, height: 32, format: "r8unorm", colorSpace: "srgb" } as const;
  const pixels = noise(64 * 32, 5);
  const store = await bake([{ level: 0, rows: rowsOf(pixels, made) }], {
    grid: new TileGrid(64, 32, 16),
    firstLevel: 0,
  });
  const wrong = referenceMips(pixels, { ...made, srgb: false });
  assert.ok(await largestDifference(store, wrong, "r8unorm") > 10);
  store.close();
});

Deno.test("transparent texels leave no fringe on their neighbours", async () => {
  const made = { width: 16, height: 16, format: "rgba8unorm", colorSpace: "srgb" } as const;
  // Opaque white beside transparent black, which must not show.
  const pixels = new Uint8Array(16 * 16 * 4);
  for (let i = 0; i < 256; i++) if (i % 3 === 0) pixels.fill(255, 4 * i, 4 * i + 4);
  const store = await bake([{ level: 0, rows: rowsOf(pixels, made) }], {
    grid: new TileGrid(16, 16, 16),
    firstLevel: 0,
    border: 0,
    format: "rgba8",
  });
  for (let level = 1; level < 5; level++) {
    const tile = await store.readTile(level, 0, 0);
    for (let i = 0; i < tile.length; i += 4) {
      if (tile[i + 3]! > 0) assert.ok(Math.min(tile[i]!, tile[i + 1]!, tile[i + 2]!) >= 254);
    }
  }
  const fringed = referenceMips(pixels, { ...made, srgb: true, premultiply: false });
  assert.ok(
    await largestDifference(store, fringed, "rgba8unorm") > 10,
    "a filter without premultiplication must be told apart",
  );
  store.close();
});

Deno.test("16-bit grey keeps 16 bits, as integers and as floats", async () => {
  const made = { width: 37, height: 21, format: "r16unorm", colorSpace: "linear" } as const;
  const values = Uint16Array.from({ length: 37 * 21 }, (_, i) => (i * 40503) & 0xFFFF);
  const rows = rowsOf(new Uint8Array(values.buffer), made);
  const levels = referenceMips(values, { ...made, srgb: false });
  const grid = new TileGrid(37, 21, 16);
  const integers = await bake([{ level: 0, rows }], { grid, firstLevel: 0, format: "r16" });
  assert.equal(integers.format, "r16unorm");
  assert.ok(await largestDifference(integers, levels, "r16unorm") <= 0.51);
  const floats = await bake([{ level: 0, rows }], { grid, firstLevel: 0, format: "r32f" });
  assert.equal(floats.format, "r32float");
  const units = levels.map((level) => ({ ...level, values: level.values.map((v) => v / 65535) }));
  assert.ok(await largestDifference(floats, units, "r32float") <= 0.51 / 65535);
});

Deno.test("floats keep values outside 0 to 1", async () => {
  const made = { width: 9, height: 5, format: "r32float", colorSpace: "linear" } as const;
  const values = Float32Array.from({ length: 45 }, (_, i) => i * 100 - 900);
  const store = await bake([{ level: 0, rows: rowsOf(new Uint8Array(values.buffer), made) }], {
    grid: new TileGrid(9, 5, 4),
    firstLevel: 0,
  });
  const levels = referenceMips(values, { ...made, srgb: false });
  assert.ok(await largestDifference(store, levels, "r32float") < 1e-3);
  store.close();
});

Deno.test("a store of coarser levels holds exactly those, equal to those of a full store", async () => {
  const rows = patternRows({ width: 75, height: 50, format: "rgba8unorm", colorSpace: "srgb" });
  const grid = new TileGrid(75, 50, 16);
  const options = { grid, format: "rgba8", border: 2 };
  const whole = await bake([{ level: 0, rows }], { ...options, firstLevel: 0 });
  const part = await bake([{ level: 0, rows }], { ...options, firstLevel: 2 });
  for (let tile = grid.level(2).firstTile; tile < grid.tileCount; tile++) {
    const { level, x, y } = grid.addressOf(tile);
    assert.deepEqual(await part.readTile(level, x, y), await whole.readTile(level, x, y));
  }
  await assert.rejects(() => part.readTile(1, 0, 0), OutOfRangeError);
});

Deno.test("a grid that ends at one tile makes a store that does, equal to the full one", async () => {
  const rows = patternRows({ width: 75, height: 50, format: "rgba8unorm", colorSpace: "srgb" });
  const grid = new TileGrid(75, 50, 16, { lastLevel: "tile" });
  const options = { format: "rgba8", firstLevel: 0 };
  const short = await bake([{ level: 0, rows }], { ...options, grid });
  const whole = await bake([{ level: 0, rows }], { ...options, grid: new TileGrid(75, 50, 16) });
  assert.deepEqual([short.grid.levelCount, whole.grid.levelCount], [grid.levelCount, 7]);
  for (let tile = 0; tile < grid.tileCount; tile++) {
    const { level, x, y } = grid.addressOf(tile);
    assert.deepEqual(await short.readTile(level, x, y), await whole.readTile(level, x, y));
  }
});

Deno.test("given levels are stored unchanged, and missing ones are made from the nearest finer level", async () => {
  const grid = new TileGrid(32, 32, 32);
  const flat = (size: number, value: number) => {
    const options = { width: size, height: size, format: "r8unorm", colorSpace: "srgb" } as const;
    return rowsOf(new Uint8Array(size * size).fill(value), options);
  };
  const levels = [
    { level: 0, rows: flat(32, 10) },
    { level: 1, rows: flat(16, 20) },
    { level: 3, rows: flat(4, 30) },
  ];
  const store = await bake(levels, { grid, firstLevel: 0 });
  const found = [];
  for (let level = 0; level < 6; level++) found.push((await store.readTile(level, 0, 0))[0]);
  assert.deepEqual(found, [10, 20, 20, 30, 30, 30]);
});

Deno.test("grey becomes colour where the format has colour", async () => {
  const rows = rowsOf(Uint8Array.of(0, 100, 200, 255), {
    width: 2,
    height: 2,
    format: "r8unorm",
    colorSpace: "linear",
  });
  const store = await bake([{ level: 0, rows }], {
    grid: new TileGrid(2, 2, 2),
    firstLevel: 0,
    border: 0,
    format: "rgba8",
  });
  const wanted = [0, 0, 0, 255, 100, 100, 100, 255, 200, 200, 200, 255, 255, 255, 255, 255];
  assert.deepEqual([...await store.readTile(0, 0, 0)], wanted);
});

Deno.test("progress never decreases and ends at 1", async () => {
  const rows = patternRows({ width: 100, height: 300, format: "r8unorm", colorSpace: "srgb" });
  const fractions: number[] = [];
  await bake([{ level: 0, rows }], {
    grid: new TileGrid(100, 300, 16),
    firstLevel: 0,
    onProgress: ({ fraction }) => fractions.push(fraction),
  });
  assert.ok(fractions.every((fraction, i) => i === 0 || fraction >= fractions[i - 1]!));
  assert.ok(Math.abs(fractions.at(-1)! - 1) < 1e-9);
});

Deno.test("rows that do not match the grid are refused before anything is written", async () => {
  const rows = patternRows({ width: 8, height: 8, format: "r8unorm", colorSpace: "linear" });
  const color = patternRows({ width: 4, height: 4, format: "rgba8unorm", colorSpace: "linear" });
  const grid = new TileGrid(8, 8, 4);
  const from = (levels: readonly LevelRows[], firstLevel = 0) => bake(levels, { grid, firstLevel });
  await assert.rejects(() => from([]), InvalidArgumentError);
  await assert.rejects(() => from([{ level: 1, rows }]), InvalidArgumentError);
  await assert.rejects(() => from([{ level: 1, rows: color }], 0), InvalidArgumentError);
  await assert.rejects(
    () => from([{ level: 0, rows }, { level: 1, rows: color }]),
    InvalidArgumentError,
  );
  await assert.rejects(() => from([{ level: 0, rows }, { level: 0, rows }]), InvalidArgumentError);
  const one = [{ level: 0, rows }];
  await assert.rejects(() => bake(one, { grid, firstLevel: 9 }), OutOfRangeError);
  await assert.rejects(
    () => bake(one, { grid, firstLevel: 0, format: "bc9" }),
    OutOfRangeError,
  );
  await assert.rejects(() => bake(one, { grid, firstLevel: 0, format: "bc7" }), UnsupportedError);
  await assert.rejects(() => bake(one, { grid, firstLevel: 0, format: "bc5" }), UnsupportedError);
  await assert.rejects(() => bake(one, { grid, firstLevel: 0, border: -1 }), OutOfRangeError);
  await assert.rejects(() => bake(one, { grid, firstLevel: 0, border: 0.5 }), OutOfRangeError);
});
