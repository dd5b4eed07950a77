/**
 * Where the buffers of a block encoder come from.
 *
 * @module
 */

import { BudgetError } from "../../errors.ts";
import type { ForgeDevice } from "../device/device.ts";
import type { MemoryLedger } from "../device/memory_ledger.ts";

/** Between two looks at whether memory has become free. */
const POLL_MS = 2;
/** What a batch waits for memory at most before it is an error. */
const MAX_WAIT_MS = 30_000;

/** A buffer that someone owns. */
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

  /** @param keptFreeBytes Bytes of the ledger that batches leave to others. */
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
   * is free, if that is enough: uploads go on beside it.
   *
   * @param leastBytes What the smallest batch takes.
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
   * Waits for the GPU, which frees what was destroyed, and a moment longer for others to destroy.
   *
   * @param sinceMs When the waiting began, by `performance.now`.
   * @throws {BudgetError} if that is too long ago.
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
