import assert from "node:assert/strict";
import { MalformedFileError, OutOfRangeError, UnsupportedError } from "../../../src/errors.ts";
import {
  eightBitTexels,
  openPicture,
  type PictureChoiceOptions,
  readPicture,
  readPictureInfo,
} from "../../../src/sources/mod.ts";
import { EditedTiff } from "./edited_tiff.ts";
import { type MadeRaster, madeRaster, type Samples } from "./made_raster.ts";

const WIDTH = 37;
const HEIGHT = 21;
const TEXELS = WIDTH * HEIGHT;

/** A file that GDAL wrote. */
const LERC =
  "SUkqAAgAAAANAAABAwABAAAACAAAAAEBAwABAAAACAAAAAIBAwABAAAAIAAAAAMBAwABAAAAR4gAAAYBAwABAAAAAQ" +
  "AAABEBBAABAAAAJAEAABUBAwABAAAAAQAAABYBAwABAAAACAAAABcBBAABAAAATwEAABwBAwABAAAAAQAAAFMBAwAB" +
  "AAAAAwAAAICkAgByAAAAsgAAAPLFBAACAAAAqgAAAAAAAAAEAAAAAAAAADxHREFMTWV0YWRhdGE+CiAgPEl0ZW0gbm" +
  "FtZT0iQ09NUFJFU1NJT05fUkVWRVJTSUJJTElUWSIgZG9tYWluPSJJTUFHRV9TVFJVQ1RVUkUiPkxPU1NMRVNTPC9J" +
  "dGVtPgo8L0dEQUxNZXRhZGF0YT4KAExlcmMyIAQAAACi4DExCAAAAAgAAAABAAAAQAAAAAgAAABPAQAABgAAAAAAAA" +
  "AAAAAAAAAAAAAAAAAAAAAAAAAlQAAAAAAAAAAAAAAoQQEAAAAAAACAPwAAAEAAAEBAAACAQAAAoEAAAMBAAADgQAAA" +
  "AD8AAMA/AAAgQAAAYEAAAJBAAACwQAAA0EAAAPBAAACAPwAAAEAAAEBAAACAQAAAoEAAAMBAAADgQAAAAEEAAMA/AA" +
  "AgQAAAYEAAAJBAAACwQAAA0EAAAPBAAAAIQQAAAEAAAEBAAACAQAAAoEAAAMBAAADgQAAAAEEAABBBAAAgQAAAYEAA" +
  "AJBAAACwQAAA0EAAAPBAAAAIQQAAGEEAAEBAAACAQAAAoEAAAMBAAADgQAAAAEEAABBBAAAgQQAAYEAAAJBAAACwQA" +
  "AA0EAAAPBAAAAIQQAAGEEAAChB";

const KINDS = [
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
] as const;

/** Samples that use the range of their type, and fractions of floats. */
function samplesOf(Kind: (typeof KINDS)[number], bands: number): Samples {
  const isFloat = Kind === Float32Array || Kind === Float64Array;
  const numbers = Array.from({ length: TEXELS * bands }, (_, i) => {
    return isFloat ? Math.sin(i) * 1e4 : Math.imul(i + 1, 0x9e3779b1);
  });
  return new (Kind as new (numbers: number[]) => Samples)(numbers);
}

async function read(file: Uint8Array, choice: PictureChoiceOptions = {}) {
  const picture = await openPicture(file, choice);
  try {
    const rows = await picture.readRows(0, picture.height);
    const { format, width, height } = picture;
    const values = format.endsWith("float")
      ? new Float32Array(rows.buffer)
      : format.endsWith("16unorm")
      ? new Uint16Array(rows.buffer)
      : rows;
    return { format, width, height, values };
  } finally {
    await picture.close();
  }
}

/** Channels as the texture holds them: three become four, with alpha of 1. */
function withAlphaOfOne(samples: Samples, bands: number, one: number): number[] {
  const texels = samples.length / bands;
  return Array.from({ length: texels }, (_, texel) => {
    const values = [...samples.subarray(texel * bands, (texel + 1) * bands)];
    return bands === 3 ? [...values, one] : values;
  }).flat();
}

