/**
 * Settling: frames until nothing is pending any more.
 *
 * @module
 */

import type { Feedback } from "../../gpu/mod.ts";
import type { Residency } from "../../residency/mod.ts";
import type { FrameRunner, FrameView } from "../frame/frame_runner.ts";
import type { ReadbackMoments } from "../frame/readback_moments.ts";
import type { SubmitJournal } from "../submit/submit_journal.ts";
import type { TileWaiter } from "./tile_waiter.ts";

/** Rounds at most. */
const MAX_ROUNDS = 100_000;

/** What settling works with; all of it is borrowed. */
export interface SettleParts {
  readonly feedback: Feedback;
  readonly readbacks: ReadbackMoments;
  readonly residency: Residency;
  readonly frames: FrameRunner;
  readonly waiter: TileWaiter;
  readonly journal: SubmitJournal;
}

/**
 * Runs frames of the same view, each to its end, until one changes nothing.
 *
 * @param options `view` gives the view of each round, or throws if the system is closed.
 * @returns Whether everything that is wanted is resident.
 */
export async function settleFrames(
  parts: SettleParts,
  options: { readonly view: () => FrameView; readonly signal?: AbortSignal | undefined },
): Promise<boolean> {
  const { feedback, readbacks, residency, frames, waiter, journal } = parts;
  const { view, signal } = options;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    signal?.throwIfAborted();
    readbacks.notify();
    await feedback.waitForReadbacks(signal);
    const biasBefore = frames.bias;
    const { droppedCount } = journal;
    const { cacheHits, cacheMisses } = residency.counters;
    const first = frames.runFrame({ ...view(), isWaiting: true });
    await waiter.waitForTiles({ signal });
    const result = frames.result(true);
    // These rounds are not drawn, so they do not count in the hit rate.
    Object.assign(residency.counters, { cacheHits, cacheMisses });
    view();
    const isDone = first.tilesRequested === 0 && result.tilesLoaded === 0 &&
      result.tilesPending === 0 && frames.bias === biasBefore &&
      journal.droppedCount === droppedCount;
    if (isDone) return result.tilesQueued === 0;
  }
  return false;
}
