import assert from "node:assert/strict";
import { requestDevice } from "../../src/gpu/mod.ts";
import { decodeBlocks } from "../../src/texels/mod.ts";
import { psnr } from "../gpu/encode/pictures.ts";
import { recordBlocks } from "../gpu/encode/record_blocks.ts";
import { benchBaseColor } from "./base_color_bench.ts";
import { blueMarbleCrops } from "./blue_marble.ts";
import { resultBreach } from "./result_breach.ts";

Deno.test("YCoCg is 4 dB above BC1 on pictures and 8 dB on a dark gradient, magnified four times", async () => {
  using device = await requestDevice();
  const result = await benchBaseColor(device, { pictures: true, rounds: 1 });
  assert.equal(resultBreach(result), "");
  for (const variant of ["tile_scale", "block_scale"]) {
    for (const kind of ["pictures", "dark_gradient"]) {
      const { median, target } = result.metrics[`${kind}_${variant}_vs_bc1`]!;
      assert.ok(median <= target!, `${kind} with ${variant}: ${-median} dB, not ${-target!} dB`);
    }
  }
  // Decoded before filtering, every picture is.
  const { max } = result.metrics["pictures_block_scale_vs_bc1"]!;
  assert.ok(max <= -4, `${-max} dB`);
});

/**
 * PSNR in dB of the crops in BC1 by other encoders, measured once: rgbcx of bc7enc_rdo at its highest
 * level (18, with three colours, by the package bc7enc-py 0.1.0a1 of PyPI) and Intel's ISPC Texture
 * Compressor (by ispc-texcomp 1.0.1).
 */
const RGBCX = [39.43, 36.82, 41.95, 37.72, 48.39, 38.83];
const ISPC = [38.71, 35.80, 40.72, 36.92, 41.27, 37.97];

Deno.test("BC1 of high quality is within half a decibel of rgbcx, and above ISPC's, on pictures", async () => {
  using device = await requestDevice();
  const format = "bc1-rgba-unorm";
  const crops = await blueMarbleCrops();
  const qualityOf = async (quality: "low" | "high") => {
    const blocks = await recordBlocks(device, crops, { format, quality });
    return crops.map(({ texels, width, height }, i) =>
      psnr(texels, decodeBlocks(format, blocks[i]!, width, height), [0, 1, 2])
    );
  };
  const high = await qualityOf("high");
  assert.ok(high.every((value, i) => value >= RGBCX[i]! - 0.5), `${high} of ${RGBCX}`);
  assert.ok(high.every((value, i) => value > ISPC[i]!), `${high} of ${ISPC}`);
  const low = await qualityOf("low");
  assert.ok(low.some((value, i) => value < RGBCX[i]! - 0.5), "negative control: low quality");
});
