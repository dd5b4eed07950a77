import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import sharp, { type TiffOptions } from "sharp";
import { MalformedFileError, UnsupportedError } from "../../../src/errors.ts";
import { memorySource, openPicture, readPictureInfo } from "../../../src/sources/mod.ts";
import { InflatingChunk } from "../../../src/sources/picture/tiff/codecs/inflate_chunk.ts";
import { EditedTiff } from "./edited_tiff.ts";
import { encoder, gradient, withAlpha } from "./made_pictures.ts";
import { makeTiff } from "./made_tiff.ts";

const WIDTH = 100;
const HEIGHT = 70;
const TILE = 32;
const TEXELS = gradient(WIDTH, HEIGHT, 3);
const COMPRESSION_TAG = 259;

const LOSSLESS = ["none", "lzw", "deflate", "packbits"] as const;

async function tiff(
  compression: (typeof LOSSLESS)[number] | "jpeg" | "webp",
  options: TiffOptions = {},
): Promise<EditedTiff> {
  const made = encoder(TEXELS, WIDTH, 3).tiff({
    compression,
    tile: true,
    tileWidth: TILE,
    tileHeight: TILE,
    ...options,
  });
  return new EditedTiff(await made.toBuffer());
}

async function rowsOf(file: Uint8Array): Promise<Uint8Array> {
  const picture = await openPicture(file);
  try {
    return await picture.readRows(0, picture.height);
  } finally {
    await picture.close();
  }
}

/** The texels of which some are replaced. */
function replaced(isReplaced: (x: number, y: number) => boolean, texel: readonly number[]) {
  const rows = withAlpha(TEXELS);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) if (isReplaced(x, y)) rows.set(texel, 4 * (y * WIDTH + x));
  }
  return rows;
}

Deno.test("TIFF of every compression that is claimed gives its texels", async () => {
  for (const compression of LOSSLESS) {
    for (const tile of [false, true]) {
      const { bytes } = await tiff(compression, { tile, predictor: "horizontal" });
      assert.deepEqual(await rowsOf(bytes), withAlpha(TEXELS), `${compression}, tiles: ${tile}`);
    }
  }
  const big = await encoder(TEXELS, WIDTH, 3).tiff({ compression: "lzw", bigtiff: true })
    .toBuffer();
  assert.deepEqual(await rowsOf(new Uint8Array(big)), withAlpha(TEXELS));
  for (const compression of ["jpeg", "webp"] as const) {
    const rows = await rowsOf((await tiff(compression, { quality: 100 })).bytes);
    let difference = 0;
    withAlpha(TEXELS).forEach((value, i) => difference += Math.abs(value - rows[i]!));
    assert.ok(difference / rows.length < 12, `${compression}: ${difference / rows.length}`);
  }
  const grey = encoder(gradient(64, 64, 1).map((value) => value & 64 ? 255 : 0), 64, 1);
  const fax = await grey.tiff({ compression: "ccittfax4", bitdepth: 1 }).toBuffer();
  assert.deepEqual(
    await rowsOf(new Uint8Array(fax)),
    gradient(64, 64, 1).map((value) => value & 64 ? 255 : 0),
  );
});

Deno.test("TIFF of the other CCITT compressions, and of Deflate's old number, gives its texels", async () => {
  // Rows of 32 white and 32 black texels (ITU-T T.4, tables 2 and 3): 00011011 000001101010; for
  // compression 3 behind an end of line, 000000000001. White is 0, and black is zero here.
  const rows = new Map([[2, [0x1b, 0x06, 0xa0]], [3, [0x00, 0x11, 0xb0, 0x6a]]]);
  const height = 9;
  const wanted = Uint8Array.from({ length: 64 * height }, (_, i) => i % 64 < 32 ? 0 : 255);
  for (const [compression, row] of rows) {
    const data = Uint8Array.from(new Array(height).fill(row).flat());
    const options = { width: 64, bits: 1, sampleFormat: "unsigned", compression, height } as const;
    assert.deepEqual(await rowsOf(makeTiff(data, options)), wanted, `compression ${compression}`);
  }
  const old = (await tiff("deflate")).set(COMPRESSION_TAG, 32946);
  assert.deepEqual(await rowsOf(old.bytes), withAlpha(TEXELS));
});

Deno.test("a compression without a decoder is refused by its name", async () => {
  const names: readonly [number, RegExp][] = [
    [6, /old-style JPEG \(6\)/],
    [34712, /JPEG 2000 \(34712\)/],
    [34925, /LZMA \(34925\)/],
    [50002, /JPEG XL \(50002\)/],
    [12345, /current value is 12345$/],
  ];
  for (const [compression, name] of names) {
    const { bytes } = (await tiff("deflate")).set(COMPRESSION_TAG, compression);
    for (const read of [readPictureInfo, openPicture]) {
      await assert.rejects(() => read(bytes), (error) => {
        assert.ok(error instanceof UnsupportedError);
        assert.match(error.message, name);
        return true;
      });
    }
  }
});

