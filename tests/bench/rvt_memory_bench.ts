/**
 * Memory of a tile by material type: in the atlas with compression against without, and scratch memory
 * while it is rendered. Computed from formats, for tiles of 256 texels with borders of 4.
 *
 * @module
 */

import {
  type Benchmark,
  type BenchMetric,
  type BenchResult,
  summarize,
} from "../../src/cli/bench/benchmark.ts";
import { type ForgeDevice, slotBytes } from "../../src/gpu/mod.ts";
import { MATERIAL_TYPE_NAMES, type MaterialTypeName } from "../../src/rvt/asset/mod.ts";
import { planeFormats } from "../../src/rvt/planes/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { insideOf } from "../streaming/inside.ts";
import { LayeredScene } from "./rvt/layered_scene.ts";

const SETTINGS = { tileSize: 256, tileBorder: 4, sizeInTilesLog2: 2 } as const;
const SLOT_TEXELS = SETTINGS.tileSize + 2 * SETTINGS.tileBorder;
const BUDGET_MB = 64;
/** What the types with YCoCg are compared with, and how much more the specification says that they take. */
const REFERENCE = "base_color_normal_roughness_specular";
const EXTRA: Partial<Record<MaterialTypeName, number>> = {
  ycocg_base_color_normal_specular: 1.25,
  ycocg_base_color_normal_specular_mask: 1.5,
};

/** Bytes of a tile by material type. */
export async function benchMemory(
  device: ForgeDevice,
  materialTypes: readonly MaterialTypeName[] = MATERIAL_TYPE_NAMES,
): Promise<BenchResult> {
  const metrics: Record<string, BenchMetric> = {};
  const bytesOf = (materialType: MaterialTypeName, compressed: boolean) =>
    slotBytes(planeFormats(device, { materialType, compressed }), SLOT_TEXELS);
  for (const materialType of materialTypes) {
    const [plain, stored] = [bytesOf(materialType, false), bytesOf(materialType, true)];
    metrics[`${materialType}_tile`] = summarize([stored / 1024], { unit: "KiB" });
    metrics[`${materialType}_vs_uncompressed`] = summarize([stored / plain], { unit: "ratio" });
    const target = EXTRA[materialType];
    if (target !== undefined) {
      const ratio = stored / bytesOf(REFERENCE, true);
      metrics[`${materialType}_vs_${REFERENCE}`] = summarize([ratio], { unit: "ratio", target });
    }
    const scratch = [await scratchOf(device, materialType, true)];
    metrics[`${materialType}_scratch`] = summarize(scratch, { unit: "KiB" });
    const plainScratch = await scratchOf(device, materialType, false);
    metrics[`${materialType}_scratch_vs_uncompressed`] = summarize([scratch[0]! / plainScratch], {
      unit: "ratio",
    });
  }
  return { metrics };
}

/** KiB of scratch memory in which a tile of a type is rendered. */
async function scratchOf(
  device: ForgeDevice,
  materialType: MaterialTypeName,
  compressTextures: boolean,
): Promise<number> {
  using system = new VirtualTextureSystem(device, { maxMemoryMb: BUDGET_MB });
  const settings = { ...SETTINGS, materialType, compressTextures };
  const { texture } = await LayeredScene.create(system, { layers: 1, ...settings });
  return insideOf(texture).recorder.cost.scratchBytes / 1024;
}

/** Memory of tiles. */
export const bench: Benchmark = {
  name: "rvt_memory",
  description: "memory of a tile by material type, with compression against without",
  runBenchmark: ({ device }) => benchMemory(device),
};
