/**
 * What a system says about itself: statistics and memory.
 *
 * @module
 */

import type { MemoryLedger, MemoryPart } from "../gpu/mod.ts";
import type { Counters, Residency } from "../residency/mod.ts";
import type { GpuPool } from "./memory/gpu_pool.ts";
import { memoryUse, tileBytes } from "./memory_use.ts";
import type { TextureState } from "./texture_state.ts";

/** What one update did. */
export interface UpdateResult {
  /** Tiles newly asked for. */
  readonly tilesRequested: number;
  /** Tiles whose content came into the atlas. */
  readonly tilesLoaded: number;
  /** Tiles that were drawn again although they were up to date, by continuous update. */
  readonly tilesRefreshed: number;
  /** Tiles that lost their slot. */
  readonly tilesEvicted: number;
  /** Attempts to read a tile that failed. */
  readonly tilesFailed: number;
  /** Tiles that are wanted, resident or not; not the pinned tail. */
  readonly tilesWanted: number;
  /** Tiles that were asked for and have not come yet. */
  readonly tilesPending: number;
  /** Wanted tiles that are neither resident nor asked for yet. */
  readonly tilesQueued: number;
  /** Distinct tiles that were seen and resident when the update began; not the pinned tail. */
  readonly cacheHits: number;
  /**
   * Distinct tiles that were seen and not resident when the update began, and were no misses already: a
   * tile on its way is no new miss.
   */
  readonly cacheMisses: number;
  /** Bytes uploaded to the atlas; tiles that the GPU draws upload none. */
  readonly bytesUploaded: number;
  /** Whether the update waited for tiles. */
  readonly waited: boolean;
  /** Time that the update took, waiting included. */
  readonly updateTimeMs: number;
}

/** What an update does while there is no device: nothing, but there is something to come. */
export function waitingResult(textures: readonly TextureState[]): UpdateResult {
  let tilesQueued = 1;
  for (const { residency } of textures) {
    tilesQueued += residency.slotOf.size + residency.returning.size;
  }
  return {
    tilesRequested: 0,
    tilesLoaded: 0,
    tilesRefreshed: 0,
    tilesEvicted: 0,
    tilesFailed: 0,
    tilesWanted: 0,
    tilesPending: 0,
    tilesQueued,
    cacheHits: 0,
    cacheMisses: 0,
    bytesUploaded: 0,
    waited: false,
    updateTimeMs: 0,
  };
}

/** What streaming has done so far, and how full it is. */
export interface StreamingStatistics extends Readonly<Counters> {
  /**
   * Bytes of the tiles in the atlases as they are stored: {@linkcode compressedBytes}. What counts against
   * the budget is `usedMemory` of {@linkcode MemoryInfo}.
   */
  readonly memoryUsed: number;
  /**
   * The most that {@linkcode memoryUsed} could be for these tiles, which is without compression:
   * {@linkcode uncompressedBytes}. 100 − 100 · `memoryUsed` / `memoryLimit` is the percentage that
   * compression saves. Without any tile, the budget: it is never 0. (The budget is `totalBudget` of
   * {@linkcode MemoryInfo}.)
   */
  readonly memoryLimit: number;
  /** Bytes of the tiles in the atlases as they are stored, borders and pinned tiles included. */
  readonly compressedBytes: number;
  /**
   * Bytes that the same tiles would take in uncompressed formats with the same channels: 4 a texel for BC1,
   * BC3 and BC7, 2 for BC5, 1 for BC4. Of formats that are not compressed, as they are stored.
   */
  readonly uncompressedBytes: number;
  /** Tiles in the atlases, pinned ones included. */
  readonly activeTiles: number;
  /** Part of the atlases' slots that hold a tile, 0 to 1. */
  readonly atlasUtilization: number;
  /**
   * Hits of hits and misses together, in percent; 100 before anything was seen. A tile is a hit in each
   * update that sees it and finds it resident, and one miss however many updates it takes to come.
   */
  readonly cacheHitRate: number;
  /**
   * Part of the memory for tiles that is in use, in percent: by tiles that the last update wanted to see, in
   * the margin too, and by pinned ones. What is only kept in case it is seen again is not in use, as it
   * makes room at once. It is the part of all the memory that the budget leaves for atlases or, if that is
   * more, the part of the slots of the fullest pool, where what is wanted counts at the resolution that was
   * asked for. So it is above 90 only while memory is short, and 100 while that makes pictures coarser.
   */
  readonly memoryUtilization: number;
  /** Largest bias beyond `maxMipBias` that a pool has now, in levels: what is wanted cannot fit. */
  readonly forcedMipBias: number;
  /** Largest bias that a pool has now, in levels. */
  readonly mipBias: number;
  /** Episodes of memory pressure so far. */
  readonly pressureEpisodes: number;
  /** Samples of feedback that found no place, as more tiles were seen than it can name. */
  readonly feedbackOverflow: number;
  /** Bytes taken from the sources. */
  readonly bytesRead: number;
  /** Bytes of those that tiles were made of. */
  readonly bytesUsed: number;
}

