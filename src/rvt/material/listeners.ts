/**
 * Functions that are called after changes.
 *
 * @module
 */

import { checkedFunction } from "../../checks.ts";

/** A list of listeners. */
export class Listeners {
  readonly #listeners = new Set<{ readonly call: () => void }>();

  /**
   * Adds a listener.
   *
   * @param failure What cannot be done if it is not a function.
   * @returns A function that removes it.
   * @throws {InvalidArgumentError} if it is not a function.
   */
  add(listener: () => void, failure: string): () => void {
    const entry = { call: checkedFunction(listener, { name: "listener", failure }) };
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** Whether there are none. */
  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  /** Calls all of them, in the order in which they were added. */
  notify(): void {
    for (const { call } of [...this.#listeners]) call();
  }
}
