/**
 * Tiles that were rendered without all that they sample, as others were in the way.
 *
 * @module
 */

/** A tile is tried again after 1, 2, 4 … looks, at most so many. */
const LONGEST_WAIT_LOOKS = 256;

/** Says when stalled tiles are tried again. */
export class StalledTiles {
  readonly #stalls = new Map<number, { readonly count: number; readonly dueLook: number }>();
  /** Each frame is one, also those that find nothing to do. */
  #lookCount = 0;

  /** Notes that a tile has stalled, once more if it did before. */
  note(tile: number): void {
    const count = (this.#stalls.get(tile)?.count ?? 0) + 1;
    const waitLooks = Math.min(2 ** (count - 1), LONGEST_WAIT_LOOKS);
    this.#stalls.set(tile, { count, dueLook: this.#lookCount + waitLooks });
  }

  /** How often in a row a tile has stalled. */
  countOf(tile: number): number {
    return this.#stalls.get(tile)?.count ?? 0;
  }

  /** Forgets a tile, as it was rendered whole or is not resident any more. */
  delete(tile: number): void {
    this.#stalls.delete(tile);
  }

  /** Looks once more: at the tiles that are to be tried again by now. */
  lookForDue(): number[] {
    const look = ++this.#lookCount;
    if (this.#stalls.size === 0) return [];
    return [...this.#stalls].flatMap(([tile, { dueLook }]) => dueLook <= look ? [tile] : []);
  }
}
