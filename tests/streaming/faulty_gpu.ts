/**
 * A GPU device whose calls fail at random, and one whose reports come late.
 *
 * @module
 */

import { pause } from "./sources.ts";

/** How a call fails. */
const FAILURES = ["throws", "is invalid"] as const;

/** What goes wrong on a device; change it at any time. */
export interface Faults {
  /** Probability that a call fails. */
  probability: number;
  /** Failures so far, by kind. */
  readonly counts: Map<string, number>;
  /**
   * Makes the device as it was. One that is lost is held for ever otherwise: what its queue holds is
   * never collected.
   */
  remove(): void;
}

// deno-lint-ignore no-explicit-any -- methods of WebGPU objects are replaced by name
type Replaceable = any;

/** Makes calls of a device fail with a probability, at first 0: they throw, or make invalid objects. */
export function addFaults(gpu: GPUDevice, random: () => number): Faults {
  const replaced: [Replaceable, string][] = [];
  const faults: Faults = {
    probability: 0,
    counts: new Map(),
    remove() {
      for (const [object, call] of replaced.splice(0)) delete object[call];
    },
  };
  const failureOf = (call: string): (typeof FAILURES)[number] | null => {
    if (random() >= faults.probability) return null;
    const failure = FAILURES[Math.floor(random() * FAILURES.length)]!;
    const kind = `${call} ${failure}`;
    faults.counts.set(kind, (faults.counts.get(kind) ?? 0) + 1);
    if (failure === "throws") throw new TypeError(`${call} failed on purpose`);
    return failure;
  };
  const replace = (
    object: Replaceable,
    call: string,
    // deno-lint-ignore no-explicit-any -- arguments and results of any WebGPU call
    spoil: (original: (...args: any[]) => any, args: any[]) => unknown,
  ): void => {
    const original = object[call].bind(object);
    if (object === gpu || object === gpu.queue) replaced.push([object, call]);
    object[call] = (...args: unknown[]) =>
      failureOf(call) === null ? original(...args) : spoil(original, args);
  };
  replace(gpu, "createBuffer", (create, [descriptor]) => {
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE;
    return create({ ...descriptor, usage });
  });
  replace(
    gpu,
    "createTexture",
    (create, [descriptor]) => create({ ...descriptor, size: [2 ** 20] }),
  );
  replace(gpu, "createBindGroup", (create, [descriptor]) => create({ ...descriptor, entries: [] }));
  replace(
    gpu.queue,
    "writeBuffer",
    (write, [buffer, , ...rest]) => write(buffer, 2 ** 40, ...rest),
  );
  replace(gpu.queue, "submit", (submit, [commands]) => submit([...commands, commands[0]]));
  const { createCommandEncoder } = gpu;
  replaced.push([gpu, "createCommandEncoder"]);
  (gpu as Replaceable).createCommandEncoder = (descriptor: GPUCommandEncoderDescriptor) => {
    failureOf("createCommandEncoder");
    const encoder = createCommandEncoder.call(gpu, descriptor);
    replace(encoder, "finish", (finish, args) => {
      encoder.popDebugGroup();
      return finish(...args);
    });
    return encoder;
  };
  return faults;
}

/** Lets what error scopes say arrive some turns of the event loop later, as browsers do. */
export function delayReports(gpu: GPUDevice, random: () => number, mostTurns: number): void {
  const { popErrorScope } = gpu;
  gpu.popErrorScope = async () => {
    const error = popErrorScope.call(gpu);
    for (let turns = Math.floor(random() * (mostTurns + 1)); turns > 0; turns--) await pause();
    return await error;
  };
}

/** An application's own errors on a device, and what its listener hears of. */
export interface AppErrors {
  /** Makes one. */
  make(): void;
  made: number;
  /** Errors that reached the application. */
  heard: number;
  /** Those that somebody else has dealt with, so that the browser says nothing of them. */
  prevented: number;
}

/** Listens like an application that shares its device. Call it before faults are added. */
export function appErrors(gpu: GPUDevice): AppErrors {
  const createBuffer = gpu.createBuffer.bind(gpu);
  const errors: AppErrors = {
    made: 0,
    heard: 0,
    prevented: 0,
    make() {
      errors.made++;
      createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    },
  };
  gpu.addEventListener("uncapturederror", (event) => {
    errors.heard++;
    // Deno's events never say that they were prevented.
    const { preventDefault } = event;
    event.preventDefault = () => {
      errors.prevented++;
      preventDefault.call(event);
    };
  });
  return errors;
}