Deno.test("every type of sample is read exactly, however the file is laid out", async () => {
  const layouts: readonly Partial<MadeRaster>[] = [
    {},
    { isBigEndian: true, tile: 16, compression: "deflate" },
    { compression: "zstd", isSeparate: true },
    { isBigEndian: true, isSeparate: true, tile: 16 },
  ];
  for (const Kind of KINDS) {
    for (const bands of [1, 2, 3]) {
      const samples = samplesOf(Kind, bands);
      const size = samples.BYTES_PER_ELEMENT;
      const isUnsigned = Kind === Uint8Array || Kind === Uint16Array;
      const channels = { 1: "r", 2: "rg", 3: "rgba" }[bands];
      const wanted = `${channels}${isUnsigned ? `${8 * size}unorm` : "32float"}`;
      const one = !isUnsigned ? 1 : size === 1 ? 255 : 65535;
      for (const layout of layouts) {
        const file = madeRaster({ samples, width: WIDTH, height: HEIGHT, bands, ...layout });
        const { format, values } = await read(file);
        assert.equal(format, wanted, Kind.name);
        const floats = isUnsigned ? samples : Float32Array.from(samples);
        const texels = withAlphaOfOne(floats, bands, one);
        assert.deepEqual([...values], texels, `${Kind.name}, ${JSON.stringify(layout)}`);
      }
    }
  }
});

Deno.test("negative control: the texels of another byte order are found to be others", async () => {
  const samples = samplesOf(Int16Array, 1);
  const file = madeRaster({ samples, width: WIDTH, height: HEIGHT, isBigEndian: true });
  // The strips are turned round, and the directory is not.
  const swapped = file.slice();
  for (let at = 8; at < 8 + 2 * TEXELS; at += 2) swapped.subarray(at, at + 2).reverse();
  const { values } = await read(swapped);
  assert.notDeepEqual([...values], [...samples]);
});

Deno.test("differences of integers and packed samples are read", async () => {
  for (const Kind of [Uint8Array, Uint16Array, Int32Array]) {
    const samples = samplesOf(Kind, 2);
    for (const isBigEndian of [false, true]) {
      // The writer takes differences before it turns numbers round.
      const made = { samples, width: WIDTH, height: HEIGHT, bands: 2, predicts: true };
      const { values } = await read(madeRaster({ ...made, isBigEndian, compression: "zstd" }));
      assert.deepEqual([...values], [
        ...Kind === Int32Array ? Float32Array.from(samples) : samples,
      ]);
    }
  }
  for (const bits of [1, 2, 4, 12]) {
    const most = 2 ** bits - 1;
    const samples = Uint16Array.from({ length: TEXELS }, (_, i) => Math.imul(i, 0x9e37) & most);
    const { format, values } = await read(
      madeRaster({ samples, width: WIDTH, height: HEIGHT, bits }),
    );
    const one = bits === 12 ? 65535 : 255;
    assert.equal(format, bits === 12 ? "r16unorm" : "r8unorm");
    assert.deepEqual([...values], Array.from(samples, (value) => Math.round(value * one / most)));
  }
});

Deno.test("bands are chosen and ordered, from 1, and extra samples say what is alpha", async () => {
  const samples = samplesOf(Uint8Array, 4);
  const made = { samples, width: WIDTH, height: HEIGHT, bands: 4 };
  const pick = (bands: readonly number[], isOpaque: boolean) =>
    Array.from({ length: TEXELS }, (_, texel) => [
      ...bands.map((band) => samples[4 * texel + band - 1]!),
      ...isOpaque ? [255] : [],
    ]).flat();
  const infrared = madeRaster({ ...made, extra: [0] });
  const cases: readonly [readonly number[] | undefined, string, number[]][] = [
    [undefined, "rgba8unorm", pick([1, 2, 3], true)],
    [[3, 2, 1], "rgba8unorm", pick([3, 2, 1], true)],
    [[4, 1, 2], "rgba8unorm", pick([4, 1, 2], true)],
    [[4], "r8unorm", pick([4], false)],
    [[4, 4], "rg8unorm", pick([4, 4], false)],
    [[1, 2, 3, 4], "rgba8unorm", pick([1, 2, 3, 4], false)],
  ];
  for (const [bands, format, texels] of cases) {
    const got = await read(infrared, bands === undefined ? {} : { bands });
    assert.equal(got.format, format);
    assert.deepEqual([...got.values], texels, `${bands}`);
  }
  const withoutTag = await read(madeRaster(made));
  assert.deepEqual([...withoutTag.values], pick([1, 2, 3], true));
  const straight = await read(madeRaster({ ...made, extra: [2] }));
  assert.deepEqual([...straight.values], pick([1, 2, 3, 4], false));
  const turned = await read(madeRaster({ ...made, extra: [2] }), { bands: [3, 2, 1] });
  assert.deepEqual([...turned.values], pick([3, 2, 1, 4], false));
});

