/**
 * How long frames may wait for the GPU's queue on platforms where asking it blocks.
 *
 * In Deno `mapAsync` and `onSubmittedWorkDone` block the thread until everything that was submitted,
 * by anyone, is done. A wait cannot be cut short, but the next one can be put off: after a wait of d
 * milliseconds none begins for d · (1 − share) / share.
 *
 * @module
 */

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

  /** Does something that may wait, and puts the next wait off by as long as it took. */
  measure<T>(work: () => T): T {
    if (!this.#blocks) return work();
    const start = this.#clock();
    try {
      return work();
    } finally {
      const end = this.#clock();
      const share = Math.min(1, Math.max(Number.MIN_VALUE, this.#share));
      this.#nextMs = end === start ? end : end + (end - start) * (1 - share) / share;
    }
  }
}
