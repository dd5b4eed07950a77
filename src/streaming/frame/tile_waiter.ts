/**
 * Waiting for the tiles that updates have asked for.
 *
 * @module
 */

import { checkedNumber } from "../../checks.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";
import type { Residency, TileProducer } from "../../residency/mod.ts";
import type { TilePayload } from "./file_producer.ts";
import type { FrameRunner } from "./frame_runner.ts";
import type { SystemSettings } from "../options.ts";
import type { SerialQueue } from "../serial_queue.ts";

/** Options of `VirtualTextureSystem.finishUpdate`. */
export interface WaitOptions {
  /** How long to wait for tiles at most, in milliseconds; null (default) waits for all of them. */
  readonly timeBudgetMs?: number | null;
}

/** Longer timers end at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** What waiting works with; all of it is borrowed. */
export interface TileWaiterParts {
  readonly device: ForgeDevice;
  readonly residency: Residency;
  readonly producer: TileProducer<TilePayload>;
  readonly frames: FrameRunner;
  /** Loads and unloads: while one is under way no tiles land. */
  readonly changes: SerialQueue;
  readonly settings: SystemSettings;
}

/** Waits for tiles and lets them land as they come. */
export class TileWaiter {
  readonly #parts: TileWaiterParts;
  #stopped = false;

  constructor(parts: TileWaiterParts) {
    this.#parts = parts;
  }

  /** Ends every wait as soon as it comes to itself. */
  stop(): void {
    this.#stopped = true;
  }

  /**
   * Waits until nothing is under way, the update's budgets are spent, or the time is up.
   *
   * @returns Whether there was anything to wait for.
   * @throws {OutOfRangeError} if the time budget is negative or not a number.
   */
  async wait(options: WaitOptions): Promise<boolean> {
    const { residency, producer, frames, settings: { clock } } = this.#parts;
    const timeBudgetMs = checkedTimeBudget(options.timeBudgetMs);
    const deadlineMs = timeBudgetMs === null ? Infinity : clock() + timeBudgetMs;
    let waited = false;
    while (residency.pendingCount > 0 && !frames.isSpent && clock() < deadlineMs) {
      waited = true;
      if (producer.finishedCount === 0) {
        const inTime = await this.#untilSomethingFinished(deadlineMs - clock());
        if (!inTime) break;
      }
      if (this.#stopped) break;
      const landed = frames.landMore(deadlineMs);
      if (landed === 0 && producer.finishedCount > 0) await this.#untilThereIsRoom();
    }
    return waited;
  }

  /** Waits for what keeps finished tiles from landing: pools that are moved, or the GPU. */
  async #untilThereIsRoom(): Promise<void> {
    const { changes, device } = this.#parts;
    if (changes.busy) await changes.enqueue(() => Promise.resolve());
    else await device.submits.wait();
  }

  /** Waits until tiles have finished or were withdrawn; false if the time was up before. */
  async #untilSomethingFinished(timeoutMs: number): Promise<boolean> {
    const { producer } = this.#parts;
    if (timeoutMs === Infinity) {
      await producer.settled();
      return true;
    }
    const abort = new AbortController();
    // The time may have run out since it was looked at.
    const delayMs = Math.max(0, Math.min(timeoutMs, MAX_TIMER_MS));
    const timer = setTimeout(() => abort.abort(), delayMs);
    await producer.settled(abort.signal);
    clearTimeout(timer);
    return !abort.signal.aborted;
  }
}

/**
 * Checks a time budget; null for none.
 *
 * @throws {InvalidArgumentError} if it is no number.
 * @throws {OutOfRangeError} if it is negative or NaN.
 */
export function checkedTimeBudget(timeBudgetMs: number | null | undefined): number | null {
  if (timeBudgetMs === null || timeBudgetMs === undefined) return null;
  return checkedNumber(timeBudgetMs, {
    name: "timeBudgetMs",
    failure: "Cannot wait for tiles",
    range: [0, Infinity],
  });
}
