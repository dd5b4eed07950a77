/**
 * Devices that are lost at a given call of WebGPU.
 *
 * @module
 */

// deno-lint-ignore no-explicit-any -- methods of WebGPU objects are replaced by name
type Replaceable = any;

/** Calls at which a device may be lost; the GPU learns of each, before or after. */
const CALLS: readonly (readonly [Replaceable, readonly string[]])[] = [
  [GPUDevice.prototype, [
    "createBuffer",
    "createTexture",
    "createBindGroup",
    "createCommandEncoder",
    "pushErrorScope",
    "popErrorScope",
  ]],
  [GPUQueue.prototype, ["submit", "writeBuffer", "onSubmittedWorkDone"]],
  [GPUBuffer.prototype, ["mapAsync", "getMappedRange"]],
  [GPUCommandEncoder.prototype, ["finish"]],
];

/** What has happened so far. */
export interface Losses {
  /** Calls so far, of all devices. */
  calls: number;
  /** Name of the call that is being made. */
  name: string;
  /** Calls so far by name, this one included. */
  readonly counts: Map<string, number>;
  /** Devices that were requested so far. */
  devices: number;
  /** Whether the work shows what no update has asked for lately. */
  isShowing: boolean;
  /** Whether the work is over, and its result looked at: no device is lost any more. */
  isOver: boolean;
  /** Calls since the newest of them was there. */
  callsOfDevice: number;
  /** Names of the calls at which a device was lost. */
  readonly at: string[];
  /** Errors that reached the application. */
  readonly uncaptured: string[];
}

/**
 * Runs work in which the newest device is lost at each call for which a function says so.
 *
 * @param isLost Told the number of the call, counted from 1; the loss comes right before even ones,
 * and right after odd ones.
 */
export async function withLosses<T>(
  isLost: (call: number, losses: Losses) => boolean,
  work: (losses: Losses) => Promise<T>,
): Promise<T> {
  const losses: Losses = {
    isShowing: false,
    isOver: false,
    calls: 0,
    name: "",
    counts: new Map(),
    devices: 0,
    callsOfDevice: 0,
    at: [],
    uncaptured: [],
  };
  const restore: (() => void)[] = [];
  let newest: GPUDevice | null = null;
  const replace = (object: Replaceable, name: string, by: (original: Replaceable) => unknown) => {
    const original = object[name];
    object[name] = by(original);
    restore.push(() => object[name] = original);
  };
  replace(
    GPUAdapter.prototype,
    "requestDevice",
    (original) =>
      async function (this: GPUAdapter, ...args: unknown[]) {
        newest = await original.apply(this, args);
        losses.devices++;
        losses.callsOfDevice = 0;
        newest!.addEventListener("uncapturederror", (event) => {
          losses.uncaptured.push((event as GPUUncapturedErrorEvent).error.message);
        });
        return newest;
      },
  );
  for (const [object, names] of CALLS) {
    for (const name of names) {
      replace(object, name, (original) =>
        function (this: unknown, ...args: unknown[]) {
          if (losses.isOver) return original.apply(this, args);
          const call = ++losses.calls;
          losses.callsOfDevice++;
          losses.name = name;
          losses.counts.set(name, (losses.counts.get(name) ?? 0) + 1);
          const isNow = newest !== null && isLost(call, losses);
          if (isNow) losses.at.push(name);
          if (isNow && call % 2 === 0) newest!.destroy();
          const result = original.apply(this, args);
          if (isNow && call % 2 === 1) newest!.destroy();
          return result;
        });
    }
  }
  try {
    return await work(losses);
  } finally {
    for (const undo of restore) undo();
  }
}
