/**
 * How long frames may wait for the GPU's queue on platforms where asking it blocks.
 *
 * In Deno `mapAsync` and `onSubmittedWorkDone` block the thread until everything that was submitted,
 * by anyone, is done. A wait cannot be cut short, but the next one can be put off: a wait of d
 * milliseconds uses up d / share milliseconds of time, of which a little may have been saved before, so
 * that one wait that happens to be long does not hold up many frames.
 *
 * @module
 */

/** Time that counts at most as saved before a wait, in milliseconds. */
const MOST_SAVED_MS = 200;

/** Keeps the part of the time that is spent waiting within a share. */
export class QueueWaits {
  readonly #share: number;
  readonly #blocks: boolean;
  readonly #clock: () => number;
  #nextMs = -Infinity;

  /**
   * No wait so far.
   *
   * @param options `share`: part of the time, 0 for never to 1 for always; `blocks`: whether asking
   * blocks the thread on this platform; `clock`: milliseconds that grow.
   */
  constructor(options: { share: number; blocks: boolean; clock: () => number }) {
    this.#share = options.share;
    this.#blocks = options.blocks;
    this.#clock = options.clock;
  }

  /** Whether no wait may ever begin. */
  get isForbidden(): boolean {
    return this.#blocks && this.#share === 0;
  }

  /** Whether a wait may begin now. */
  get mayWait(): boolean {
    if (!this.#blocks || this.#share >= 1) return true;
    return this.#share > 0 && this.#clock() >= this.#nextMs;
  }

  /** Does something that may wait, and puts later waits off by what it took. */
  measure<T>(work: () => T): T {
    if (!this.#blocks) return work();
    const start = this.#clock();
    try {
      return work();
    } finally {
      const used = (this.#clock() - start) / this.#share;
      this.#nextMs = Math.max(this.#nextMs, start - MOST_SAVED_MS) + used;
    }
  }
}
