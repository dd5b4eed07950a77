/**
 * The few things that differ between Deno and browsers. Nothing here asks for a permission.
 *
 * @module
 */

import { denoRuntime } from "../../deno_runtime.ts";

/**
 * Whether waiting for the queue blocks the thread. In Deno `mapAsync` and `onSubmittedWorkDone`
 * block JavaScript until everything that was submitted is done; in browsers neither does.
 */
export function queueWaitBlocks(): boolean {
  return denoRuntime() !== undefined;
}

/**
 * Whether everything that was submitted to a queue is done as soon as `onSubmittedWorkDone` or
 * `mapAsync` has returned. Deno's own queue waits within the call and settles the promise only about
 * 10 ms later; a test measures it. Not so in browsers, nor for a queue that another library made.
 */
export function queueIsDoneOnReturn(queue: GPUQueue): boolean {
  return queueWaitBlocks() && typeof GPUQueue === "function" && queue instanceof GPUQueue;
}

/** Sets an environment variable that is unset, where the process may; does nothing elsewhere. */
export function defaultEnvironmentVariable(name: string, value: string): void {
  const deno = denoRuntime();
  if (deno === undefined) return;
  if (deno.permissions.querySync({ name: "env", variable: name }).state !== "granted") return;
  if (deno.env.get(name) === undefined) deno.env.set(name, value);
}

/** Text of a file, where it exists and the process may read it already; else an empty string. */
export async function readTextIfAllowed(path: string): Promise<string> {
  const deno = denoRuntime();
  if (deno === undefined) return "";
  if ((await deno.permissions.query({ name: "read", path })).state !== "granted") return "";
  try {
    return await deno.readTextFile(path);
  } catch {
    return "";
  }
}
