/**
 * A device whose objects, pipelines and listeners are counted, and whose calls can be made to fail.
 *
 * @module
 */

import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import { LiveGpuBytes } from "../../helpers/live_gpu_bytes.ts";
import { addFaults, type Faults } from "../../streaming/faulty_gpu.ts";

/** Labels of objects that no budget counts: pictures, read-backs of tests, and what they draw with. */
const NOT_IN_BUDGET = /^(?:scene|readback|soak|read-back|page table .* readback)/;
/** Labels of pipelines that tests make. */
const MADE_BY_TESTS = /^drawn/;

/** Counts what lives on a device from now on. */
export class DeviceWatch {
  /** Objects and their bytes. */
  readonly live: LiveGpuBytes;
  /** What goes wrong. */
  readonly faults: Faults;
  /** Pipelines, modules, samplers and layouts that were made; each kind should be made once. */
  pipelinesMade = 0;
  #listeners = 0;

  constructor(device: ForgeDevice, random: () => number) {
    const { gpu, health } = device;
    // Faults first, so that the count sees what was asked for.
    this.faults = addFaults(gpu, random);
    this.live = new LiveGpuBytes(device, { counts: (label) => !NOT_IN_BUDGET.test(label) });
    this.#countPipelines(gpu);
    this.#countListeners(gpu);
    const subscribe = health.subscribeLoss.bind(health);
    health.subscribeLoss = (notify) => {
      this.#listeners++;
      const stop = subscribe(notify);
      let isListening = true;
      return () => {
        if (isListening) this.#listeners--;
        isListening = false;
        stop();
      };
    };
    const unlessLost = health.unlessLost.bind(health);
    health.unlessLost = async (work, signal) => {
      this.#listeners++;
      try {
        return await unlessLost(work, signal);
      } finally {
        this.#listeners--;
      }
    };
  }

  /** Listeners for errors and losses, and waits that a loss would end. */
  get listenerCount(): number {
    return this.#listeners;
  }

  #countPipelines(gpu: GPUDevice): void {
    for (
      const name of [
        "createRenderPipeline",
        "createComputePipeline",
        "createShaderModule",
        "createSampler",
        "createBindGroupLayout",
        "createPipelineLayout",
      ] as const
    ) {
      // deno-lint-ignore no-explicit-any -- methods are replaced by name
      const create: (descriptor: any) => any = gpu[name].bind(gpu);
      // deno-lint-ignore no-explicit-any -- as above
      (gpu as any)[name] = (descriptor: { label?: string; code?: string }) => {
        const isOurs = descriptor?.label !== undefined && !MADE_BY_TESTS.test(descriptor.label);
        if (isOurs) this.pipelinesMade++;
        return create(descriptor);
      };
    }
  }

  #countListeners(gpu: EventTarget): void {
    const add = gpu.addEventListener.bind(gpu);
    const remove = gpu.removeEventListener.bind(gpu);
    gpu.addEventListener = (...args: Parameters<typeof add>) => {
      this.#listeners++;
      add(...args);
    };
    gpu.removeEventListener = (...args: Parameters<typeof remove>) => {
      this.#listeners--;
      remove(...args);
    };
  }
}

/** Counts the listeners of a signal that the caller goes on using. */
export class SignalWatch {
  readonly signal: AbortSignal;
  #listeners = 0;

  constructor(signal: AbortSignal) {
    this.signal = signal;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      this.#listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      this.#listeners--;
      remove(...args);
    };
  }

  /** Listeners that were not removed. */
  get listenerCount(): number {
    return this.#listeners;
  }
}
