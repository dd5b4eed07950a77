import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import sharp, { type JpegOptions, type TiffOptions } from "sharp";
import { MalformedFileError, UnsupportedError } from "../../../src/errors.ts";
import { openPicture } from "../../../src/sources/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { EditedTiff } from "./edited_tiff.ts";
import { encoder } from "./made_pictures.ts";

const WIDTH = 96;
const HEIGHT = 80;
const TILE = 32;
const OFFSETS = { tile: 324, strip: 273 } as const;
const SIZES = { tile: 325, strip: 279 } as const;
/** Neither black nor the grey of a block without data, and noisy enough for long codes. */
const TEXELS = Uint8Array.from(
  { length: 3 * WIDTH * HEIGHT },
  (_, i) => 30 + (i * 7 + (Math.imul(i, 2654435761) >>> 27)) % 70 + 60 * (i % 3),
);

type Chunks = keyof typeof SIZES;

async function tiff(chunks: Chunks, options: TiffOptions): Promise<Uint8Array> {
  const tiles = chunks === "tile" ? { tile: true, tileWidth: TILE, tileHeight: TILE } : {};
  const whole = encoder(TEXELS, WIDTH, 3);
  const picture = options.bitdepth === 1 ? whole.toColourspace("b-w").threshold(130) : whole;
  return new Uint8Array(await picture.tiff({ ...tiles, ...options }).toBuffer());
}

/** The rows, or null if the file is refused as it must be. */
async function rowsOf(file: Uint8Array): Promise<Uint8Array | null> {
  let picture;
  try {
    picture = await openPicture(file);
  } catch (error) {
    if (error instanceof MalformedFileError) return null;
    throw error;
  }
  const rows = await picture.readRows(0, picture.height);
  await picture.close();
  return rows;
}

/** Files whose chunk has fewer bytes, down to one. */
function* cutFiles(file: Uint8Array, chunks: Chunks, index: number) {
  const whole = new EditedTiff(file).get(SIZES[chunks], index);
  for (let left = whole - 1; left > 0; left -= left > whole - 12 ? 1 : Math.ceil(whole / 40)) {
    yield { left, whole, cut: new EditedTiff(file).set(SIZES[chunks], left, index).bytes };
  }
}

const KINDS: readonly (readonly [string, TiffOptions])[] = [
  ["lzw", { compression: "lzw" }],
  ["lzw, differences", { compression: "lzw", predictor: "horizontal" }],
  ["deflate", { compression: "deflate" }],
  ["packbits", { compression: "packbits" }],
  ["webp", { compression: "webp" }],
  ["jpeg, 4:2:0", { compression: "jpeg", quality: 80 }],
  ["jpeg, 4:4:4", { compression: "jpeg", quality: 95 }],
  ["ccitt, T.6", { compression: "ccittfax4", bitdepth: 1 }],
];

for (const chunks of ["tile", "strip"] as const) {
  Deno.test(`a ${chunks} that is cut off gives its own texels or none, in every compression`, async () => {
    for (const [what, options] of KINDS) {
      const file = await tiff(chunks, options);
      const rows = await rowsOf(file);
      for (const { left, whole, cut } of cutFiles(file, chunks, chunks === "tile" ? 4 : 0)) {
        const found = await rowsOf(cut);
        if (found === null) continue;
        assert.ok(!what.startsWith("jpeg"), `${what}: ${left} of ${whole} bytes`);
        assert.deepEqual(found, rows, `${what}: ${left} of ${whole} bytes`);
      }
    }
  });
}

Deno.test("most changed bits of CCITT data are noticed, in tiles as in strips", async () => {
  const random = seededRandom(5);
  for (const chunks of ["tile", "strip"] as const) {
    const file = await tiff(chunks, { compression: "ccittfax4", bitdepth: 1 });
    const rows = await rowsOf(file);
    const start = new EditedTiff(file).get(OFFSETS[chunks]);
    const length = new EditedTiff(file).get(SIZES[chunks]);
    let accepted = 0;
    for (let round = 0; round < 100; round++) {
      const damaged = file.slice();
      damaged[start + Math.floor(random() * length)]! ^= 1 << Math.floor(random() * 8);
      const found = await rowsOf(damaged);
      if (found !== null && Buffer.compare(found, rows!) !== 0) accepted++;
    }
    // The rest has as many rows as before, of other codes.
    assert.ok(accepted <= 25, `${chunks}: ${accepted}`);
  }
});