Deno.test("negative control: the decoder alone gives black for what it cannot decode", async () => {
  const { bytes } = (await tiff("deflate")).set(COMPRESSION_TAG, 50000);
  const rows = await sharp(bytes, { failOn: "error" }).raw().toBuffer();
  assert.ok(rows.every((value) => value === 0));
});

Deno.test("tiles that a TIFF file leaves out are black, and the others are kept", async () => {
  const isLeftOut = (x: number, y: number) => (x >= TILE && x < 2 * TILE && y < TILE) || y >= 64;
  for (const compression of LOSSLESS) {
    const file = await tiff(compression);
    file.leaveOut(1);
    for (let index = 8; index < 12; index++) file.leaveOut(index);
    assert.deepEqual(await rowsOf(file.bytes), replaced(isLeftOut, [0, 0, 0, 255]), compression);
  }
  const lossy = await tiff("jpeg");
  const whole = await rowsOf(lossy.bytes);
  const rows = await rowsOf(lossy.leaveOut(0).bytes);
  assert.deepEqual([...rows.subarray(0, 4)], [0, 0, 0, 255]);
  assert.deepEqual(rows.subarray(4 * TILE, 8 * TILE), whole.subarray(4 * TILE, 8 * TILE));
});

Deno.test("strips may be left out, all of a file may, and with alpha they are transparent", async () => {
  const strips = await tiff("lzw", { tile: false });
  const rowsPerStrip = strips.get(278);
  assert.ok(strips.count(273) > 1);
  strips.leaveOut(0);
  assert.deepEqual(
    await rowsOf(strips.bytes),
    replaced((_, y) => y < rowsPerStrip, [0, 0, 0, 255]),
  );

  const none = await tiff("deflate");
  for (let index = 0; index < none.count(324); index++) none.leaveOut(index);
  assert.deepEqual(await rowsOf(none.bytes), replaced(() => true, [0, 0, 0, 255]));

  const made = await encoder(TEXELS, WIDTH, 3).ensureAlpha().tiff({
    compression: "deflate",
    tile: true,
    tileWidth: TILE,
    tileHeight: TILE,
  }).toBuffer();
  const transparent = new EditedTiff(made).leaveOut(0);
  assert.deepEqual([...(await rowsOf(transparent.bytes)).subarray(0, 4)], [0, 0, 0, 0]);
});

Deno.test("what is left out is a hole if the file has a value for no data, else 0", async () => {
  const kinds = [
    ["unsigned", 16, "300", Float32Array, NaN],
    ["unsigned", 16, undefined, Uint16Array, 0],
    ["float", 32, "-9", Float32Array, NaN],
    ["float", 32, "nan", Float32Array, NaN],
    ["float", 32, undefined, Float32Array, 0],
  ] as const;
  for (const [sampleFormat, bits, noData, Texels, value] of kinds) {
    const made = makeTiff(new Uint8Array(bits / 8 * 60), {
      width: 10,
      bits,
      sampleFormat,
      ...(noData === undefined ? {} : { noData }),
    });
    const rows = await rowsOf(new EditedTiff(made).leaveOut(0).bytes);
    const wanted = new Texels(new Array(60).fill(value));
    assert.deepEqual(new Texels(rows.buffer as ArrayBuffer), wanted);
  }
});

