/**
 * The one budget over everything that a system allocates.
 *
 * @module
 */

import { checkedNumber } from "../../checks.ts";
import { BudgetError } from "../../errors.ts";
import { bufferBytes, textureBytes } from "./descriptor_bytes.ts";
import type { ForgeDevice } from "./device.ts";
import type { SubmitTracker } from "./submit_tracker.ts";

/** What memory is used for. */
export type MemoryPart = "atlas" | "page_tables" | "feedback" | "staging" | "scratch" | "caches";

/** Every {@linkcode MemoryPart}. */
export const MEMORY_PARTS: readonly MemoryPart[] = Object.freeze([
  "atlas",
  "page_tables",
  "feedback",
  "staging",
  "scratch",
  "caches",
]);

/** A buffer that a {@linkcode MemoryLedger} counts; its maker owns it. */
export interface TrackedBuffer {
  /** The buffer. */
  readonly buffer: GPUBuffer;
  /** Bytes that it counts for. */
  readonly bytes: number;
  /**
   * Destroys it; it counts until the last submit so far is done. May be called again.
   *
   * @param lastUse Number of the last submit that uses it, if that is known to be an earlier one: it
   * counts no longer if that is done.
   */
  destroy(lastUse?: number): void;
}

/** A texture that a {@linkcode MemoryLedger} counts; its maker owns it. */
export interface TrackedTexture {
  /** The texture. */
  readonly texture: GPUTexture;
  /** Bytes that it counts for. */
  readonly bytes: number;
  /** As {@linkcode TrackedBuffer.destroy}. */
  destroy(lastUse?: number): void;
}

/** Memory that is kept for later use, and freed as soon as it is needed elsewhere. */
export interface SpareMemory {
  /** Bytes that it counts for. */
  readonly bytes: number;
  /** Frees it. What commands use that were not submitted yet goes after their submit. */
  drop(): void;
}

/** Bytes outside the GPU that count against the same budget. */
export interface Reservation {
  /** Bytes that are held. */
  readonly bytes: number;
  /**
   * Changes the number of bytes.
   *
   * @throws {BudgetError} if they do not fit; the reservation then stays as it was.
   */
  resize(bytes: number): void;
  /** Releases the bytes. May be called again. */
  release(): void;
}

interface Retired {
  /** Submits of the device that the object was on. */
  readonly submits: SubmitTracker;
  readonly serial: number;
  readonly part: MemoryPart;
  readonly bytes: number;
}

/**
 * Counts every live object of a system against one limit, which is never exceeded.
 *
 * An object that was destroyed counts until the submits that may use it are done, as the GPU holds
 * its memory until then, or the device is lost. Bytes come from descriptors: what a driver adds is not known.
 */
export class MemoryLedger {
  readonly #submits: SubmitTracker;
  readonly #limitBytes: number;
  readonly #partBytes = new Map<MemoryPart, number>(MEMORY_PARTS.map((part) => [part, 0]));
  readonly #retired: Retired[] = [];
  #retiredHead = 0;
  readonly #spares = new Set<SpareMemory>();
  #usedBytes = 0;
  #peakBytes = 0;

  /**
   * Begins with nothing counted.
   *
   * @param submits Of the device whose objects are counted.
   * @param limitBytes The budget; at least 1.
   * @param before The ledger that this one goes on for: its peak, and what the GPU may still use.
   */
  constructor(submits: SubmitTracker, limitBytes: number, before: MemoryLedger | null = null) {
    checkedNumber(limitBytes, {
      name: "limitBytes",
      range: [1, Number.MAX_SAFE_INTEGER],
      failure: "Cannot make memory ledger",
    });
    this.#submits = submits;
    this.#limitBytes = Math.floor(limitBytes);
    if (before === null) return;
    this.#peakBytes = before.#peakBytes;
    this.takeOver(before);
  }

  /** The budget in bytes. */
  get limitBytes(): number {
    return this.#limitBytes;
  }

