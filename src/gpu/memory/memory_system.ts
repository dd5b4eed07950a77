/**
 * Staging rings and memory pools of a device, which everything on it shares.
 *
 * @module
 */

import { DisposedError, OutOfRangeError } from "../../errors.ts";
import { checkedDevice, type ForgeDevice } from "../device/device.ts";
import { type Defragmentation, MemoryPools, noPoolStats } from "./memory_pools.ts";
import type { PoolBlock, PoolStats } from "./memory_pools.ts";
import {
  checkedMemorySettings,
  type MemorySettings,
  type MemorySystemOptions,
  MOST_STAGING_BYTES,
} from "./memory_options.ts";
import { noStagingStats, type RingSize, StagingRings, type StagingStats } from "./staging_rings.ts";

/** What a memory system holds. */
export interface MemoryReport {
  /** Whether there are staging rings. */
  readonly hasStagingRings: boolean;
  /** Whether there are memory pools. */
  readonly hasMemoryPools: boolean;
  /** Numbers of the staging rings. */
  readonly staging: StagingStats;
  /** Numbers of the memory pools. */
  readonly pools: PoolStats;
  /** Bytes of the staging rings' buffers. */
  readonly stagingBytes: number;
  /** Bytes of the memory pools' buffers. */
  readonly poolBytes: number;
  /** Most bytes that staging rings may have: 512 MiB. */
  readonly stagingLimitBytes: number;
}

/**
 * Staging rings and memory pools of one device; see {@linkcode initMemorySystem}. Their memory is no part
 * of any system's budget. Closing the device frees it.
 */
export class MemorySystem {
  readonly #device: ForgeDevice;
  #rings: StagingRings | null = null;
  #pools: MemoryPools | null = null;
  /** Ends when the calls of {@linkcode initialize} so far have. */
  #turn: Promise<unknown> = Promise.resolve();

  /** Use {@linkcode memorySystemOf}. */
  constructor(device: ForgeDevice) {
    this.#device = device;
  }

  /** Whether there are staging rings. */
  get hasStagingRings(): boolean {
    return this.#rings !== null;
  }

  /** Whether there are memory pools. */
  get hasMemoryPools(): boolean {
    return this.#pools !== null;
  }

  /**
   * The rings, which the uploads of every system on the device go through; null if there are none.
   *
   * @internal
   */
  get rings(): StagingRings | null {
    return this.#rings;
  }

  /**
   * Makes staging rings and memory pools; see {@linkcode initMemorySystem}.
   *
   * @internal
   */
  async initialize(options: MemorySystemOptions): Promise<void> {
    const settings = checkedMemorySettings(options);
    const turn = this.#turn.then(() => this.#initialize(settings));
    this.#turn = turn.catch(() => {});
    await turn;
  }

  async #initialize({ ring, poolBytes }: MemorySettings): Promise<void> {
    const [rings, pools] = [this.#rings, this.#pools];
    const makesRings = ring !== null && (rings === null || !ring.isDefault) &&
      !(rings?.size.ringCount === ring.size.ringCount &&
        rings.size.bufferSize === ring.size.bufferSize);
    const makesPools = poolBytes !== null && (pools === null || !poolBytes.isDefault) &&
      pools?.wantedBytes !== poolBytes.size;
    if (makesPools) this.#checkPoolsAreIdle(poolBytes.size);
    if (makesRings) this.#checkBuffersFit(ring.size);
    let newRings: StagingRings | null = null;
    try {
      if (makesRings) newRings = await this.#makeRings(ring.size);
      if (makesPools) await this.#makePools(poolBytes.size);
    } catch (error) {
      newRings?.close();
      if (rings !== null && this.#rings === null) await this.#remakeRings(rings.size);
      throw error;
    }
    if (newRings === null) return;
    this.#rings?.close();
    this.#rings = newRings;
  }

  #checkBuffersFit({ bufferSize }: RingSize): void {
    const most = this.#device.limit("maxBufferSize");
    if (bufferSize <= most) return;
    throw new OutOfRangeError(
      "bufferSize",
      `Cannot initialise memory system as bufferSize, or stagingMemoryMb divided by ringCount, must ` +
        `be <= ${most} bytes, the largest buffer of device "${this.#device.label}": current value is ` +
        `${bufferSize}`,
    );
  }

  /** Makes rings in place of those that were closed to make room; without any where that fails. */
  async #remakeRings(size: RingSize): Promise<void> {
    const rings = new StagingRings(size);
    try {
      await rings.make(this.#device.present);
    } catch {
      return;
    }
    this.#rings = rings;
  }

  /** Does work on the device as it is, and again on the next one if it is lost meanwhile. */
  async #onDevice(work: (device: ForgeDevice) => Promise<void>): Promise<void> {
    for (;;) {
      await this.#device.renewed();
      const { present } = this.#device;
      try {
        return await work(present);
      } catch (error) {
        if (!this.#device.isRenewable || !await present.health.findLoss()) throw error;
      }
    }
  }

