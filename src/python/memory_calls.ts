/**
 * The part of the private module that staging rings and memory pools need.
 *
 * Their numbers are passed in one shared array, as asking for them must cost next to nothing.
 *
 * @module
 */
import {
  initMemorySystem,
  type MemorySystem,
  memorySystemOf,
  type MemorySystemOptions,
  type PoolStats,
  type StagingStats,
} from "../gpu/mod.ts";
import type { Engine } from "./engine.ts";
import { type Plain, snakeKeys } from "./spelling.ts";

/** Numbers of staging rings, in order; those of memory pools follow. */
export const STAGING_FIELDS = [
  "bytesInFlight",
  "currentRingIndex",
  "bufferStalls",
  "ringCount",
  "bufferSize",
] as const satisfies readonly (keyof StagingStats)[];

/** Numbers of memory pools, in order. */
export const POOL_FIELDS = [
  "totalAllocated",
  "totalFreed",
  "fragmentationRatio",
  "activeBlocks",
  "poolCount",
  "largestFreeBlock",
] as const satisfies readonly (keyof PoolStats)[];

/** How Python reaches staging rings and memory pools of a device. */
export interface MemoryModule {
  /** Shared: the numbers that the last call of `memory_staging` or `memory_pools` asked for. */
  readonly memory_numbers: Float64Array;
  /** Makes rings and pools; answers which there are then. */
  memory_init(device: number, options: Plain): Promise<Plain>;
  /** Puts the numbers of staging rings into the shared array. */
  memory_staging(device: number): void;
  /** Puts the numbers of memory pools into the shared array. */
  memory_pools(device: number): void;
  /** Takes a block; answers its number. */
  memory_allocate(device: number, size: number): number;
  /** Gives a block back. */
  memory_free(device: number, id: number): void;
  /** Moves blocks together. */
  memory_defragment(device: number): Promise<Plain>;
  /** Which there are, and their bytes. */
  memory_report(device: number): Plain;
  /** Frees rings and pools. */
  memory_close(device: number): void;
}

/** The memory systems behind the devices that Python holds. */
export class MemoryCalls {
  readonly #engine: Engine;
  readonly #numbers: Float64Array;
  readonly #systems = new Map<number, MemorySystem>();

  /** @param numbers Array for the numbers; borrowed. */
  constructor(engine: Engine, numbers: Float64Array) {
    this.#engine = engine;
    this.#numbers = numbers;
  }

  #system(device: number): MemorySystem {
    const known = this.#systems.get(device);
    if (known !== undefined) return known;
    const system = memorySystemOf(this.#engine.device(device));
    this.#systems.set(device, system);
    return system;
  }

  /** Makes rings and pools; answers which there are then. */
  async initialize(device: number, options: MemorySystemOptions): Promise<Plain> {
    const system = await initMemorySystem(this.#engine.device(device), options);
    return { staging_rings: system.hasStagingRings, memory_pools: system.hasMemoryPools };
  }

  /** Puts the numbers of staging rings into the shared array. */
  packStaging(device: number): void {
    const stats = this.#system(device).stagingStats();
    for (let i = 0; i < STAGING_FIELDS.length; i++) this.#numbers[i] = stats[STAGING_FIELDS[i]!];
  }

  /** Puts the numbers of memory pools into the shared array. */
  packPools(device: number): void {
    const stats = this.#system(device).poolStats();
    for (let i = 0; i < POOL_FIELDS.length; i++) this.#numbers[i] = stats[POOL_FIELDS[i]!];
  }

  /** Takes a block; answers its number. */
  allocate(device: number, size: number): number {
    return this.#system(device).allocateFromPool(size);
  }

  /** Gives a block back. */
  free(device: number, id: number): void {
    this.#system(device).deallocatePoolBlock(id);
  }

  /** Moves blocks together. */
  async defragment(device: number): Promise<Plain> {
    return snakeKeys(await this.#system(device).defragment());
  }

  /** Which there are, and their bytes. */
  report(device: number): Plain {
    const report = this.#system(device).memoryReport();
    return snakeKeys({
      hasStagingRings: report.hasStagingRings,
      hasMemoryPools: report.hasMemoryPools,
      stagingBytes: report.stagingBytes,
      poolBytes: report.poolBytes,
      stagingLimitBytes: report.stagingLimitBytes,
    });
  }

  /** Frees rings and pools. */
  close(device: number): void {
    this.#system(device).close();
  }
}
