import assert from "node:assert/strict";
import { constants, deflateSync, zstdCompressSync } from "node:zlib";
import { bakeKtx2, type BakeKtx2Options, isBakeFormat } from "../../src/bake/mod.ts";
import { MalformedFileError, UnsupportedError } from "../../src/errors.ts";
import {
  decodedFormat,
  ktx2TileSource,
  MemorySink,
  memorySource,
  openTileStore,
  readKtx2,
  type TileSource,
} from "../../src/sources/mod.ts";
import type { TexelFormat } from "../../src/texels/mod.ts";
import {
  FORMAT_ROWS,
  type Ktx2Parts,
  levelLength,
  makeKtx2,
  noise,
  noiseLevels,
} from "../sources/ktx2/make_ktx2.ts";
import { BLOCK_FORMATS } from "../sources/ktx2/vulkan_formats.ts";

const SCHEMES = { none: 0, Zstandard: 2, ZLIB: 3 };

/** The same file with its levels supercompressed. */
function packed(parts: Ktx2Parts, scheme: number): Uint8Array {
  if (scheme === 0) return makeKtx2(parts);
  const params = { [constants.ZSTD_c_checksumFlag]: 1 };
  const pack = (bytes: Uint8Array) =>
    scheme === 2 ? zstdCompressSync(bytes, { params }) : deflateSync(bytes);
  const levels = parts.levels.map(({ stored }) => ({
    stored: new Uint8Array(pack(stored)),
    uncompressedLength: stored.length,
  }));
  return makeKtx2({ ...parts, levels, scheme });
}

async function baked(file: Uint8Array, options: Omit<BakeKtx2Options, "output" | "identity">) {
  const sink = new MemorySink("made.pmtiles");
  const bytes = memorySource(file, "a.ktx2");
  await bakeKtx2(null, bytes, { ...options, output: sink, identity: { name: "a.ktx2" } });
  assert.ok((await bytes.read(0, 1)).length === 1, "the bytes stay open");
  return await openTileStore(memorySource(sink.bytes!, "made.pmtiles"));
}

async function direct(file: Uint8Array, tiles: Parameters<typeof ktx2TileSource>[2]) {
  const bytes = memorySource(file);
  return ktx2TileSource(bytes, await readKtx2(bytes), tiles);
}

/** The tiles of some levels, as text, so that they are compared fast. */
async function tilesOf(source: TileSource, first: number, end: number): Promise<string[]> {
  const tiles: string[] = [];
  for (const { level, tilesX, tilesY } of source.grid.levels.slice(first, end)) {
    for (let y = 0; y < tilesY; y++) {
      for (let x = 0; x < tilesX; x++) {
        const bytes = await source.readTile(level, x, y);
        tiles.push(`${level} ${x} ${y} ${btoa(String.fromCharCode(...bytes))}`);
      }
    }
  }
  return tiles;
}

const SIZES = [{ width: 37, height: 22 }, { width: 3, height: 21 }];

Deno.test("the tiles of supercompressed levels are those of the same file without, bit for bit", async () => {
  for (const [format, row] of Object.entries(FORMAT_ROWS)) {
    for (const [i, size] of SIZES.entries()) {
      const count = Math.floor(Math.log2(Math.max(size.width, size.height))) + 1;
      const parts = { row, ...size, levels: noiseLevels(row, size, count) };
      const shape = { tileSize: 16, border: i === 1 ? 8 : 4 };
      const wanted = await tilesOf(await direct(makeKtx2(parts), shape), 0, count);
      for (const scheme of Object.values(SCHEMES)) {
        const store = await baked(packed(parts, scheme), {
          ...shape,
          format: format as TexelFormat,
        });
        assert.equal(store.format, format);
        assert.deepEqual(await tilesOf(store, 0, count), wanted, `${format} ${scheme}`);
      }
    }
  }
});

