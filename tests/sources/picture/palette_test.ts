import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";
import sharp from "sharp";
import { MalformedFileError } from "../../../src/errors.ts";
import { memorySource, openPicture } from "../../../src/sources/mod.ts";
import { HeaderReader } from "../../../src/sources/picture/headers/header_reader.ts";
import { readPngHeader } from "../../../src/sources/picture/png/png_header.ts";
import { verifyPalette } from "../../../src/sources/picture/png/verify_palette.ts";
import { seededRandom } from "../../helpers/random.ts";
import { paletteData, palettePng } from "./made_pictures.ts";

const random = seededRandom(11);
const upTo = (most: number) => Math.floor(random() * most);
const SIZES = [[1, 1], [2, 3], [5, 9], [8, 8], [13, 7], [37, 23]] as const;

/** Every depth, size, number of passes and filter. */
function* layouts() {
  for (const bits of [1, 2, 4, 8] as const) {
    for (const [width, height] of SIZES) {
      for (const isInterlaced of [false, true]) {
        for (const filter of [0, 1, 2, 3, 4]) yield { width, height, bits, isInterlaced, filter };
      }
    }
  }
}

async function verify(file: Uint8Array): Promise<void> {
  const bytes = memorySource(file);
  const header = await readPngHeader(new HeaderReader(bytes, file.length));
  assert.ok(header.palette !== null);
  await verifyPalette(bytes, { ...header, palette: header.palette }, () => {});
}

Deno.test("a texel that names no colour of a PNG's palette is found wherever it lies", async () => {
  for (const layout of layouts()) {
    const { width, height, bits } = layout;
    const colors = 1 + upTo(2 ** bits - 1);
    const numbers = Uint8Array.from({ length: width * height }, () => upTo(colors));
    const what = JSON.stringify({ ...layout, colors });
    await verify(palettePng(numbers, { ...layout, colors }));
    const at = upTo(numbers.length);
    numbers[at] = colors + upTo(2 ** bits - colors);
    const damaged = palettePng(numbers, { ...layout, colors });
    await assert.rejects(() => verify(damaged), /must name colours of its palette/, what);
    if (layout.filter > 0) continue;
    await assert.rejects(() => openPicture(damaged), MalformedFileError, what);
  }
});

Deno.test("PNG with a palette gives its colours, with a palette of any length", async () => {
  for (const layout of layouts()) {
    const { width, height, bits } = layout;
    const colors = 1 + upTo(2 ** bits);
    const numbers = Uint8Array.from({ length: width * height }, () => upTo(colors));
    const file = palettePng(numbers, { ...layout, colors });
    const picture = await openPicture(file);
    const rows = await picture.readRows(0, height);
    await picture.close();
    const reds = Array.from(numbers, (number) => 10 + number);
    assert.deepEqual(rows.filter((_, i) => i % 4 === 0), Uint8Array.from(reds));
  }
});

Deno.test("negative control: the decoder alone gives black for what is not in the palette", async () => {
  const layout = { width: 4, height: 1, bits: 8, isInterlaced: false, filter: 0 } as const;
  const file = palettePng(Uint8Array.of(0, 9, 1, 2), { ...layout, colors: 3 });
  const rows = await sharp(file, { failOn: "warning" }).raw().toBuffer();
  assert.deepEqual([...rows.subarray(3, 6)], [0, 0, 0]);
  await assert.rejects(() => openPicture(file), /has 3: one names colour 9$/);
});

Deno.test("the test's own filters do something", () => {
  const layout = { width: 5, height: 9, bits: 8, isInterlaced: true } as const;
  const numbers = Uint8Array.from({ length: 45 }, (_, i) => i);
  const data = [0, 1, 2, 3, 4].map((filter) => paletteData(numbers, { ...layout, filter }));
  assert.equal(new Set(data.map((file) => inflateSync(file).join())).size, 5);
});
