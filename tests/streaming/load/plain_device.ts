/**
 * Textures on a device with the least features that there are.
 *
 * @module
 */

import assert from "node:assert/strict";
import { adoptDevice, type ForgeDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import type { TexelFormat } from "../../../src/texels/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import {
  BLOCK_FORMATS,
  PLAIN_FORMATS,
  type VulkanFormat,
} from "../../sources/ktx2/vulkan_formats.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { formatFile, largestDifference } from "./format_files.ts";
import { sampleLevel } from "./sample_level.ts";

/** A camera whose pixels lie on the texels of level 0. */
export const TEXEL_CAMERA = lookDown(48, 32, heightOfLevel(0, [96, 64]), [96, 64]);

/** The format of a name of Vulkan's. */
export function formatNamed(name: string): VulkanFormat {
  return [...PLAIN_FORMATS, ...BLOCK_FORMATS].find((one) => one.name === name)!;
}

async function withPlainDevice(use: (device: ForgeDevice) => Promise<void>): Promise<void> {
  const adapter = await navigator.gpu.requestAdapter();
  const gpu = await adapter!.requestDevice();
  const device = adoptDevice(gpu);
  try {
    await use(device);
  } finally {
    device.close();
    gpu.destroy();
  }
}

/** A file's format, what it becomes, how that is tapped, and what its description has to say. */
export type PlainCase = readonly [name: string, format: TexelFormat, tap: string, info: string];

/** Loads a file of each format, and compares what is sampled with what it holds. */
export function checkPlainDevice(cases: readonly PlainCase[]): Promise<void> {
  return withFolder((cacheFolder) =>
    withPlainDevice(async (device) => {
      for (const [name, format, tap, info] of cases) {
        const options = { maxMemoryMb: 16, tileSize: 64, cacheFolder };
        using system = new VirtualTextureSystem(device, options);
        const { file, colors } = formatFile(formatNamed(name));
        const texture = await system.loadTexture(file);
        assert.deepEqual([texture.format, texture.taps], [format, [tap]], name);
        assert.ok(texture.info.includes(info), texture.info);
        await system.update(TEXEL_CAMERA);
        assert.equal(await system.flush(), true);
        const found = await sampleLevel(device, texture, 0);
        const difference = largestDifference(found, colors);
        assert.ok(difference < 2e-3, `${name}: ${difference}`);
        const other = formatFile(formatNamed(name), 9).colors;
        assert.ok(largestDifference(found, other) > 0.05, "control: other noise");
      }
    })
  );
}
