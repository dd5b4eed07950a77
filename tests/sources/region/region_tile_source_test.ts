/**
 * Textures whose texels a function gives, region by region.
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { DisposedError, MalformedFileError, UnsupportedError } from "../../../src/errors.ts";
import {
  type LevelRegion,
  openRegionSource,
  proceduralTileSource,
  type RegionSourceOptions,
} from "../../../src/sources/mod.ts";
import { buildMipChain, decodedLayout } from "../../../src/texels/mod.ts";

const OPTIONS = {
  width: 100,
  height: 61,
  tileSize: 16,
  border: 4,
  format: "rgba8unorm",
} as const satisfies RegionSourceOptions;

/** Every texel says where it is. */
function placesIn({ level, x, y, width, height }: LevelRegion): Uint8Array {
  const texels = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    texels.set([level, x + i % width, y + Math.floor(i / width), 255], 4 * i);
  }
  return texels;
}

/** The same block by block, by other code, which knows of borders. */
const EXPECTED = proceduralTileSource(
  (level, column, row, out, at) => out.set([level, column, row, 255], at),
  { width: 100, height: 61, tileSize: 16, border: 4, format: "rgba8unorm" },
);

const TILES = fc.record({ level: fc.nat(6), i: fc.nat(100), j: fc.nat(100) });

Deno.test("every tile is cut with its border, and no region reaches beyond its level", async () => {
  const regions: LevelRegion[] = [];
  const source = await openRegionSource((region) => {
    regions.push(region);
    return region.level % 2 === 0 ? placesIn(region) : Promise.resolve(placesIn(region));
  }, OPTIONS);
  assert.equal(regions.length, 0, "nothing is read before it is needed");
  await fc.assert(fc.asyncProperty(TILES, async ({ level, i, j }) => {
    const { tilesX, tilesY } = source.grid.level(level);
    const [x, y] = [i % tilesX, j % tilesY];
    assert.deepEqual(
      await source.readTile(level, x, y),
      await EXPECTED.readTile(level, x, y),
      `tile (${x}, ${y}) of level ${level}`,
    );
  }));
  for (const { level, x, y, width, height } of regions) {
    const whole = source.grid.level(level);
    assert.ok(x >= 0 && y >= 0 && width >= 1 && height >= 1);
    assert.ok(x + width <= whole.width && y + height <= whole.height);
  }
  const texels = regions.reduce((sum, { width, height }) => sum + width * height, 0);
  assert.deepEqual(source.counters, { bytesRead: 4 * texels, bytesUsed: 4 * texels });
});

Deno.test("tiles of a texture that repeats have the other side beyond its edges", async () => {
  const modes = fc.constantFrom("clamp" as const, "repeat" as const);
  let differ = 0;
  await fc.assert(fc.asyncProperty(TILES, modes, modes, async ({ level, i, j }, u, v) => {
    const options = { ...OPTIONS, wrap: [u, v] as const };
    const whole = EXPECTED.grid.level(level);
    const source = await openRegionSource((region) => {
      assert.ok(region.x >= 0 && region.x + region.width <= whole.width);
      assert.ok(region.y >= 0 && region.y + region.height <= whole.height);
      return placesIn(region);
    }, options);
    const [x, y] = [i % whole.tilesX, j % whole.tilesY];
    const expected = proceduralTileSource(
      (level, column, row, out, at) => out.set([level, column, row, 255], at),
      options,
    );
    const tile = await source.readTile(level, x, y);
    assert.deepEqual(source.wrap, [u, v]);
    assert.deepEqual(tile, await expected.readTile(level, x, y), `${x}, ${y} of level ${level}`);
    if (Buffer.compare(tile, await EXPECTED.readTile(level, x, y)) !== 0) differ++;
  }));
  assert.ok(differ > 10);
});

Deno.test("levels that are made repeat, too", async () => {
  const options = { ...OPTIONS, levels: 1, border: 8, wrap: "repeat" as const };
  const source = await openRegionSource(placesIn, options);
  const clamped = await openRegionSource(placesIn, { ...options, wrap: "clamp" });
  // Left of a level lies its right end, which tiles without the wrap hold as well.
  const [tile, right] = [await source.readTile(1, 0, 1), await clamped.readTile(1, 3, 1)];
  const row = 10 * 32 * 4;
  assert.deepEqual(tile.slice(row + 4 * 6, row + 4 * 8), right.slice(row + 4 * 8, row + 4 * 10));
});

Deno.test("negative control: a function that gives the region beside is noticed", async () => {
  const beside = await openRegionSource(
    (region) => placesIn({ ...region, x: region.x + 1 }),
    OPTIONS,
  );
  assert.notDeepEqual(await beside.readTile(0, 1, 1), await EXPECTED.readTile(0, 1, 1));
});

