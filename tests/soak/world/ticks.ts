/**
 * Time in a soak: it passes by turns of the event loop, so that what is slow is slow in every run
 * alike, however busy the machine is.
 *
 * @module
 */

import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { pause } from "../../streaming/sources.ts";

/** Turns after which what is waited for is taken to depend on something outside. */
const BUSY_TURNS = 200;
/** Longest that anything may take, unless it is said otherwise. */
const MOST_WAIT_MS = 60_000;

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** Counts turns, and wakes what waits for them. */
export class Ticks {
  readonly #mostWaitMs: number;
  #now = 0;
  #sleepers: Sleeper[] = [];

  constructor({ mostWaitMs = MOST_WAIT_MS }: { readonly mostWaitMs?: number } = {}) {
    this.#mostWaitMs = mostWaitMs;
  }

  /** Ticks that have passed. */
  get now(): number {
    return this.#now;
  }

  /** Number of waits that have not ended. */
  get sleeperCount(): number {
    return this.#sleepers.length;
  }

  /** Resolves some ticks later. */
  sleep(ticks: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#sleepers.push({ due: this.#now + ticks, wake: resolve });
    return promise;
  }

  /** Lets one tick pass. */
  async pass(): Promise<void> {
    this.#now++;
    const due = this.#sleepers.filter((sleeper) => sleeper.due <= this.#now);
    if (due.length > 0) {
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.due > this.#now);
      for (const { wake } of due) wake();
    }
    await setImmediate();
  }

  /**
   * Waits for work, and lets time pass as far as something waits for that: what depends on files or
   * on the GPU takes no ticks.
   *
   * @throws {AssertionError} if it does not end within the time that anything may take.
   */
  async during<T>(work: Promise<T>, what: string): Promise<T> {
    let isDone = false;
    const done = () => isDone = true;
    work.then(done, done);
    const start = performance.now();
    for (let turn = 0; !isDone; turn++) {
      if (this.#sleepers.length > 0) await this.pass();
      else await setImmediate();
      if (turn < BUSY_TURNS) continue;
      await pause();
      assert.ok(performance.now() - start < this.#mostWaitMs, `${what} does not end`);
    }
    return await work;
  }
}
