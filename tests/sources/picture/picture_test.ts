import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import sharp from "sharp";
import {
  BakeError,
  DisposedError,
  FileError,
  InvalidArgumentError,
  MalformedFileError,
  OutOfRangeError,
  UnsupportedError,
} from "../../../src/errors.ts";
import { openPicture, readPictureInfo } from "../../../src/sources/mod.ts";
import { sweepTemporaries } from "../../../src/sources/bytes/temporary_file.ts";
import { blackPng } from "./made_pictures.ts";
import { makeTiff } from "./made_tiff.ts";
import { namesIn, withFolder } from "../../helpers/temporary_folder.ts";

function gradient(width: number, height: number, channels: 1 | 2 | 3 | 4): Uint8Array {
  const at = (i: number) => Math.floor(i / channels);
  return Uint8Array.from(
    { length: width * height * channels },
    (_, i) => (at(i) % width) * 5 + Math.floor(at(i) / width) * 9 + (i % channels) * 60,
  );
}

function encode(pixels: Uint8Array | Uint16Array, width: number, channels: 1 | 2 | 3 | 4) {
  const height = pixels.length / width / channels;
  const pipeline = sharp(pixels, { raw: { width, height, channels } });
  if (channels > 2) return pipeline;
  return pipeline.toColourspace(pixels instanceof Uint16Array ? "grey16" : "b-w");
}

Deno.test("rows of PNG, TIFF and WebP are the picture's own, with alpha added", async () => {
  const pixels = gradient(31, 17, 3);
  const files = [
    await encode(pixels, 31, 3).png().toBuffer(),
    await encode(pixels, 31, 3).png({ progressive: true }).toBuffer(),
    await encode(pixels, 31, 3).tiff({ compression: "lzw" }).toBuffer(),
    await encode(pixels, 31, 3).webp({ lossless: true }).toBuffer(),
  ];
  const wanted = Uint8Array.from(
    { length: 31 * 17 * 4 },
    (_, i) => i % 4 === 3 ? 255 : pixels[Math.floor(i / 4) * 3 + (i % 4)]!,
  );
  for (const file of files) {
    const picture = await openPicture(new Uint8Array(file));
    assert.deepEqual(
      [picture.width, picture.height, picture.format, picture.colorSpace],
      [31, 17, "rgba8unorm", "srgb"],
    );
    assert.deepEqual(await picture.readRows(0, 17), wanted);
    assert.deepEqual(await picture.readRows(5, 3), wanted.slice(5 * 31 * 4, 8 * 31 * 4));
    await picture.close();
  }
});

Deno.test("JPEG is decoded within the loss of its compression", async () => {
  const pixels = gradient(40, 24, 3).map((value) => value >> 1);
  for (const progressive of [false, true]) {
    const file = await encode(pixels, 40, 3).jpeg({ quality: 100, progressive }).toBuffer();
    const picture = await openPicture(new Uint8Array(file));
    const rows = await picture.readRows(0, 24);
    let sum = 0;
    for (let i = 0; i < 40 * 24; i++) sum += Math.abs(rows[4 * i]! - pixels[3 * i]!);
    assert.ok(sum / (40 * 24) < 12, `mean difference ${sum / (40 * 24)}`);
    await picture.close();
  }
});