/** The first texels of each level of a source, as bytes. */
async function levelsOf(options: RegionSourceOptions, texels: Uint8Array): Promise<Uint8Array[]> {
  const { width, format } = options;
  const texelBytes = format === "r32float" ? 4 : format === "r16unorm" ? 2 : 4;
  const asked = new Set<number>();
  const source = await openRegionSource((region) => {
    asked.add(region.level);
    const rows = new Uint8Array(region.width * region.height * texelBytes);
    for (let row = 0; row < region.height; row++) {
      const from = ((region.y + row) * width + region.x) * texelBytes;
      rows.set(
        texels.subarray(from, from + region.width * texelBytes),
        row * region.width * texelBytes,
      );
    }
    return rows;
  }, options);
  const tiles = [];
  for (let level = 0; level < source.grid.levelCount; level++) {
    tiles.push(await source.readTile(level, 0, 0));
  }
  assert.deepEqual([...asked], [0]);
  assert.match(source.info, /levels from 1 on made from level 0/);
  return tiles;
}

Deno.test("levels that are not given are those of the mip filter, floats around holes", async () => {
  const random = (i: number) => (i * 2654435761 % 2 ** 32) / 2 ** 32;
  for (const format of ["rgba8unorm", "r16unorm", "r32float"] as const) {
    const channels = format === "rgba8unorm" ? 4 : 1;
    const count = 37 * 21 * channels;
    const values = format === "rgba8unorm"
      ? Uint8Array.from({ length: count }, (_, i) => 256 * random(i))
      : format === "r16unorm"
      ? Uint16Array.from({ length: count }, (_, i) => 65536 * random(i))
      : Float32Array.from({ length: count }, (_, i) => i % 17 === 0 ? NaN : 100 * random(i));
    const size = { width: 37, height: 21 };
    const colorSpace = format === "rgba8unorm" ? "srgb" : "linear";
    const chain = buildMipChain(values, { ...size, layout: decodedLayout(format, colorSpace) });
    const tiles = await levelsOf(
      { ...size, format, tileSize: 64, border: 0, levels: 1 },
      new Uint8Array(values.buffer),
    );
    for (const [level, { width, texels }] of chain.entries()) {
      const texelBytes = texels.byteLength / (texels.length / channels);
      const bytes = new Uint8Array(texels.buffer, texels.byteOffset, width * texelBytes);
      const row = tiles[level]!.subarray(0, bytes.length);
      assert.deepEqual(row, bytes, `level ${level} of ${format}`);
    }
  }
});

Deno.test("a texture of 8-bit values is sRGB, others are linear, unless said otherwise", async () => {
  const open = async (options: Partial<RegionSourceOptions>) => {
    const { format, colorSpace } = await openRegionSource(placesIn, { ...OPTIONS, ...options });
    return [format, colorSpace];
  };
  assert.deepEqual(await open({}), ["rgba8unorm-srgb", "srgb"]);
  assert.deepEqual(await open({ colorSpace: "linear" }), ["rgba8unorm", "linear"]);
  assert.deepEqual(await open({ format: "r8unorm" }), ["r8unorm", "srgb"]);
  assert.deepEqual(await open({ format: "r32float" }), ["r32float", "linear"]);
});

Deno.test("what the function throws, and what is no region, is an error of the read", async () => {
  const thrown = new Error("out of disk");
  let answer: () => Uint8Array = () => {
    throw thrown;
  };
  const source = await openRegionSource(() => answer(), OPTIONS);
  await assert.rejects(source.readTile(0, 0, 0), thrown);
  const wrong = [new Uint8Array(8), null, [1, 2], "texels", new ArrayBuffer(4 * 20 * 20)];
  for (const value of wrong as Uint8Array[]) {
    answer = () => value;
    await assert.rejects(source.readTile(0, 0, 0), MalformedFileError);
  }
  answer = () => new Uint8Array(4 * 20 * 20);
  await source.readTile(0, 0, 0);
  source.close();
  await assert.rejects(source.readTile(0, 0, 0), DisposedError);
  await assert.rejects(
    openRegionSource(() => answer(), { ...OPTIONS, levels: 1 }),
    MalformedFileError,
  );
});

Deno.test("a read in the middle of a frame calls the function after it, unless it was withdrawn", async () => {
  let calls = 0;
  const source = await openRegionSource((region) => {
    calls++;
    return placesIn(region);
  }, OPTIONS);
  const abort = new AbortController();
  const reads = [source.readTile(0, 0, 0), source.readTile(0, 1, 0, { signal: abort.signal })];
  assert.equal(calls, 0);
  abort.abort(new Error("withdrawn"));
  const [read, withdrawn] = await Promise.allSettled(reads);
  assert.equal(read!.status, "fulfilled");
  assert.equal((withdrawn as PromiseRejectedResult).reason.message, "withdrawn");
  assert.equal(calls, 1);
});

Deno.test("levels that would take too much memory are refused before anything is read", async () => {
  const options = { ...OPTIONS, width: 2 ** 16, height: 2 ** 16, levels: 1 };
  const none = () => assert.fail("nothing is read") as never;
  await assert.rejects(openRegionSource(none, options), UnsupportedError);
});