Deno.test("colours that are multiplied by alpha are divided by it", async () => {
  const samples = Uint8Array.of(50, 100, 20, 128, 0, 0, 0, 0, 10, 20, 30, 255);
  const file = madeRaster({ samples, width: 3, height: 1, bands: 4, extra: [1] });
  const { values } = await read(file);
  assert.deepEqual([...values], [100, 199, 40, 128, 0, 0, 0, 0, 10, 20, 30, 255]);
});

Deno.test("texels without data are holes: NaN in floats, transparent in colours of 8 bits", async () => {
  const size = { width: 4, height: 1 };
  const grey = { samples: Int16Array.of(7, -9, 3, -9), ...size, noData: "-9" };
  assert.deepEqual([...(await read(madeRaster(grey))).values], [7, NaN, 3, NaN]);
  const bytes = { samples: Uint8Array.of(255, 0, 51, 0), ...size, noData: "0" };
  const shares = await read(madeRaster(bytes));
  assert.equal(shares.format, "r32float");
  assert.deepEqual([...shares.values], [1, NaN, Math.fround(0.2), NaN]);
  const colors = Uint8Array.of(0, 0, 0, 0, 9, 0, 1, 2, 3, 0, 0, 0);
  const rgb = await read(madeRaster({ samples: colors, ...size, bands: 3, noData: "0" }));
  // A black of which one band is data is data.
  assert.deepEqual([...rgb.values], [0, 0, 0, 0, 0, 9, 0, 255, 1, 2, 3, 255, 0, 0, 0, 0]);
  const floats = Float32Array.of(1, NaN, 2, 3, 4, 5);
  const two = await read(madeRaster({ samples: floats, width: 3, height: 1, bands: 2 }));
  assert.deepEqual([...two.values], [NaN, NaN, 2, 3, 4, 5]);
  const narrow = { samples: Float32Array.of(0.1, 2, -1e30, 4), ...size, noData: "-1e30" };
  assert.deepEqual([...(await read(madeRaster(narrow))).values], [
    Math.fround(0.1),
    2,
    NaN,
    4,
  ]);
});

Deno.test("a mask inside the file makes holes", async () => {
  const mask = Uint8Array.from({ length: TEXELS }, (_, i) => i % 3 === 0 ? 0 : 1);
  const samples = samplesOf(Uint8Array, 3);
  const made = { samples, width: WIDTH, height: HEIGHT, bands: 3, mask };
  for (const layout of [{}, { tile: 16, compression: "deflate" } as const]) {
    const { values } = await read(madeRaster({ ...made, ...layout }));
    const wanted = withAlphaOfOne(samples, 3, 255).map((value, i) =>
      mask[i >> 2] === 0 ? 0 : value
    );
    assert.deepEqual([...values], wanted);
  }
  const deep = samplesOf(Uint16Array, 1);
  const grey = await read(madeRaster({ samples: deep, width: WIDTH, height: HEIGHT, mask }));
  assert.equal(grey.format, "r32float");
  assert.deepEqual(
    [...grey.values],
    Array.from(deep, (value, i) => mask[i] === 0 ? NaN : Math.fround(value / 65535)),
  );
});

