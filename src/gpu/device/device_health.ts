/**
 * What has gone wrong with a device. WebGPU reports nothing where it happens: a lost device takes
 * every call and does nothing, and errors arrive as events.
 *
 * @module
 */

import { DeviceError, DisposedError } from "../../errors.ts";

/** Records the loss and the uncaptured errors of one device. */
export class DeviceHealth {
  readonly #gpu: GPUDevice;
  readonly #label: string;
  #closed = false;
  #lostMessage: string | null = null;
  #error: Error | null = null;
  #errorCount = 0;
  /** Resolves when the device is lost or destroyed. */
  readonly lost: Promise<void>;

  readonly #onError = (event: Event): void => {
    const { error } = event as GPUUncapturedErrorEvent;
    this.#error ??= new Error(error.message);
    this.#errorCount++;
    event.preventDefault();
  };

  /**
   * Listens to a device from now on.
   *
   * @param gpu The device; borrowed.
   * @param label What to call it in messages.
   */
  constructor(gpu: GPUDevice, label: string) {
    this.#gpu = gpu;
    this.#label = label;
    gpu.addEventListener("uncapturederror", this.#onError);
    this.lost = gpu.lost.then((info) => {
      this.#lostMessage = info.message || info.reason || "unknown reason";
    });
  }

  /** Errors that no scope captured, since the device was made. */
  get uncapturedErrorCount(): number {
    return this.#errorCount;
  }

  /**
   * Checks that the device still does what it is told.
   *
   * A lost or closed device fails every check. An uncaptured error fails one check: the first since
   * the last report is thrown, and further ones up to then are only counted.
   *
   * @throws {DisposedError} after {@linkcode close}.
   * @throws {DeviceError} with code `device-failed` if it was lost, destroyed, or raised an error.
   */
  assertAlive(): void {
    if (this.#closed) {
      throw new DisposedError(this.#label, `Cannot use device "${this.#label}": it was closed`);
    }
    if (this.#lostMessage !== null) {
      throw new DeviceError(
        "device-failed",
        `Cannot use device "${this.#label}" as it was lost, request a new one: ${this.#lostMessage}`,
      );
    }
    const error = this.#error;
    if (error !== null) {
      this.#error = null;
      throw new DeviceError(
        "device-failed",
        `Cannot go on with device "${this.#label}" as an earlier call failed: ${error.message}`,
        { cause: error },
      );
    }
  }

  /** Stops listening; every further check fails. */
  close(): void {
    this.#closed = true;
    this.#gpu.removeEventListener("uncapturederror", this.#onError);
  }
}
