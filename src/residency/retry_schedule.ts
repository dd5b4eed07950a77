/**
 * When to ask again for a tile that could not be made: after 2, 4, 8 … frames, at most 256.
 *
 * @module
 */

import { IntMap } from "./int_map.ts";

const FIRST_WAIT_FRAMES = 2;
const LAST_DOUBLING = 7;

/** Back-off for the failed tiles of one texture, counted in frames. */
export class RetrySchedule {
  readonly #attempts = new IntMap(8);
  readonly #due = new IntMap(8);

  /** Number of tiles that have failed and not been made since. */
  get size(): number {
    return this.#attempts.size;
  }

  /** Notes a failure. */
  failed(tile: number, frame: number): void {
    const attempts = this.#attempts.get(tile, 0);
    this.#attempts.set(tile, attempts + 1);
    this.#due.set(tile, frame + FIRST_WAIT_FRAMES * 2 ** Math.min(attempts, LAST_DOUBLING));
  }

  /** Forgets a tile's failures. */
  succeeded(tile: number): void {
    if (this.#attempts.size === 0) return;
    this.#attempts.delete(tile);
    this.#due.delete(tile);
  }

  /** Whether a tile must not be asked for yet. */
  isWaiting(tile: number, frame: number): boolean {
    return this.#due.size > 0 && this.#due.get(tile, 0) > frame;
  }

  /** Whether a tile has failed and not been made since. */
  hasFailed(tile: number): boolean {
    return this.#attempts.size > 0 && this.#attempts.has(tile);
  }
}
