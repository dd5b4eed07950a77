import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import { MalformedFileError } from "../../../src/errors.ts";
import { openPicture } from "../../../src/sources/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { EditedTiff } from "./edited_tiff.ts";
import { encoder, gradient, withAlpha } from "./made_pictures.ts";
import { makeTiff } from "./made_tiff.ts";

/** More bytes than the decompressor gives at once. */
const WIDTH = 200;
const HEIGHT = 150;
const random = seededRandom(11);
/** Noisy enough for many codes. */
const TEXELS = gradient(WIDTH, HEIGHT, 3).map((value) => (value >> 1) + Math.floor(random() * 8));
const NOISE = Uint8Array.from(
  { length: 2 * WIDTH * HEIGHT },
  (_, i) => Math.imul(i + 1, 2654435761) >>> 24,
);

async function rowsOf(file: Uint8Array): Promise<Uint8Array> {
  const picture = await openPicture(file);
  try {
    return await picture.readRows(0, picture.height);
  } finally {
    await picture.close();
  }
}

/** A strip of 16-bit grey, with other bytes behind its texels. */
function stripWith(extra: number, change: (data: Uint8Array) => Uint8Array = (data) => data) {
  const data = deflateSync(Uint8Array.from([...NOISE, ...new Array(extra).fill(7)]));
  const kind = { width: WIDTH, height: HEIGHT, bits: 16, sampleFormat: "unsigned" } as const;
  return makeTiff(change(data), { ...kind, compression: 8 });
}

Deno.test("no changed bytes of a Deflate strip change its texels, with differences or without", async () => {
  for (const predictor of ["none", "horizontal"] as const) {
    const made = await encoder(TEXELS, WIDTH, 3).tiff({ compression: "deflate", predictor })
      .toBuffer();
    const file = new EditedTiff(made);
    const [start, length] = [file.get(273), file.get(279)];
    for (let round = 0; round < 150; round++) {
      const at = start + Math.floor(random() * length);
      const damaged = new Uint8Array(file.bytes);
      if (round % 2 === 0) damaged[at]! ^= 1 << Math.floor(random() * 8);
      else damaged.copyWithin(at, start + Math.floor(random() * length), start + length);
      await rowsOf(damaged).then(
        (rows) => assert.deepEqual(rows, withAlpha(TEXELS), `round ${round}, byte ${at}`),
        (error) => assert.ok(error instanceof MalformedFileError, String(error)),
      );
    }
  }
});

Deno.test("bytes behind the texels of a Deflate strip are left out, but its checksum must be right", async () => {
  const wanted = await rowsOf(stripWith(0));
  for (const extra of [1, 1000, 100_000]) {
    assert.deepEqual(await rowsOf(stripWith(extra)), wanted, `${extra} more`);
    const wrong = stripWith(extra, (data) => {
      data[data.length - 1]! ^= 1;
      return data;
    });
    await assert.rejects(() => rowsOf(wrong), /must be Deflate data: incorrect data check/);
    await assert.rejects(
      () => rowsOf(stripWith(extra, (data) => data.subarray(0, -4))),
      /must be Deflate data: unexpected end/,
    );
  }
});

Deno.test("far more bytes than a Deflate strip has texels are refused, however long it is", async () => {
  for (const extra of [400_000, 20_000_000]) {
    const file = makeTiff(deflateSync(new Uint8Array(NOISE.length + extra)), {
      ...{ width: WIDTH, height: HEIGHT, bits: 16, sampleFormat: "unsigned", compression: 8 },
    });
    await assert.rejects(() => rowsOf(file), /its strip 0 must give at most 185536 bytes/);
  }
});
