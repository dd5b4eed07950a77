/**
 * Which misses were counted already.
 *
 * A tile that is seen and missing takes some updates to come. It is one miss, however many they are:
 * counted at each of them, the hit rate would say how slow the source is and not how well the cache is used.
 *
 * @module
 */

import { IntMap } from "./int_map.ts";

/** The misses of one texture that last. */
export class MissCount {
  /** Number of the list of wants that saw each last. */
  readonly #seenIn = new IntMap(64);
  #list = 0;

  /** Misses that last. */
  get size(): number {
    return this.#seenIn.size;
  }

  /** Bytes of what is kept. */
  get byteLength(): number {
    return this.#seenIn.byteLength;
  }

  /** Notes that a tile is seen and missing; whether that is a new miss. */
  noteMiss(tile: number): boolean {
    const isNew = !this.#seenIn.has(tile);
    this.#seenIn.set(tile, this.#list);
    return isNew;
  }

  /** Notes that a tile has become resident. */
  endMiss(tile: number): void {
    if (this.#seenIn.size > 0) this.#seenIn.delete(tile);
  }

  /** Ends a list of wants: misses that it has not seen are over, but for tiles in flight. */
  endList(isInFlight: (tile: number) => boolean): void {
    const list = this.#list++ | 0;
    if (this.#seenIn.size === 0) return;
    const over: number[] = [];
    this.#seenIn.forEach((tile, seenIn) => {
      if (seenIn !== list && !isInFlight(tile)) over.push(tile);
    });
    for (const tile of over) this.#seenIn.delete(tile);
  }
}
