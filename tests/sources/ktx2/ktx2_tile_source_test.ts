import assert from "node:assert/strict";
import fc from "fast-check";
import { OutOfRangeError, SourceReadError, UnsupportedError } from "../../../src/errors.ts";
import { ktx2TileSource, memorySource, readKtx2 } from "../../../src/sources/mod.ts";
import type { Ktx2TileSourceOptions } from "../../../src/sources/mod.ts";
import type { TexelFormat } from "../../../src/texels/mod.ts";
import { CLAMPED, type WrapMode, type WrapModes } from "../../../src/tiles/mod.ts";
import {
  FORMAT_ROWS,
  type FormatRow,
  type Ktx2Parts,
  levelLength,
  makeKtx2,
  noise,
  noiseLevels,
} from "./make_ktx2.ts";

async function open(parts: Ktx2Parts, options: Ktx2TileSourceOptions) {
  const bytes = memorySource(makeKtx2(parts), "test.ktx2");
  return ktx2TileSource(bytes, await readKtx2(bytes), options);
}

/** The block at a place of an axis. */
function inside(at: number, count: number, mode: WrapMode): number {
  return mode === "clamp" ? Math.min(count - 1, Math.max(0, at)) : ((at % count) + count) % count;
}

/** The tile cut out of a whole level block by block. */
function cut(
  level: Uint8Array,
  row: FormatRow,
  at: {
    width: number;
    height: number;
    x: number;
    y: number;
    tileSize: number;
    border: number;
    wrap?: WrapModes;
  },
): Uint8Array {
  const [wrapU, wrapV] = at.wrap ?? CLAMPED;
  const columns = Math.ceil(at.width / row.blockEdge);
  const rows = Math.ceil(at.height / row.blockEdge);
  const edge = (at.tileSize + 2 * at.border) / row.blockEdge;
  const out = new Uint8Array(edge * edge * row.blockBytes);
  for (let j = 0; j < edge; j++) {
    for (let i = 0; i < edge; i++) {
      const column = (at.x * at.tileSize - at.border) / row.blockEdge + i;
      const line = (at.y * at.tileSize - at.border) / row.blockEdge + j;
      const number = inside(line, rows, wrapV) * columns + inside(column, columns, wrapU);
      const block = level.subarray(number * row.blockBytes, (number + 1) * row.blockBytes);
      out.set(block, (j * edge + i) * row.blockBytes);
    }
  }
  return out;
}

const formats = Object.keys(FORMAT_ROWS) as TexelFormat[];

/** Any picture with any tiling of it. */
const pictures = fc.record({
  format: fc.constantFrom(...formats),
  width: fc.integer({ min: 1, max: 70 }),
  height: fc.integer({ min: 1, max: 70 }),
  levelShare: fc.double({ min: 0, max: 1, noNaN: true }),
  tileBlocks: fc.integer({ min: 1, max: 5 }),
  borderBlocks: fc.integer({ min: 0, max: 2 }),
  maxGapBytes: fc.constantFrom(0, 17, 1 << 20),
  wrap: fc.tuple(fc.constantFrom("clamp", "repeat"), fc.constantFrom("clamp", "repeat")),
});

Deno.test("a tile equals its region of the whole picture, edges or all of it repeated", async () => {
  await fc.assert(
    fc.asyncProperty(pictures, async (picture) => {
      const { width, height, format, wrap } = picture;
      const row = FORMAT_ROWS[format]!;
      const full = 32 - Math.clz32(Math.max(width, height));
      const count = 1 + Math.floor(picture.levelShare * (full - 1));
      const levels = noiseLevels(row, picture, count);
      const tileSize = picture.tileBlocks * row.blockEdge;
      const border = picture.borderBlocks * row.blockEdge;
      const source = await open({ row, width, height, levels }, {
        tileSize,
        border,
        wrap,
        coalescing: { maxGapBytes: picture.maxGapBytes, maxReadBytes: 4096 },
      });
      // Where blocks reach beyond an edge, none can follow.
      const isWhole = ({ width, height }: { width: number; height: number }) =>
        [width, height].every((size, axis) => wrap[axis] === "clamp" || size % row.blockEdge === 0);
      const partial = source.grid.levels.findIndex((level) => !isWhole(level));
      const present = partial === -1 ? count : Math.min(partial, count);
      assert.equal(source.presentLevels, present);
      if (present < count) {
        await assert.rejects(() => source.readTile(present, 0, 0), UnsupportedError);
      }
      assert.equal(source.format, format);
      await Promise.all(
        source.grid.levels.slice(0, present).flatMap((grid) =>
          Array.from({ length: grid.tilesX * grid.tilesY }, async (_, index) => {
            const x = index % grid.tilesX;
            const y = Math.floor(index / grid.tilesX);
            const tile = await source.readTile(grid.level, x, y);
            const size = { width: grid.width, height: grid.height };
            const wanted = cut(levels[grid.level]!.stored, row, {
              ...size,
              x,
              y,
              tileSize,
              border,
              wrap,
            });
            assert.deepEqual(tile, wanted);
          })
        ),
      );
      const { bytesRead, bytesUsed } = source.counters;
      assert.ok((bytesUsed > 0) === (present > 0) && bytesUsed <= bytesRead);
      source.close();
    }),
    { numRuns: 60 },
  );
});

