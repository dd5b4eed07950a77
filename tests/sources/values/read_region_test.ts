import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { InvalidArgumentError, MalformedFileError, OutOfRangeError } from "../../../src/errors.ts";
import {
  decodedTileSource,
  measuredRanges,
  proceduralTileSource,
  readValues,
  type TexelRect,
} from "../../../src/sources/mod.ts";
import { decodeBlocks } from "../../../src/texels/mod.ts";
import { randomBytes, seededRandom } from "../../helpers/random.ts";
import { valueSource } from "../../streaming/value_source.ts";

const SIZE = { width: 300, height: 200 };
const valueOf = (x: number, y: number, band = 0, level = 0) =>
  1e5 * level + 1000 * y + 3 * x + 0.5 * band;

Deno.test("regions have the values of their texels, through tiles, at every level", async () => {
  const random = seededRandom(4);
  for (const [format, bands] of [["r32float", 1], ["rg32float", 2], ["rgba32float", 4]] as const) {
    const source = valueSource(valueOf, { ...SIZE, format });
    for (let i = 0; i < 12; i++) {
      const level = i % source.grid.levelCount;
      const size = source.grid.level(level);
      const x = Math.floor(random() * size.width);
      const y = Math.floor(random() * size.height);
      const width = 1 + Math.floor(random() * (size.width - x));
      const height = 1 + Math.floor(random() * (size.height - y));
      const region = await readValues(source, [x, y, width, height], { level });
      deepEqual([region.width, region.height, region.bands], [width, height, bands]);
      const wanted = region.data.map((_, at) => {
        const texel = Math.floor(at / bands);
        const [column, row] = [texel % width, Math.floor(texel / width)];
        return valueOf(x + column, y + row, at % bands, level);
      });
      deepEqual(region.data, wanted);
    }
  }
});

Deno.test("columns and rows are counted from the picture's upper left, however they are stored", async () => {
  for (const orientation of ["rd", "ru", "ld", "lu"] as const) {
    const source = valueSource(valueOf, {
      ...SIZE,
      format: "rg32float",
      appearance: { orientation },
    });
    const level = 1;
    const { width: of, height: rows } = source.grid.level(level);
    const region = await readValues(source, [60, 30, 20, 40], { level });
    const wanted = region.data.map((_, at) => {
      const [x, y] = [60 + (at >> 1) % 20, 30 + Math.floor((at >> 1) / 20)];
      const column = orientation[0] === "l" ? of - 1 - x : x;
      const row = orientation[1] === "u" ? rows - 1 - y : y;
      return valueOf(column, row, at % 2, level);
    });
    deepEqual(region.data, wanted, orientation);
  }
});

Deno.test("each tile is read once, and a few at a time", async () => {
  const source = valueSource(valueOf, SIZE);
  let [reads, now, most] = [0, 0, 0];
  const counted = {
    ...source,
    async readTile(level: number, x: number, y: number) {
      reads++;
      most = Math.max(most, ++now);
      await Promise.resolve();
      now--;
      return await source.readTile(level, x, y);
    },
  };
  await readValues(counted, [63, 0, 130, 200]);
  equal(reads, 4 * 4);
  ok(most <= 4, `${most} at a time`);
});

Deno.test("integers are given as the file has them, also where they are kept as floats", async () => {
  const stored = proceduralTileSource((_level, column, row, out, at) => {
    const value = 65535 - 211 * column - row;
    out[at] = value & 255;
    out[at + 1] = value >> 8;
  }, { ...SIZE, tileSize: 64, border: 4, format: "r16unorm" });
  const rect: TexelRect = [10, 20, 200, 100];
  const integers = await readValues(stored, rect);
  ok(integers.data instanceof Uint16Array);
  equal(integers.data[0], 65535 - 211 * 10 - 20);
  // What a device without 16-bit formats is given.
  const floats = decodedTileSource(stored);
  equal(floats.format, "r32float");
  deepEqual((await readValues(floats, rect)).data, integers.data);
  const isScaled = { ...SIZE, valueScale: 255 };
  const bytes = valueSource((x) => (x % 256) / 255, isScaled);
  deepEqual((await readValues(bytes, [100, 0, 3, 1])).data, Uint8Array.of(100, 101, 102));
});

