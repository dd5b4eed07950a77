import assert from "node:assert/strict";
import sharp, { type AvifOptions } from "sharp";
import { MalformedFileError, UnsupportedError } from "../../../src/errors.ts";
import { openPicture, readPictureInfo } from "../../../src/sources/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { encoder, gradient } from "./made_pictures.ts";

const [WIDTH, HEIGHT] = [40, 24];

/** Waves that lossy encoders keep. */
function waves(channels: 3 | 4): Uint8Array {
  return Uint8Array.from({ length: WIDTH * HEIGHT * channels }, (_, i) => {
    const x = Math.floor(i / channels) % WIDTH;
    const y = Math.floor(i / channels / WIDTH);
    return 128 + 100 * Math.sin(x / 9 + i % channels) * Math.cos(y / 7);
  });
}

async function texelsOf(file: Uint8Array): Promise<Uint8Array> {
  const picture = await openPicture(file);
  try {
    return await picture.readRows(0, picture.height);
  } finally {
    await picture.close();
  }
}

/** The file of a picture, with options of the encoder. */
async function avif(
  options: AvifOptions = {},
  { channels = 3, orientation = 1 }: { channels?: 3 | 4; orientation?: number } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const pipeline = encoder(waves(channels), WIDTH, channels);
  if (orientation > 1) pipeline.withMetadata({ orientation });
  if ((options.bitdepth ?? 8) > 8) pipeline.toColourspace("rgb16");
  return new Uint8Array(await pipeline.avif({ effort: 0, quality: 90, ...options }).toBuffer());
}

/** The largest difference of texels and what was encoded. */
function worstDifference(texels: Uint8Array, channels: 3 | 4): number {
  const wanted = waves(channels);
  let worst = 0;
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    for (let channel = 0; channel < 3; channel++) {
      const difference = texels[4 * i + channel]! - wanted[channels * i + channel]!;
      worst = Math.max(worst, Math.abs(difference));
    }
  }
  return worst;
}

Deno.test("AVIF files of 8, 10 and 12 bits, with alpha and without, load as they look", async () => {
  for (const bitdepth of [8, 10, 12] as const) {
    const file = await avif({ bitdepth });
    const { container, width, height, format, hasAlpha } = await readPictureInfo(file);
    assert.deepEqual([container, width, height], ["avif", WIDTH, HEIGHT]);
    assert.deepEqual([format, hasAlpha], ["rgba8unorm", false]);
    const worst = worstDifference(await texelsOf(file), 3);
    assert.ok(worst < 24, `${bitdepth} bits: ${worst}`);
  }
  const clear = await avif({ chromaSubsampling: "4:4:4" }, { channels: 4 });
  assert.equal((await readPictureInfo(clear)).hasAlpha, true);
  const alpha = (await texelsOf(clear)).filter((_, i) => i % 4 === 3);
  const wanted = waves(4).filter((_, i) => i % 4 === 3);
  assert.ok(alpha.every((value, i) => Math.abs(value - wanted[i]!) < 24));
  const twisted = (await texelsOf(await avif())).reverse();
  assert.ok(worstDifference(twisted, 3) > 100, "negative control: upside down");
});

Deno.test("AVIF files are turned and mirrored as they ask for", async () => {
  for (const orientation of [2, 3, 5, 6, 8]) {
    const file = await avif({}, { orientation });
    const { width, height } = await readPictureInfo(file);
    assert.deepEqual([width, height], orientation > 4 ? [HEIGHT, WIDTH] : [WIDTH, HEIGHT]);
    const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const;
    const wanted = await sharp(
      await sharp(waves(3), { raw }).withMetadata({ orientation }).png().toBuffer(),
    ).autoOrient().raw().toBuffer();
    const texels = await texelsOf(file);
    const worst = wanted.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - texels[4 * Math.floor(i / 3) + i % 3]!)),
      0,
    );
    assert.ok(worst < 24, `orientation ${orientation}: ${worst}`);
  }
});

Deno.test("AVIF files that are cut off or break their boxes are refused", async () => {
  const whole = await avif({}, { channels: 4 });
  for (let length = 12; length < whole.length; length += 7) {
    await assert.rejects(() => openPicture(whole.subarray(0, length)), MalformedFileError);
  }
  const renamed = (from: string, to: string) => {
    const text = String.fromCharCode(...whole);
    assert.ok(text.includes(from));
    return Uint8Array.from(text.replace(from, to), (letter) => letter.charCodeAt(0));
  };
  const bad: [Uint8Array, RegExp][] = [
    [renamed("meta", "mxta"), /must have a box meta/],
    [renamed("pitm", "pxtm"), /must have a box pitm/],
    [renamed("iprp", "ixrp"), /must have a box iprp/],
    [renamed("ispe", "ixpe"), /must have a box ispe/],
    [renamed("iloc", "ixoc"), /must have a box iloc/],
    [renamed("ipma", "ixma"), /must have properties/],
    [renamed("ispe\0\0\0\0\0\0\0\x28", "ispe\0\0\0\0\0\0\0\0"), /must have texels: it has 0×24/],
    [
      renamed("ispe\0\0\0\0\0\0\0\x28", "ispe\0\0\0\0\0\0\0\x29"),
      /must give 41×24|data is damaged|invalid/i,
    ],
  ];
  for (const [file, message] of bad) {
    await assert.rejects(() => openPicture(file), (error) => {
      assert.ok(error instanceof MalformedFileError);
      assert.match(error.message, message);
      return true;
    });
  }
  const film = renamed("meta", "moov");
  await assert.rejects(() => openPicture(film), (error) => {
    assert.ok(error instanceof UnsupportedError);
    assert.equal(error.feature, "AVIF film");
    return true;
  });
  const filmBrand = whole.slice();
  filmBrand[11] = "s".charCodeAt(0);
  await assert.rejects(() => readPictureInfo(filmBrand), {
    feature: "AVIF film",
    name: "UnsupportedError",
  });
  const limits = { maxDecodeMemoryMb: 100 };
  await assert.rejects(
    () => openPicture(whole, { limits }),
    /it is AVIF, so that its 40×24 texels/,
  );
});

Deno.test("damaged AVIF files give typed errors, or as many texels as they say", async () => {
  const random = seededRandom(33);
  const upTo = (most: number) => Math.floor(random() * most);
  const texels = gradient(64, 64, 3);
  const noisy = await encoder(texels, 64, 3).avif({ effort: 0 }).toBuffer();
  for (let round = 0; round < 40; round++) {
    const damaged = new Uint8Array(noisy);
    for (let edits = 1 + upTo(3); edits > 0; edits--) {
      damaged[upTo(upTo(2) ? 400 : damaged.length)] = upTo(256);
    }
    try {
      const info = await readPictureInfo(damaged, { limits: { maxPixels: 1e6 } });
      assert.equal((await texelsOf(damaged)).length, 4 * info.width * info.height);
    } catch (error) {
      const isTyped = error instanceof MalformedFileError || error instanceof UnsupportedError;
      assert.ok(isTyped, `round ${round}: ${error}`);
    }
  }
});
