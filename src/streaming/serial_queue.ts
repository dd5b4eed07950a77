/**
 * Calls that change the same things, one after the other.
 *
 * @module
 */

import { unlessAborted } from "../waiting.ts";

/** Runs functions one at a time, in the order of the calls; a failure does not stop the queue. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;

  /** Whether a function runs or waits for its turn. */
  get isBusy(): boolean {
    return this.#count > 0;
  }

  /**
   * Runs a function once all that were added before have ended.
   *
   * @param signal Takes the function off the queue if it is aborted before its turn; the promise then
   * rejects at once, with the signal's reason.
   */
  async enqueue<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const turn = this.#last;
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    this.#last = turn.then(() => ended);
    this.#count++;
    try {
      await unlessAborted(turn, signal);
      return await work();
    } finally {
      this.#count--;
      end();
    }
  }

  /** Waits until all that were added before have ended. */
  waitForTurn(signal?: AbortSignal): Promise<void> {
    return unlessAborted(this.#last.then(() => {}), signal);
  }
}
