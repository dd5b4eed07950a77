import assert from "node:assert/strict";
import { UnsupportedError } from "../../../src/errors.ts";
import { openPicture, type PictureChoiceOptions } from "../../../src/sources/mod.ts";
import { EditedTiff } from "./edited_tiff.ts";
import { type MadeRaster, madeRaster } from "./made_raster.ts";

/** 16 × 16 texels of grey and alpha, as GDAL wrote them with JPEG: 16 x and 255 - 16 y. */
const GREY_ALPHA_JPEG =
  "SUkqAAgAAAANAAABAwABAAAAEAAAAAEBAwABAAAAEAAAAAIBAwACAAAACAAIAAMBAwABAAAABwAAAAYBAwABAAAAAQAAABEB" +
  "BAABAAAA8wAAABUBAwABAAAAAgAAABYBAwABAAAAEAAAABcBBAABAAAAegAAABwBAwABAAAAAQAAAFIBAwABAAAAAgAAAFMB" +
  "AwACAAAAAQABAFsBBwBJAAAAqgAAAAAAAAD/2P/bAEMAAgEBAQEBAgEBAQICAgICBAMCAgICBQQEAwQGBQYGBgUGBgYHCQgG" +
  "BwkHBgYICwgJCgoKCgoGCAsMCwoMCQoKCv/Z/9j/wAAOCAAQABACABEAAREA/8QAFgABAQEAAAAAAAAAAAAAAAAACgAJ/8QA" +
  "GhAAAQUBAAAAAAAAAAAAAAAAAAkZRGWCo//aAAoCAAABAAA/AM3024GTRxyS/wCogBNuBknJL/qH/TbgZD/uSX/UQAm3AyTk" +
  "l/1P/9k=";

const SIZE = 16;
const YCBCR = 6;
const CIELAB = 8;
const SUBSAMPLING_TAG = 530;
const COMPRESSION_TAG = 259;

async function read(file: Uint8Array, choice: PictureChoiceOptions = {}) {
  const picture = await openPicture(file, choice);
  try {
    return { format: picture.format, texels: await picture.readRows(0, picture.height) };
  } finally {
    await picture.close();
  }
}

/** The largest difference of texels from colours. */
function worst(texels: Uint8Array, colorOf: (x: number, y: number) => readonly number[]): number {
  let most = 0;
  for (let i = 0; i < SIZE * SIZE; i++) {
    const color = colorOf(i % SIZE, Math.floor(i / SIZE));
    color.forEach((value, channel) => {
      most = Math.max(most, Math.abs(texels[4 * i + channel]! - value));
    });
  }
  return most;
}

function colorAt(x: number, y: number): readonly [number, number, number] {
  return [40 + 12 * x, 200 - 9 * y, 60 + 5 * x + 4 * y];
}

/** CCIR 601-1, of 8 bits. */
function ycbcrOf([red, green, blue]: readonly [number, number, number]): number[] {
  const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
  return [luma, 128 + (blue - luma) / 1.772, 128 + (red - luma) / 1.402].map(Math.round);
}

function texelsOf<Value>(make: (x: number, y: number) => readonly Value[]): Value[] {
  return Array.from({ length: SIZE * SIZE }, (_, i) => make(i % SIZE, Math.floor(i / SIZE))).flat();
}

Deno.test("luma and chroma become colours, whatever they are compressed by and however they lie", async () => {
  const samples = Uint8Array.from(texelsOf((x, y) => ycbcrOf(colorAt(x, y))));
  const made = { samples, width: SIZE, height: SIZE, bands: 3, photometric: YCBCR };
  const layouts: readonly Partial<MadeRaster>[] = [
    {},
    { compression: "deflate", predicts: true },
    { compression: "zstd", isSeparate: true },
    { tile: 16, isBigEndian: true },
  ];
  for (const layout of layouts) {
    const { format, texels } = await read(madeRaster({ ...made, subsampling: [1, 1], ...layout }));
    assert.equal(format, "rgba8unorm");
    assert.ok(worst(texels, (x, y) => [...colorAt(x, y), 255]) <= 2, JSON.stringify(layout));
  }
  // As red, green and blue they are other colours.
  const plain = await read(madeRaster({ ...made, photometric: 2 }));
  assert.ok(worst(plain.texels, colorAt) > 50);
});

