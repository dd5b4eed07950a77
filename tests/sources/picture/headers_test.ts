import assert from "node:assert/strict";
import sharp, { type Sharp } from "sharp";
import { MalformedFileError, UnsupportedError } from "../../../src/errors.ts";
import { openPicture, readPictureInfo } from "../../../src/sources/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { encoder, gradient } from "./made_pictures.ts";

const WIDTH = 37;
const HEIGHT = 23;

/** Pictures of every kind, by what they are. */
async function everyKind(): Promise<Map<string, Uint8Array>> {
  const rgb = encoder(gradient(WIDTH, HEIGHT, 3), WIDTH, 3);
  const grey = encoder(gradient(WIDTH, HEIGHT, 1), WIDTH, 1);
  const rgba = rgb.clone().ensureAlpha(0.5);
  const greyAlpha = encoder(gradient(WIDTH, HEIGHT, 2), WIDTH, 2);
  const deep = sharp(Uint16Array.from({ length: WIDTH * HEIGHT }, (_, i) => i * 70), {
    raw: { width: WIDTH, height: HEIGHT, channels: 1 },
  }).toColourspace("grey16");
  const made: Record<string, Sharp> = {
    "png rgb": rgb.clone().png(),
    "png rgba": rgba.clone().png(),
    "png grey": grey.clone().png(),
    "png grey alpha": greyAlpha.clone().png(),
    "png 16": deep.clone().png(),
    "png rgb 16": rgb.clone().toColourspace("rgb16").png(),
    "png palette": rgb.clone().png({ palette: true }),
    "png palette alpha": rgba.clone().png({ palette: true }),
    "png interlaced": rgb.clone().png({ progressive: true }),
    "jpeg": rgb.clone().jpeg(),
    "jpeg grey": grey.clone().jpeg(),
    "jpeg progressive": rgb.clone().jpeg({ progressive: true }),
    "jpeg cmyk": rgb.clone().toColourspace("cmyk").jpeg(),
    "webp": rgb.clone().webp(),
    "webp lossless": rgb.clone().webp({ lossless: true }),
    "webp alpha": rgba.clone().webp(),
    "webp lossless alpha": rgba.clone().webp({ lossless: true }),
    "tiff": rgb.clone().tiff(),
    "tiff alpha": rgba.clone().tiff({ compression: "lzw" }),
    "tiff grey": grey.clone().tiff({ compression: "deflate" }),
    "tiff grey alpha": greyAlpha.clone().tiff({ compression: "deflate" }),
    "tiff 16": deep.clone().tiff({ compression: "deflate" }),
    "tiff rgb 16": rgb.clone().toColourspace("rgb16").tiff({ compression: "lzw" }),
    "tiff bits": grey.clone().tiff({ bitdepth: 1, compression: "none" }),
    "tiff white": grey.clone().tiff({ miniswhite: true, compression: "none" }),
    "tiff cmyk": rgb.clone().toColourspace("cmyk").tiff({ compression: "lzw" }),
    "tiff big": rgb.clone().tiff({ bigtiff: true, compression: "lzw" }),
    "tiff tiles": rgb.clone().tiff({ tile: true, tileWidth: 16, tileHeight: 16 }),
  };
  const files = new Map<string, Uint8Array>();
  for (const [kind, pipeline] of Object.entries(made)) {
    files.set(kind, new Uint8Array(await pipeline.clone().toBuffer()));
    for (const orientation of [3, 6]) {
      const turned = await pipeline.clone().withMetadata({ orientation }).toBuffer();
      files.set(`${kind}, orientation ${orientation}`, new Uint8Array(turned));
    }
  }
  return files;
}

Deno.test("headers say what the decoder says", async () => {
  for (const [kind, file] of await everyKind()) {
    const info = await readPictureInfo(file);
    const wanted = await sharp(file).metadata();
    const isColor = wanted.channels! > 1 || !["b-w", "grey16"].includes(wanted.space!);
    // The decoder gives 8-bit colours; TIFF files are not left to it.
    const depth = wanted.depth === "uchar" || (isColor && !kind.startsWith("tiff")) ? 8 : 16;
    const format = `${isColor ? "rgba" : "r"}${depth}unorm`;
    assert.deepEqual(
      [info.container, info.width, info.height, info.hasAlpha, info.format],
      [
        kind.split(/[ ,]/)[0],
        wanted.autoOrient.width,
        wanted.autoOrient.height,
        wanted.hasAlpha,
        format,
      ],
      kind,
    );
    await (await openPicture(file)).close();
  }
});

