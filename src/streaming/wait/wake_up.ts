/**
 * Wakes the calls that wait for tiles.
 *
 * @module
 */

import { MAX_TIMER_MS } from "../../waiting.ts";

/** How long to wait. */
export interface WakeUpOptions {
  /** Milliseconds at most; default without end. */
  readonly timeoutMs?: number;
  /** Ends the wait when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** A signal that ends any number of waits. */
export class WakeUp {
  readonly #waiting = new Set<() => void>();

  /** Makes every pending wait return. */
  readonly notify = (): void => {
    for (const wake of [...this.#waiting]) wake();
  };

  /**
   * Waits until something happens, the time is up or the signal says so.
   *
   * @returns False if the time was up before.
   */
  async waitForChange(options: WakeUpOptions = {}): Promise<boolean> {
    const { timeoutMs = Infinity, signal } = options;
    if (signal?.aborted) return true;
    let isInTime = true;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    signal?.addEventListener("abort", resolve as () => void, { once: true });
    const timer = timeoutMs === Infinity ? undefined : setTimeout(() => {
      isInTime = false;
      resolve();
    }, Math.max(0, Math.min(timeoutMs, MAX_TIMER_MS)));
    try {
      await promise;
      return isInTime;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(resolve);
      signal?.removeEventListener("abort", resolve as () => void);
    }
  }
}