Deno.test("tiles that are left out are holes where there is a value for no data, else 0", async () => {
  const samples = samplesOf(Int16Array, 1);
  const made = { samples, width: WIDTH, height: HEIGHT, tile: 16, leftOut: [1] };
  for (const noData of [undefined, "5"]) {
    const { values } = await read(
      madeRaster({ ...made, ...noData === undefined ? {} : { noData } }),
    );
    const wanted = Array.from(samples, (value, i) => {
      const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
      const isLeftOut = x >= 16 && x < 32 && y < 16;
      return isLeftOut ? (noData === undefined ? 0 : NaN) : value;
    });
    assert.deepEqual([...values], wanted);
  }
});

Deno.test("pages are chosen, and of a thumbnail the picture is taken", async () => {
  const page = (width: number, height: number, value: number, kind = 0): MadeRaster => ({
    samples: new Uint8Array(width * height).fill(value),
    width,
    height,
    kind,
  });
  const firstOf = async (file: Uint8Array, choice: PictureChoiceOptions = {}) => {
    const { width, values } = await read(file, choice);
    return [width, values[0]];
  };
  const two = madeRaster(page(8, 8, 1), page(6, 9, 2));
  assert.deepEqual(await firstOf(two), [8, 1]);
  assert.deepEqual(await firstOf(two, { page: 1 }), [6, 2]);
  assert.deepEqual((await readPictureInfo(two, { page: 1 })).notes, ["page 1 of 2"]);
  const flagged = madeRaster(page(4, 4, 1, 1), page(16, 16, 2));
  assert.deepEqual(await firstOf(flagged), [16, 2]);
  assert.equal((await readPictureInfo(flagged)).pages, 1);
  const small = madeRaster(page(4, 3, 1), page(16, 12, 2), page(4, 3, 3, 1));
  assert.deepEqual(await firstOf(small), [16, 2]);
  assert.deepEqual(await firstOf(small, { page: 0 }), [4, 1]);
  assert.equal((await readPictureInfo(small)).pages, 2);
  await assert.rejects(() => openPicture(two, { page: 2 }), (error) => {
    assert.ok(error instanceof OutOfRangeError);
    assert.match(error.message, /page must be an integer from 0 to 1: current value is 2$/);
    return true;
  });
});

Deno.test("a directory that follows itself, or does not lie in the file, is malformed", async () => {
  const file = madeRaster({ samples: new Uint8Array(64), width: 8, height: 8 });
  const view = new DataView(file.buffer);
  const directory = view.getUint32(4, true);
  const next = directory + 2 + 12 * view.getUint16(directory, true);
  for (const place of [directory, file.length - 3]) {
    view.setUint32(next, place, true);
    await assert.rejects(() => readPictureInfo(file), MalformedFileError);
  }
});

Deno.test("palettes, white that is zero and turned rows give their texels", async () => {
  const palette = [...[0, 65535, 257, 0], ...[0, 0, 257 * 9, 65535], ...[65535, 0, 257 * 5, 0]];
  const entries = Uint8Array.of(0, 1, 2, 3, 2, 1);
  const made = { samples: entries, width: 3, height: 2, bits: 2, photometric: 3, palette };
  const colors = [[0, 0, 255, 255], [255, 0, 0, 255], [1, 9, 5, 255], [0, 255, 0, 255]];
  assert.deepEqual(
    [...(await read(madeRaster(made))).values],
    [...entries].flatMap((entry) => colors[entry]!),
  );
  const white = { samples: Uint8Array.of(0, 255, 10, 20), width: 2, height: 2, photometric: 0 };
  assert.deepEqual([...(await read(madeRaster(white))).values], [255, 0, 245, 235]);
  const turned = { samples: Int16Array.of(1, 2, 3, 4, 5, 6), width: 3, height: 2, orientation: 6 };
  const { width, height, values } = await read(madeRaster(turned));
  assert.deepEqual([width, height, ...values], [2, 3, 4, 1, 5, 2, 6, 3]);
});

