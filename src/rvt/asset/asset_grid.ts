/**
 * How many tiles a runtime virtual texture has in a volume. Pure.
 *
 * @module
 */

import { OutOfRangeError } from "../../errors.ts";
import { type ForgeDevice, planPageTable, slotBytes } from "../../gpu/mod.ts";
import type { TexelFormat } from "../../texels/mod.ts";
import { MAX_VIRTUAL_SIZE, TileGrid } from "../../tiles/mod.ts";
import type { CompleteAssetSettings } from "./asset_settings.ts";
import { storedFormats } from "./stored_formats.ts";

/** What is assumed of a device of which nothing is known. */
const USUAL_DEVICE = { supports: () => true, maxTextureSize: 8192 } as const;

/** What an estimate of memory depends on, beside the asset's settings and the volume's extent. */
export interface EstimateMemoryOptions {
  /**
   * The device that stores the texture: it decides on the formats, and on the size of the page table's
   * texture. Default one that has BC formats and `r16unorm`, and textures of up to 8192 × 8192 texels.
   */
  readonly device?: ForgeDevice;
  /**
   * Tile Count Bias: levels by which the size in tiles is doubled, or halved if negative, -24 to 24: that of
   * the volume plus that of the scene; default 0.
   */
  readonly tileCountBias?: number;
}

/** Memory that a runtime virtual texture takes. */
export interface AssetMemoryEstimate {
  /** Bytes of the texture that holds its page table. */
  readonly pageTableBytes: number;
  /** Bytes of one tile in the atlas, borders and every plane included. */
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

/**
 * Memory that a texture takes with a grid.
 *
 * @param device Where it is stored; null for one that has BC formats and `r16unorm`, and textures of up to
 * 8192 × 8192 texels.
 */
export function estimateMemory(
  settings: CompleteAssetSettings,
  grid: TileGrid,
  device: Pick<ForgeDevice, "supports" | "limit"> | null,
): AssetMemoryEstimate {
  const { supports, maxTextureSize } = device === null ? USUAL_DEVICE : {
    supports: (format: TexelFormat) => device.supports(format),
    maxTextureSize: device.limit("maxTextureDimension2D"),
  };
  const { width, height } = planPageTable(grid.tileCount, maxTextureSize);
  const slotTexels = settings.tileSize + 2 * settings.tileBorder;
  const tileBytes = slotBytes(storedFormats({ supports }, settings), slotTexels);
  return {
    pageTableBytes: 4 * width * height,
    tileBytes,
    physicalBytes: tileBytes * grid.tileCount,
  };
}
