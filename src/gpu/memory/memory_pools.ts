/**
 * Pools of GPU memory that blocks of any size are taken from, on one device after the other.
 *
 * @module
 */

import { checkedInteger } from "../../checks.ts";
import { BudgetError, type DeviceError, OutOfRangeError } from "../../errors.ts";
import type { ForgeDevice } from "../device/device.ts";
import { BLOCK_ALIGNMENT, BlockAllocator, type TakenSpan } from "./block_allocator.ts";
import { packBuffer } from "./pack_buffer.ts";

/** What memory pools have done and hold. All are 0 before they are initialised. */
export interface PoolStats {
  /** Bytes that blocks were asked for with, in all. */
  readonly totalAllocated: number;
  /** Bytes of the blocks that were given back, in all. */
  readonly totalFreed: number;
  /**
   * Part of the free bytes that is not in the largest free block of its buffer: 0 if each buffer's free
   * bytes are in one piece, towards 1 the more pieces they are in. With one buffer it is 1 less
   * `largestFreeBlock` over the free bytes.
   */
  readonly fragmentationRatio: number;
  /** Blocks that were not given back. */
  readonly activeBlocks: number;
  /** GPU buffers that blocks lie in. */
  readonly poolCount: number;
  /** Bytes of the largest block that can be taken now. */
  readonly largestFreeBlock: number;
}

/** Where a block lies. */
export interface PoolBlock {
  /** The buffer, for any use but mapping; the pools own it. */
  readonly buffer: GPUBuffer;
  /** First byte in it: a multiple of 256. */
  readonly offset: number;
  /** Bytes that were asked for. */
  readonly size: number;
  /** Counts the times that blocks have moved: ask again where this one lies if it has grown. */
  readonly generation: number;
}

/** What moving blocks together has done. */
export interface Defragmentation {
  /** Bytes that were moved. */
  readonly bytesMoved: number;
  /** The ratio afterwards. */
  readonly fragmentationRatio: number;
  /** Bytes of the largest block that can be taken now. */
  readonly largestFreeBlock: number;
}

interface Block {
  readonly pool: number;
  readonly span: TakenSpan;
  readonly size: number;
}

interface MadePools {
  readonly gpu: GPUDevice;
  readonly buffers: readonly GPUBuffer[];
  /** Ends listening to the device. */
  readonly stopListening: () => void;
}

/** The numbers of pools that were not initialised. */
export function noPoolStats(): PoolStats {
  return {
    totalAllocated: 0,
    totalFreed: 0,
    fragmentationRatio: 0,
    activeBlocks: 0,
    poolCount: 0,
    largestFreeBlock: 0,
  };
}

/**
 * GPU buffers that blocks are taken from. A block is known by its number; where it lies may change. When
 * the device is lost, blocks stay taken, and lie in new buffers whose bytes are 0.
 */
export class MemoryPools {
  /** Bytes that were asked for. */
  readonly wantedBytes: number;
  /** Bytes of all buffers. */
  readonly totalBytes: number;
  readonly #allocators: readonly BlockAllocator[];
  readonly #blocks = new Map<number, Block>();
  #made: MadePools | null = null;
  #lastId = 0;
  #totalAllocated = 0;
  #totalFreed = 0;
  #generation = 0;

  /**
   * Use {@linkcode make} before anything else.
   *
   * @param wantedBytes Rounded down to what blocks are aligned to.
   * @param mostBufferBytes The largest buffer of the device: more than one is made if they exceed it.
   */
  constructor(wantedBytes: number, mostBufferBytes: number) {
    this.wantedBytes = wantedBytes;
    this.totalBytes = Math.floor(wantedBytes / BLOCK_ALIGNMENT) * BLOCK_ALIGNMENT;
    const most = Math.floor(mostBufferBytes / BLOCK_ALIGNMENT) * BLOCK_ALIGNMENT;
    const allocators: BlockAllocator[] = [];
    for (let rest = this.totalBytes; rest > 0; rest -= most) {
      allocators.push(new BlockAllocator(Math.min(rest, most)));
    }
    this.#allocators = allocators;
  }

  /** Blocks that were not given back. */
  get activeBlocks(): number {
    return this.#blocks.size;
  }

  /**
   * Makes the buffers on a device.
   *
   * @throws {DeviceError} if it is lost, or gives no memory; nothing is kept then.
   */
  async make(device: ForgeDevice): Promise<void> {
    const { made, error } = this.#makeOn(device);
    const failure = await device.health.unlessLost(error);
    if (failure === null) return;
    this.#drop(made);
    throw failure;
  }

