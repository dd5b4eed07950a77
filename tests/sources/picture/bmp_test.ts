import assert from "node:assert/strict";
import { MalformedFileError, UnsupportedError } from "../../../src/errors.ts";
import { openPicture, readPictureInfo } from "../../../src/sources/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { type MadeBmp, makeBmp } from "./made_bmp.ts";

const [WIDTH, HEIGHT] = [7, 5];
const COUNT = WIDTH * HEIGHT;
const SIZE = { width: WIDTH, height: HEIGHT };

/** All texels of a picture. */
async function texelsOf(file: Uint8Array): Promise<number[]> {
  const picture = await openPicture(file);
  try {
    return [...await picture.readRows(0, picture.height)];
  } finally {
    await picture.close();
  }
}

const GREYS = Array.from({ length: 256 }, (_, i) => [i, 255 - i, i >> 1] as const);

/** A file whose texels are numbers of colours, and what they look like. */
function paletteFile(
  bits: 1 | 4 | 8,
  { headerBytes, colors = 2 ** bits, isTopDown = false }: {
    headerBytes: number;
    colors?: number;
    isTopDown?: boolean;
  },
): [file: MadeBmp, wanted: number[]] {
  const texels = Array.from({ length: COUNT }, (_, i) => i * 11 % colors);
  const wanted = texels.flatMap((i) => [i >> 1, 255 - i, i, 255]);
  const made = { ...SIZE, bits, headerBytes, texels, colors: GREYS.slice(0, colors), isTopDown };
  return [made, wanted];
}

Deno.test("BMP files of every layout load as they look", async () => {
  const cases: (readonly [file: MadeBmp, wanted: number[]])[] = [
    paletteFile(1, { headerBytes: 40 }),
    paletteFile(4, { headerBytes: 124 }),
    paletteFile(4, { headerBytes: 40, colors: 11 }),
    paletteFile(8, { headerBytes: 12 }),
    paletteFile(8, { headerBytes: 40, isTopDown: true }),
  ];
  const rgb = Array.from({ length: COUNT }, (_, i) => [i * 7, 255 - i, i * 3] as const);
  const colors = rgb.flatMap((color) => [...color, 255]);
  const packed = rgb.map(([red, green, blue]) => red << 16 | green << 8 | blue);
  for (const headerBytes of [12, 40, 56, 108]) {
    cases.push([{ ...SIZE, bits: 24, headerBytes, texels: packed }, colors]);
  }
  // Without masks the fourth byte is no alpha.
  cases.push([{ ...SIZE, bits: 32, headerBytes: 40, texels: packed, isTopDown: true }, colors]);
  const five = rgb.map((color) => color.map((value) => value >> 3));
  cases.push([
    {
      ...SIZE,
      bits: 16,
      headerBytes: 40,
      texels: five.map(([red, green, blue]) => red! << 10 | green! << 5 | blue!),
    },
    five.flatMap((color) => [...color.map((value) => Math.round(value * 255 / 31)), 255]),
  ]);
  const six = rgb.map(([red, green, blue]) => [red >> 3, green >> 2, blue >> 3] as const);
  cases.push([
    {
      ...SIZE,
      bits: 16,
      headerBytes: 40,
      masks: [0xf800, 0x07e0, 0x001f, 0],
      texels: six.map(([red, green, blue]) => red << 11 | green << 5 | blue),
    },
    six.flatMap(([red, green, blue]) =>
      [red / 31, green / 63, blue / 31, 1].map((value) => Math.round(255 * value))
    ),
  ]);
  for (const headerBytes of [56, 124]) {
    cases.push([
      {
        ...SIZE,
        bits: 32,
        headerBytes,
        masks: [0xff, 0xff00, 0xff0000, 0xff000000],
        texels: rgb.map(([r, g, b], i) => r + g * 256 + b * 65536 + i * 2 ** 24),
      },
      rgb.flatMap((color, i) => [...color, i]),
    ]);
  }
  for (const [bmp, wanted] of cases) {
    const what = JSON.stringify({ ...bmp, texels: 0, colors: bmp.colors?.length });
    const info = await readPictureInfo(makeBmp(bmp));
    assert.deepEqual([info.container, info.width, info.height, info.format], [
      "bmp",
      WIDTH,
      HEIGHT,
      "rgba8unorm",
    ]);
    assert.equal(info.hasAlpha, bmp.masks !== undefined && bmp.masks[3] !== 0, what);
    assert.deepEqual(await texelsOf(makeBmp(bmp)), wanted, what);
  }
});

Deno.test("BMP files that are cut off, impossible or compressed are refused", async () => {
  const [made] = paletteFile(8, { headerBytes: 40, colors: 16 });
  const whole = makeBmp(made);
  for (let length = 2; length < whole.length; length++) {
    await assert.rejects(() => openPicture(whole.subarray(0, length)), MalformedFileError);
  }
  const rgb: MadeBmp = { ...SIZE, bits: 32, headerBytes: 56, texels: new Array(COUNT).fill(7) };
  const bad: [MadeBmp, RegExp][] = [
    [{ ...made, texels: new Array(COUNT).fill(16) }, /table, which has 16: one names colour 16/],
    [{ ...made, headerBytes: 44 }, /header must have one of .* bytes: current value is 44/],
    [{ ...made, bits: 3 as never }, /header is impossible: 7×5 texels of 3 bits/],
    [{ ...made, compression: 3 }, /compression must fit its 8 bits: current value is 3/],
    [{ ...rgb, compression: 9 }, /compression must fit/],
    [{ ...rgb, masks: [0xff, 0xff00, 0, 0] }, /colour masks must each be bits in a row/],
    [{ ...rgb, masks: [0xf0f, 0xff0000, 0xff000000, 0] }, /colour masks/],
  ];
  for (const [bmp, message] of bad) {
    await assert.rejects(() => openPicture(makeBmp(bmp)), (error) => {
      assert.ok(error instanceof MalformedFileError);
      assert.match(error.message, message);
      return true;
    });
  }
  for (const [compression, name] of [[1, "RLE"], [2, "RLE"], [4, "JPEG"], [5, "PNG"]] as const) {
    // Texels of JPEG and PNG have no bits of their own.
    const bits = compression > 3 ? { bits: 0 as never } : {};
    await assert.rejects(() => openPicture(makeBmp({ ...made, compression, ...bits })), (error) => {
      assert.ok(error instanceof UnsupportedError);
      assert.equal(error.feature, `BMP with ${name}`);
      return true;
    });
  }
});

Deno.test("damaged BMP files give typed errors, or as many texels as they say", async () => {
  const random = seededRandom(32);
  const upTo = (most: number) => Math.floor(random() * most);
  for (let round = 0; round < 60; round++) {
    const damaged = makeBmp(paletteFile(round % 2 ? 4 : 8, { headerBytes: 40, colors: 9 })[0]);
    for (let edits = 1 + upTo(3); edits > 0; edits--) {
      damaged[upTo(Math.min(100, damaged.length))] = [0, 255, upTo(256)][upTo(3)]!;
    }
    try {
      const info = await readPictureInfo(damaged);
      assert.equal((await texelsOf(damaged)).length, 4 * info.width * info.height);
    } catch (error) {
      const isTyped = error instanceof MalformedFileError || error instanceof UnsupportedError;
      assert.ok(isTyped, `round ${round}: ${error}`);
    }
  }
});
