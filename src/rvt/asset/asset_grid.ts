/**
 * How many tiles a runtime virtual texture has in a volume. Pure.
 *
 * @module
 */

import { OutOfRangeError } from "../../errors.ts";
import { planPageTable, slotBytes } from "../../gpu/mod.ts";
import { MAX_VIRTUAL_SIZE, TileGrid } from "../../tiles/mod.ts";
import type { CompleteAssetSettings } from "./asset_settings.ts";
import { MATERIAL_TYPES } from "./material_type.ts";

/** Memory that a runtime virtual texture takes. */
export interface AssetMemoryEstimate {
  /** Bytes of its page table. */
  readonly pageTableBytes: number;
  /** Bytes of one tile, borders and every plane included. */
  readonly tileBytes: number;
  /** Bytes of all tiles of all levels, if every one were resident. */
  readonly physicalBytes: number;
}

/** What decides on the tiles beside the settings. */
export interface GridOptions {
  /** World lengths of the volume along its own x and y. */
  readonly extent: readonly [number, number];
  /** Tile Count Bias: levels by which the size in tiles is doubled, or halved if negative; default 0. */
  readonly tileCountBias?: number;
  /** What cannot be done if the grid is too large. */
  readonly failure: string;
}

/** Log2 of the tiles along the shorter axis: the power of two whose tiles are nearest to square. */
function shorterLog2(longerLog2: number, ratio: number): number {
  return Math.max(0, Math.min(longerLog2, Math.round(longerLog2 + Math.log2(ratio))));
}

/**
 * The grid of a texture in a volume. The longer world axis gets the size in tiles, at least one after the
 * bias; the shorter one the nearest power of two.
 *
 * @throws {OutOfRangeError} if tiles × tile size exceeds 2^20 texels after the bias, or more low mips are
 * to be removed than there are.
 */
export function assetGrid(settings: CompleteAssetSettings, options: GridOptions): TileGrid {
  const { extent: [x, y], tileCountBias = 0, failure } = options;
  const { sizeInTilesLog2, tileSize, removeLowMips } = settings;
  const longer = Math.max(0, sizeInTilesLog2 + tileCountBias);
  const shorter = shorterLog2(longer, Math.min(x, y) / Math.max(x, y));
  const texels = tileSize * 2 ** longer;
  if (texels > MAX_VIRTUAL_SIZE) {
    throw new OutOfRangeError(
      "sizeInTilesLog2",
      `${failure} as tiles × tile size must be <= ${MAX_VIRTUAL_SIZE} texels: current value is ` +
        `${2 ** longer} × ${tileSize} = ${texels}`,
    );
  }
  if (removeLowMips > longer) {
    throw new OutOfRangeError(
      "removeLowMips",
      `${failure} as removeLowMips must be < the number of levels, ${longer + 1}: current value ` +
        `is ${removeLowMips}`,
    );
  }
  const other = tileSize * 2 ** shorter;
  const [width, height] = x >= y ? [texels, other] : [other, texels];
  return new TileGrid(width, height, tileSize, {
    lastLevel: "tile",
    removedLevels: removeLowMips,
  });
}

/** Memory that a texture takes with a grid. */
export function estimateMemory(
  settings: CompleteAssetSettings,
  grid: TileGrid,
  maxTextureSize = 8192,
): AssetMemoryEstimate {
  const { width, height } = planPageTable(grid.tileCount, maxTextureSize);
  const slotTexels = settings.tileSize + 2 * settings.tileBorder;
  const { compressedFormats, uncompressedFormats } = MATERIAL_TYPES[settings.materialType];
  const formats = settings.compressTextures ? compressedFormats : uncompressedFormats;
  const tileBytes = slotBytes(formats, slotTexels);
  return {
    pageTableBytes: 4 * width * height,
    tileBytes,
    physicalBytes: tileBytes * grid.tileCount,
  };
}
