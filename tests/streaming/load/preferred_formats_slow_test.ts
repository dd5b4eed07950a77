import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import type { TexelFormat } from "../../../src/texels/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { makeKtx2, noise } from "../../sources/ktx2/make_ktx2.ts";
import type { VulkanFormat } from "../../sources/ktx2/vulkan_formats.ts";
import { type Color, formatFile, largestDifference, SIZE } from "./format_files.ts";
import { checkPlainDevice, formatNamed as named, TEXEL_CAMERA as CAMERA } from "./plain_device.ts";
import { sampleLevel } from "./sample_level.ts";

Deno.test("without any feature, floats and what becomes floats are filtered by shaders", () =>
  checkPlainDevice([
    ["R16G16B16A16_UNORM", "rgba32float", "float32", "16 bytes a texel instead of 8"],
    ["R32G32_SFLOAT", "rg32float", "holes", "KTX2"],
    ["BC5_SNORM_BLOCK", "rg32float", "float32", "8 bytes a texel instead of 1"],
    ["EAC_R11_UNORM_BLOCK", "r32float", "float32", "4 bytes a texel instead of 0.5"],
  ]));

/** What a picture shows of a texel: stored values from 0 to 1, one channel as grey. */
function shown({ row, name }: VulkanFormat, color: Color): number[] {
  const stored = color.slice(0, 3).map((value) => {
    const clamped = Math.min(1, Math.max(0, value));
    if (!row.srgb) return clamped;
    return clamped <= 0.0031308 ? clamped * 12.92 : 1.055 * clamped ** (1 / 2.4) - 0.055;
  });
  const isGrey = /^(R\d+_|BC4|EAC_R11_)/.test(name);
  return (isGrey ? [stored[0]!, stored[0]!, stored[0]!] : stored).map((value) => 255 * value);
}

Deno.test("render shows stored values, clamped, of each kind of format", () =>
  withFolder(async (cacheFolder) => {
    using device = await requestDevice();
    const names = [
      ...["R8_SNORM", "R8G8_UNORM", "B8G8R8_SRGB", "R8_SRGB", "R16_SNORM", "R16G16B16_SFLOAT"],
      ...["R32_SFLOAT", "E5B9G9R9_UFLOAT_PACK32", "ETC2_R8G8B8_SRGB_BLOCK", "BC4_SNORM_BLOCK"],
    ];
    for (const name of names) {
      const options = { maxMemoryMb: 16, tileSize: 64, cacheFolder };
      using system = new VirtualTextureSystem(device, options);
      const vulkan = named(name);
      const { file, colors } = formatFile(vulkan);
      await system.loadTexture(file);
      await system.update(CAMERA);
      await system.flush();
      const { data } = await render(system, CAMERA, { filter: "bilinear" });
      // Columns grow to the left.
      const worst = (aside: number) => {
        let most = 0;
        for (let k = 0; k < colors.length; k++) {
          const [x, y] = [k % SIZE.width, Math.floor(k / SIZE.width)];
          const at = 4 * (y * SIZE.width + (SIZE.width - 1 - x + aside) % SIZE.width);
          for (const [c, value] of shown(vulkan, colors[k]!).entries()) {
            most = Math.max(most, Math.abs(data[at + c]! - value));
          }
        }
        return most;
      };
      // A pixel lies on a texel but for the precision of its place.
      assert.ok(worst(0) <= 3, `${name}: ${worst(0)} of 255`);
      assert.ok(worst(1) > 50, "control: the pixel beside");
    }
  }));

