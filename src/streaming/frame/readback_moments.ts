/**
 * When supplies may map what they read back from the GPU.
 *
 * @module
 */

/** Tells supplies that something is being mapped anyway, so that their own mapping costs no wait. */
export class ReadbackMoments {
  /**
   * Whether time on the GPU may be measured to decide what is done: not with a clock of the caller's,
   * which makes everything repeatable.
   */
  readonly measuresTime: boolean;
  readonly #listeners = new Map<() => void, () => boolean>();

  /** Nobody listens at first. */
  constructor(measuresTime: boolean) {
    this.measuresTime = measuresTime;
  }

  /**
   * Calls a function whenever feedback is mapped, at most once in an update, before its submit.
   *
   * @param isDue Whether it has something to map or to take, so that an update without feedback calls it, too;
   * default never.
   * @returns A function that ends this.
   */
  subscribe(listener: () => void, isDue: () => boolean = () => false): () => void {
    const own = () => listener();
    this.#listeners.set(own, isDue);
    return () => void this.#listeners.delete(own);
  }

  /** Whether someone has something to map or to take. */
  get isDue(): boolean {
    return [...this.#listeners.values()].some((isDue) => isDue());
  }

  /** Calls everyone. */
  notify(): void {
    for (const listener of [...this.#listeners.keys()]) listener();
  }
}
