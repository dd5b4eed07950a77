import { deepEqual, equal, rejects } from "node:assert/strict";
import sharp from "sharp";
import { Picture } from "../../../src/scene/mod.ts";
import { encodePng } from "../../../src/sources/mod.ts";
import { randomBytes } from "../../helpers/random.ts";

/** Noise, and something smooth for each of the filters. */
const PATTERNS: Record<string, (x: number, y: number) => number> = {
  flat: () => 77,
  "across": (x) => 3 * x,
  "down": (_, y) => 5 * y,
  "slanted": (x, y) => 2 * x + 3 * y,
};

async function assertReadBack(width: number, height: number, data: Uint8Array<ArrayBuffer>) {
  const png = await new Picture(width, height, data).toPng();
  const { data: read, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  deepEqual([info.width, info.height, info.channels], [width, height, 4]);
  equal(read.compare(data), 0);
}

Deno.test("a PNG file holds the picture's pixels, transparent ones too", async () => {
  for (const [width, height] of [[1, 1], [7, 3], [1, 50], [64, 64]] as const) {
    await assertReadBack(width, height, randomBytes(width * height * 4, width));
  }
  for (const pattern of Object.values(PATTERNS)) {
    const data = Uint8Array.from(
      { length: 40 * 30 * 4 },
      (_, i) => pattern((i >> 2) % 40, Math.floor(i / 160)),
    );
    await assertReadBack(40, 30, data);
  }
});

Deno.test("grey pictures of 8 and 16 bits hold their values", async () => {
  const size = { width: 13, height: 7 };
  const grey8 = randomBytes(13 * 7, 3);
  const narrow = await encodePng({ ...size, layout: "grey8", data: grey8 });
  equal((await sharp(narrow).toColourspace("b-w").raw().toBuffer()).compare(grey8), 0);
  const values = Uint16Array.from(randomBytes(13 * 7, 4), (byte, i) => byte * 257 - i);
  const data = Uint8Array.from(
    { length: 2 * values.length },
    (_, i) => i % 2 === 0 ? values[i >> 1]! >> 8 : values[i >> 1]! & 255,
  );
  const wide = await encodePng({ ...size, layout: "grey16", data });
  const read = await sharp(wide).toColourspace("grey16").raw({ depth: "ushort" }).toBuffer();
  deepEqual(new Uint16Array(new Uint8Array(read).buffer), values);
});

Deno.test("smooth pictures take little room", async () => {
  const data = Uint8Array.from({ length: 256 * 256 * 4 }, (_, i) => ((i >> 2) % 256) ^ (i & 3));
  const png = await encodePng({ width: 256, height: 256, data });
  equal(png.length < data.length / 100, true);
});

Deno.test("a picture with the wrong number of bytes is refused", async () => {
  const data = new Uint8Array(15);
  await rejects(encodePng({ width: 2, height: 2, data }), /must have 16 bytes/);
  await rejects(encodePng({ width: 0, height: 2, data: new Uint8Array(0) }), TypeError);
});
