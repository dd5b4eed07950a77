import assert from "node:assert/strict";
import sharp from "sharp";
import { contactSheet } from "../../../src/cli/demo/contact_sheet.ts";

async function plainPicture(red: number, width = 64, height = 32): Promise<Uint8Array> {
  const background = { r: red, g: 0, b: 0 };
  const picture = sharp({ create: { width, height, channels: 3, background } });
  return new Uint8Array(await picture.png().toBuffer());
}

Deno.test("pictures stand row by row, in order, in their shape", async () => {
  const reds = [10, 60, 110, 160, 210];
  const sheet = await contactSheet(await Promise.all(reds.map((red) => plainPicture(red))), {
    columns: 3,
    pictureWidth: 32,
    gap: 4,
  });
  const { data, info } = await sharp(sheet).raw().toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.width, info.height], [4 + 3 * 36, 4 + 2 * 20]);
  const redAt = (x: number, y: number) => data[(y * info.width + x) * info.channels]!;
  for (const [index, red] of reds.entries()) {
    const [x, y] = [4 + index % 3 * 36, 4 + Math.floor(index / 3) * 20];
    for (const [dx, dy] of [[0, 0], [31, 0], [0, 15], [31, 15]] as const) {
      assert.ok(Math.abs(redAt(x + dx, y + dy) - red) <= 1, `picture ${index}`);
    }
    assert.equal(redAt(x - 1, y), 24, "the gap");
  }
});

Deno.test("a sheet of few pictures is no wider than they are", async () => {
  const sheet = await contactSheet([await plainPicture(9)], { pictureWidth: 32, gap: 4 });
  const { width, height } = await sharp(sheet).metadata();
  assert.deepEqual([width, height], [40, 24]);
});

Deno.test("a sheet of nothing is refused", async () => {
  await assert.rejects(contactSheet([]), /Cannot lay out a sheet/);
});
