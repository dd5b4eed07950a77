/**
 * Ends a soak in which something waits for ever: without this, it would run until something outside
 * ends it, and say nothing.
 *
 * @module
 */

/** Longest from one beginning to the next, on any machine. */
const MOST_MS = 180_000;

/** Knows what is being done, and for how long. */
export class StallWatch {
  /** Rejects when something takes too long, naming it; never resolves. */
  readonly stalled: Promise<never>;
  readonly #mostMs: number;
  readonly #reject: (error: Error) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ mostMs = MOST_MS }: { readonly mostMs?: number } = {}) {
    const { promise, reject } = Promise.withResolvers<never>();
    // Most soaks end before anything waits for it.
    promise.catch(() => {});
    this.stalled = promise;
    this.#mostMs = mostMs;
    this.#reject = reject;
  }

  /** Notes that something begins, and that everything before it has ended. */
  begin(what: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#reject(new Error(`${what} does not end within ${this.#mostMs / 1000} s`)),
      this.#mostMs,
    );
  }

  /** Ends the watch. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
