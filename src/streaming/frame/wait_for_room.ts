/**
 * Waiting for memory through which tiles are uploaded.
 *
 * @module
 */

import type { ForgeDevice } from "../../gpu/mod.ts";

/** How long to wait for others to free memory before looking again. */
const POLL_MS = 2;

/**
 * Waits until the GPU is done with what it was given, which frees upload memory. If it is done
 * already, others hold the memory, such as a texture that is being encoded: they get a moment.
 *
 * @throws {DeviceError} if the device is lost.
 */
export async function waitForRoom({ submits }: ForgeDevice): Promise<void> {
  const isDone = submits.completed === submits.lastSubmitted;
  await submits.wait();
  if (isDone) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
