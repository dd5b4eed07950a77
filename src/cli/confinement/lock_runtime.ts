/**
 * Takes from this process's JavaScript what gets round Deno's permissions.
 *
 * @module
 */

import { WASI } from "node:wasi";
import { Worker as NodeWorker } from "node:worker_threads";

/**
 * Locks `node:wasi` and workers, for good. WASI makes symbolic links that Deno does not check, and every
 * worker has a `node:wasi` of its own. Workers that run already stay.
 */
export function lockRuntime(): void {
  const { prototype } = WASI;
  for (const name of Reflect.ownKeys(prototype)) {
    if (name !== "constructor") Reflect.deleteProperty(prototype, name);
  }
  lockClass(WASI, prototype);
  for (const workers of [Worker, NodeWorker]) {
    // Every constructor of a derived class calls that of the class above it, which is looked up then.
    Object.setPrototypeOf(workers, refuseWorker);
    lockClass(workers, workers.prototype);
  }
}

function lockClass(constructor: object, prototype: object): void {
  Object.freeze(prototype);
  Object.freeze(constructor);
}

/** Stands in the place of a class, so that it can be called with `new`. */
function refuseWorker(): never {
  throw new Deno.errors.NotCapable(
    "Cannot start a worker in a script's process: do the work in the script's own thread",
  );
}
