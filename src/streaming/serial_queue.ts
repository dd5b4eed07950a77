/**
 * Calls that change the same things, one after the other.
 *
 * @module
 */

/** Runs asynchronous work in the order of the calls, one at a time. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Whether work is under way or waiting. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** Runs work once everything that was handed in before has ended, well or badly. */
  enqueue<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting++;
    const result = this.#last.then(work).finally(() => this.#waiting--);
    this.#last = result.catch(ignore);
    return result;
  }
}

/** Whoever handed the work in hears of its failure. */
function ignore(): void {}
