/**
 * Tiles that were rendered without all that they sample, as others were in the way.
 *
 * @module
 */

/** A tile is tried again after 1, 2, 4 … frames, at most so many. */
const LONGEST_WAIT_FRAMES = 256;

/** Says when stalled tiles are tried again. */
export class StalledTiles {
  readonly #stalls = new Map<number, { readonly count: number; readonly dueFrame: number }>();

  /** Notes that a tile has stalled in a frame, once more if it did before. */
  note(tile: number, frame: number): void {
    const count = (this.#stalls.get(tile)?.count ?? 0) + 1;
    const waitFrames = Math.min(2 ** (count - 1), LONGEST_WAIT_FRAMES);
    this.#stalls.set(tile, { count, dueFrame: frame + waitFrames });
  }

  /** How often in a row a tile has stalled. */
  countOf(tile: number): number {
    return this.#stalls.get(tile)?.count ?? 0;
  }

  /** Forgets a tile, as it was rendered whole or is not resident any more. */
  delete(tile: number): void {
    this.#stalls.delete(tile);
  }

  /** Tiles that are to be tried again by a frame. */
  due(frame: number): number[] {
    if (this.#stalls.size === 0) return [];
    return [...this.#stalls].flatMap(([tile, { dueFrame }]) => dueFrame <= frame ? [tile] : []);
  }
}
