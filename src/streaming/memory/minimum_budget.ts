/**
 * The least memory budget with which one texture can be loaded, before there is a system.
 *
 * @module
 */

import { stagingBytes } from "../../gpu/mod.ts";
import type { TexelFormat } from "../../texels/mod.ts";
import type { TileGrid } from "../../tiles/mod.ts";
import { needsOf } from "./budget_needs.ts";
import { missingBudget } from "./budget_plan.ts";

/** Edge of the largest textures that devices have; a page table of any grid fits one of them. */
const LARGEST_TEXTURE_SIZE = 32768;

/** A texture that is streamed from a file. */
export interface PlannedTexture {
  /** Its tiles. */
  readonly grid: TileGrid;
  /** Texels around a tile's payload that belong to its neighbours. */
  readonly border: number;
  /** Format of each plane. */
  readonly formats: readonly TexelFormat[];
}

/** Bytes without which a system refuses to load the texture. */
export function minimumBudgetBytes({ grid, border, formats }: PlannedTexture): number {
  const { tileSize } = grid;
  const scratchBytes = stagingBytes(formats, tileSize + 2 * border);
  const texture = {
    kind: { formats, tileSize, border },
    grid,
    cost: { uploadBytes: scratchBytes, scratchBytes, gpuMs: 0 },
    isDrawn: false,
  };
  return missingBudget(1, needsOf([texture], LARGEST_TEXTURE_SIZE)) ?? 1;
}
