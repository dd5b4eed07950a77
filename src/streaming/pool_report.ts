/**
 * What each pool of a system holds.
 *
 * @module
 */

import type { TexelFormat } from "../texels/mod.ts";
import type { GpuPool } from "./memory/gpu_pool.ts";
import type { PoolLimits } from "./memory/pool_limits.ts";
import { neededPoolBytes, poolSizeWarning } from "./memory/pool_size_warning.ts";
import type { TextureState } from "./texture_state.ts";

/** What a pool holds, and how large it may be. */
export interface PoolInfo {
  /** Formats of the planes. */
  readonly formats: readonly TexelFormat[];
  /** Edge of a tile's payload in texels. */
  readonly tileSize: number;
  /** Texels around a payload that belong to its neighbours. */
  readonly border: number;
  /** Names of the textures in it. */
  readonly textures: readonly string[];
  /** Slots that hold a tile. */
  readonly slotsUsed: number;
  /** Slots that it has. */
  readonly slotsTotal: number;
  /** Bytes of its atlas. */
  readonly atlasMemory: number;
  /** Bytes of its textures' page tables, as textures. */
  readonly pageTableMemory: number;
  /** Page entries of its textures' page tables: one for each tile. */
  readonly pageTableEntries: number;
  /** Bytes that it may take before they are scaled; null for its share of the budget. */
  readonly sizeLimit: number | null;
  /** Scalability group whose scale applies. */
  readonly scalabilityGroup: number;
  /** What its size is multiplied by. */
  readonly sizeScale: number;
  /** Bytes that its textures cannot do without: it takes them, however small its size is. */
  readonly neededMemory: number;
  /** What its size lacks of what is needed, and what to write; null if that fits, or it has no size. */
  readonly warning: string | null;
}

/** Makes {@linkcode PoolInfo} of every pool. */
export function poolInfos(
  pools: Iterable<GpuPool>,
  textures: ReadonlyMap<number, TextureState>,
  limits: PoolLimits,
): PoolInfo[] {
  return [...pools].map((pool) => {
    const own = [...textures.values()].filter((texture) => texture.pool === pool);
    const limit = limits.limitOf(pool.kind);
    const held = { kind: pool.kind, textures: own };
    const sum = (of: (texture: TextureState) => number) =>
      own.reduce((total, texture) => total + of(texture), 0);
    return {
      formats: pool.kind.formats,
      tileSize: pool.kind.tileSize,
      border: pool.kind.border,
      textures: own.map(({ description }) => description.name),
      slotsUsed: pool.residency.slots.usedCount,
      slotsTotal: pool.slotCount,
      atlasMemory: pool.atlas.byteLength,
      pageTableMemory: sum(({ table }) => table.textureBytes),
      pageTableEntries: sum(({ grid }) => grid.tileCount),
      sizeLimit: limit.sizeBytes,
      scalabilityGroup: limit.scalabilityGroup,
      sizeScale: limit.sizeScale,
      neededMemory: neededPoolBytes(held),
      warning: poolSizeWarning(held, limit),
    };
  });
}