Deno.test("negative control: a tile that is off by one block is noticed", () => {
  const row = FORMAT_ROWS["bc7-rgba-unorm"]!;
  const level = noise(levelLength(row, 64, 64), 1);
  const at = { width: 64, height: 64, x: 1, y: 1, tileSize: 16, border: 4 };
  assert.notDeepEqual(cut(level, row, at), cut(level, row, { ...at, border: 0, tileSize: 24 }));
  const atEdge = { ...at, x: 3 };
  assert.notDeepEqual(
    cut(level, row, atEdge),
    cut(level, row, { ...atEdge, wrap: ["repeat", "clamp"] }),
  );
});

Deno.test("16-bit grey comes as floats when asked for", async () => {
  const row = FORMAT_ROWS["r16unorm"]!;
  const values = Uint16Array.of(0, 1, 32768, 65535);
  const source = await open(
    { row, width: 2, height: 2, levels: [{ stored: new Uint8Array(values.buffer) }] },
    { tileSize: 2, border: 0, format: "r32float" },
  );
  assert.equal(source.format, "r32float");
  const tile = new Float32Array((await source.readTile(0, 0, 0)).buffer);
  assert.deepEqual(tile, Float32Array.from(values, (value) => value / 65535));
});

Deno.test("tiles of one row that are asked for together share their reads; counters are exact", async () => {
  const row = FORMAT_ROWS["bc7-rgba-unorm"]!;
  const size = { width: 256, height: 64 };
  const rowBytes = 64 * 16;
  const parts = { row, ...size, levels: noiseLevels(row, size, 1) };
  const options = { tileSize: 32, border: 4, coalescing: { maxGapBytes: 0 } };
  const together = await open(parts, options);
  // Tiles 2 and 3 hold columns 15 to 24 and 23 to 32 of blocks: 18 different ones, 10 rows high.
  await Promise.all([together.readTile(0, 2, 1), together.readTile(0, 3, 1)]);
  assert.deepEqual({ ...together.counters }, {
    rangesWanted: 18,
    reads: 9,
    bytesRead: 9 * 18 * 16,
    bytesUsed: 9 * 18 * 16,
  });
  const apart = await open(parts, options);
  await apart.readTile(0, 2, 1);
  await apart.readTile(0, 3, 1);
  assert.equal(apart.counters.bytesRead, 9 * 20 * 16);
  const band = await open(parts, { ...options, coalescing: { maxGapBytes: rowBytes } });
  await band.readTile(0, 2, 1);
  assert.deepEqual({ ...band.counters }, {
    rangesWanted: 9,
    reads: 1,
    bytesRead: 8 * rowBytes + 160,
    bytesUsed: 9 * 160,
  });
});

Deno.test("a whole row of tiles is one read where the tiles are as wide as the level", async () => {
  const row = FORMAT_ROWS["rgba8unorm"]!;
  const size = { width: 100, height: 40 };
  const source = await open({ row, ...size, levels: noiseLevels(row, size, 1) }, {
    tileSize: 20,
    border: 0,
    coalescing: { maxGapBytes: 0 },
  });
  await Promise.all([0, 1, 2, 3, 4].map((x) => source.readTile(0, x, 1)));
  assert.deepEqual({ ...source.counters }, {
    rangesWanted: 100,
    reads: 1,
    bytesRead: 8000,
    bytesUsed: 8000,
  });
});

Deno.test("padding after the data and a level count of 0 are allowed", async () => {
  const row = FORMAT_ROWS["rgba8unorm"]!;
  const levels = noiseLevels(row, { width: 5, height: 3 }, 1);
  const source = await open({
    row,
    width: 5,
    height: 3,
    levels,
    levelCount: 0,
    padding: 1 << 16,
  }, { tileSize: 8, border: 0 });
  assert.equal(source.presentLevels, 1);
  assert.equal(source.file.wantsMips, true);
  assert.equal(source.grid.levelCount, 3);
  assert.equal((await source.readTile(0, 0, 0)).length, 256);
});

Deno.test("tiles that do not exist, or of levels that the file lacks, are out of range", async () => {
  const row = FORMAT_ROWS["rgba8unorm"]!;
  const size = { width: 9, height: 9 };
  const source = await open({ row, ...size, levels: noiseLevels(row, size, 1) }, {
    tileSize: 4,
    border: 0,
  });
  for (
    const [level, x, y] of [[0, 3, 0], [0, 0, 3], [0, -1, 0], [0, 0.5, 0], [1, 0, 0], [-1, 0, 0]]
  ) {
    await assert.rejects(source.readTile(level!, x!, y!), OutOfRangeError);
  }
});

