/**
 * The room that textures take, before they are there. Pure.
 *
 * @module
 */

import { planPageTable } from "../../gpu/mod.ts";
import type { TileCost } from "../../residency/mod.ts";
import type { TileGrid } from "../../tiles/mod.ts";
import { ATLAS_ROUNDING, type BudgetNeeds } from "./budget_plan.ts";
import { POOL_OVERHEAD_BYTES, poolKey, type PoolKind, poolSlotBytes } from "./gpu_pool.ts";
import type { TextureDemand } from "./pool_budget.ts";

/** Bytes of a page table beside its texels: records of edits, level table, sampling parameters. */
const TABLE_OVERHEAD_BYTES = 24 * 1024;

/** A texture that is about to be added. */
export interface NewTexture {
  readonly kind: PoolKind;
  readonly grid: TileGrid;
  readonly cost: TileCost;
  /** Whether its recorder draws, in scratch memory, instead of uploading. */
  readonly isDrawn: boolean;
}

/** What textures need of a budget. */
export function needsOf(textures: Iterable<NewTexture>, maxTextureSize: number): BudgetNeeds {
  const pools = new Map<string, { slotBytes: number; textures: NewTexture[] }>();
  let tableBytes = 0;
  let largestTileBytes = 0;
  let scratchBytes = 0;
  for (const texture of textures) {
    const { kind, grid, cost, isDrawn } = texture;
    const key = poolKey(kind);
    let pool = pools.get(key);
    if (pool === undefined) {
      pool = { slotBytes: poolSlotBytes(kind), textures: [] };
      pools.set(key, pool);
      tableBytes += POOL_OVERHEAD_BYTES;
    }
    pool.textures.push(texture);
    tableBytes += tableBytesOf(grid, maxTextureSize);
    if (isDrawn) scratchBytes = Math.max(scratchBytes, cost.scratchBytes);
    else largestTileBytes = Math.max(largestTileBytes, cost.scratchBytes);
  }
  return {
    pools: [...pools.values()].map(({ slotBytes, textures }) => ({
      slotBytes,
      textures: textures.map(({ grid }) => textureDemand(grid)),
    })),
    tableBytes,
    largestTileBytes,
    scratchBytes,
  };
}

/** What a texture needs of its pool. */
export function textureDemand(grid: TileGrid): TextureDemand {
  return {
    tiles: Math.ceil(grid.tileCount * ATLAS_ROUNDING),
    pinned: grid.tailTileCount,
  };
}

/** Bytes of a page table with what belongs to it, before it exists. */
export function tableBytesOf(grid: TileGrid, maxTextureSize: number): number {
  const { width, height } = planPageTable(grid.tileCount, maxTextureSize);
  return width * height * 4 + TABLE_OVERHEAD_BYTES;
}