Deno.test("preferredFormat converts where that loses no more than it says, and is refused by name", () =>
  withFolder(async (cacheFolder) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { maxMemoryMb: 16, tileSize: 64, cacheFolder });
    const converted: readonly (readonly [string, string, TexelFormat])[] = [
      ["R8G8B8A8_UNORM", "RGBA16F", "rgba16float"],
      ["R8_UNORM", "r32f", "r32float"],
      ["R8G8_UNORM", "RGBA8", "rgba8unorm"],
      ["R16G16B16A16_SFLOAT", "RGBA32F", "rgba32float"],
      ["B8G8R8A8_SRGB", "BC7", "bc7-rgba-unorm-srgb"],
      ["BC6H_SFLOAT_BLOCK", "BC6H", "rgba16float"],
    ];
    for (const [name, preferredFormat, format] of converted) {
      const { file, colors } = formatFile(named(name));
      const texture = await system.loadTexture(file, { preferredFormat });
      assert.equal(texture.format, format, name);
      await system.update(CAMERA);
      await system.flush();
      const difference = largestDifference(await sampleLevel(device, texture, 0), colors);
      // Noise is the hardest that there is for BC7.
      assert.ok(difference < (format.startsWith("bc7") ? 1 : 3e-3), `${name}: ${difference}`);
      await system.unloadTexture(texture);
    }
    const before = system.getMemoryInfo();
    for (
      const [name, preferredFormat, message] of [
        ["R8G8B8A8_UNORM", "BC6H", /cannot make bc6h-rgb-ufloat of rgba8unorm/],
        ["R8G8B8A8_UNORM", "R8", /to r8 as it must have one band/],
        [
          "R16G16B16A16_SFLOAT",
          "RGBA8",
          /to rgba8 as it must have one, two or four bands.* it has four bands of float32/,
        ],
        ["R8G8_UNORM", "bc5s", /cannot make bc5-rg-snorm of rg8unorm/],
      ] as const
    ) {
      await assert.rejects(system.loadTexture(formatFile(named(name)).file, { preferredFormat }), {
        name: "UnsupportedError",
        message,
      });
    }
    assert.deepEqual(system.getMemoryInfo(), before);
  }));

/** Blocks of one colour each, and the colours of their texels, 0 to 1. */
function astcBlocks(edge: number, { width, height }: typeof SIZE): [Uint8Array, Color[]] {
  const columns = Math.ceil(width / edge);
  const random = seededRandom(edge);
  const blocks = new Uint8Array(16 * columns * Math.ceil(height / edge));
  const view = new DataView(blocks.buffer);
  const colors: Color[] = [];
  for (let at = 0; at < blocks.length; at += 16) {
    // A void extent without coordinates (Data Format Specification 1.3, section 23.24).
    blocks.set([0xfc, 0xfd, ...new Array<number>(6).fill(255)], at);
    const bytes = Array.from({ length: 4 }, () => Math.floor(256 * random()));
    bytes.forEach((byte, c) => view.setUint16(at + 8 + 2 * c, byte * 257, true));
    colors.push(bytes.map((byte) => byte / 255));
  }
  const texels = Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return colors[Math.floor(y / edge) * columns + Math.floor(x / edge)]!;
  });
  return [blocks, texels];
}

Deno.test("ETC2 and ASTC are streamed as they are stored where the device has them", () =>
  withFolder(async (cacheFolder) => {
    using device = await requestDevice();
    const names = ["ETC2_R8G8B8A8_UNORM_BLOCK", "ASTC_4x4_UNORM_BLOCK", "ASTC_8x8_UNORM_BLOCK"];
    for (const name of names) {
      const vulkan = named(name);
      const { row, format } = vulkan;
      const sizes = Array.from({ length: 7 }, (_, level) => ({
        width: Math.max(1, SIZE.width >> level),
        height: Math.max(1, SIZE.height >> level),
      }));
      const isAstc = format.startsWith("astc");
      const made = sizes.map((size) => isAstc ? astcBlocks(row.blockEdge, size)[0] : null);
      const levels = sizes.map(({ width, height }, level) => ({
        stored: made[level] ??
          noise(Math.ceil(width / 4) * Math.ceil(height / 4) * row.blockBytes, level + 5),
      }));
      const colors = isAstc ? astcBlocks(row.blockEdge, SIZE)[1] : formatFile(vulkan).colors;
      const file = makeKtx2({ row, ...SIZE, levels });
      const options = {
        maxMemoryMb: 16,
        tileSize: 64,
        cacheFolder,
        border: row.blockEdge as 4 | 8,
      };
      using system = new VirtualTextureSystem(device, options);
      if (isAstc && !device.supports(format)) {
        await assert.rejects(system.loadTexture(file), {
          name: "UnsupportedError",
          message: /cannot sample astc.*request a device with the feature texture-compression-astc/,
        });
        continue;
      }
      const texture = await system.loadTexture(file);
      assert.equal(texture.format, device.supports(format) ? format : "rgba8unorm");
      await system.update(CAMERA);
      await system.flush();
      const difference = largestDifference(await sampleLevel(device, texture, 0), colors);
      assert.ok(difference < 2e-3, `${name}: ${difference}`);
    }
  }));