Deno.test("levels of formats that nothing is encoded to are kept, or made without compression", async () => {
  const size = { width: 37, height: 22 };
  for (const { name, row, format } of BLOCK_FORMATS) {
    const edge = row.blockEdge;
    const levels = Array.from({ length: 6 }, (_, level) => {
      const [width, height] = [Math.max(1, 37 >> level), Math.max(1, 22 >> level)];
      const blocks = Math.ceil(width / edge) * Math.ceil(height / edge);
      return { stored: noise(blocks * row.blockBytes, level) };
    });
    const parts = { row, ...size, levels };
    const shape = { tileSize: 16, border: 8 };
    const wanted = await tilesOf(await direct(makeKtx2(parts), shape), 0, 6);
    // With the format's name, as loads do, and without.
    for (const choice of [{ format }, {}]) {
      const bake = { ...shape, ...choice, keepsOpaqueBlocks: true };
      const store = await baked(packed(parts, 2), bake);
      assert.equal(store.format, format);
      assert.deepEqual(await tilesOf(store, 0, 6), wanted, name);
    }
    if (isBakeFormat(format)) continue;
    const partial = packed({ ...parts, levels: levels.slice(0, 2) }, 2);
    if (name.startsWith("ASTC")) {
      await assert.rejects(baked(partial, shape), UnsupportedError);
    } else {
      const store = await baked(partial, shape);
      assert.equal(store.format, decodedFormat(format), name);
      assert.match(store.info, /levels 0 and on baked to/);
    }
  }
});

Deno.test("tiles of a texture that repeats hold the other side, as those of the same file without", async () => {
  const row = FORMAT_ROWS["rgba8unorm"]!;
  const [size] = SIZES;
  const parts = { row, ...size!, levels: noiseLevels(row, size!, 6) };
  const shape = { tileSize: 16, border: 4, wrap: ["repeat", "clamp"] } as const;
  const wanted = await tilesOf(await direct(makeKtx2(parts), shape), 0, 6);
  const store = await baked(packed(parts, SCHEMES.Zstandard), shape);
  assert.deepEqual(store.wrap, shape.wrap);
  assert.deepEqual(await tilesOf(store, 0, 6), wanted);
  const { wrap: _, ...clamped } = shape;
  const others = await tilesOf(await baked(packed(parts, SCHEMES.Zstandard), clamped), 0, 6);
  assert.notDeepEqual(others, wanted, "negative control");
});

Deno.test("the comparison notices one bit", async () => {
  const row = FORMAT_ROWS["bc1-rgba-unorm"]!;
  const parts = {
    row,
    width: 16,
    height: 16,
    levels: noiseLevels(row, { width: 16, height: 16 }, 5),
  };
  const shape = { tileSize: 16, border: 4 };
  const wanted = await tilesOf(await direct(makeKtx2(parts), shape), 0, 5);
  const levels = parts.levels.map(({ stored }, level) => {
    const changed = stored.slice();
    if (level === 1) changed[5]! ^= 1;
    return { stored: changed };
  });
  const store = await baked(packed({ ...parts, levels }, 2), {
    ...shape,
    format: "bc1-rgba-unorm",
  });
  assert.notDeepEqual(await tilesOf(store, 0, 5), wanted);
});

Deno.test("levels that a supercompressed file lacks are made as those of one without", async () => {
  for (const format of ["rgba8unorm-srgb", "r8unorm", "r16unorm"] as const) {
    const row = FORMAT_ROWS[format]!;
    const size = { width: 40, height: 30 };
    const parts = { row, ...size, levels: noiseLevels(row, size, 2) };
    const shape = { tileSize: 16, border: 4, format };
    const all = await baked(packed(parts, 2), shape);
    const coarse = await baked(makeKtx2(parts), { ...shape, firstLevel: 2 });
    assert.deepEqual(await tilesOf(all, 2, 6), await tilesOf(coarse, 2, 6));
    assert.deepEqual(
      await tilesOf(all, 0, 2),
      await tilesOf(await direct(makeKtx2(parts), shape), 0, 2),
    );
    assert.match(all.info, /Zstandard, levels 2 and on baked to /);
  }
});

Deno.test("one image of several is baked, and the mips of a slice are made of it alone", async () => {
  const row = FORMAT_ROWS["r8unorm"]!;
  const size = { width: 20, height: 12 };
  const slices = [1, 2, 3].map((seed) => noise(levelLength(row, 20, 12), seed));
  const whole = Uint8Array.from(slices.flatMap((slice) => [...slice]));
  const parts = {
    row,
    ...size,
    depth: 3,
    levels: [{ stored: whole }, { stored: noise(levelLength(row, 10, 6), 9) }],
  };
  const shape = { tileSize: 8, border: 4, format: "r8unorm" as const };
  const alone = await baked(makeKtx2({ row, ...size, levels: [{ stored: slices[1]! }] }), shape);
  for (const scheme of Object.values(SCHEMES)) {
    const store = await baked(packed(parts, scheme), { ...shape, slice: 1 });
    assert.deepEqual(await tilesOf(store, 0, 5), await tilesOf(alone, 0, 5));
    assert.match(store.info, /slice 1 of 3/);
    const other = await baked(packed(parts, scheme), { ...shape, slice: 2 });
    assert.notDeepEqual(await tilesOf(other, 1, 5), await tilesOf(alone, 1, 5));
  }
});

