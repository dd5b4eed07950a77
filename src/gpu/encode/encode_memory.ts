/**
 * Where the buffers of a block encoder come from.
 *
 * @module
 */

import { BudgetError } from "../../errors.ts";
import type { ForgeDevice } from "../device/device.ts";
import type { MemoryLedger } from "../device/memory_ledger.ts";

/** Time between two checks whether memory has become free. */
const POLL_MS = 2;
/** Longest time that a batch waits for memory before that is an error. */
const MAX_WAIT_MS = 30_000;

/** A buffer and the way to free it. */
export interface OwnedBuffer {
  readonly buffer: GPUBuffer;
  destroy(): void;
}

/** Memory of batches: without limit, or what a ledger has room for. */
export class EncodeMemory {
  /** Counts the buffers; null for none. */
  readonly ledger: MemoryLedger | null;
  readonly #device: ForgeDevice;
  readonly #keptFreeBytes: () => number;

  /** @param keptFreeBytes Bytes of the ledger that batches leave free. */
  constructor(device: ForgeDevice, ledger: MemoryLedger | null, keptFreeBytes: () => number) {
    this.#device = device;
    this.ledger = ledger;
    this.#keptFreeBytes = keptFreeBytes;
  }

  /** Creates a buffer, which counts as `scratch`. */
  createBuffer(descriptor: GPUBufferDescriptor): OwnedBuffer {
    if (this.ledger !== null) return this.ledger.createBuffer("scratch", this.#device, descriptor);
    const buffer = this.#device.gpu.createBuffer(descriptor);
    return { buffer, destroy: () => buffer.destroy() };
  }

  /**
   * Bytes that a batch may take if its buffers are made at once, or 0 if it must wait. Half of what
   * is free, if that is enough, so that uploads can go on meanwhile.
   *
   * @param leastBytes Bytes that the smallest batch takes.
   * @throws {BudgetError} if the whole budget is smaller.
   */
  roomFor(leastBytes: number): number {
    if (this.ledger === null) return Infinity;
    if (leastBytes > this.ledger.limitBytes) throw this.#tooSmall(leastBytes);
    this.ledger.collect();
    const free = this.ledger.availableBytes - this.#keptFreeBytes();
    return free < leastBytes ? 0 : Math.max(leastBytes, Math.floor(free / 2));
  }

  /**
   * Waits for the GPU, after which destroyed buffers are free, and a moment for more to be
   * destroyed.
   *
   * @param sinceMs When the waiting began, by `performance.now`.
   * @throws {BudgetError} if it has lasted too long.
   */
  async waitForRoom(
    leastBytes: number,
    { sinceMs, signal }: { readonly sinceMs: number; readonly signal: AbortSignal | undefined },
  ): Promise<void> {
    if (performance.now() - sinceMs > MAX_WAIT_MS) throw this.#tooSmall(leastBytes);
    await this.#device.submits.wait();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    signal?.throwIfAborted();
  }

  #tooSmall(leastBytes: number): BudgetError {
    const limit = this.ledger!.limitBytes;
    const minimum = Math.max(limit, this.ledger!.usedBytes) + leastBytes;
    return new BudgetError(
      limit,
      minimum,
      `Cannot encode blocks as the memory budget must have ${leastBytes} bytes free for a row of ` +
        `them: current value is ${limit}, of which ${this.ledger!.availableBytes} are free`,
    );
  }
}
