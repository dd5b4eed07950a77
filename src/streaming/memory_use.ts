/**
 * How much memory the tiles take, and how much of the memory for tiles is in use.
 *
 * @module
 */

import { uncompressedTexelBytes } from "../texels/mod.ts";
import { type GpuPool, poolSlotBytes } from "./memory/gpu_pool.ts";

/** Bytes of the tiles in the atlases, borders included. */
export interface TileBytes {
  /** As they are stored. */
  readonly compressed: number;
  /** As they would be in uncompressed formats with the same channels. */
  readonly uncompressed: number;
}

/** Adds up the tiles of pools, pinned ones included. */
export function tileBytes(pools: readonly GpuPool[]): TileBytes {
  let compressed = 0;
  let uncompressed = 0;
  for (const { kind, tileBytes, residency: { slots: { usedCount } } } of pools) {
    const slotTexels = kind.tileSize + 2 * kind.border;
    const texelBytes = kind.formats.reduce((sum, one) => sum + uncompressedTexelBytes(one), 0);
    compressed += usedCount * tileBytes;
    uncompressed += usedCount * slotTexels * slotTexels * texelBytes;
  }
  return { compressed, uncompressed };
}

/**
 * Part of the memory for tiles that is in use, 0 to 1: by tiles that the last update wanted to see, in the
 * margin too, and by pinned ones. What is only kept in case it is seen again is not in use.
 *
 * It is the part of all the memory that the budget leaves for atlases or, if that is more, the part of the
 * slots of the pool that is fullest. There, what is wanted counts at the resolution that was asked for: a
 * pool that is coarser than that as memory is short is full. A pool that holds every tile of its textures
 * is never short of slots.
 *
 * @param atlasBytes Bytes that the budget leaves for atlases.
 */
export function memoryUse(pools: readonly GpuPool[], atlasBytes: number): number {
  let usedBytes = 0;
  let most = 0;
  for (const pool of pools) {
    const { slots, streamingCapacity, viewCapacity, holdsEverything, pressure } = pool.residency;
    const wanted = Math.min(streamingCapacity, pool.seenCount + pool.marginCount);
    usedBytes += (slots.pinnedCount + wanted) * poolSlotBytes(pool.kind);
    if (holdsEverything) continue;
    const demand = Math.max(pool.demandCount, pressure.unbiasedDemand) + pool.marginCount;
    most = Math.max(most, demand / Math.max(1, viewCapacity));
  }
  return Math.min(1, Math.max(most, usedBytes / Math.max(1, atlasBytes)));
}