Deno.test("chroma of fewer samples is spread over its texels, and in packed bytes refused by name", async () => {
  for (const [across, down] of [[2, 2], [2, 1], [4, 2]] as const) {
    const shared = (x: number, y: number) => colorAt(x - x % across, y - y % down);
    const units: number[] = [];
    for (let top = 0; top < SIZE; top += down) {
      for (let left = 0; left < SIZE; left += across) {
        for (let i = 0; i < across * down; i++) {
          units.push(ycbcrOf(shared(left, top))[0]!);
        }
        units.push(...ycbcrOf(shared(left, top)).slice(1));
      }
    }
    // Strips of 8 rows, whose ends are not used.
    const stripBytes = units.length / 2;
    const samples = new Uint8Array(3 * SIZE * SIZE);
    samples.set(units.slice(0, stripBytes));
    samples.set(units.slice(stripBytes), samples.length / 2);
    const made = { samples, width: SIZE, height: SIZE, bands: 3, photometric: YCBCR };
    const file = madeRaster({ ...made, subsampling: [across, down] });
    const { texels } = await read(file);
    assert.ok(worst(texels, (x, y) => [...shared(x, y), 255]) <= 2, `${across}, ${down}`);
    const packed = new EditedTiff(file).set(COMPRESSION_TAG, 32773).bytes;
    await assert.rejects(() => read(packed), UnsupportedError);
    const odd = new EditedTiff(file).set(SUBSAMPLING_TAG, 3).bytes;
    await read(odd).catch((error) => assert.equal(error.name, "MalformedFileError"));
  }
});

Deno.test("CIELAB of 8 and of 16 bits gives the same colours", async () => {
  const lab = (x: number, y: number) => [130 + 5 * x, (3 * y - 20) & 255, (40 - 4 * x) & 255];
  const made = { width: SIZE, height: SIZE, bands: 3, photometric: CIELAB };
  const narrow = await read(madeRaster({ ...made, samples: Uint8Array.from(texelsOf(lab)) }));
  const wide = await read(madeRaster({
    ...made,
    samples: Uint16Array.from(texelsOf(lab), (value, i) => i % 3 === 0 ? 257 * value : 256 * value),
  }));
  const most = worst(
    narrow.texels,
    (x, y) => [...wide.texels.subarray(4 * (SIZE * y + x))].slice(0, 4),
  );
  assert.ok(most <= 1, `${most}`);
  // L* of 100 is white, of 0 black.
  for (const [lightness, value] of [[255, 255], [0, 0]] as const) {
    const samples = Uint8Array.from(texelsOf(() => [lightness, 0, 0]));
    const { texels } = await read(madeRaster({ ...made, samples }));
    assert.ok(worst(texels, () => [value, value, value, 255]) <= 1);
  }
});

Deno.test("JPEG data of grey and alpha keeps both", async () => {
  const file = Uint8Array.from(atob(GREY_ALPHA_JPEG), (letter) => letter.charCodeAt(0));
  const { format, texels } = await read(file);
  assert.equal(format, "rgba8unorm");
  assert.ok(worst(texels, (x, y) => [16 * x, 16 * x, 16 * x, 255 - 16 * y]) <= 4);
});

Deno.test("alpha that is chosen several times is so many channels", async () => {
  const samples = Uint8Array.from(texelsOf((x, y) => [x, y, x + y, 9 * x + y]));
  const made = { samples, width: SIZE, height: SIZE, bands: 4, extra: [2] };
  const { format, texels } = await read(madeRaster(made), { bands: [4, 1, 4] });
  assert.equal(format, "rgba8unorm");
  assert.equal(worst(texels, (x, y) => [9 * x + y, x, 9 * x + y, 255]), 0);
});