Deno.test("headers that are damaged give typed errors, in time and memory for their files", async () => {
  const random = seededRandom(6);
  const upTo = (most: number) => Math.floor(random() * most);
  for (const [kind, file] of await everyKind()) {
    for (let round = 0; round < 40; round++) {
      const damaged = new Uint8Array(
        file.subarray(0, round % 4 === 0 ? upTo(file.length) : undefined),
      );
      for (let edits = 1 + upTo(4); edits > 0; edits--) {
        // Headers are at the beginning, TIFF directories at the end.
        const at = upTo(2) === 0 ? upTo(Math.min(100, damaged.length)) : upTo(damaged.length);
        damaged[at] = [0, 0xff, upTo(256), (damaged[at] ?? 0) ^ 1 << upTo(8)][upTo(4)]!;
      }
      const startMs = performance.now();
      await readPictureInfo(damaged).catch((error) => {
        const isTyped = error instanceof MalformedFileError || error instanceof UnsupportedError;
        assert.ok(isTyped, `${kind}, round ${round}: ${error}`);
      });
      assert.ok(performance.now() - startMs < 2000, kind);
    }
  }
});

Deno.test("kinds that are not read are named, quickly", async () => {
  const files: Record<string, string> = {
    HEIC: "\0\0\0\x1cftypheic\0\0\0\0mif1heic",
    HEIF: "\0\0\0\x1cftypmif1\0\0\0\0mif1heic",
    "JPEG 2000": "\0\0\0\x0cjP  \r\n\x87\n",
    "JPEG XL": "\xff\x0a\x12",
    PSD: "8BPS\0\x01",
    ICO: "\0\0\x01\0\x01\0",
    CUR: "\0\0\x02\0\x01\0",
    TGA: "\0\0\x02\0\0\0\0\0\0\0\0\0S\0=\0\x18\0",
    SGI: "\x01\xda\0\x01\0\x03",
    ICNS: "icns\0\x04",
    "a NumPy array": "\x93NUMPY\x01\0",
    PNM: "P6\n2 2\n255\n",
    QOI: "qoif\0\0",
    OpenEXR: "\x76\x2f\x31\x01\x02",
    "Radiance HDR": "#?RADIANCE\n",
    PDF: "%PDF-1.7",
    SVG: `<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>`,
    NetCDF: "CDF\x02\0\0",
    "HDF5 or NetCDF": "\x89HDF\r\n\x1a\n",
    "a video": "\0\0\0\x1cftypisom",
    glTF: "glTF\x02\0\0\0",
  };
  for (const [kind, start] of Object.entries(files)) {
    const bytes = Uint8Array.from(start.padEnd(200, " "), (letter) => letter.charCodeAt(0));
    const startMs = performance.now();
    await assert.rejects(() => openPicture(bytes), (error) => {
      assert.ok(error instanceof UnsupportedError);
      assert.match(
        error.message,
        new RegExp(`must be PNG, .* or BMP: it is ${kind}. To load it, \\w+`),
      );
      return true;
    });
    assert.ok(performance.now() - startMs < 200, kind);
  }
  for (const start of ["RIFF\0\0\0\0ABCD", "\x89PNG....", "II*", "\xff\xd8", "\0\0"]) {
    const bytes = Uint8Array.from(start, (letter) => letter.charCodeAt(0));
    await assert.rejects(() => openPicture(bytes), MalformedFileError);
  }
});

Deno.test("headers of millions of parts are refused before they are gone through", async () => {
  const LENGTH = 8_000_000;
  const empty = (start: readonly number[]) => {
    const file = new Uint8Array(LENGTH);
    file.set(start);
    return file;
  };
  const markers = new Uint8Array(LENGTH).map((_, i) => i % 2 === 0 ? 0xff : 0xd8);
  const png = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13];
  const header = [...new TextEncoder().encode("IHDR"), 0, 0, 0, 9, 0, 0, 0, 9, 8, 2, 0, 0, 0];
  const gif = [...new TextEncoder().encode("GIF89a"), 9, 0, 9, 0, 0, 0, 0];
  const repeated = (start: readonly number[], part: readonly number[]) =>
    new Uint8Array(LENGTH).map((_, i) => start[i] ?? part[(i - start.length) % part.length]!);
  const files = [
    markers,
    empty([0xff, 0xd8, 0xff, 0xe0]),
    empty([...png, ...header]),
    repeated([...gif, 0x21, 0xf9], [1, 1]),
    repeated(gif, [0x21, 0xf9, 0]),
    repeated(
      [0, 0, 0, 16, ...new TextEncoder().encode("ftypavif"), 0, 0, 0, 0],
      [0, 0, 0, 8, ...new TextEncoder().encode("free")],
    ),
  ];
  for (const file of files) {
    const startMs = performance.now();
    await assert.rejects(() => readPictureInfo(file), MalformedFileError);
    assert.ok(performance.now() - startMs < 1500);
  }
});
