/**
 * What belongs to one WebGPU device, from the day it is made until it is lost.
 *
 * @module
 */

import { isCpuAdapter } from "./adapter.ts";
import { DeviceHealth } from "./device_health.ts";
import { queueIsDoneOnReturn, queueWaitBlocks } from "./platform.ts";
import { copyLimits } from "./request_gpu.ts";
import { SubmitTracker } from "./submit_tracker.ts";

/** A WebGPU device with what is known of it. Borrows the device. */
export class DeviceLife {
  /** The device. */
  readonly gpu: GPUDevice;
  /** Display name of the adapter. */
  readonly name: string;
  /** Whether the adapter draws on the CPU. */
  readonly isCpu: boolean;
  /** Features that the device was made with. */
  readonly features: ReadonlySet<string>;
  /** Limits that the device was made with, by their WebGPU names. */
  readonly limits: Readonly<Record<string, number>>;
  /** Whether the device still works. */
  readonly health: DeviceHealth;
  /** Every submit goes through here. */
  readonly submits: SubmitTracker;
  readonly #isToldOfWork: boolean;
  #isUsed = false;

  /**
   * Listens to a device from now on.
   *
   * @param options `label`: what to call it in messages; `remedy`: what to do once it is lost.
   */
  constructor(gpu: GPUDevice, options: { readonly label: string; readonly remedy: string }) {
    this.gpu = gpu;
    const info = gpu.adapterInfo;
    this.name = info?.description || info?.device || info?.architecture || info?.vendor ||
      "unknown adapter";
    this.isCpu = isCpuAdapter(info);
    this.features = new Set<string>(gpu.features as Iterable<string>);
    this.limits = Object.freeze(copyLimits(gpu.limits));
    this.health = new DeviceHealth(gpu, options);
    const isDoneOnReturn = queueIsDoneOnReturn(gpu.queue);
    this.#isToldOfWork = !isDoneOnReturn;
    this.submits = new SubmitTracker(gpu.queue, this.health, {
      watchesEachSubmit: !queueWaitBlocks(),
      isDoneOnReturn,
    });
  }

  /** Whether it is known to have finished work. */
  get hasWorked(): boolean {
    // Where waiting blocks, the wait for a lost device returns as well, before the loss is told.
    return this.#isUsed || this.#isToldOfWork && this.submits.completed > 0;
  }

  /** Notes that a call that needed the device has ended as it should. */
  noteUse(): void {
    if (!this.health.isLost) this.#isUsed = true;
  }
}