  #makeOn(device: ForgeDevice): { made: MadePools; error: Promise<DeviceError | null> } {
    const { value: buffers, error } = device.guard(
      "making memory pools",
      () =>
        this.#allocators.map(({ totalBytes: size }, index) =>
          device.gpu.createBuffer({ label: `memory pool ${index}`, size, usage: poolUsage() })
        ),
    );
    // A borrowed GPUDevice outlives the closing of its ForgeDevice.
    const stopListening = device.health.subscribeLoss(() => destroyAll(buffers));
    const made = { gpu: device.gpu, buffers, stopListening };
    this.#made = made;
    return { made, error };
  }

  #drop({ buffers, stopListening }: MadePools): void {
    stopListening();
    destroyAll(buffers);
  }

  /** Buffers on a device, made again if it has taken another's place. */
  #buffersOn(device: ForgeDevice): readonly GPUBuffer[] {
    device.assertAlive();
    if (this.#made?.gpu === device.gpu) return this.#made.buffers;
    this.#generation++;
    const { made, error } = this.#makeOn(device);
    // Where the device refuses them, the next call asks for them again.
    void error.then((failure) => {
      if (failure !== null && this.#made === made) this.#made = null;
    });
    return made.buffers;
  }

  /**
   * Takes a block.
   *
   * @param size Bytes; a multiple of 256 is taken.
   * @returns Its number, from 1.
   * @throws {InvalidArgumentError} if `size` is not a number.
   * @throws {OutOfRangeError} if it is not an integer of at least 1.
   * @throws {BudgetError} if no free block is as large.
   */
  allocate(size: number): number {
    checkedInteger(size, {
      name: "size",
      failure: "Cannot allocate from memory pools",
      range: [1, Number.MAX_SAFE_INTEGER],
    });
    for (const [pool, allocator] of this.#allocators.entries()) {
      const span = allocator.take(size);
      if (span === null) continue;
      const id = ++this.#lastId;
      this.#blocks.set(id, { pool, span, size });
      this.#totalAllocated += size;
      return id;
    }
    const { largestFreeBlock } = this.stats();
    const freeBytes = this.#freeBytes;
    const remedy = freeBytes >= size && this.#allocators.some((one) => one.freeBytes >= size)
      ? `${freeBytes} are free in pieces, which defragment joins`
      : "free blocks, or make the pools larger";
    throw new BudgetError(
      largestFreeBlock,
      size,
      `Cannot allocate ${size} bytes from memory pools as the largest free block must be >= ` +
        `${size} bytes (${remedy}): current value is ${largestFreeBlock}`,
    );
  }

  /**
   * Gives a block back. What was submitted still uses its bytes.
   *
   * @throws {InvalidArgumentError} if `id` is not a number.
   * @throws {OutOfRangeError} if there is no such block, or it was given back before.
   */
  free(id: number): void {
    const { pool, span, size } = this.#blockOf(id, "Cannot free block");
    this.#allocators[pool]!.giveBack(span);
    this.#blocks.delete(id);
    this.#totalFreed += size;
  }

  /**
   * Where a block lies now.
   *
   * @throws {InvalidArgumentError} if `id` is not a number.
   * @throws {OutOfRangeError} if there is no such block, or it was given back.
   * @throws {DeviceError} if the device is lost.
   */
  block(device: ForgeDevice, id: number): PoolBlock {
    const { pool, span, size } = this.#blockOf(id, "Cannot find block");
    const buffer = this.#buffersOn(device)[pool]!;
    return { buffer, offset: span.offset, size, generation: this.#generation };
  }

  #blockOf(id: number, failure: string): Block {
    const block = this.#blocks.get(
      checkedInteger(id, { name: "id", failure, range: [1, Number.MAX_SAFE_INTEGER] }),
    );
    if (block !== undefined) return block;
    const reason = id <= this.#lastId ? "it was freed before" : "no block has this number";
    throw new OutOfRangeError("id", `${failure} as ${reason}: current value of id is ${id}`);
  }

  /**
   * Moves the blocks of each buffer together, in their order, with their bytes. Commands that were
   * submitted before see the old places, and those that are submitted after it the new ones.
   *
   * @throws {DeviceError} if the device is lost, or refuses to move them: what blocks hold is undefined
   * then.
   */
  async defragment(device: ForgeDevice): Promise<Defragmentation> {
    const buffers = this.#buffersOn(device);
    const moves = this.#allocators.map((allocator) => allocator.pack());
    let bytesMoved = 0;
    if (moves.some(({ length }) => length > 0)) {
      this.#generation++;
      await device.guardAndWait("moving blocks of memory pools", () => {
        for (const [pool, list] of moves.entries()) {
          bytesMoved += packBuffer(device, buffers[pool]!, list);
        }
      });
    }
    const { fragmentationRatio, largestFreeBlock } = this.stats();
    return { bytesMoved, fragmentationRatio, largestFreeBlock };
  }

  get #freeBytes(): number {
    return this.#allocators.reduce((sum, { freeBytes }) => sum + freeBytes, 0);
  }

  /** What they have done and hold. */
  stats(): PoolStats {
    const largest = this.#allocators.map(({ largestFreeBytes }) => largestFreeBytes);
    const freeBytes = this.#freeBytes;
    const joinedBytes = largest.reduce((sum, bytes) => sum + bytes, 0);
    return {
      totalAllocated: this.#totalAllocated,
      totalFreed: this.#totalFreed,
      fragmentationRatio: freeBytes === 0 ? 0 : 1 - joinedBytes / freeBytes,
      activeBlocks: this.#blocks.size,
      poolCount: this.#allocators.length,
      largestFreeBlock: Math.max(...largest),
    };
  }

  /** Destroys the buffers. May be called again. */
  close(): void {
    if (this.#made !== null) this.#drop(this.#made);
    this.#made = null;
  }
}

function destroyAll(buffers: readonly GPUBuffer[]): void {
  for (const buffer of buffers) buffer.destroy();
}

function poolUsage(): number {
  const { COPY_SRC, COPY_DST, VERTEX, INDEX, UNIFORM, STORAGE, INDIRECT } = GPUBufferUsage;
  return COPY_SRC | COPY_DST | VERTEX | INDEX | UNIFORM | STORAGE | INDIRECT;
}
