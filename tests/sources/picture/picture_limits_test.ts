import assert from "node:assert/strict";
import sharp from "sharp";
import { InvalidArgumentError, OutOfRangeError, UnsupportedError } from "../../../src/errors.ts";
import { openPicture, type PictureLimits, readPictureInfo } from "../../../src/sources/mod.ts";
import { blackPng, encoder, gradient } from "./made_pictures.ts";

const TEXELS = gradient(120, 90, 3);

async function refusal(work: Promise<unknown>): Promise<UnsupportedError> {
  const error = await work.then(() => assert.fail("it was read"), (error) => error);
  assert.ok(error instanceof UnsupportedError, String(error));
  return error;
}

Deno.test("a picture with more texels than the limit is refused by its header", async () => {
  const file = new Uint8Array(await encoder(TEXELS, 120, 3).png().toBuffer());
  const few = { limits: { maxPixels: 120 * 90 - 1 } };
  for (const read of [readPictureInfo, openPicture]) {
    const { message, feature } = await refusal(read(file, few));
    assert.equal(feature, "maxPixels");
    assert.match(message, /at most 10799 texels: 120×90 are 10800\. .*FORGE3D_MAX_PIXELS$/);
  }
  assert.equal((await readPictureInfo(file, { limits: { maxPixels: 120 * 90 } })).width, 120);
});

Deno.test("what is decoded as a whole is refused by its header if it takes too much", async () => {
  const create = { width: 1000, height: 1000, channels: 3, background: "teal" } as const;
  const made = sharp({ create });
  const files: Record<string, Uint8Array> = {
    interlaced: await made.clone().png({ progressive: true }).toBuffer(),
    progressive: await made.clone().jpeg({ progressive: true }).toBuffer(),
    WebP: await made.clone().webp({ effort: 0 }).toBuffer(),
    "turned by EXIF": await made.clone().withMetadata({ orientation: 3 }).jpeg().toBuffer(),
  };
  for (const [what, file] of Object.entries(files)) {
    const limits = { maxDecodeMemoryMb: 193 };
    const { message } = await refusal(readPictureInfo(new Uint8Array(file), { limits }));
    assert.match(message, new RegExp(`it is ${what}, .* all at once, in about \\d+ MiB`));
    assert.match(message, /at most 193 MiB of memory/);
    await readPictureInfo(new Uint8Array(file), { limits: { maxDecodeMemoryMb: 200 } });
  }
  const twice = await made.clone().withMetadata({ orientation: 6 }).jpeg({ progressive: true })
    .toBuffer();
  const limits = { maxDecodeMemoryMb: 196 };
  const { message } = await refusal(readPictureInfo(new Uint8Array(twice), { limits }));
  assert.match(message, /it is progressive and turned by EXIF, .* in about 198 MiB/);
  for (const orientation of [1, 2]) {
    const byRows = await made.clone().withMetadata({ orientation }).jpeg().toBuffer();
    await readPictureInfo(new Uint8Array(byRows), { limits: { maxDecodeMemoryMb: 1 } });
  }
});

Deno.test("decoding stops at the time limit, in this process between rows", async () => {
  const limits = { maxDecodeSeconds: 0.5 };
  const file = blackPng(30_000);
  const startMs = performance.now();
  const { message } = await refusal(openPicture(file, { limits }));
  assert.match(message, /at most 0\.5 s: the decoder was stopped.*FORGE3D_MAX_DECODE_SECONDS/);
  assert.ok(performance.now() - startMs < 5000);
});

Deno.test("environment variables set what options leave open", async () => {
  const file = new Uint8Array(await encoder(TEXELS, 120, 3).png().toBuffer());
  Deno.env.set("FORGE3D_MAX_PIXELS", "100");
  try {
    await refusal(readPictureInfo(file));
    await readPictureInfo(file, { limits: { maxPixels: 20_000 } });
    for (const wrong of ["many", "0", "-1", "2.5"]) {
      Deno.env.set("FORGE3D_MAX_PIXELS", wrong);
      await assert.rejects(() => readPictureInfo(file), (error) => {
        assert.ok(error instanceof OutOfRangeError);
        assert.match(error.message, /FORGE3D_MAX_PIXELS must be/);
        return true;
      });
    }
  } finally {
    Deno.env.delete("FORGE3D_MAX_PIXELS");
  }
});

Deno.test("limits of the wrong type or range are refused before a file is opened", async () => {
  const wrong: unknown[] = [7, null, "x", { pixels: 1 }, { maxPixels: "9" }, { maxPixels: null }];
  for (const limits of wrong) {
    const options = { limits: limits as PictureLimits };
    await assert.rejects(() => openPicture("/nowhere/a.png", options), InvalidArgumentError);
  }
  const impossible: PictureLimits[] = [
    { maxPixels: 0 },
    { maxPixels: 1.5 },
    { maxDecodeSeconds: 0 },
    { maxDecodeSeconds: Infinity },
    { maxDecodeSeconds: NaN },
    { maxDecodeMemoryMb: 0 },
    { maxDecodeMemoryMb: 1e9 },
  ];
  for (const limits of impossible) {
    await assert.rejects(() => openPicture("/nowhere/a.png", { limits }), OutOfRangeError);
  }
});

Deno.test("a file that is far too small for its texels is malformed", async () => {
  const file = new Uint8Array(await encoder(TEXELS, 120, 3).png().toBuffer());
  const view = new DataView(file.buffer);
  view.setUint32(16, 2 ** 20);
  view.setUint32(20, 2 ** 20);
  const startMs = performance.now();
  await assert.rejects(
    () => readPictureInfo(file, { limits: { maxPixels: 2 ** 41 } }),
    /1048576×1048576 texels cannot come from a file of \d+ bytes/,
  );
  assert.ok(performance.now() - startMs < 1000);
});