  async #makeRings(size: RingSize): Promise<StagingRings> {
    const before = this.#rings;
    const rings = new StagingRings(size);
    await this.#onDevice(async (device) => {
      // Old and new stay within the limit together.
      if (before !== null && before.totalBytes + rings.totalBytes > MOST_STAGING_BYTES) {
        this.#rings = null;
        before.close();
        await device.submits.wait();
      }
      await rings.make(device);
    });
    return rings;
  }

  async #makePools(bytes: number): Promise<void> {
    const pools = new MemoryPools(bytes, this.#device.limit("maxBufferSize"));
    await this.#onDevice((device) => pools.make(device));
    try {
      // Blocks may have been taken while the device made the buffers.
      this.#checkPoolsAreIdle(bytes);
    } catch (error) {
      pools.close();
      throw error;
    }
    this.#pools?.close();
    this.#pools = pools;
  }

  #checkPoolsAreIdle(bytes: number): void {
    const count = this.#pools?.activeBlocks ?? 0;
    if (count === 0) return;
    throw new OutOfRangeError(
      "poolMemoryMb",
      `Cannot initialise memory system as poolMemoryMb must stay ` +
        `${this.#pools!.wantedBytes / 2 ** 20} while blocks are in use, of which there are ` +
        `${count}: current value is ${bytes / 2 ** 20}`,
    );
  }

  /** Numbers of the staging rings; all 0 if there are none. */
  stagingStats(): StagingStats {
    return this.#rings?.stats() ?? noStagingStats();
  }

  /** Numbers of the memory pools; all 0 if there are none. */
  poolStats(): PoolStats {
    return this.#pools?.stats() ?? noPoolStats();
  }

  /**
   * Takes a block from the pools. Its bytes are whatever was there.
   *
   * @param size Bytes.
   * @returns Its number.
   * @throws {DisposedError} if there are no pools.
   * @throws {InvalidArgumentError} if `size` is not a number.
   * @throws {OutOfRangeError} if it is not an integer of at least 1.
   * @throws {BudgetError} if no free block is as large.
   */
  allocateFromPool(size: number): number {
    return this.#poolsFor("allocate from memory pools").allocate(size);
  }

  /**
   * Gives a block back. What was submitted still uses its bytes.
   *
   * @throws {DisposedError} if there are no pools.
   * @throws {InvalidArgumentError} if `id` is not a number.
   * @throws {OutOfRangeError} if there is no such block, or it was given back before.
   */
  deallocatePoolBlock(id: number): void {
    this.#poolsFor("free block").free(id);
  }

  /**
   * Where a block lies now: in a buffer that can be bound and copied.
   *
   * @throws {DisposedError} if there are no pools.
   * @throws {InvalidArgumentError} if `id` is not a number.
   * @throws {OutOfRangeError} if there is no such block, or it was given back.
   * @throws {DeviceError} if the device is lost.
   */
  poolBlock(id: number): PoolBlock {
    return this.#poolsFor("find block").block(this.#device.present, id);
  }

  /**
   * Moves the blocks of each pool together, with their bytes, so that what is free is in one piece. Their
   * offsets change, and the generation of {@linkcode poolBlock} grows.
   *
   * @throws {DisposedError} if there are no pools.
   * @throws {DeviceError} if the device is lost or refuses the copies; blocks' bytes are undefined then.
   */
  async defragment(): Promise<Defragmentation> {
    const pools = this.#poolsFor("defragment memory pools");
    return await pools.defragment(this.#device.present);
  }

  #poolsFor(work: string): MemoryPools {
    checkedDevice(this.#device, `Cannot ${work}`);
    if (this.#pools !== null) return this.#pools;
    throw new DisposedError(
      "memory pools",
      `Cannot ${work} as device "${this.#device.label}" has no memory pools: call initMemorySystem ` +
        `first`,
    );
  }

  /** Everything that it holds. */
  memoryReport(): MemoryReport {
    return {
      hasStagingRings: this.hasStagingRings,
      hasMemoryPools: this.hasMemoryPools,
      staging: this.stagingStats(),
      pools: this.poolStats(),
      stagingBytes: this.#rings?.totalBytes ?? 0,
      poolBytes: this.#pools?.totalBytes ?? 0,
      stagingLimitBytes: MOST_STAGING_BYTES,
    };
  }

  /** Frees rings and pools, blocks included; uploads go without rings then. May be called again. */
  close(): void {
    this.#rings?.close();
    this.#pools?.close();
    this.#rings = null;
    this.#pools = null;
  }
}

const systems = new WeakMap<ForgeDevice, MemorySystem>();

/**
 * The memory system of a device, initialised or not: one for each device.
 *
 * @throws {InvalidArgumentError} if it is no device.
 */
export function memorySystemOf(device: ForgeDevice): MemorySystem {
  return sharedMemory(checkedDevice(device, "Cannot find memory system"));
}

/** As {@linkcode memorySystemOf}, for those who have checked the device. */
export function sharedMemory({ root }: ForgeDevice): MemorySystem {
  let system = systems.get(root);
  if (system === undefined) systems.set(root, system = new MemorySystem(root));
  return system;
}

/**
 * Gives a device staging rings, which the tile uploads of every system on it go through from then on,
 * and memory pools, from which blocks of GPU memory can be taken.
 *
 * Called again with the same options, or without sizes, it changes nothing. Rings of another size take the
 * place of those that there are, with statistics that begin again; pools of another size only while no block
 * is in use.
 *
 * @example Upload through rings
 * ```ts
 * import { initMemorySystem, requestDevice } from "@forge3d/forge3d";
 *
 * using device = await requestDevice();
 * const memory = await initMemorySystem(device, { stagingMemoryMb: 16, poolMemoryMb: 1 });
 * const id = memory.allocateFromPool(1000);
 * memory.poolBlock(id).offset; // 0
 * memory.stagingStats().ringCount; // 3
 * ```
 *
 * @throws {InvalidArgumentError} if an option has the wrong type, or contradicts another.
 * @throws {OutOfRangeError} if a value is not allowed: more than 512 MiB of staging buffers, or another
 * size of pools with blocks in use.
 * @throws {DeviceError} if the device is lost for good, or gives no memory.
 * @throws {DisposedError} if the device is closed.
 */
export async function initMemorySystem(
  device: ForgeDevice,
  options: MemorySystemOptions = {},
): Promise<MemorySystem> {
  const system = sharedMemory(checkedDevice(device, "Cannot initialise memory system"));
  await system.initialize(options);
  return system;
}