  /** Bytes of all parts together, including destroyed objects that are still in use. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /**
   * Bytes that still fit: what the GPU is known to be done with counts no longer. Spare memory is dropped if
   * it is more than that.
   */
  get availableBytes(): number {
    this.collect();
    let spareBytes = 0;
    for (const { bytes } of this.#spares) spareBytes += bytes;
    if (spareBytes > this.#limitBytes - this.#usedBytes) this.dropSpares();
    return this.#limitBytes - this.#usedBytes;
  }

  /** The most that {@linkcode usedBytes} has been. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** Bytes of one part. */
  partBytes(part: MemoryPart): number {
    return this.#partBytes.get(part) ?? 0;
  }

  /**
   * Creates a buffer and counts it.
   *
   * @throws {BudgetError} if it does not fit; nothing is created.
   */
  createBuffer(
    part: MemoryPart,
    device: ForgeDevice,
    descriptor: GPUBufferDescriptor,
  ): TrackedBuffer {
    const bytes = bufferBytes(descriptor);
    this.#take(part, bytes, `buffer "${descriptor.label ?? ""}"`);
    const buffer = this.#create(part, bytes, () => device.gpu.createBuffer(descriptor));
    return { buffer, bytes, destroy: this.#destroyer(part, bytes, buffer) };
  }

  /**
   * Creates a texture and counts it.
   *
   * @throws {BudgetError} if it does not fit; nothing is created.
   */
  createTexture(
    part: MemoryPart,
    device: ForgeDevice,
    descriptor: GPUTextureDescriptor,
  ): TrackedTexture {
    const bytes = textureBytes(descriptor);
    this.#take(part, bytes, `texture "${descriptor.label ?? ""}"`);
    const texture = this.#create(part, bytes, () => device.gpu.createTexture(descriptor));
    return { texture, bytes, destroy: this.#destroyer(part, bytes, texture) };
  }

  /**
   * Counts bytes outside the GPU.
   *
   * @throws {BudgetError} if they do not fit.
   */
  reserve(part: MemoryPart, bytes: number): Reservation {
    let held = 0;
    const resize = (wanted: number): void => {
      checkedNumber(wanted, {
        name: "bytes",
        range: [0, Number.MAX_SAFE_INTEGER],
        failure: "Cannot reserve memory",
      });
      if (wanted > held) this.#take(part, wanted - held, part);
      else this.#give(part, held - wanted);
      held = wanted;
    };
    resize(bytes);
    return {
      get bytes() {
        return held;
      },
      resize,
      release: () => resize(0),
    };
  }

  /**
   * Takes note of memory that can be freed at any time.
   *
   * @internal
   * @returns A function that ends this.
   */
  addSpare(spare: SpareMemory): () => void {
    this.#spares.add(spare);
    return () => void this.#spares.delete(spare);
  }

  /** Makes everyone free what is kept for later use. */
  dropSpares(): void {
    for (const spare of this.#spares) spare.drop();
  }

  /** Counts the destroyed objects of another ledger from now on, which counts them no more. */
  takeOver(other: MemoryLedger): void {
    other.collect();
    this.collect();
    for (const retired of other.#retired.splice(0).slice(other.#retiredHead)) {
      other.#give(retired.part, retired.bytes);
      this.#count(retired.part, retired.bytes);
      this.#retired.push(retired);
    }
    other.#retiredHead = 0;
  }

  /** Stops counting destroyed objects whose last submit is done. Constant time per object. */
  collect(): void {
    let next = this.#retired[this.#retiredHead];
    while (next !== undefined && (next.submits.isLost || next.serial <= next.submits.completed)) {
      this.#give(next.part, next.bytes);
      next = this.#retired[++this.#retiredHead];
    }
    // Half at a time, so that this takes constant time per object too.
    if (this.#retiredHead * 2 >= this.#retired.length) {
      this.#retired.splice(0, this.#retiredHead);
      this.#retiredHead = 0;
    }
  }

  #create<T>(part: MemoryPart, bytes: number, create: () => T): T {
    try {
      return create();
    } catch (error) {
      this.#give(part, bytes);
      throw error;
    }
  }

  #destroyer(
    part: MemoryPart,
    bytes: number,
    object: { destroy(): void },
  ): (lastUse?: number) => void {
    let live = true;
    return (lastUse) => {
      if (!live) return;
      live = false;
      object.destroy();
      const submits = this.#submits;
      if (lastUse !== undefined && lastUse <= submits.completed) return this.#give(part, bytes);
      this.#retired.push({ submits, serial: submits.lastSubmitted, part, bytes });
      this.collect();
    };
  }

  #take(part: MemoryPart, bytes: number, what: string): void {
    if (bytes > this.availableBytes) this.dropSpares();
    if (bytes > this.availableBytes) {
      const minimum = this.#usedBytes + bytes;
      throw new BudgetError(
        this.#limitBytes,
        minimum,
        `Cannot allocate ${bytes} bytes for ${what} as the memory budget must be >= ${minimum} ` +
          `bytes: current value is ${this.#limitBytes}`,
      );
    }
    this.#count(part, bytes);
  }

  #count(part: MemoryPart, bytes: number): void {
    this.#usedBytes += bytes;
    this.#partBytes.set(part, this.partBytes(part) + bytes);
    if (this.#usedBytes > this.#peakBytes) this.#peakBytes = this.#usedBytes;
  }

  #give(part: MemoryPart, bytes: number): void {
    this.#usedBytes -= bytes;
    this.#partBytes.set(part, this.partBytes(part) - bytes);
  }
}