Deno.test("negative control: the decoder alone makes grey of a JPEG tile that is cut off", async () => {
  const file = await tiff("tile", { compression: "jpeg" });
  const { cut } = [...cutFiles(file, "tile", 4)].find(({ left, whole }) => left < 0.7 * whole)!;
  const { data } = await sharp(cut, { failOn: "warning" }).raw().toBuffer({
    resolveWithObject: true,
  });
  const at = 3 * ((TILE + TILE - 1) * WIDTH + TILE + TILE - 1);
  assert.deepEqual([...data.subarray(at, at + 3)], [128, 128, 128]);
});

/** Codes of 9 bits, as LZW begins (TIFF 6.0, section 13). */
function lzwOf(codes: readonly number[]): Uint8Array {
  const bits = codes.map((code) => code.toString(2).padStart(9, "0")).join("");
  return Uint8Array.from(bits.match(/.{1,8}/g)!, (byte) => parseInt(byte.padEnd(8, "0"), 2));
}

Deno.test("LZW data that ends before its texels, with its end code or without, is refused", async () => {
  const [clear, end] = [256, 257];
  const some = Array.from({ length: 100 }, (_, i) => 1 + i);
  const endings = { "an early end": [...some, end], "no end": some, "two codes": [7, end] };
  for (const chunks of ["tile", "strip"] as const) {
    const file = await tiff(chunks, { compression: "lzw" });
    for (const [what, codes] of Object.entries(endings)) {
      const edited = new EditedTiff(file);
      const data = lzwOf([clear, ...codes]);
      edited.bytes.set(data, edited.get(OFFSETS[chunks]));
      edited.set(SIZES[chunks], data.length);
      assert.equal(await rowsOf(edited.bytes), null, `${chunks}: ${what}`);
    }
  }
});

/** A file of one tile, whose data is a JPEG file of its own. */
async function tileOf(jpeg: Uint8Array): Promise<Uint8Array> {
  const made = await encoder(TEXELS.subarray(0, 3 * WIDTH * 64), WIDTH, 3)
    .extract({ left: 0, top: 0, width: 64, height: 64 })
    .tiff({ compression: "jpeg", tile: true, tileWidth: 64, tileHeight: 64, quality: 95 })
    .toBuffer();
  const file = new EditedTiff(made);
  // Its place is too small for other data.
  const whole = new Uint8Array(file.bytes.length + jpeg.length);
  whole.set(file.bytes);
  whole.set(jpeg, file.bytes.length);
  return new EditedTiff(whole).set(OFFSETS.tile, file.bytes.length).set(SIZES.tile, jpeg.length)
    .bytes;
}

async function jpeg(size: number, options: JpegOptions = {}, space = "srgb") {
  const made = encoder(TEXELS, WIDTH, 3).extract({ left: 0, top: 0, width: size, height: size });
  return new Uint8Array(
    await made.toColourspace(space).jpeg({ chromaSubsampling: "4:4:4", ...options }).toBuffer(),
  );
}

Deno.test("a JPEG tile must have the size, components, restarts and end of its place", async () => {
  const whole = await jpeg(64);
  assert.notEqual(await rowsOf(await tileOf(whole)), null);
  const end = whole.subarray(0, whole.length - 2);
  const cases: Readonly<Record<string, Uint8Array>> = {
    "smaller": await jpeg(32),
    "larger": await jpeg(72),
    "of one component": await jpeg(64, {}, "b-w"),
    "without end": end,
    "without texels": Uint8Array.of(0xff, 0xd8, 0xff, 0xd9),
    "of two frames": Uint8Array.from([...end, ...whole.subarray(2)]),
  };
  for (const [what, data] of Object.entries(cases)) {
    assert.equal(await rowsOf(await tileOf(data)), null, what);
  }
  const progressive = await tileOf(await jpeg(64, { progressive: true }));
  await assert.rejects(() => openPicture(progressive), (error) => {
    assert.ok(error instanceof UnsupportedError);
    assert.match(error.message, /must be baseline or extended.*process 2/);
    return true;
  });
});
