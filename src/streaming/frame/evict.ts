/**
 * Evicting tiles on request.
 *
 * @module
 */

import type { Residency } from "../../residency/mod.ts";
import type { SubmitJournal } from "../submit/submit_journal.ts";
import type { TextureState } from "../texture_state.ts";
import type { FrameRunner } from "./frame_runner.ts";

/** What evicting works with; all of it is borrowed. */
export interface EvictParts {
  readonly residency: Residency;
  readonly journal: SubmitJournal;
  readonly frames: FrameRunner;
}

/**
 * Evicts every tile of some textures that is not pinned.
 *
 * @returns Number of tiles that lost their slot.
 */
export function evictTextures(parts: EvictParts, textures: readonly TextureState[]): number {
  const { residency, journal, frames } = parts;
  let evicted = 0;
  for (const texture of textures) {
    evicted += residency.evictAll(texture.residency);
    texture.feedback.clear();
  }
  journal.submit();
  frames.invalidate();
  return evicted;
}