/** Where the budget goes; all but the counts are bytes, and the parts add up to `usedMemory`. */
export interface MemoryInfo {
  /** The budget. */
  readonly totalBudget: number;
  /** Bytes of everything that counts against the budget. */
  readonly usedMemory: number;
  /** What is left: with `usedMemory` it adds up to `totalBudget`. */
  readonly availableMemory: number;
  /** Tiles in the atlases, pinned ones included. */
  readonly activeTiles: number;
  /** Slots that hold a tile. */
  readonly atlasSlotsUsed: number;
  /** Slots of all atlases. */
  readonly atlasSlotsTotal: number;
  /** Bytes of the atlases. */
  readonly atlasMemory: number;
  /** Bytes of page tables with their edits, sampling parameters and slots' frames. */
  readonly pageTableMemory: number;
  /** Bytes of the feedback's table and read-backs. */
  readonly feedbackMemory: number;
  /** Bytes of buffers through which tiles are uploaded, until the GPU is done with them. */
  readonly stagingMemory: number;
  /**
   * Bytes in which tiles are drawn, and textures encoded while they are loaded, until the GPU is done. Some
   * are kept for more tiles until nothing has changed for some updates, or something else needs them.
   */
  readonly scratchMemory: number;
  /** Bytes held for tiles that are being read, for residency's own tables, and for materials of scenes. */
  readonly cacheMemory: number;
}

/** Slots of all pools. */
function slotsOf(pools: Iterable<GpuPool>): { used: number; total: number } {
  let used = 0;
  let total = 0;
  for (const pool of pools) {
    used += pool.residency.slots.usedCount;
    total += pool.residency.slots.capacity;
  }
  return { used, total };
}

/** Makes {@linkcode StreamingStatistics}. */
export function streamingStatistics(
  residency: Residency,
  ledger: MemoryLedger,
  options: {
    pools: readonly GpuPool[];
    /** Bytes that the budget leaves for atlases. */
    atlasBytes: number;
    bytesRead: number;
    bytesUsed: number;
    feedbackOverflow: number;
  },
): StreamingStatistics {
  const { pools, atlasBytes, bytesRead, bytesUsed, feedbackOverflow } = options;
  const { counters } = residency;
  const { used, total } = slotsOf(pools);
  const seen = counters.cacheHits + counters.cacheMisses;
  const { compressed, uncompressed } = tileBytes(pools);
  const pressures = pools.map((pool) => pool.residency.pressure);
  return {
    ...counters,
    memoryUsed: compressed,
    memoryLimit: uncompressed === 0 ? ledger.limitBytes : uncompressed,
    compressedBytes: compressed,
    uncompressedBytes: uncompressed,
    activeTiles: used,
    atlasUtilization: total === 0 ? 0 : used / total,
    cacheHitRate: seen === 0 ? 100 : 100 * counters.cacheHits / seen,
    memoryUtilization: 100 * memoryUse(pools, atlasBytes),
    forcedMipBias: Math.max(0, ...pressures.map((p) => p.forcedBias)),
    mipBias: Math.max(0, ...pressures.map((p) => p.bias)),
    pressureEpisodes: pressures.reduce((sum, p) => sum + p.episodes, 0),
    feedbackOverflow,
    bytesRead,
    bytesUsed,
  };
}

/** Makes {@linkcode MemoryInfo}. */
export function memoryInfo(ledger: MemoryLedger, pools: readonly GpuPool[]): MemoryInfo {
  ledger.collect();
  const part = (name: MemoryPart) => ledger.partBytes(name);
  const { used, total } = slotsOf(pools);
  return {
    totalBudget: ledger.limitBytes,
    usedMemory: ledger.usedBytes,
    availableMemory: ledger.limitBytes - ledger.usedBytes,
    activeTiles: used,
    atlasSlotsUsed: used,
    atlasSlotsTotal: total,
    atlasMemory: part("atlas"),
    pageTableMemory: part("page_tables"),
    feedbackMemory: part("feedback"),
    stagingMemory: part("staging"),
    scratchMemory: part("scratch"),
    cacheMemory: part("caches"),
  };
}
