/**
 * Getting another WebGPU device in place of one that was lost.
 *
 * @module
 */

import { describeValue, thrownText } from "../../checks.ts";
import { DeviceError, InvalidArgumentError } from "../../errors.ts";

/** Waits before each attempt to request a device, in milliseconds: a driver that starts again takes seconds. */
const WAITS_MS: readonly number[] = [0, 100, 300, 1000, 2500, 5000];

/** Devices in a row that may be lost before they have finished any work. */
export const MOST_IDLE_LOSSES = 16;

/** How another device is got. */
export interface RenewalOptions {
  /** What to call the device in messages. */
  readonly label: string;
  /** Gives another device. */
  readonly provide: () => Promise<GPUDevice>;
  /** Whether it is asked again if it fails. */
  readonly isRepeated: boolean;
  /** Waits some milliseconds, or rejects if the holder of the device does not want it any more. */
  readonly pause: (ms: number) => Promise<void>;
}

/** Gets one device after the other. */
export class DeviceRenewal {
  readonly #options: RenewalOptions;
  #idleLosses = 0;

  constructor(options: RenewalOptions) {
    this.#options = options;
  }

  /**
   * Gets a device that works.
   *
   * @param lost The device that was lost, and whether it had finished any work.
   * @throws {DeviceError} if there is none; with the code and the remedy of the last attempt.
   * @throws {InvalidArgumentError} if what was provided is no device.
   */
  async provideNext(
    lost: { readonly gpu: GPUDevice; readonly hasWorked: boolean },
  ): Promise<GPUDevice> {
    const { label, pause, isRepeated } = this.#options;
    this.#idleLosses = lost.hasWorked ? 0 : this.#idleLosses + 1;
    if (this.#idleLosses > MOST_IDLE_LOSSES) {
      throw new DeviceError(
        "device-failed",
        `Cannot renew device "${label}" as it was lost ${this.#idleLosses} times in a row before ` +
          `it had finished any work`,
      );
    }
    let failure: unknown;
    for (const waitMs of isRepeated ? WAITS_MS : [0]) {
      await pause(waitMs);
      try {
        return await this.#provide(lost.gpu);
      } catch (error) {
        failure = error;
      }
    }
    throw this.#describe(failure);
  }

  async #provide(lost: GPUDevice): Promise<GPUDevice> {
    const { label, provide, pause } = this.#options;
    const gpu = await provide();
    if (typeof gpu?.createBuffer !== "function" || typeof gpu.pushErrorScope !== "function") {
      throw new InvalidArgumentError(
        "deviceProvider",
        `Cannot renew device "${label}" as deviceProvider must give a GPUDevice: current value is ` +
          describeValue(gpu),
      );
    }
    let isLost = gpu === lost;
    if (!isLost) {
      void gpu.lost.then(() => isLost = true);
      // A device that was lost before says so at once.
      await pause(0);
    }
    if (!isLost) return gpu;
    throw new DeviceError(
      "device-failed",
      `Cannot renew device "${label}" as the device in its place is lost too`,
    );
  }

  #describe(failure: unknown): Error {
    if (failure instanceof InvalidArgumentError || failure instanceof DeviceError) return failure;
    const { label } = this.#options;
    const reason = thrownText(failure);
    return new DeviceError("device-failed", `Cannot renew device "${label}": ${reason}`, {
      cause: failure,
    });
  }
}
