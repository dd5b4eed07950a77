/**
 * Evicting tiles on request.
 *
 * @module
 */

import type { ForgeDevice } from "../../gpu/mod.ts";
import type { Residency } from "../../residency/mod.ts";
import type { SubmitJournal } from "../submit/submit_journal.ts";
import type { TextureState } from "../texture_state.ts";
import type { FrameRunner } from "./frame_runner.ts";

/** What evicting works with; all of it is borrowed. */
export interface EvictParts {
  readonly device: ForgeDevice;
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
  const { device, residency, journal, frames } = parts;
  let evicted = 0;
  for (const texture of textures) {
    evicted += residency.evictAll(texture.residency);
    texture.feedback.clear();
  }
  // There is no table that could show them once the device is lost.
  if (!device.health.isLost) journal.submit();
  frames.invalidate();
  return evicted;
}
