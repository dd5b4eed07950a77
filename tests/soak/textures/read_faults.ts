/**
 * What goes wrong with reads of a texture.
 *
 * @module
 */

import type { StepLog } from "../world/step_log.ts";
import type { Ticks } from "../world/ticks.ts";

/** Ways in which reads go wrong. */
export const READ_FAULTS = [
  "fails once",
  "fails for a while",
  "fails for ever",
  "throws at once",
  "is slow",
  "comes out of order",
  "comes after it was cancelled",
  "has the wrong length",
] as const;

/** One of them. */
export type ReadFault = (typeof READ_FAULTS)[number];

/** What the log calls it. */
export function faultKind(fault: ReadFault): string {
  return `a read ${fault}`;
}

/** Of those that fail for ever, one tile in so many does. */
const FAILING_PART = 4;
const SLOW_TICKS = 12;
const LATE_TICKS = 16;
const MOST_TICKS_OUT_OF_ORDER = 6;

/** A read that may go wrong. */
export interface FaultyRead {
  readonly tile: number;
  /** Tiles of the tail are needed to load a texture at all. */
  readonly isTail: boolean;
  readonly signal: AbortSignal | undefined;
  readonly read: () => Promise<Uint8Array>;
}

/** Spoils reads of one texture, in one way at a time. */
export class ReadFaults {
  /** Makes every read fail, those of the tail too, so that the texture cannot be loaded. */
  failsToLoad = false;
  readonly #parts: { readonly ticks: Ticks; readonly log: StepLog; readonly random: () => number };
  #fault: ReadFault | null = null;
  /** Tiles that have failed once. */
  readonly #failed = new Set<number>();

  constructor(parts: { ticks: Ticks; log: StepLog; random: () => number }) {
    this.#parts = parts;
  }

  /** What goes wrong now. */
  get fault(): ReadFault | null {
    return this.#fault;
  }

  /** Begins with another fault; null for none. */
  setFault(fault: ReadFault | null): void {
    this.#fault = fault;
    this.#failed.clear();
  }

  /** Reads a tile, or does what the fault says. May throw at once. */
  read(what: FaultyRead): Promise<Uint8Array> {
    const { tile, isTail } = what;
    if (this.failsToLoad) throw new Error("nothing can be read");
    if (isTail) return what.read();
    switch (this.#fault) {
      case null:
        return what.read();
      case "fails once":
        if (this.#failed.has(tile)) return what.read();
        this.#failed.add(tile);
        this.#note("fails once");
        return Promise.reject(new Error("failed for once"));
      case "fails for a while":
        this.#note("fails for a while");
        return Promise.reject(new Error("fails for a while"));
      case "fails for ever":
        if (tile % FAILING_PART !== 0) return what.read();
        this.#note("fails for ever");
        return Promise.reject(new Error("fails for ever"));
      case "throws at once":
        this.#note("throws at once");
        throw new Error("thrown at once");
      case "has the wrong length":
        this.#note("has the wrong length");
        return what.read().then((bytes) => bytes.subarray(0, bytes.length - 4));
      case "is slow":
        return this.#readAfter(SLOW_TICKS, what, "is slow");
      case "comes out of order": {
        const ticks = Math.floor(this.#parts.random() * MOST_TICKS_OUT_OF_ORDER);
        return this.#readAfter(ticks, what, "comes out of order");
      }
      case "comes after it was cancelled":
        return this.#readLate(what);
    }
  }

  #note(fault: ReadFault): void {
    this.#parts.log.note(faultKind(fault));
  }

  async #readAfter(ticks: number, what: FaultyRead, fault: ReadFault): Promise<Uint8Array> {
    const { ticks: time } = this.#parts;
    this.#note(fault);
    await time.sleep(ticks);
    what.signal?.throwIfAborted();
    return await what.read();
  }

  /** Pays no heed to the signal. */
  async #readLate({ signal, read }: FaultyRead): Promise<Uint8Array> {
    await this.#parts.ticks.sleep(LATE_TICKS);
    if (signal?.aborted) this.#note("comes after it was cancelled");
    return await read();
  }
}
