/**
 * Whether a device still works. A lost device takes every call, does nothing and reports nothing.
 *
 * @module
 */

import { DeviceError, DisposedError } from "../../errors.ts";

/** Milliseconds for which a queue that never answers is waited for. */
const MOST_ANSWER_MS = 2000;

/**
 * Records the loss of one device, and counts the errors that no scope captured. Those are left to
 * the application's own listeners: the library captures its own (`guardWork`).
 */
export class DeviceHealth {
  readonly #gpu: GPUDevice;
  readonly #label: string;
  readonly #remedy: string;
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
   * @param options `label`: what to call it in messages; `remedy`: what to do once it is lost.
   */
  constructor(gpu: GPUDevice, options: { readonly label: string; readonly remedy: string }) {
    this.#gpu = gpu;
    this.#label = options.label;
    this.#remedy = options.remedy;
    gpu.addEventListener("uncapturederror", this.#onError);
    this.lost = gpu.lost.then((info) => {
      this.#lostMessage = info.message || info.reason || "unknown reason";
      this.#notify();
    });
  }

  #notify(): void {
    for (const notify of [...this.#onLoss]) notify();
  }

  /** Errors that no scope captured, since the device was made. */
  get uncapturedErrorCount(): number {
    return this.#errorCount;
  }

  /** Whether the device was lost or destroyed; nothing that is submitted runs any more. */
  get isLost(): boolean {
    return this.#lostMessage !== null;
  }

  /** Why it was lost, as far as that is known; null if it was not. */
  get lostMessage(): string | null {
    return this.#lostMessage;
  }

  /**
   * Waits for work, and no longer once the device is lost, or closed by its holder: a lost queue
   * never answers.
   *
   * @param signal Ends the wait, with its reason.
   * @throws {DeviceError} if the device is lost before.
   * @throws {DisposedError} if it is closed before.
   */
  async unlessLost<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    this.#onLoss.add(wake);
    signal?.addEventListener("abort", wake, { once: true });
    try {
      this.assertAlive();
      signal?.throwIfAborted();
      await Promise.race([work, promise]);
      this.assertAlive();
      signal?.throwIfAborted();
      return await work;
    } finally {
      this.#onLoss.delete(wake);
      signal?.removeEventListener("abort", wake);
      // Work that a lost device leaves behind may still fail; nobody waits for it any more.
      work.catch(() => {});
    }
  }

  /**
   * Whether the device is lost, asked after a call of it has failed: calls may fail some time before
   * it says so. Waits until the queue has answered, before which a lost device is known to be lost,
   * however busy the machine is.
   */
  async findLoss(): Promise<boolean> {
    if (this.isLost || this.#closed) return this.isLost;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, MOST_ANSWER_MS);
    const stop = this.subscribeLoss(resolve);
    try {
      await Promise.race([this.#gpu.queue.onSubmittedWorkDone(), promise]);
    } catch {
      // A lost queue need not answer.
    } finally {
      clearTimeout(timer);
      stop();
    }
    // Both may be told of in one turn, in any order.
    await new Promise((resolve) => setTimeout(resolve, 0));
    return this.isLost;
  }

  /**
   * Calls a function when the device is lost or closed, at once if it is.
   *
   * @returns A function that stops listening.
   */
  subscribeLoss(notify: () => void): () => void {
    if (this.isLost || this.#closed) notify();
    else this.#onLoss.add(notify);
    return () => void this.#onLoss.delete(notify);
  }

  /**
   * Checks that the device was neither lost nor closed. It says nothing of errors: those of the
   * library end up in its own scopes, and those of others are theirs.
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
        `Cannot use device "${this.#label}" as it was lost, ${this.#remedy}: ${this.#lostMessage}`,
      );
    }
  }

  /** Stops listening to the device's errors. */
  stopListening(): void {
    this.#gpu.removeEventListener("uncapturederror", this.#onError);
  }

  /** Stops listening and ends every wait; each further check fails. */
  close(): void {
    this.#closed = true;
    this.stopListening();
    this.#notify();
  }
}
