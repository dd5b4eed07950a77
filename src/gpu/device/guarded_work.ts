/**
 * Runs work on a device so that its errors are found: WebGPU reports none where they happen.
 *
 * @module
 */

import { thrownText } from "../../checks.ts";
import { DeviceError } from "../../errors.ts";

/** Result of work that ran in error scopes. */
export interface GuardedWork<T> {
  /** What the work returned. */
  readonly value: T;
  /**
   * Resolves to null, or to the first error that the GPU reports of the work. Never rejects. In
   * Deno it settles within a few microtasks, in browsers after a turn of the GPU process.
   */
  readonly error: Promise<DeviceError | null>;
}

const FILTERS: readonly GPUErrorFilter[] = ["internal", "out-of-memory", "validation"];

/**
 * Runs work inside error scopes, which are pushed and popped without an await between: other
 * errors, such as those of an application that shares the device, never end up in them, and errors
 * of the work never reach `uncapturederror` listeners.
 *
 * @param label What the work is, for the message.
 * @throws {DeviceError} if a call of WebGPU throws; what the GPU reports of the work is dropped then.
 * @throws Other errors of the library as they are.
 */
export function guardWork<T>(gpu: GPUDevice, label: string, work: () => T): GuardedWork<T> {
  for (const filter of FILTERS) gpu.pushErrorScope(filter);
  let popped: Promise<GPUError | null>[] | undefined;
  try {
    const value = work();
    popped = popScopes(gpu);
    return { value, error: firstError(popped, label) };
  } catch (cause) {
    throw deviceErrorOf(cause, label);
  } finally {
    // A failed pop means that the device is lost, which the next use of the device reports.
    if (popped === undefined) { for (const scope of popScopes(gpu)) scope.catch(() => null); }
  }
}

/** What WebGPU throws as a {@linkcode DeviceError} that names the work; the library's own as they are. */
function deviceErrorOf(cause: unknown, label: string): unknown {
  if (cause instanceof Error && typeof (cause as { code?: unknown }).code === "string") {
    return cause;
  }
  return asDeviceError(cause, label);
}

/** Whatever was thrown as a {@linkcode DeviceError} that names the work and has it as its cause. */
export function asDeviceError(cause: unknown, label: string): DeviceError {
  if (cause instanceof DeviceError) return cause;
  return new DeviceError("device-failed", `Cannot finish ${label}: ${thrownText(cause)}`, {
    cause,
  });
}

function popScopes(gpu: GPUDevice): Promise<GPUError | null>[] {
  return FILTERS.map(() => gpu.popErrorScope());
}

async function firstError(
  scopes: readonly Promise<GPUError | null>[],
  label: string,
): Promise<DeviceError | null> {
  for (const settled of await Promise.allSettled(scopes)) {
    const cause = settled.status === "fulfilled" ? settled.value : settled.reason;
    if (cause === null) continue;
    return new DeviceError("device-failed", `Cannot finish ${label} on the GPU: ${cause.message}`, {
      cause,
    });
  }
  return null;
}
