/**
 * What has happened in a soak, and how long it did not.
 *
 * @module
 */

/** Frames within which each kind of thing must happen once. */
export const MOST_FRAMES_BETWEEN = 1000;

/** How often a kind of thing happened. */
export interface StepCount {
  readonly count: number;
  /** Most frames from one to the next, from the start to the first and from the last to the end. */
  readonly largestGap: number;
}

interface Entry {
  count: number;
  lastFrame: number;
  largestGap: number;
}

/** Counts what happens, by kinds that are named before. */
export class StepLog {
  /** The present frame. */
  frame = 0;
  readonly #entries = new Map<string, Entry>();

  /** Names a kind that must happen. */
  expect(kind: string): void {
    if (this.#entries.has(kind)) return;
    this.#entries.set(kind, { count: 0, lastFrame: 0, largestGap: 0 });
  }

  /**
   * Notes that something has happened.
   *
   * @throws {RangeError} for a kind that was not named before: its absence would not be noticed.
   */
  note(kind: string): void {
    const entry = this.#entries.get(kind);
    if (entry === undefined) throw new RangeError(`Cannot note ${kind}: it is not expected`);
    entry.largestGap = Math.max(entry.largestGap, this.frame - entry.lastFrame);
    entry.lastFrame = this.frame;
    entry.count++;
  }

  /** Of some kinds the one that has not happened for the longest time. */
  longestAgo<Kind extends string>(kinds: readonly Kind[]): Kind {
    const lastFrame = (kind: Kind) => this.#entries.get(kind)!.lastFrame;
    return kinds.reduce((oldest, kind) => lastFrame(kind) < lastFrame(oldest) ? kind : oldest);
  }

  /** Frames since something last happened, or since the start. */
  framesSince(kind: string): number {
    return this.frame - this.#entries.get(kind)!.lastFrame;
  }

  /** Things of all kinds so far. */
  get total(): number {
    let total = 0;
    for (const { count } of this.#entries.values()) total += count;
    return total;
  }

  /** Counts by kind. */
  counts(): ReadonlyMap<string, StepCount> {
    return new Map(
      [...this.#entries].map(([kind, { count, lastFrame, largestGap }]) => [
        kind,
        { count, largestGap: Math.max(largestGap, this.frame - lastFrame) },
      ]),
    );
  }

  /** What did not happen for more than {@linkcode MOST_FRAMES_BETWEEN}; a sentence each. */
  missing(): string[] {
    return [...this.counts()].filter(([, { largestGap }]) => largestGap > MOST_FRAMES_BETWEEN)
      .map(([kind, { count, largestGap }]) =>
        count === 0
          ? `"${kind}" never happened in ${this.frame} frames`
          : `"${kind}" did not happen for ${largestGap} frames`
      );
  }
}
