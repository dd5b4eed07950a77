/**
 * Bringing back what was resident when the device was lost.
 *
 * @module
 */

import type { QualitySettings } from "../options.ts";
import type { SystemParts } from "../system_parts.ts";
import { settleFrames } from "../wait/settle_frames.ts";

/** Whether something that was resident when the device was lost is not back yet. */
export function lacksContent({ set }: SystemParts): boolean {
  return set.isPartial ||
    set.loaded.some(({ residency }) => residency.lacksTail || residency.returning.size > 0);
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
  // What could not be read, or found no room as something else is resident by now, is not waited for again.
  for (const { residency } of set.loaded) residency.returning.clear();
}
