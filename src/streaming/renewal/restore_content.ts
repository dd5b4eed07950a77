/**
 * Bringing back what was resident when the device was lost.
 *
 * @module
 */

import type { QualitySettings } from "../options.ts";
import type { SubmitJournal } from "../submit/submit_journal.ts";
import type { SystemParts } from "../system_parts.ts";
import type { TextureState } from "../texture_state.ts";
import { settleFrames } from "../wait/settle_frames.ts";

/** Whether something that was resident when the device was lost is not back yet. */
export function lacksContent({ set, journal }: SystemParts): boolean {
  return set.isPartial || set.loaded.some((texture) => !isRestored(texture, journal));
}

/** Tables are empty at first: what has landed is seen once a submit of it was valid. */
function isRestored(texture: TextureState, journal: SubmitJournal): boolean {
  const { lacksTail, returning } = texture.residency;
  texture.isRestored ||= !lacksTail && returning.size === 0 && !journal.isBehind(texture);
  return texture.isRestored;
}

/**
 * Loads every tile that was resident before the device was lost, whatever the camera sees, as far as
 * it can be read and there is room. Does nothing if the device was never lost.
 *
 * @throws {DeviceError} if the device is lost again, or keeps refusing what is submitted.
 * @throws The signal's reason.
 */
export async function restoreContent(
  parts: SystemParts,
  options: { readonly quality: Required<QualitySettings>; readonly signal: AbortSignal },
): Promise<void> {
  if (!lacksContent(parts)) return;
  const { set } = parts;
  const { quality, signal } = options;
  await settleFrames(parts, {
    signal,
    // Without a camera nothing is wanted but what was asked for, or taken away.
    view: () => ({ camera: null, textures: set.loaded, quality }),
  });
  await parts.journal.settle(signal);
  // What could not be read, or found no room as something else is resident by now, is not waited for again.
  for (const { residency } of set.loaded) residency.returning.clear();
}
