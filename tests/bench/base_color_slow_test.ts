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
  const { metrics } = await benchBaseColor(device, { pictures: true, rounds: 1 });
  assert.equal(resultBreach({ metrics }), "");
  const largest = (name: string) => metrics[`${name}_vs_bc1`]!.max;
  for (const variant of ["tile_scale", "block_scale"]) {
    const median = metrics[`pictures_${variant}_vs_bc1`]!.median;
    assert.ok(median <= -4, `pictures with ${variant}: ${-median} dB`);
    const gradient = largest(`dark_gradient_${variant}`);
    assert.ok(gradient <= -8, `gradient with ${variant}: ${-gradient} dB`);
  }
  // Decoded before filtering, every picture is.
  const worst = largest("pictures_block_scale");
  assert.ok(worst <= -6, `${-worst} dB`);
  // With a scale a tile no encoder could be on every picture: even exact texels are not, filtered gamma-encoded.
  const limit = largest("pictures_tile_scale_limit");
  assert.ok(limit > -2 && limit <= largest("pictures_tile_scale"), `${-limit} dB`);
});

/**
 * PSNR in dB of the first crops in BC1 by other encoders, measured once: rgbcx of bc7enc_rdo at its highest
 * level (18, with three colours, by the package bc7enc-py 0.1.0a1 of PyPI) and Intel's ISPC Texture
 * Compressor (by ispc-texcomp 1.0.1).
 */
const RGBCX = [39.43, 36.82, 41.95, 37.72, 48.39, 38.83];
const ISPC = [38.71, 35.80, 40.72, 36.92, 41.27, 37.97];

Deno.test("BC1 of high quality is within half a decibel of rgbcx, and above ISPC's, on pictures", async () => {
  using device = await requestDevice();
  const format = "bc1-rgba-unorm";
  const crops = (await blueMarbleCrops()).slice(0, RGBCX.length);
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
