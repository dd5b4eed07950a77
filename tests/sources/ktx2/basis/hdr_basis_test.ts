import assert from "node:assert/strict";
import {
  isReadAs,
  ktx2RowSource,
  ktx2TileSource,
  memorySource,
  readKtx2,
  transcodedFormats,
} from "../../../../src/sources/mod.ts";
import { transcoders } from "../../../../src/sources/ktx2/basis/transcoder_pool.ts";
import { decodeBlocks } from "../../../../src/texels/mod.ts";
import { encodeHdr, HDR_MODES, type HdrPicture } from "./encode_basis.ts";

Deno.test.afterEach(() => transcoders.endIdleWorkers());

/** A smooth picture of light, up to 9 times as bright as white. */
function brightPicture(): HdrPicture {
  const [width, height] = [30, 20];
  const texels = new Float32Array(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const color = [0.5 + 4 * x / width, 0.5 + 8 * y / height, 2 + Math.sin((x + y) / 9), 1];
      texels.set(color, 4 * (y * width + x));
    }
  }
  return { width, height, texels };
}

/** The mean difference of colours, as a part of their mean. */
function meanDifference(found: Float32Array, wanted: Float32Array): number {
  let [difference, sum] = [0, 0];
  wanted.forEach((value, i) => {
    if (i % 4 === 3) return;
    difference += Math.abs(found[i]! - value);
    sum += value;
  });
  return difference / sum;
}

Deno.test("UASTC HDR gives texels and blocks of BC6H that are close to the picture", async () => {
  const picture = brightPicture();
  const { width, height } = picture;
  for (const [form, mode] of Object.entries(HDR_MODES)) {
    const source = memorySource(await encodeHdr(picture, { mode }));
    const file = await readKtx2(source);
    assert.deepEqual(transcodedFormats(file), ["bc6h-rgb-ufloat", "rgba16float"]);
    const rows = ktx2RowSource(source, file, { level: 0 });
    assert.equal(rows.format, "rgba32float");
    const texels = new Float32Array((await rows.readRows(0, height)).buffer);
    await rows.close();
    const bound = mode === HDR_MODES.UASTC_HDR_4X4 ? 0.05 : 0.08;
    const difference = meanDifference(texels, picture.texels);
    assert.ok(difference < bound, `${form}: ${difference}`);
    assert.ok(texels.every((value, i) => i % 4 < 3 || value === 1));
    // Negative control: the picture upside down is not as close.
    const turned = new Float32Array(texels.length);
    for (let i = 0; i < turned.length; i++) {
      turned[i] = texels[turned.length - 4 - i + 2 * (i % 4)]!;
    }
    assert.ok(meanDifference(turned, picture.texels) > 4 * bound);

    const format = "bc6h-rgb-ufloat";
    const tiles = ktx2TileSource(source, file, { tileSize: 32, border: 0, format });
    const decoded = decodeBlocks(format, await tiles.readTile(0, 0, 0), 32, 32);
    tiles.close();
    const floats = new Float32Array(decoded.buffer, decoded.byteOffset, decoded.byteLength / 4);
    const cut = new Float32Array(4 * width * height);
    for (let y = 0; y < height; y++) {
      cut.set(floats.subarray(4 * 32 * y, 4 * (32 * y + width)), 4 * width * y);
    }
    assert.ok(meanDifference(cut, picture.texels) < bound + 0.01);
  }
});

Deno.test("floats are not read as formats of 8 bits", async () => {
  const bytes = await encodeHdr(brightPicture(), { mode: HDR_MODES.UASTC_HDR_4X4 });
  const file = await readKtx2(memorySource(bytes));
  assert.equal(file.opaque, false);
  assert.match(file.describe(), /UASTC HDR 4x4, linear/);
  for (const format of ["bc6h-rgb-ufloat", "rgba16float"] as const) {
    assert.equal(isReadAs(file, format), true);
  }
  for (const format of ["bc7-rgba-unorm", "rgba8unorm", "bc6h-rgb-float", "rgba32float"] as const) {
    assert.equal(isReadAs(file, format), false);
  }
});