Deno.test("what is left out turns with the picture", async () => {
  for (let orientation = 1; orientation <= 8; orientation++) {
    const made = await encoder(TEXELS, WIDTH, 3).withMetadata({ orientation })
      .tiff({ compression: "deflate", tile: true, tileWidth: TILE, tileHeight: TILE }).toBuffer();
    const rows = await rowsOf(new EditedTiff(made).leaveOut(2).bytes);
    // The same, turned by the decoder after it was filled.
    const stored = replaced((x, y) => x >= 64 && x < 96 && y < 32, [0, 0, 0, 255]);
    const wanted = await sharp(stored, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
      .withMetadata({ orientation }).png().toBuffer();
    const turned = await sharp(wanted).autoOrient().raw().toBuffer();
    assert.deepEqual(rows, new Uint8Array(turned), `orientation ${orientation}`);
  }
});

Deno.test("a TIFF file that is cut off, or whose tiles lie outside, is malformed", async () => {
  const file = await tiff("lzw");
  const { bytes } = file;
  const cases: Record<string, Uint8Array> = {
    "cut in the directory": bytes.subarray(0, bytes.length - 4),
    "cut in the header": bytes.subarray(0, 6),
    "a tile behind the end": (await tiff("lzw")).set(324, bytes.length - 10, 3).bytes,
    "a tile at byte 0": (await tiff("lzw")).set(324, 0, 3).bytes,
    "a tile that is too long": (await tiff("lzw")).set(325, 65535, 11).bytes,
    "a stored tile that is too short": (await tiff("none")).set(325, 17, 3).bytes,
    "no offsets": (await tiff("lzw")).rename(324, 65000).bytes,
    "no sizes": (await tiff("lzw")).rename(325, 65000).bytes,
    "no width": (await tiff("lzw")).rename(256, 65000).bytes,
    "tiles of no width": (await tiff("lzw")).set(322, 0).bytes,
    "a tile of no bytes": (await tiff("lzw")).set(325, 0, 3).bytes,
    "a stored tile of no bytes": (await tiff("none")).set(325, 0, 3).bytes,
    "a strip of no bytes": (await tiff("lzw", { tile: false })).set(279, 0).bytes,
    "JPEG tables behind the end": (await tiff("jpeg")).move(347, bytes.length + 100_000).bytes,
    "samples of no bits": [0, 1, 2].reduce((f, i) => f.set(258, 0, i), await tiff("deflate")).bytes,
  };
  for (const [what, damaged] of Object.entries(cases)) {
    for (const read of [readPictureInfo, openPicture]) {
      await assert.rejects(() => read(damaged), (error) => {
        assert.ok(error instanceof MalformedFileError, `${what}: ${error}`);
        assert.equal(error.path, "bytes");
        return true;
      });
    }
  }
});

Deno.test("damage within the tiles of a TIFF file is refused where the format shows it", async () => {
  for (const compression of ["deflate", "lzw", "jpeg", "webp"] as const) {
    const file = await tiff(compression);
    const start = file.get(324, 5);
    file.bytes.fill(0, start, start + Math.min(40, file.get(325, 5)));
    await assert.rejects(() => openPicture(file.bytes), (error) => {
      assert.ok(error instanceof MalformedFileError, compression);
      // Users know neither the decoder nor its options.
      assert.doesNotMatch(error.message, /vips|failOn|corrupt header|read error/);
      return true;
    });
  }
  const deflate = await tiff("deflate");
  const middle = deflate.get(324, 5) + (deflate.get(325, 5) >> 1);
  for (let bit = 0; bit < 8; bit++) {
    const damaged = new Uint8Array(deflate.bytes);
    damaged[middle]! ^= 1 << bit;
    await assert.rejects(() => openPicture(damaged), MalformedFileError);
  }
});

Deno.test("negative control: the decoder alone takes damaged Deflate data for texels", async () => {
  const noise = TEXELS.map((value, i) => value ^ Math.imul(i, 2654435761) >>> 24);
  const made = await encoder(noise, WIDTH, 3).tiff({ compression: "deflate" }).toBuffer();
  const file = new EditedTiff(made);
  file.bytes.fill(0, file.get(273) + 1000, file.get(273) + 1040);
  await sharp(file.bytes, { failOn: "warning" }).raw().toBuffer();
  await assert.rejects(() => openPicture(file.bytes), /must be Deflate data/);
});

Deno.test("inflating one long strip of a TIFF file stops at the time limit", async () => {
  const [width, height] = [4000, 3000];
  const data = deflateSync(new Uint8Array(2 * width * height));
  const file = memorySource(data);
  const chunk = { index: 0, offset: 0, bytes: data.byteLength };
  const wanted = 2 * width * height;
  const inflating = { name: "bytes", what: "its strip 0", wanted, most: 2 * wanted };
  let looks = 0;
  const checkTime = () => {
    if (++looks === 3) throw new Error("enough");
  };
  const rows = await InflatingChunk.open(file, chunk, { inflating, checkTime });
  await assert.rejects(() => rows.take(wanted), /enough/);
  assert.equal(looks, 3);
  await rows.close();
  const whole = await InflatingChunk.open(file, chunk, { inflating, checkTime: () => looks++ });
  const first = await whole.take(4000);
  assert.equal(first.byteLength, 4000);
  await whole.take(wanted - 4000);
  assert.ok(looks > 100);
});

Deno.test("samples that no texel format can hold are refused by their kind", async () => {
  const odd = new EditedTiff(makeTiff(new Uint8Array(200), {
    width: 10,
    bits: 16,
    sampleFormat: "float",
  })).set(258, 8);
  await assert.rejects(() => readPictureInfo(odd.bytes), /current value is float8/);
  const complex = new EditedTiff(makeTiff(new Uint8Array(200), {
    width: 10,
    bits: 16,
    sampleFormat: "float",
  })).set(339, 5);
  await assert.rejects(() => readPictureInfo(complex.bytes), /current value is complex16/);
});