Deno.test("grey keeps 8 and 16 bits and floats; with alpha it becomes colour", async () => {
  const grey = gradient(20, 10, 1);
  const picture = await openPicture(new Uint8Array(await encode(grey, 20, 1).png().toBuffer()));
  assert.deepEqual([picture.format, picture.colorSpace], ["r8unorm", "srgb"]);
  assert.deepEqual(await picture.readRows(0, 10), grey);
  await picture.close();

  const deep = Uint16Array.from({ length: 200 }, (_, i) => i * 327);
  for (
    const file of [
      new Uint8Array(await encode(deep, 20, 1).png().toBuffer()),
      makeTiff(new Uint8Array(deep.buffer), { width: 20, bits: 16, sampleFormat: "unsigned" }),
    ]
  ) {
    const deepPicture = await openPicture(file);
    assert.deepEqual([deepPicture.format, deepPicture.colorSpace], ["r16unorm", "linear"]);
    assert.deepEqual(new Uint16Array((await deepPicture.readRows(0, 10)).buffer), deep);
    await deepPicture.close();
  }

  const floats = Float32Array.from({ length: 200 }, (_, i) => i * 12.5 - 400);
  const file = makeTiff(new Uint8Array(floats.buffer), {
    width: 20,
    bits: 32,
    sampleFormat: "float",
  });
  const floatPicture = await openPicture(file);
  assert.equal(floatPicture.format, "r32float");
  assert.deepEqual(new Float32Array((await floatPicture.readRows(0, 10)).buffer), floats);
  await floatPicture.close();

  const withAlpha = gradient(20, 10, 2);
  const alphaFile = await encode(withAlpha, 20, 2).png().toBuffer();
  const alphaPicture = await openPicture(new Uint8Array(alphaFile));
  assert.equal(alphaPicture.format, "rgba8unorm");
  const [r, g, b, a] = await alphaPicture.readRows(0, 1);
  assert.deepEqual([r, g, b, a], [withAlpha[0], withAlpha[0], withAlpha[0], withAlpha[1]]);
  await alphaPicture.close();
});

Deno.test("the orientation that a file asks for is applied", async () => {
  // Texel (x, y) of the stored picture is 10·x + y; orientation 6 turns it a quarter clockwise.
  const pixels = Uint8Array.from({ length: 6 }, (_, i) => (i % 3) * 10 + Math.floor(i / 3));
  const wanted: Record<number, number[]> = {
    1: [0, 10, 20, 1, 11, 21],
    2: [20, 10, 0, 21, 11, 1],
    3: [21, 11, 1, 20, 10, 0],
    6: [1, 0, 11, 10, 21, 20],
    8: [20, 21, 10, 11, 0, 1],
  };
  for (const [orientation, rows] of Object.entries(wanted)) {
    const file = new Uint8Array(
      await encode(pixels, 3, 1).withMetadata({ orientation: Number(orientation) }).png()
        .toBuffer(),
    );
    const isTurned = Number(orientation) > 4;
    const info = await readPictureInfo(file);
    assert.deepEqual([info.width, info.height], isTurned ? [2, 3] : [3, 2]);
    const picture = await openPicture(file);
    const red = (await picture.readRows(0, picture.height)).filter((_, i) => i % 4 === 0);
    assert.deepEqual([...red], rows);
    await picture.close();
  }
});

Deno.test("a scratch file is gone when the picture is closed, and while it is open on POSIX", () =>
  withFolder(async (folder) => {
    const file = new Uint8Array(await encode(gradient(50, 50, 3), 50, 3).png().toBuffer());
    const picture = await openPicture(file, { scratchFolder: folder });
    if (Deno.build.os !== "windows") assert.deepEqual([...Deno.readDirSync(folder)], []);
    assert.equal((await picture.readRows(49, 1)).byteLength, 200);
    await picture.close();
    await picture.close();
    assert.deepEqual([...Deno.readDirSync(folder)], []);
    await assert.rejects(() => picture.readRows(0, 1), DisposedError);
  }));

Deno.test("a sweep of the folder leaves scratch files that are in use", () =>
  withFolder(async (folder) => {
    const opened = openPicture(blackPng(6000), { scratchFolder: folder });
    // A folder that is not locked yet may go: another is made then.
    const isCopied = () => namesIn(folder).some((name) => existsSync(`${folder}/${name}/picture`));
    while (!isCopied()) await new Promise((resolve) => setTimeout(resolve));
    const names = namesIn(folder);
    await sweepTemporaries(folder);
    assert.deepEqual(namesIn(folder).filter((name) => names.includes(name)), names);
    await (await opened).close();
    assert.deepEqual(namesIn(folder), []);
  }));