Deno.test("LERC data is read, and damaged is malformed", async () => {
  // 8 × 8 floats x + y / 2, as GDAL's encoder wrote them.
  const file = Uint8Array.from(atob(LERC), (letter) => letter.charCodeAt(0));
  const { format, values } = await read(file);
  assert.equal(format, "r32float");
  assert.deepEqual([...values], Array.from({ length: 64 }, (_, i) => i % 8 + (i >> 3) / 2));
  const start = String.fromCharCode(...file).indexOf("Lerc2");
  for (const at of [start, start + 20, start + 60]) {
    const bytes = file.slice();
    bytes[at]! ^= 0x55;
    await assert.rejects(() => openPicture(bytes), MalformedFileError, `byte ${at}`);
  }
});

Deno.test("choices that no picture has, and wrong ones, are refused", async () => {
  const file = madeRaster({ samples: new Uint8Array(64 * 3), width: 8, height: 8, bands: 3 });
  const wrong: readonly [Record<string, unknown>, RegExp][] = [
    [{ bands: [1, 4] }, /bands must be integers from 1 to 3: current value is 1, 4$/],
    [{ bands: [] }, /bands must name 1 to 4 bands: it names 0$/],
    [{ bands: [1, 2, 3, 1, 2] }, /it names 5$/],
    [{ bands: [0] }, /bands must be integers from 1 to 65535/],
    [{ bands: [1.5] }, /bands must be integers from 1 to 65535/],
    [{ bands: "321" }, /bands must be an array of integers/],
    [{ bands: ["1"] }, /bands must be an array of integers/],
    [{ page: -1 }, /page must be an integer from 0/],
    [{ page: "0" }, /page must be/],
    [{ page: 1 }, /page must be 0, the only page: current value is 1$/],
  ];
  for (const [choice, message] of wrong) {
    for (const call of [readPictureInfo, openPicture]) {
      await assert.rejects(() => call(file, choice as PictureChoiceOptions), message);
    }
  }
});

Deno.test("samples and planes that are not read are refused by name", async () => {
  const made = { samples: new Uint8Array(64 * 3), width: 8, height: 8, bands: 3 };
  const odd: readonly [Uint8Array, RegExp][] = [
    [new EditedTiff(madeRaster(made)).set(262, 32845).bytes, /photometric interpretation/],
    [new EditedTiff(madeRaster(made)).set(339, 3, 1).bytes, /all its bands must be of one type/],
    [madeRaster({ ...made, bits: 5 }), /current value is uint5$/],
  ];
  for (const [file, message] of odd) {
    await assert.rejects(() => readPictureInfo(file), (error) => {
      assert.ok(error instanceof UnsupportedError, `${error}`);
      assert.match(error.message, message);
      return true;
    });
  }
});
Deno.test("values become colours of 8 bits where they are shares, and holes are transparent", async () => {
  const size = { width: 2, height: 1 };
  const check = () => {};
  const colors = async (raster: MadeRaster) =>
    eightBitTexels(await readPicture(madeRaster(raster), { check, colorSpace: "linear" }));
  const deep = { samples: Uint16Array.of(257, 514, 65535, 0, 257 * 9, 3), ...size, bands: 3 };
  assert.deepEqual([...(await colors(deep))!], [1, 2, 255, 255, 0, 9, 0, 255]);
  const grey = { samples: Uint8Array.of(7, 200), ...size, noData: "200" };
  assert.deepEqual([...(await colors(grey))!], [7, 7, 7, 255, 0, 0, 0, 0]);
  const two = { samples: Uint8Array.of(7, 9, 8, 6), ...size, bands: 2 };
  assert.deepEqual([...(await colors(two))!], [7, 9, 0, 255, 8, 6, 0, 255]);
  assert.equal(await colors({ samples: Int16Array.of(1, 2), ...size }), null);
});

Deno.test("a value for no data that small floats cannot hold is the nearest that they can", async () => {
  const noData = { width: 2, height: 1, noData: "-9999" };
  const file = new EditedTiff(madeRaster({ samples: Uint16Array.of(0xf0e2, 0x4500), ...noData }));
  const { values } = await read(file.set(339, 3).bytes);
  // -10000 and 5.
  assert.deepEqual([...values], [NaN, 5]);
});
