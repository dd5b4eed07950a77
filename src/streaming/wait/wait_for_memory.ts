/**
 * Waiting for memory that is held elsewhere.
 *
 * @module
 */

import type { ForgeDevice } from "../../gpu/mod.ts";
import type { WakeUp } from "./wake_up.ts";

/** Milliseconds after which memory is asked for again: not everyone says when it is free. */
const RETRY_MS = 20;

/**
 * Waits until the GPU is done with what was destroyed, which counts until then, or, if it is, until
 * something happens or some time has passed. Never returns without giving other work its turn.
 */
export async function waitForMemory(
  { device: { submits }, wakeUp }: { readonly device: ForgeDevice; readonly wakeUp: WakeUp },
  signal?: AbortSignal,
): Promise<void> {
  if (submits.completed < submits.lastSubmitted) await submits.wait(undefined, signal);
  else await wakeUp.waitForChange({ signal, timeoutMs: RETRY_MS });
}
