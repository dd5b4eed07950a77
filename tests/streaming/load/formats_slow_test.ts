import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { isBlockCompressed, type TexelFormat } from "../../../src/texels/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import {
  BLOCK_FORMATS,
  PLAIN_FORMATS,
  type VulkanFormat,
} from "../../sources/ktx2/vulkan_formats.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { formatFile, halved, largestDifference, SIZE } from "./format_files.ts";
import { sampleLevel } from "./sample_level.ts";

const CAMERA = lookDown(48, 32, heightOfLevel(0, [96, 64]), [96, 64]);

/** Formats whose levels cannot be encoded here, and the ones that they become without loss. */
const DECODED: readonly (readonly [RegExp, (format: TexelFormat) => TexelFormat])[] = [
  [/^bc2|^etc2/, (format) => format.endsWith("-srgb") ? "rgba8unorm-srgb" : "rgba8unorm"],
  [/^bc4-r-snorm|^eac-r11/, () => "r32float"],
  [/^bc5-rg-snorm|^eac-rg11/, () => "rg32float"],
  [/^bc6h/, () => "rgba16float"],
];

/** The format that a file without coarser levels has in the atlas. */
function formatInAtlas({ format }: VulkanFormat, device: ForgeDevice): TexelFormat {
  const decoded = DECODED.find(([pattern]) => pattern.test(format))?.[1](format) ?? format;
  return device.supports(decoded) ? decoded : decoded.replace("16unorm", "32float") as TexelFormat;
}

/** How far a coarser level may be off: half a step of the format, of its largest value. */
function stepOf(format: TexelFormat): number {
  // Encoded values are at most 2.3 times as far apart in light, and samplers decode them by tables.
  if (format.includes("srgb")) return 2.4 * 0.51 / 255 + 1e-3;
  if (/8unorm/.test(format)) return 0.51 / 255;
  if (/8snorm/.test(format)) return 0.51 / 127;
  // Two bits of alpha.
  if (format === "rgb10a2unorm") return 0.51 / 3;
  if (format === "rg11b10ufloat") return 2 ** -6;
  if (format === "rgb9e5ufloat") return 2 ** -9;
  return 2e-3;
}

/** Loads each file, and compares two levels with what the specifications say. */
async function checkFormats(formats: readonly VulkanFormat[], cacheFolder: string) {
  using device = await requestDevice();
  for (const vulkan of formats) {
    using system = new VirtualTextureSystem(device, { maxMemoryMb: 16, tileSize: 64, cacheFolder });
    const { file, colors } = formatFile(vulkan);
    const texture = await system.loadTexture(file);
    const wanted = formatInAtlas(vulkan, device);
    assert.equal(texture.format, wanted, vulkan.name);
    await system.update(CAMERA);
    assert.equal(await system.flush(), true);
    const isBlocks = isBlockCompressed(vulkan.format);
    const finest = largestDifference(await sampleLevel(device, texture, 0), colors);
    const isStillBlocks = isBlockCompressed(wanted);
    assert.ok(finest <= (isBlocks ? 3 / 255 : 2e-3), `${vulkan.name}: ${finest}`);
    const coarser = await sampleLevel(device, texture, 1);
    const half = halved(colors, SIZE.width);
    // Noise is the hardest that there is to encode in blocks: that is tested elsewhere.
    const bound = isStillBlocks ? 1 : stepOf(wanted) + 3 / 255 * Number(isBlocks);
    const difference = largestDifference(coarser, half);
    assert.ok(difference <= bound, `${vulkan.name}: ${difference} of ${bound}`);
    const other = formatFile(vulkan, 9).colors;
    const control = largestDifference(await sampleLevel(device, texture, 0), other);
    assert.ok(control > 0.05, `control: ${vulkan.name} of other noise, ${control}`);
    if (wanted !== vulkan.format) {
      assert.match(texture.info, new RegExp(`decoded to ${wanted}`), texture.info);
      assert.match(texture.info, /bytes a texel instead of/);
    }
    if (vulkan.name.startsWith("B8G8R8")) assert.match(texture.info, /read as rgba8/);
  }
}

Deno.test("textures of every uncompressed format are sampled as Vulkan says, with baked mips", () =>
  withFolder((folder) => checkFormats(PLAIN_FORMATS, folder)));

Deno.test("textures of every compressed format are sampled as they decode, with baked mips", () => {
  // ASTC is decoded by devices alone, and these bits are mostly no valid blocks.
  const formats = BLOCK_FORMATS.filter(({ format }) => !format.startsWith("astc"));
  return withFolder((folder) => checkFormats(formats, folder));
});
