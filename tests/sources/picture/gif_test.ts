import assert from "node:assert/strict";
import sharp from "sharp";
import { MalformedFileError, UnsupportedError } from "../../../src/errors.ts";
import { openPicture, readPictureInfo } from "../../../src/sources/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { type MadeGif, makeGif } from "./made_gif.ts";
import { encoder, gradient } from "./made_pictures.ts";

const COLORS = [255, 0, 0, 0, 255, 0, 0, 0, 255, 200, 100, 50];
const FRAME = {
  left: 0,
  top: 0,
  width: 6,
  height: 4,
  texels: Array.from({ length: 24 }, (_, i) => i % 4),
};
const GIF: MadeGif = { width: 6, height: 4, colors: COLORS, bits: 2, frames: [FRAME] };

/** All texels of a picture. */
async function texelsOf(file: Uint8Array): Promise<Uint8Array> {
  const picture = await openPicture(file);
  try {
    return await picture.readRows(0, picture.height);
  } finally {
    await picture.close();
  }
}

/** The texels of a made file: those that its frame covers. */
function wantedTexels({ width, height, colors, frames: [frame] }: MadeGif): number[] {
  const texels = new Array<number>(4 * width * height).fill(0);
  const table = frame!.colors ?? colors!;
  frame!.texels.forEach((color, i) => {
    const x = frame!.left + i % frame!.width;
    const y = frame!.top + Math.floor(i / frame!.width);
    const rgb = table.slice(3 * color, 3 * color + 3);
    texels.splice(4 * (y * width + x), 4, ...rgb, 255);
  });
  return texels;
}

Deno.test("GIF files load as they look: tables of either kind, frames that leave some transparent", async () => {
  const local = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 255, 128];
  const inner = { ...FRAME, left: 1, top: 1, width: 3, height: 2, texels: [0, 1, 2, 3, 2, 1] };
  const { colors: _, ...noTable } = GIF;
  const films: MadeGif[] = [
    GIF,
    { ...GIF, frames: [{ ...FRAME, colors: local }] },
    { ...noTable, frames: [{ ...FRAME, colors: local }] },
    { ...GIF, frames: [inner] },
  ];
  for (const film of films) {
    const file = makeGif(film);
    const { width, height, format, hasAlpha, notes } = await readPictureInfo(file);
    const { frames: _, colors: __, ...size } = film;
    assert.deepEqual({ width, height, bits: 2 }, size);
    assert.deepEqual([format, hasAlpha, notes], ["rgba8unorm", true, []]);
    assert.deepEqual([...await texelsOf(file)], wantedTexels(film));
  }
});

Deno.test("screens of sizes that old programs wrote are those of the frames, or refused by name", async () => {
  const sizes = [[640, 480], [640, 512], [800, 600], [1024, 768], [1280, 1024], [1600, 1200]];
  for (const [width, height] of [...sizes, [2049, 4], [6, 2049]] as [number, number][]) {
    const file = makeGif({ ...GIF, width, height });
    await assert.rejects(() => openPicture(file), (error) => {
      assert.ok(error instanceof UnsupportedError && error.message.includes(`${width}×${height}`));
      return true;
    });
    const texels = new Array<number>(width * height).fill(1);
    const covered = { ...GIF, width, height, frames: [{ ...FRAME, width, height, texels }] };
    if (width * height < 3e5) assert.equal((await texelsOf(makeGif(covered)))[1], 255);
  }
  const empty = makeGif({ ...GIF, width: 0, height: 0 });
  assert.deepEqual([...await texelsOf(empty)], wantedTexels(GIF));
});

Deno.test("of a film the first frame is shown, and said to be", async () => {
  const other = { ...FRAME, texels: FRAME.texels.map((color) => 3 - color) };
  for (const frames of [2, 3]) {
    const film = { ...GIF, frames: [FRAME, other, other].slice(0, frames) };
    assert.deepEqual((await readPictureInfo(makeGif(film))).notes, [`frame 1 of ${frames}`]);
    assert.deepEqual([...await texelsOf(makeGif(film))], wantedTexels(film));
  }
});

Deno.test("GIF files of an encoder, which compresses, load", async () => {
  const [width, height] = [301, 203];
  const file = new Uint8Array(await encoder(gradient(width, height, 3), width, 3).gif().toBuffer());
  const raw = await sharp(file).ensureAlpha().raw().toBuffer();
  assert.deepEqual(await texelsOf(file), new Uint8Array(raw));
  const interlaced = await encoder(gradient(width, height, 3), width, 3).gif({ progressive: true });
  assert.equal((await texelsOf(new Uint8Array(await interlaced.toBuffer()))).length, 4 * 301 * 203);
});

Deno.test("GIF files that are cut off, or lack texels or colours, are refused", async () => {
  const whole = makeGif(GIF);
  for (let length = 6; length < whole.length; length++) {
    await assert.rejects(
      () => openPicture(whole.subarray(0, length)),
      MalformedFileError,
      `${length}`,
    );
  }
  const { colors: _, ...noTable } = GIF;
  const short = { ...FRAME, texels: FRAME.texels.slice(1) };
  const long = { ...FRAME, texels: [...FRAME.texels, 1] };
  const bad: [film: MadeGif, message: RegExp][] = [
    [{ ...GIF, frames: [short] }, /must have 24 texels: it has 23/],
    [{ ...GIF, frames: [long] }, /must have 24 texels: it has 25/],
    [{ ...GIF, frames: [] }, /must have a picture/],
    [{ ...GIF, frames: [FRAME, { ...FRAME, left: 1 }] }, /frames must lie in its 6×4 texels/],
    [{ ...GIF, frames: [{ ...FRAME, width: 0, texels: [] }] }, /first frame must have texels/],
    [noTable, /must have a table of colours/],
    [{ ...GIF, colors: COLORS.slice(0, 6) }, /table, which has 2: one names colour 2/],
    [{ ...GIF, bits: 9 }, /codes must begin with 1 to 8 bits: current value is 9/],
  ];
  for (const [film, message] of bad) {
    await assert.rejects(() => openPicture(makeGif(film)), message);
  }
});

Deno.test("damaged GIF files give typed errors, or as many texels as they say", async () => {
  const random = seededRandom(31);
  const upTo = (most: number) => Math.floor(random() * most);
  const compressed = await encoder(gradient(64, 48, 3), 64, 3).gif().toBuffer();
  let refused = 0;
  for (let round = 0; round < 60; round++) {
    const damaged = round % 2 === 0 ? makeGif(GIF) : new Uint8Array(compressed);
    for (let edits = 1 + upTo(3); edits > 0; edits--) damaged[upTo(damaged.length)] = upTo(256);
    try {
      const info = await readPictureInfo(damaged, { limits: { maxPixels: 1e6 } });
      const texels = await texelsOf(damaged);
      assert.equal(texels.length, 4 * info.width * info.height);
    } catch (error) {
      refused++;
      const isTyped = error instanceof MalformedFileError || error instanceof UnsupportedError;
      assert.ok(isTyped, `round ${round}: ${error}`);
    }
  }
  assert.ok(refused > 10, `${refused}`);
});
