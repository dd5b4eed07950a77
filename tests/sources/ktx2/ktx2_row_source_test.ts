import assert from "node:assert/strict";
import { deflateSync, zstdCompressSync } from "node:zlib";
import {
  DisposedError,
  MalformedFileError,
  OutOfRangeError,
  UnsupportedError,
} from "../../../src/errors.ts";
import { ktx2RowSource, memorySource, readKtx2 } from "../../../src/sources/mod.ts";
import type { InflateOptions } from "../../../src/sources/mod.ts";
import { decodeBlocks, type TexelFormat } from "../../../src/texels/mod.ts";
import {
  FORMAT_ROWS,
  type FormatRow,
  type Ktx2Parts,
  levelLength,
  makeKtx2,
  noise,
  noiseLevels,
} from "./make_ktx2.ts";

const SIZE = { width: 21, height: 14 };

async function open(parts: Ktx2Parts, level = 0, options: InflateOptions = {}) {
  const bytes = memorySource(makeKtx2(parts), "test.ktx2");
  return ktx2RowSource(bytes, await readKtx2(bytes), { level, ...options });
}

/** Levels as they are, and with each of the schemes. */
function compressed(row: FormatRow, scheme: number): Ktx2Parts {
  const levels = noiseLevels(row, SIZE, 3).map(({ stored }) => ({
    stored: scheme === 0
      ? stored
      : new Uint8Array(scheme === 2 ? zstdCompressSync(stored) : deflateSync(stored)),
    uncompressedLength: stored.length,
  }));
  return { row, ...SIZE, levels, scheme };
}

Deno.test("rows are those of the decoded level, whatever the format, scheme and place", async () => {
  for (const [format, row] of Object.entries(FORMAT_ROWS)) {
    const blocks = noiseLevels(row, SIZE, 3)[1]!.stored;
    const whole = decodeBlocks(format as TexelFormat, blocks, 10, 7);
    const rowBytes = whole.length / 7;
    for (const scheme of [0, 2, 3]) {
      const source = await open(compressed(row, scheme), 1);
      assert.deepEqual([source.width, source.height], [10, 7]);
      assert.equal(source.colorSpace, row.srgb ? "srgb" : "linear");
      for (const [first, count] of [[0, 7], [0, 1], [3, 2], [5, 2], [6, 1]] as const) {
        const wanted = whole.slice(first * rowBytes, (first + count) * rowBytes);
        assert.deepEqual(await source.readRows(first, count), wanted, `${format} ${scheme}`);
      }
      await source.close();
    }
  }
});

Deno.test("the row format follows from the stored format", async () => {
  const formats: [TexelFormat, string][] = [
    ["r8unorm", "r8unorm"],
    ["bc4-r-unorm", "r8unorm"],
    ["r16unorm", "r16unorm"],
    ["bc5-rg-unorm", "rgba8unorm"],
    ["bc7-rgba-unorm-srgb", "rgba8unorm"],
    ["rgba8unorm-srgb", "rgba8unorm"],
  ];
  for (const [stored, decoded] of formats) {
    assert.equal((await open(compressed(FORMAT_ROWS[stored]!, 0))).format, decoded);
  }
});

Deno.test("data that does not inflate to the length that the dimensions require is malformed", async () => {
  const row = FORMAT_ROWS["rgba8unorm"]!;
  const length = levelLength(row, SIZE.width, SIZE.height);
  for (const [scheme, compress] of [[2, zstdCompressSync], [3, deflateSync]] as const) {
    for (const actual of [0, length - 1, length + 1, 256 * 1024 * 1024]) {
      const stored = new Uint8Array(compress(new Uint8Array(actual)));
      const source = await open({
        row,
        ...SIZE,
        scheme,
        levels: [{ stored, uncompressedLength: length }],
      });
      await assert.rejects(source.readRows(0, 1), MalformedFileError, `${scheme} ${actual}`);
    }
  }
});

Deno.test("data that is cut off or broken is malformed", async () => {
  const row = FORMAT_ROWS["rgba8unorm"]!;
  for (const scheme of [2, 3]) {
    const { stored, uncompressedLength } = compressed(row, scheme).levels[0]!;
    const broken = stored.slice();
    broken.fill(0xff, 0, 4);
    for (const bytes of [stored.subarray(0, stored.length / 2), broken, noise(64, 5)]) {
      const levels = [{ stored: bytes, uncompressedLength: uncompressedLength! }];
      const source = await open({ row, ...SIZE, scheme, levels });
      await assert.rejects(source.readRows(0, 1), MalformedFileError);
      // It fails the same way again, and does not hang on what failed.
      await assert.rejects(source.readRows(0, 1), MalformedFileError);
    }
  }
});

Deno.test("a level that would take too much memory is refused by its size", async () => {
  const source = await open(compressed(FORMAT_ROWS["rgba8unorm"]!, 2), 0, { maxLevelBytes: 1000 });
  await assert.rejects(source.readRows(0, 1), (error) => {
    assert.ok(error instanceof UnsupportedError);
    assert.match(error.message, /at most 1000 bytes/);
    return true;
  });
});

Deno.test("missing rows and levels are out of range", async () => {
  const parts = compressed(FORMAT_ROWS["bc1-rgba-unorm"]!, 0);
  const source = await open(parts);
  for (const [first, count] of [[-1, 1], [0, 0], [14, 1], [13, 2], [0.5, 1], [0, NaN]]) {
    await assert.rejects(source.readRows(first!, count!), OutOfRangeError);
  }
  await assert.rejects(open(parts, 3), OutOfRangeError);
  await assert.rejects(open(parts, -1), OutOfRangeError);
});

Deno.test("rows of a closed source cannot be read", async () => {
  const source = await open(compressed(FORMAT_ROWS["rgba8unorm"]!, 2));
  await source.close();
  await assert.rejects(source.readRows(0, 1), DisposedError);
});
