/**
 * Whether a device still works. A lost device takes every call, does nothing and reports nothing.
 *
 * @module
 */

import { DeviceError, DisposedError } from "../../errors.ts";

/**
 * Records the loss of one device, and counts the errors that no scope captured. Those are left to
 * the application's own listeners: the library captures its own (`guardWork`).
 */
export class DeviceHealth {
  readonly #gpu: GPUDevice;
  readonly #label: string;
  #closed = false;
  #lostMessage: string | null = null;
  #errorCount = 0;
  readonly #onLoss = new Set<() => void>();
  /** Resolves when the device is lost or destroyed. */
  readonly lost: Promise<void>;

  readonly #onError = (): void => {
    this.#errorCount++;
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
      for (const notify of [...this.#onLoss]) notify();
    });
  }

  /** Errors that no scope captured, since the device was made. */
  get uncapturedErrorCount(): number {
    return this.#errorCount;
  }

  /** Whether the device was lost or destroyed; nothing that is submitted runs any more. */
  get isLost(): boolean {
    return this.#lostMessage !== null;
  }

  /**
   * Waits for work until the device is lost: a lost queue never answers.
   *
   * @throws {DeviceError} if the device is lost first.
   */
  async unlessLost<T>(work: Promise<T>): Promise<T> {
    this.assertAlive();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onLoss.add(resolve);
    try {
      await Promise.race([work, promise]);
      this.assertAlive();
      return await work;
    } finally {
      this.#onLoss.delete(resolve);
      // Work that a lost device leaves behind may still fail; nobody waits for it any more.
      work.catch(() => {});
    }
  }

  /**
   * Calls a function when the device is lost, at once if it is.
   *
   * @returns A function that stops listening.
   */
  subscribeLoss(notify: () => void): () => void {
    if (this.isLost) notify();
    else this.#onLoss.add(notify);
    return () => void this.#onLoss.delete(notify);
  }

  /**
   * Checks that the device still works.
   *
   * @throws {DisposedError} after {@linkcode close}.
   * @throws {DeviceError} with code `device-failed` if it was lost or destroyed.
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
  }

  /** Stops listening; every further check fails. */
  close(): void {
    this.#closed = true;
    this.#gpu.removeEventListener("uncapturederror", this.#onError);
  }
}
