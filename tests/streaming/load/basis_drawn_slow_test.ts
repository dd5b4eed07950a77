import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { transcoders } from "../../../src/sources/ktx2/basis/transcoder_pool.ts";
import { encodeBasis, MODES, type Picture, psnr } from "../../sources/ktx2/basis/encode_basis.ts";
import { FORMAT_ROWS, makeKtx2 } from "../../sources/ktx2/make_ktx2.ts";
import { COLOR, drawn, inFolder, LIKENESS, PICTURE, shown } from "./draw_basis.ts";

Deno.test.afterEach(() => transcoders.endIdleWorkers());

/** The picture as a file of texels. */
function plainFile({ texels, width, height }: Picture): Uint8Array {
  const row = FORMAT_ROWS["rgba8unorm-srgb"]!;
  return makeKtx2({ row, width, height, levels: [{ stored: texels }] });
}

Deno.test("files of both forms are drawn as the picture, near and far, in each format", async () => {
  using device = await requestDevice();
  const cases = [
    ["ETC1S", "BC7", "bc7-rgba-unorm-srgb"],
    ["ETC1S", "RGBA8", "rgba8unorm-srgb"],
    ["UASTC", "BC1", "bc1-rgba-unorm-srgb"],
  ] as const;
  await inFolder(async (cacheFolder) => {
    const plain = await drawn(device, plainFile(PICTURE), { cacheFolder });
    for (const [form, preferredFormat, format] of cases) {
      const file = await encodeBasis(PICTURE, { mode: MODES[form], mips: false });
      const made = await drawn(device, file, { cacheFolder, load: { preferredFormat } });
      assert.equal(made.format, format);
      assert.match(made.info, new RegExp(`${form}, sRGB, .*, transcoded to ${format}, levels 1`));
      const near = psnr(made.near, shown(PICTURE), COLOR);
      assert.ok(near > LIKENESS[form] - 1, `${form} as ${format}: ${near} dB`);
      const far = psnr(made.far, plain.far, COLOR);
      assert.ok(far > LIKENESS[form], `${form} as ${format}, far: ${far} dB`);
      // Negative control: what is near does not look like what is far.
      assert.ok(psnr(made.near, plain.far, COLOR) < 20);
    }
  });
});
