/**
 * Going on through the frames of the caller, or by frames of its own while the caller runs none.
 *
 * @module
 */

import type { Residency } from "../../residency/mod.ts";
import type { FrameRunner, FrameView } from "../frame/frame_runner.ts";
import type { TileWaiter } from "./tile_waiter.ts";
import type { WakeUp } from "./wake_up.ts";

/** Time without a frame after which the caller is taken to run none, in milliseconds. */
const ALONE_MS = 40;
/** Between two looks at whether a frame was run. */
const POLL_MS = 4;

/** What pacing works with; all of it is borrowed. */
export interface PacerParts {
  readonly residency: Residency;
  readonly frames: FrameRunner;
  readonly waiter: TileWaiter;
  readonly wakeUp: WakeUp;
}

/** What frames of its own look at, and when to stop. */
export interface PacerOptions {
  /** Gives the view of the last update, or throws if the system is closed. */
  readonly view: () => FrameView;
  readonly signal: AbortSignal;
}

/** Waits for frames. */
export class FramePacer {
  readonly #parts: PacerParts;
  readonly #options: PacerOptions;
  #isAlone = false;

  constructor(parts: PacerParts, options: PacerOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  /** Waits until a frame was run by the caller, or runs one and lets its tiles land. */
  async waitForFrame(): Promise<void> {
    const { frames } = this.#parts;
    if (!this.#isAlone) {
      const before = frames.runCount;
      for (let waitedMs = 0; waitedMs < ALONE_MS; waitedMs += POLL_MS) {
        await this.#pause();
        if (frames.runCount !== before) return;
      }
      this.#isAlone = true;
    }
    await this.#runFrame();
  }

  async #runFrame(): Promise<void> {
    const { frames, waiter, residency } = this.#parts;
    const { view, signal } = this.#options;
    const { cacheHits, cacheMisses } = residency.counters;
    frames.runFrame(view());
    const own = frames.runCount;
    // These frames are not drawn, so they do not count in the hit rate.
    Object.assign(residency.counters, { cacheHits, cacheMisses });
    await waiter.waitForTiles({ timeBudgetMs: ALONE_MS, signal });
    await this.#pause();
    this.#isAlone = frames.runCount === own;
  }

  /** Gives other work its turn: timers, too. */
  async #pause(): Promise<void> {
    const { signal } = this.#options;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    signal.throwIfAborted();
  }
}