Deno.test("compressed texels are decoded, and sRGB stays as it is stored", async () => {
  const blocks = randomBytes(8 * 25 * 25, 3);
  const format = "bc1-rgba-unorm-srgb" as const;
  const source = proceduralTileSource((level, column, row, out, at) => {
    if (level === 0) {
      out.set(blocks.subarray(8 * (row * 25 + column), 8 * (row * 25 + column + 1)), at);
    }
  }, { width: 100, height: 100, tileSize: 64, border: 4, format });
  const { data, bands } = await readValues(source, [0, 0, 100, 100]);
  equal(bands, 4);
  deepEqual(data, decodeBlocks(format, blocks, 100, 100));
});

Deno.test("NaN stays NaN, and ranges leave it out", async () => {
  const source = valueSource((x, _y, _band, level) => x === 1 ? NaN : x - level, {
    width: 101,
    height: 1,
  });
  const { data } = await readValues(source, [0, 0, 3, 1]);
  ok(data[0] === 0 && Number.isNaN(data[1]) && data[2] === 2);
  deepEqual(await measuredRanges(source, [0, 100]), [[0, 100]]);
  // 100 values: 0 and 2 to 100. The smallest that at least so many percent are no larger than.
  deepEqual(await measuredRanges(source, [2, 98]), [[2, 98]]);
  const nothing = valueSource(() => NaN, { width: 8, height: 8 });
  deepEqual(await measuredRanges(nothing, [2, 98]), [[0, 1]]);
  const wide = valueSource((_x, _y, _band, level) => level, { width: 3000, height: 1000 });
  deepEqual(await measuredRanges(wide, [0, 100]), [[1, 1]], "measured on the first small level");
});

Deno.test("regions that cannot be are typed errors", async () => {
  const source = valueSource(valueOf, SIZE);
  const kinds: readonly (readonly [unknown, unknown, new (...args: never[]) => Error])[] = [
    [[300, 0, 1, 1], {}, OutOfRangeError],
    [[0, -1, 1, 1], {}, OutOfRangeError],
    [[0, 0, 301, 1], {}, OutOfRangeError],
    [[299, 0, 2, 1], {}, OutOfRangeError],
    [[0, 0, 1, 0], {}, OutOfRangeError],
    [[0.5, 0, 1, 1], {}, OutOfRangeError],
    [[0, 0, 1, NaN], {}, OutOfRangeError],
    [[150, 0, 1, 1], { level: 1 }, OutOfRangeError],
    [[0, 0, 1, 1], { level: 9 }, OutOfRangeError],
    [[0, 0, 1, 1], { level: "0" }, InvalidArgumentError],
    [[0, 0, 1, 1], { levels: 0 }, InvalidArgumentError],
    [[0, 0, 1], {}, InvalidArgumentError],
    ["region", {}, InvalidArgumentError],
    [null, {}, InvalidArgumentError],
  ];
  for (const [rect, options, kind] of kinds) {
    const reading = readValues(source, rect as TexelRect, options as { level: number });
    await rejects(reading, kind, JSON.stringify([rect, options]));
  }
  const huge = valueSource(valueOf, { width: 2 ** 18, height: 2 ** 18 });
  await rejects(readValues(huge, [0, 0, 2 ** 18, 2 ** 18]), OutOfRangeError);
  const short = { ...source, readTile: () => Promise.resolve(new Uint8Array(5)) };
  await rejects(readValues(short, [0, 0, 1, 1]), MalformedFileError);
  const signal = AbortSignal.abort(new Error("enough"));
  await rejects(readValues(source, [0, 0, 1, 1], { signal }), /enough/);
});
