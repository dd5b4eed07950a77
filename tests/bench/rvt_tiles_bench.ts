/**
 * Rendering tiles with compression against rendering the same tiles without, by material type, layers of
 * the ground, and quality of the encoders.
 *
 * Both fill the same targets with the same draws, pack them and copy them to an atlas; compression packs
 * for its encoders, and encodes. A layer covers all of every tile, with two textures, noise and opacity.
 * Both include what recording takes. Where the device draws on the CPU, times are processor time.
 *
 * @module
 */

import {
  type Benchmark,
  type BenchMetric,
  type BenchResult,
  summarize,
} from "../../src/cli/bench/benchmark.ts";
import { ENCODE_QUALITIES, type EncodeQuality, type ForgeDevice } from "../../src/gpu/mod.ts";
import { MATERIAL_TYPE_NAMES, type MaterialTypeName } from "../../src/rvt/asset/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { insideOf } from "../streaming/inside.ts";
import { LayeredScene } from "./rvt/layered_scene.ts";
import { ratiosOf, type TimeCounts, timeInterleaved, type Work } from "./rvt/work_time.ts";

/** What {@linkcode benchTiles} measures. */
export interface TileBenchOptions extends TimeCounts {
  readonly materialTypes: readonly MaterialTypeName[];
  readonly layers: readonly number[];
  readonly qualities: readonly EncodeQuality[];
  /** Tiles of a batch. */
  readonly tiles: number;
  /** Edge of a tile in texels, without its borders. */
  readonly tileSize: number;
}

const OPTIONS: TileBenchOptions = {
  // World Height has the same form with compression and without.
  materialTypes: MATERIAL_TYPE_NAMES.filter((name) => name !== "world_height"),
  layers: [1, 4, 16],
  qualities: ENCODE_QUALITIES,
  tiles: 4,
  tileSize: 256,
  rounds: 5,
  repeats: 2,
};

/** How much longer compressed tiles may take. */
const TARGET = 1.5;

/** Whether a ratio has to reach the target: few layers with the least effort, many with more. */
function targetOf(layers: number, quality: EncodeQuality): number | undefined {
  const isBound = layers === 4 && quality === "low" || layers === 16 && quality === "medium";
  return isBound ? TARGET : undefined;
}

const SIZE_IN_TILES_LOG2 = 3;
const BUDGET_MB = 256;

/** Measures batches of tiles. */
export async function benchTiles(
  device: ForgeDevice,
  options: TileBenchOptions = OPTIONS,
  say: (text: string) => void = () => {},
): Promise<BenchResult> {
  const metrics: Record<string, BenchMetric> = {};
  for (const materialType of options.materialTypes) {
    for (const layers of options.layers) {
      const name = `${materialType}_${layers}_layers`;
      say(name);
      const { plain, ...times } = await timeForms(device, {
        ...options,
        materialType,
        count: layers,
      });
      const perTile = plain!.map((ms) => ms / options.tiles);
      metrics[`${name}_uncompressed_tile`] = summarize(perTile, { unit: "ms" });
      for (const quality of options.qualities) {
        const target = targetOf(layers, quality);
        metrics[`${name}_${quality}_vs_uncompressed`] = summarize(
          ratiosOf(times[quality]!, plain!),
          { unit: "ratio", ...(target === undefined ? {} : { target }) },
        );
      }
    }
  }
  return { metrics };
}

/** Times of a batch without compression (`plain`) and with, by quality. */
async function timeForms(
  device: ForgeDevice,
  options: TileBenchOptions & { readonly materialType: MaterialTypeName; readonly count: number },
): Promise<Record<string, number[]>> {
  const { materialType, count, tileSize, qualities } = options;
  const systems: VirtualTextureSystem[] = [];
  const placeScene = async (compressTextures: boolean) => {
    const system = new VirtualTextureSystem(device, { maxMemoryMb: BUDGET_MB, tileSize });
    systems.push(system);
    return await LayeredScene.create(system, {
      layers: count,
      materialType,
      compressTextures,
      tileSize,
      sizeInTilesLog2: SIZE_IN_TILES_LOG2,
    });
  };
  try {
    const plain = await placeScene(false);
    const compressed = await placeScene(true);
    const works: Record<string, Work> = { plain: () => renderTiles(device, plain, options.tiles) };
    for (const compressionQuality of qualities) {
      works[compressionQuality] = () => {
        compressed.assets[0]!.change({ compressionQuality });
        renderTiles(device, compressed, options.tiles);
      };
    }
    return await timeInterleaved(device, works, options);
  } finally {
    for (const system of systems) system.close();
  }
}

/** Renders the first tiles of the finest level into slots, and submits that. */
function renderTiles(device: ForgeDevice, scene: LayeredScene, count: number): void {
  const { grid, recorder, pool } = insideOf(scene.texture);
  const { tilesX } = grid.level(0);
  const items = Array.from({ length: count }, (_, i) => ({
    slot: i,
    payload: { tile: grid.tileIndexOf(0, i % tilesX, Math.floor(i / tilesX)) },
  }));
  const encoder = device.gpu.createCommandEncoder({ label: "tiles" });
  recorder.record(encoder, pool.atlas, items);
  device.submits.submit([encoder.finish()]);
}

/** Tiles with compression against tiles without. */
export const bench: Benchmark = {
  name: "rvt_tiles",
  description: "tiles rendered and compressed against the same tiles rendered uncompressed",
  runBenchmark: ({ device, say }) => benchTiles(device, OPTIONS, say),
};