Deno.test("tile sizes and borders that are not whole blocks are refused", async () => {
  const row = FORMAT_ROWS["bc1-rgba-unorm"]!;
  const parts = { row, width: 8, height: 8, levels: noiseLevels(row, { width: 8, height: 8 }, 1) };
  for (const [tileSize, border] of [[6, 0], [8, 2], [0, 0], [8, -4], [8.5, 0]]) {
    await assert.rejects(open(parts, { tileSize: tileSize!, border: border! }), OutOfRangeError);
  }
});

Deno.test("unsupported features are named", async () => {
  const rgba = FORMAT_ROWS["rgba8unorm"]!;
  const cases: [Partial<Ktx2Parts>, string][] = [
    [{ faces: 6, levels: [{ stored: noise(256 * 6, 1) }] }, "cube map as a whole"],
    [{ layers: 3, levels: [{ stored: noise(256 * 3, 1) }] }, "2D array of 3 as a whole"],
    [{ depth: 2, levels: [{ stored: noise(512, 1) }] }, "3D texture as a whole"],
    [{
      scheme: 0x10000,
      levels: [{ stored: noise(9, 1), uncompressedLength: 256 }],
    }, "supercompression vendor scheme 0x10000"],
    [{
      row: {
        ...rgba,
        vkFormat: 0,
        model: 169,
        blockEdge: 4,
        blockBytes: 16,
        samples: [[0, 128, 0, 0, 0xffffffff]],
      },
      levels: [{ stored: noise(64, 1) }],
    }, "colour model XUASTC LDR"],
    [{ row: unsignedIntegers(rgba) }, "format R8G8B8A8_UINT"],
    [{
      width: 2 ** 21,
      height: 1,
      levels: [{ stored: new Uint8Array(2 ** 23) }],
    }, "size 2097152 × 1"],
  ];
  for (const [over, feature] of cases) {
    const parts = { row: rgba, width: 8, height: 8, levels: [{ stored: noise(256, 1) }], ...over };
    await assert.rejects(open(parts, { tileSize: 8, border: 0 }), (error) => {
      assert.ok(error instanceof UnsupportedError, String(error));
      assert.equal(error.feature, feature);
      const named = feature.replace(" as a whole", "");
      assert.ok(error.message.includes(named.split(" ").at(-1)!));
      return true;
    });
  }
});

function unsignedIntegers(row: FormatRow): FormatRow {
  const samples = row.samples.map(([offset, bits, channel]) =>
    [offset, bits, channel, 0, 1] as const
  );
  return { ...row, vkFormat: 41, samples };
}

Deno.test("a format that the texels cannot be read as is refused", async () => {
  const row = FORMAT_ROWS["r8unorm"]!;
  const parts = { row, width: 4, height: 4, levels: [{ stored: noise(16, 1) }] };
  await assert.rejects(
    open(parts, { tileSize: 4, border: 0, format: "r32float" }),
    UnsupportedError,
  );
});

Deno.test("a read that fails is that tile's error, and the next read may succeed", async () => {
  const row = FORMAT_ROWS["rgba8unorm"]!;
  const size = { width: 64, height: 64 };
  const inner = memorySource(makeKtx2({ row, ...size, levels: noiseLevels(row, size, 1) }), "a");
  const file = await readKtx2(inner);
  let failing = true;
  const source = ktx2TileSource(
    {
      name: "a",
      size: () => inner.size(),
      read: (offset, length) =>
        failing
          ? Promise.reject(new SourceReadError("a", offset, length, "Cannot read a"))
          : inner.read(offset, length),
      close: () => inner.close(),
    },
    file,
    { tileSize: 32, border: 0 },
  );
  await assert.rejects(source.readTile(0, 0, 0), SourceReadError);
  failing = false;
  assert.equal((await source.readTile(0, 0, 0)).length, 32 * 32 * 4);
});

Deno.test("a read that is cancelled rejects with the signal's reason; others go on", async () => {
  const row = FORMAT_ROWS["rgba8unorm"]!;
  const size = { width: 64, height: 64 };
  const source = await open({ row, ...size, levels: noiseLevels(row, size, 1) }, {
    tileSize: 32,
    border: 0,
  });
  const giveUp = new AbortController();
  const first = source.readTile(0, 0, 0, { signal: giveUp.signal });
  const second = source.readTile(0, 1, 0);
  const reason = new Error("not wanted any more");
  giveUp.abort(reason);
  await assert.rejects(first, reason);
  assert.equal((await second).length, 32 * 32 * 4);
});
