/**
 * Keeps a system's own work from being entered again by what it calls.
 *
 * @module
 */

import { ReentryError } from "../errors.ts";

/**
 * Runs the parts of a system's work that call functions of others: sources, producers, recorders,
 * loggers, clocks. None of these parts waits, so that other calls never find one in progress.
 */
export class CallGuard {
  readonly #label: string;
  #depth = 0;
  #later: (() => void)[] = [];

  /** @param label Name of the system in messages. */
  constructor(label: string) {
    this.#label = label;
  }

  /** Runs work that calls functions of others, and then what was put off meanwhile. */
  run<T>(work: () => T): T {
    this.#depth++;
    try {
      return work();
    } finally {
      this.#depth--;
      if (this.#depth === 0) { for (const put of this.#later.splice(0)) put(); }
    }
  }

  /**
   * Checks that no such work is in progress.
   *
   * @throws {ReentryError} if one is.
   */
  assertFree(): void {
    if (this.#depth === 0) return;
    throw new ReentryError(
      this.#label,
      `Cannot use "${this.#label}" in a function that it is calling, such as readTile, a producer, ` +
        `a recorder, a logger or a clock: call it once the function has returned`,
    );
  }

  /** Does something now, or as soon as the work in progress has ended. */
  runWhenFree(action: () => void): void {
    if (this.#depth === 0) action();
    else this.#later.push(action);
  }
}
