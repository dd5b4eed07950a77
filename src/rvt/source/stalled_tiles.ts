/**
 * Tiles that were rendered without all that they sample, as others were in the way.
 *
 * @module
 */

/** A tile is tried again after 1, 2, 4 … looks, at most so many. */
const LONGEST_WAIT_LOOKS = 256;
/** After so many looks without another stall, those of a tile are forgotten. */
const MEMORY_LOOKS = 4 * LONGEST_WAIT_LOOKS;
/** Stalls after which nothing better is expected of a tile. */
const MOST_TRIES = 4;
/** Stalls after which a tile is only tried again once it is due, whatever comes of what it lacks. */
const MOST_PROMPT_TRIES = 8;

/** What is known of a tile. */
interface Stall {
  /** How often it has stalled. */
  readonly count: number;
  /** The look at which it is tried again; Infinity if it was rendered whole since. */
  readonly dueLook: number;
  readonly forgottenLook: number;
}

/**
 * Says when stalled tiles are tried again. Where there is no room for all, a tile that is made whole may
 * take from others what they need, and be the next that has to do without, in turn and without end; so
 * stalls still count after a tile was rendered whole, or was evicted.
 */
export class StalledTiles {
  readonly #stalls = new Map<number, Stall>();
  /** Each frame is one, also those that find nothing to do. */
  #lookCount = 0;

  /** Notes that a tile has stalled, once more if it did before. */
  note(tile: number): void {
    const count = (this.#stalls.get(tile)?.count ?? 0) + 1;
    const waitLooks = Math.min(2 ** (count - 1), LONGEST_WAIT_LOOKS);
    const dueLook = this.#lookCount + waitLooks;
    this.#stalls.set(tile, { count, dueLook, forgottenLook: this.#lookCount + MEMORY_LOOKS });
  }

  /**
   * Notes that a tile was rendered without what could not be read. It is tried again when that has come,
   * unless it was so often already.
   */
  noteUnread(tile: number): void {
    this.note(tile);
    const stall = this.#stalls.get(tile)!;
    if (stall.count < MOST_PROMPT_TRIES) this.#stalls.set(tile, { ...stall, dueLook: Infinity });
  }

  /** Notes that a tile was rendered whole, or is not resident any more. */
  noteWhole(tile: number): void {
    const stall = this.#stalls.get(tile);
    if (stall !== undefined) this.#stalls.set(tile, { ...stall, dueLook: Infinity });
  }

  /** Whether a tile lacks something and will be tried again soon. */
  isTriedSoon(tile: number): boolean {
    const stall = this.#stalls.get(tile);
    return stall !== undefined && stall.dueLook < Infinity && stall.count < MOST_TRIES;
  }

  /** Whether a tile will be due. */
  isScheduled(tile: number): boolean {
    return (this.#stalls.get(tile)?.dueLook ?? Infinity) < Infinity;
  }

  /** Whether a tile has stalled so often that what it lacks may only be tried again once it is due. */
  mustWait(tile: number): boolean {
    return (this.#stalls.get(tile)?.count ?? 0) >= MOST_PROMPT_TRIES;
  }

  /** Forgets how often a tile has stalled. */
  delete(tile: number): void {
    this.#stalls.delete(tile);
  }

  /** Looks once more: at the tiles that are to be tried again by now. */
  lookForDue(): number[] {
    const look = ++this.#lookCount;
    const due: number[] = [];
    for (const [tile, { dueLook, forgottenLook }] of this.#stalls) {
      if (dueLook <= look) due.push(tile);
      else if (forgottenLook <= look) this.#stalls.delete(tile);
    }
    return due;
  }
}
