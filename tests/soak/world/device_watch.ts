/**
 * The devices of a soak: their objects, pipelines and listeners are counted, and their calls can be
 * made to fail.
 *
 * @module
 */

import { DeviceHealth } from "../../../src/gpu/device/device_health.ts";
import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import { LiveGpuBytes } from "../../helpers/live_gpu_bytes.ts";
import { addFaults, type Faults } from "../../streaming/faulty_gpu.ts";

/** Labels of objects that no budget counts: pictures, read-backs of tests, and what they draw with. */
const NOT_IN_BUDGET = /^(?:scene|soak|page table .* readback)/;
/** Labels of pipelines that tests make. */
const MADE_BY_TESTS = /^drawn/;
/** Calls that make what is made once and then kept. */
const KEPT_CALLS = [
  "createRenderPipeline",
  "createComputePipeline",
  "createShaderModule",
  "createSampler",
  "createBindGroupLayout",
  "createPipelineLayout",
] as const;

/** What is counted of one `GPUDevice`. */
export class GpuCounts {
  readonly gpu: GPUDevice;
  /** Objects and their bytes. */
  readonly live: LiveGpuBytes;
  /** What goes wrong. */
  readonly faults: Faults;
  /** Pipelines, modules, samplers and layouts that were made. */
  pipelinesMade = 0;
  /** Listeners of the `GPUDevice`. */
  listeners = 0;

  constructor(gpu: GPUDevice, parts: { device: () => ForgeDevice; random: () => number }) {
    this.gpu = gpu;
    // Faults first, so that the count sees what was asked for.
    this.faults = addFaults(gpu, parts.random);
    const device = {
      gpu,
      get submits() {
        return parts.device().submits;
      },
    };
    this.live = new LiveGpuBytes(device, { counts: (label) => !NOT_IN_BUDGET.test(label) });
    this.#countPipelines();
    countListeners(gpu, (change) => this.listeners += change);
  }

  #countPipelines(): void {
    // deno-lint-ignore no-explicit-any -- methods are replaced by name
    const gpu = this.gpu as any;
    for (const name of KEPT_CALLS) {
      const create = gpu[name].bind(gpu);
      gpu[name] = (descriptor: { readonly label?: string } | undefined) => {
        const label = descriptor?.label;
        if (label !== undefined && !MADE_BY_TESTS.test(label)) this.pipelinesMade++;
        return create(descriptor);
      };
    }
  }
}

/** Tells a function of each listener that comes or goes. */
function countListeners(target: EventTarget, count: (change: number) => void): void {
  const add = target.addEventListener.bind(target);
  const remove = target.removeEventListener.bind(target);
  target.addEventListener = (...args: Parameters<typeof add>) => {
    count(1);
    add(...args);
  };
  target.removeEventListener = (...args: Parameters<typeof remove>) => {
    count(-1);
    remove(...args);
  };
}

/** Follows every `GPUDevice` that is requested, and counts the newest. */
export class DeviceWatch {
  /** What the devices belong to. */
  device: ForgeDevice | null = null;
  readonly #random: () => number;
  readonly #restore: (() => void)[] = [];
  /** Listeners for losses, and waits that a loss would end. */
  readonly #lossListeners = new WeakMap<DeviceHealth, number>();
  #newest: GpuCounts | null = null;

  /** Begins to follow. */
  constructor(random: () => number) {
    this.#random = random;
    this.#followRequests();
    this.#followHealth();
  }

  /** Counts of the newest `GPUDevice`. */
  get newest(): GpuCounts {
    return this.#newest!;
  }

  /** Listeners for errors and losses of the present `GPUDevice`, and waits that a loss would end. */
  get listenerCount(): number {
    return this.newest.listeners + (this.#lossListeners.get(this.device!.health) ?? 0);
  }

  #followRequests(): void {
    const { requestDevice } = GPUAdapter.prototype;
    const follow = (gpu: GPUDevice) => {
      this.#newest?.faults.remove();
      this.#newest = new GpuCounts(gpu, { device: () => this.device!, random: this.#random });
      return gpu;
    };
    GPUAdapter.prototype.requestDevice = async function (descriptor) {
      return follow(await requestDevice.call(this, descriptor));
    };
    this.#restore.push(() => GPUAdapter.prototype.requestDevice = requestDevice);
  }

  #followHealth(): void {
    const { subscribeLoss, unlessLost } = DeviceHealth.prototype;
    const count = (health: DeviceHealth, change: number) => {
      this.#lossListeners.set(health, (this.#lossListeners.get(health) ?? 0) + change);
    };
    DeviceHealth.prototype.subscribeLoss = function (notify) {
      count(this, 1);
      const stop = subscribeLoss.call(this, notify);
      let isListening = true;
      return () => {
        if (isListening) count(this, -1);
        isListening = false;
        stop();
      };
    };
    DeviceHealth.prototype.unlessLost = async function <T>(
      this: DeviceHealth,
      ...args: [Promise<T>, AbortSignal?]
    ): Promise<T> {
      count(this, 1);
      try {
        return await unlessLost.apply(this, args) as T;
      } finally {
        count(this, -1);
      }
    };
    this.#restore.push(() => Object.assign(DeviceHealth.prototype, { subscribeLoss, unlessLost }));
  }

  /** Follows no more. */
  stop(): void {
    for (const restore of this.#restore) restore();
  }
}

/** Counts the listeners of a signal that the caller goes on using. */
export class SignalWatch {
  /** Listeners that were not removed. */
  listenerCount = 0;

  constructor(signal: AbortSignal) {
    countListeners(signal, (change) => this.listenerCount += change);
  }
}