Deno.test("16-bit grey is stored as floats without loss where that is asked for", async () => {
  const row = FORMAT_ROWS["r16unorm"]!;
  const size = { width: 18, height: 9 };
  const parts = { row, ...size, levels: noiseLevels(row, size, 5) };
  const shape = { tileSize: 16, border: 4, format: "r32float" as const };
  const store = await baked(packed(parts, 3), shape);
  assert.deepEqual(
    await tilesOf(store, 0, 5),
    await tilesOf(await direct(makeKtx2(parts), shape), 0, 5),
  );
  assert.match(store.info, /stored as r32float \(4 instead of 2 bytes a texel\)$/);
});

Deno.test("borders that cut blocks, and other formats, are made of decoded texels", async () => {
  const row = FORMAT_ROWS["bc4-r-unorm"]!;
  const size = { width: 32, height: 32 };
  const parts = { row, ...size, levels: noiseLevels(row, size, 6) };
  const grey = await baked(packed(parts, 2), { tileSize: 16, border: 2, format: "r8unorm" });
  assert.equal(grey.format, "r8unorm");
  assert.match(grey.info, /baked to r8unorm \(1 instead of 0.5 bytes a texel\)$/);
  const cut = baked(packed(parts, 2), { tileSize: 16, border: 2, format: "bc4-r-unorm" });
  await assert.rejects(cut, { name: "UnsupportedError", message: /without a device to encode on/ });
});

Deno.test("without a format a store has the file's, and names of formats keep its colour space", async () => {
  const row = FORMAT_ROWS["rgba8unorm-srgb"]!;
  const size = { width: 20, height: 20 };
  const file = packed({ row, ...size, levels: noiseLevels(row, size, 2) }, 2);
  const shape = { tileSize: 16, border: 4 };
  const own = await baked(file, shape);
  assert.equal(own.format, "rgba8unorm-srgb");
  for (const format of ["RGBA8", "rgba8unorm-srgb"]) {
    const named = await baked(file, { ...shape, format });
    assert.deepEqual(await tilesOf(named, 0, 5), await tilesOf(own, 0, 5));
  }
  await assert.rejects(baked(file, { ...shape, format: "bc9" }), { name: "OutOfRangeError" });
  await assert.rejects(baked(file, { ...shape, format: "bc4" }), { name: "UnsupportedError" });
});

Deno.test("blocks without alpha are stored only for who knows that they are opaque", async () => {
  const row = { ...FORMAT_ROWS["bc1-rgba-unorm"]!, vkFormat: 131 };
  const rgb = { ...row, samples: [[0, 64, 0, 0, 0xffffffff]] as const };
  const size = { width: 16, height: 16 };
  const file = packed({ row: rgb, ...size, levels: noiseLevels(rgb, size, 5) }, 2);
  const shape = { tileSize: 16, border: 4, format: "bc1-rgba-unorm" };
  const kept = await baked(file, { ...shape, keepsOpaqueBlocks: true });
  assert.equal(kept.format, "bc1-rgba-unorm");
  // Nothing encodes here.
  await assert.rejects(baked(file, shape), { name: "UnsupportedError" });
  const plain = await baked(file, { ...shape, format: "rgba8" });
  const tile = await plain.readTile(0, 0, 0);
  assert.ok(tile.every((value, at) => at % 4 < 3 || value === 255));
});

Deno.test("what is damaged is a MalformedFileError, and nothing is written", async () => {
  const row = FORMAT_ROWS["bc7-rgba-unorm"]!;
  const size = { width: 32, height: 32 };
  const parts = { row, ...size, levels: noiseLevels(row, size, 6) };
  for (const scheme of [2, 3]) {
    const file = packed(parts, scheme);
    file[file.length - 3]! ^= 0x40;
    const sink = new MemorySink("made.pmtiles");
    const baking = bakeKtx2(null, memorySource(file, "a.ktx2"), {
      output: sink,
      identity: { name: "a" },
      tileSize: 16,
      format: "bc7-rgba-unorm",
    });
    await assert.rejects(
      baking,
      (error) => error instanceof MalformedFileError && /level 0 of a\.ktx2/.test(error.message),
    );
    assert.equal(sink.bytes, null);
  }
  const layers = makeKtx2({ ...parts, layers: 2, levels: [{ stored: noise(2 * 1024, 1) }] });
  const options = { tileSize: 16, border: 4, format: "bc7-rgba-unorm" as const };
  await assert.rejects(baked(layers, options), UnsupportedError);
});