Deno.test("rows outside of the picture are refused", async () => {
  const file = new Uint8Array(await encode(gradient(4, 4, 3), 4, 3).png().toBuffer());
  const picture = await openPicture(file);
  for (const [first, count] of [[-1, 1], [0, 5], [4, 1], [0, 0], [0.5, 1]] as const) {
    await assert.rejects(() => picture.readRows(first, count), OutOfRangeError);
  }
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(() => picture.readRows(0, 1, { signal }), /enough/);
  await picture.close();
});

Deno.test("cut-off pictures of every kind are malformed and leave no scratch file", () =>
  withFolder(async (folder) => {
    const noise = gradient(200, 150, 3).map((value, i) => value ^ Math.imul(i, 2654435761) >>> 24);
    const made = encode(noise, 200, 3);
    const files = {
      png: await made.clone().png().toBuffer(),
      interlaced: await made.clone().png({ progressive: true }).toBuffer(),
      jpeg: await made.clone().jpeg().toBuffer(),
      progressive: await made.clone().jpeg({ progressive: true }).toBuffer(),
      tiff: await made.clone().tiff({ compression: "none" }).toBuffer(),
      webp: await made.clone().webp().toBuffer(),
    };
    for (const [kind, file] of Object.entries(files)) {
      for (const share of [0.01, 0.3, 0.7, 0.98]) {
        const cut = new Uint8Array(file.subarray(0, Math.floor(file.length * share)));
        await assert.rejects(
          () => openPicture(cut, { scratchFolder: folder }),
          MalformedFileError,
          `${kind} cut at ${share}`,
        );
      }
    }
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));

Deno.test("files that are not pictures are refused with typed errors", () =>
  withFolder(async (folder) => {
    await assert.rejects(() => openPicture(`${folder}/none.png`), (error) => {
      assert.ok(error instanceof FileError);
      assert.equal(error.code, "file-not-found");
      return true;
    });
    await assert.rejects(() => openPicture(folder), FileError);
    await assert.rejects(() => openPicture(""), FileError);
    await assert.rejects(() => openPicture("a\0b.png"), FileError);
    await Deno.writeFile(`${folder}/empty.png`, new Uint8Array());
    await assert.rejects(() => openPicture(`${folder}/empty.png`), MalformedFileError);
    await assert.rejects(() => openPicture(new Uint8Array()), MalformedFileError);
    await assert.rejects(() => openPicture(new Uint8Array(1000)), MalformedFileError);
    await assert.rejects(() => openPicture(3 as unknown as string), InvalidArgumentError);
    const svg = new TextEncoder().encode(
      `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>`,
    );
    await assert.rejects(() => openPicture(svg), UnsupportedError);
    const made = new Uint8Array(await encode(gradient(8, 8, 3), 8, 3).png().toBuffer());
    const signal = AbortSignal.abort(new Error("enough"));
    await assert.rejects(() => openPicture(made, { signal }), /enough/);
    await assert.rejects(() => openPicture(made, { scratchFolder: `${folder}/none` }), BakeError);
  }));

Deno.test("a profile changes colours, but not values that are not colours", async () => {
  const pixels = gradient(16, 16, 3);
  const file = new Uint8Array(
    await encode(pixels, 16, 3).withIccProfile("p3", { attach: true }).png().toBuffer(),
  );
  const stored = await sharp(file, { ignoreIcc: true }).raw().toBuffer();
  const linear = await openPicture(file, { colorSpace: "linear" });
  const rows = await linear.readRows(0, 16);
  for (let i = 0; i < 256; i++) {
    assert.deepEqual([...rows.subarray(4 * i, 4 * i + 3)], [...stored.subarray(3 * i, 3 * i + 3)]);
  }
  await linear.close();
  const color = await openPicture(file);
  assert.notDeepEqual(await color.readRows(0, 16), rows);
  await color.close();
});
