import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { makeKtx2, noise } from "../../sources/ktx2/make_ktx2.ts";
import { checkPlainDevice, formatNamed as named } from "./plain_device.ts";
import { SIZE } from "./format_files.ts";

Deno.test("without any feature, 16-bit values become floats that shaders filter, and BC is decoded", () =>
  checkPlainDevice([
    ["R16_UNORM", "r32float", "float32", "4 bytes a texel instead of 2"],
    ["BC6H_SFLOAT_BLOCK", "rgba16float", "filtered", "8 bytes a texel instead of 1"],
  ]));

Deno.test("formats that cannot be loaded are refused, with what helps", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 16, tileSize: 64 });
  const rgba = named("R8G8B8A8_UNORM").row;
  const integers = rgba.samples.map(([at, bits, channel]) => [at, bits, channel, 0, 1] as const);
  const astc = { ...named("ASTC_4x4_UNORM_BLOCK").row };
  const cases = [
    [{ ...rgba, vkFormat: 41, samples: integers }, /format R8G8B8A8_UINT.*integers.*UNORM/],
    [{ ...astc, vkFormat: 165, blockEdge: 6 }, /format ASTC_6x6_UNORM_BLOCK.*4×4 or 8×8/],
  ] as const;
  for (const [row, message] of cases) {
    const { width, height } = SIZE;
    const columns = Math.ceil(width / row.blockEdge) * Math.ceil(height / row.blockEdge);
    const levels = [{ stored: noise(columns * row.blockBytes, 1) }];
    const file = makeKtx2({ row, width, height, levels });
    await assert.rejects(system.loadTexture(file), { name: "UnsupportedError", message });
  }
  const big = { ...named("ASTC_8x8_UNORM_BLOCK").row };
  const missing =
    /cannot sample astc.*feature texture-compression-astc, or transcode it, as to BC7/;
  const kinds = [
    [astc, 24 * 16 * 16, /levels that it lacks cannot be made of astc-4x4-unorm.*store all levels/],
    [big, 12 * 8 * 16, /border must be a multiple of 8/],
  ] as const;
  for (const [row, length, withFeature] of kinds) {
    const hasFeature = device.supports(named("ASTC_4x4_UNORM_BLOCK").format);
    const file = makeKtx2({ row, ...SIZE, levels: [{ stored: noise(length, 1) }] });
    await assert.rejects(system.loadTexture(file), {
      ...(hasFeature ? {} : { name: "UnsupportedError" }),
      message: hasFeature ? withFeature : missing,
    });
  }
});
