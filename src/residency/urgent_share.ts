/**
 * How much of a frame urgent tiles may have while others are missing.
 *
 * @module
 */

/** Frames in a row in which urgent tiles may take all the room, before missing ones have their share. */
const MOST_URGENT_FRAMES = 8;

/**
 * Urgent tiles may have all that there is room for, as long as that keeps missing ones waiting for a few
 * frames; half of it from then on. What moves all the time makes tiles urgent in every frame.
 */
export class UrgentShare {
  #frame = 0;
  /** Frames in a row in which both kinds waited. */
  #frames = 0;
  #isCounted = false;
  #isShared = false;

  /** Begins a frame. */
  beginFrame(frame: number): void {
    this.#frame = frame;
    this.#isCounted = false;
  }

  /** Notes, before tiles are served, whether there are urgent ones and missing ones. */
  noteWaiting(isBoth: boolean): void {
    if (!this.#isCounted) this.#frames = isBoth ? this.#frames + 1 : 0;
    this.#isCounted = true;
    this.#isShared = isBoth && this.#frames > MOST_URGENT_FRAMES;
  }

  /** The part of so many tiles that urgent ones may have; of an odd number the larger half every other frame. */
  partOf(tiles: number): number {
    if (!this.#isShared || tiles === Infinity) return tiles;
    return Math.floor((tiles + this.#frame % 2) / 2);
  }
}
