/**
 * The last things that were done to each texture of a soak, to tell how it came to what was found.
 *
 * @module
 */

/** Things that are kept. */
const MOST_KEPT = 2000;

interface Entry {
  readonly frame: number;
  readonly what: string;
  /** The texture that it was done to; null for what touches all of them. */
  readonly texture: string | null;
}

/** Keeps the last things that were done. */
export class StepTrail {
  readonly #frame: () => number;
  #entries: Entry[] = [];

  /** @param frame Tells the present frame. */
  constructor(frame: () => number) {
    this.#frame = frame;
  }

  /** Notes what is done to a texture, or to all. */
  note(what: string, texture: { readonly name: string } | null = null): void {
    this.#entries.push({ frame: this.#frame(), what, texture: texture?.name ?? null });
    if (this.#entries.length > MOST_KEPT) this.#entries = this.#entries.slice(-MOST_KEPT / 2);
  }

  /**
   * The last things that were done to the textures which a message names, and to all; or, if it names
   * none, to any. A line each, the oldest first.
   */
  linesFor(message: string, count = 10): string[] {
    const isNamed = ({ texture }: Entry) => texture !== null && message.includes(texture);
    const found = this.#entries.some(isNamed)
      ? this.#entries.filter((entry) => entry.texture === null || isNamed(entry))
      : this.#entries;
    return found.slice(-count).map(({ frame, what, texture }) =>
      `frame ${frame}: ${what}${texture === null ? "" : `: ${texture}`}`
    );
  }
}
