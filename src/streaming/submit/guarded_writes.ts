/**
 * Writes of small values to the GPU that are repeated until they have arrived.
 *
 * @module
 */

import type { DeviceError } from "../../errors.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";

/** What knows which of its values the GPU does not have yet. */
export interface GpuValues {
  /** Writes what has changed. */
  writeChanges(): void;
  /** Makes the next write begin from nothing: the last may not have arrived. */
  forgetWritten(): void;
}

/**
 * Writes values in an error scope. Those that may not have arrived are written again by the next call.
 *
 * @param label What they are, for the message.
 * @returns Resolves to null, or to why they may not have arrived.
 */
export async function writeGuarded(
  device: ForgeDevice,
  label: string,
  values: Iterable<GpuValues>,
): Promise<DeviceError | null> {
  let failure: DeviceError | null;
  try {
    const { error } = device.guard(`writing ${label}`, () => {
      for (const one of values) one.writeChanges();
    });
    failure = await error;
  } catch (error) {
    failure = error as DeviceError;
  }
  if (failure !== null) { for (const one of values) one.forgetWritten(); }
  return failure;
}
