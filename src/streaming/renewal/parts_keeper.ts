/**
 * The parts of a system, which are made again when the device is lost or has refused something of
 * them, and the calls that go on across that.
 *
 * @module
 */

import { thrownText } from "../../checks.ts";
import { type DeviceError, DisposedError } from "../../errors.ts";
import { asDeviceError, type ForgeDevice } from "../../gpu/mod.ts";
import { MAX_TIMER_MS, unlessAborted } from "../../waiting.ts";
import type { QualitySettings, SystemSettings } from "../options.ts";
import { MAX_ATTEMPTS } from "../submit/journal_watch.ts";
import { buildSystem, type SystemParts } from "../system_parts.ts";
import type { Renewal, RenewalListeners } from "./renewal_listeners.ts";
import { renewSystem } from "./renew_system.ts";

/** What parts are made with; all of it is borrowed. */
export interface PartsKeeperOptions {
  /** The system's device, which may be renewed. */
  readonly device: ForgeDevice;
  readonly settings: SystemSettings;
  /** How textures are drawn now. */
  readonly quality: () => Required<QualitySettings>;
  /** Aborted when the system is closed. */
  readonly closing: AbortSignal;
  readonly listeners: RenewalListeners;
}

/** Keeps the parts of a system. Owns them until the system is closed. */
export class PartsKeeper {
  readonly #options: PartsKeeperOptions;
  #parts: SystemParts;
  /** What the device says of them, until it has accepted them. */
  #report: Promise<DeviceError | null> | null;
  #renewing: Promise<void> | null = null;
  #stopWatching: () => void = () => {};
  /** Why the last device was lost, until listeners have been told that there is another. */
  #untoldLoss: string | null = null;

  /** @throws {BudgetError} naming the minimum if the budget cannot hold even an empty system. */
  constructor(options: PartsKeeperOptions) {
    this.#options = options;
    const { device, settings } = options;
    const present = device.present;
    const { value, error } = present.guard(
      `making ${settings.label}`,
      () => buildSystem(present, settings),
    );
    this.#parts = value;
    this.#report = error;
    this.#watchLoss();
  }

  /** The parts as they are now: while there is no device, those that stood on the lost one. */
  get parts(): SystemParts {
    return this.#parts;
  }

  /** Whether there is no device at the moment, and another one is on its way. */
  get isWaiting(): boolean {
    const { device } = this.#options;
    return device.isRenewable && (this.#renewing !== null || this.#parts.device.health.isLost);
  }

  /** Asks for another device as soon as this one is lost. */
  #watchLoss(): void {
    const { device, closing } = this.#options;
    const { health } = this.#parts.device;
    this.#stopWatching();
    this.#stopWatching = health.subscribeLoss(() => {
      // Who needs the device is told why there is none.
      if (health.isLost && device.isRenewable && !closing.aborted) this.#renew().catch(() => {});
    });
  }

  /** Frees the parts, or does so as soon as a load or unload that is in progress has ended. */
  close(): void {
    this.#stopWatching();
    const parts = this.#parts;
    const { waiter, changes, guard } = parts;
    waiter.stop();
    if (changes.isBusy) void changes.enqueue(() => Promise.resolve(parts.free()));
    else guard.runWhenFree(() => parts.free());
  }

  #renew(): Promise<void> {
    this.#renewing ??= this.#renewOnce().finally(() => this.#renewing = null);
    return this.#renewing;
  }

  async #renewOnce(): Promise<void> {
    const { device, settings: { logger, label }, closing } = this.#options;
    for (let attempt = 1; this.#parts.device.health.isLost; attempt++) {
      this.#untoldLoss = this.#parts.device.health.lostMessage;
      const { generation } = device;
      try {
        await device.renewed(closing);
        closing.throwIfAborted();
        this.#replaceParts();
        await this.#waitForAcceptance(closing);
      } catch (error) {
        if (closing.aborted || error instanceof DisposedError) throw error;
        // Calls may fail some time before the device says that it is lost.
        if (device.isRenewable) await this.#parts.device.health.findLoss();
        if (device.generation > generation) attempt = 0;
        const isLost = device.isRenewable && this.#parts.device.health.isLost;
        if (isLost && attempt < MAX_ATTEMPTS) continue;
        logger.error(
          `${label}: the device was lost (${this.#untoldLoss}): ${(error as Error).message}`,
        );
        throw error;
      }
    }
  }

  /** Makes the parts again from what the CPU knows, on the device as it is now. */
  #replaceParts(): void {
    const { device, settings, quality } = this.#options;
    const before = this.#parts;
    const present = device.present;
    const { value, error } = present.guard(
      `making ${settings.label}`,
      () => renewSystem(before, { device: present, settings, quality: quality() }),
    );
    this.#parts = value;
    this.#report = error.then((failure) => failure ?? value.set.restoreFailure);
    this.#watchLoss();
  }

  /** Makes the parts again that the device has refused; what fails at that is tried again too. */
  #replaceRefused(): void {
    try {
      this.#replaceParts();
    } catch (error) {
      const { label } = this.#options.settings;
      this.#report = Promise.resolve(asDeviceError(error, `making ${label}`));
    }
  }

  /**
   * Waits until the device has accepted the parts.
   *
   * @throws {DeviceError} if the device is lost, or keeps refusing them; the next call tries again.
   */
  async #waitForAcceptance(signal: AbortSignal): Promise<void> {
    for (let attempt = 1;; attempt++) {
      const report = this.#report;
      if (report === null) break;
      const failure = await this.#parts.device.health.unlessLost(report, signal);
      if (report !== this.#report) continue;
      if (failure === null) {
        this.#report = null;
        break;
      }
      if (attempt >= MAX_ATTEMPTS) throw failure;
      // What the refused parts take counts until the GPU is done with it.
      await this.#parts.device.submits.wait(undefined, signal);
      if (report === this.#report) this.#replaceRefused();
    }
    if (this.#untoldLoss !== null) this.#tellOfRenewal(this.#untoldLoss);
  }

  #tellOfRenewal(reason: string): void {
    this.#untoldLoss = null;
    const { device, settings: { logger, label }, listeners } = this.#options;
    const lost = this.#parts.set.dropUnrestored();
    logger.warn(
      `${label}: device lost: ${reason}. It was replaced, and everything on it is made anew`,
    );
    for (const { texture, error } of lost) {
      logger.error(`${label}: ${texture.name} is lost with the device: ${thrownText(error)}`);
    }
    const renewal: Renewal = { gpu: device.gpu, generation: device.generation, lost };
    listeners.notify(renewal, logger);
  }

  /**
   * Waits until there is a device and it has accepted the parts; textures may be added to them only
   * then.
   *
   * @throws {DeviceError} if the device is lost and cannot be replaced, or keeps refusing them.
   * @throws The signal's reason.
   */
  async waitForDevice(signal: AbortSignal): Promise<SystemParts> {
    for (;;) {
      signal.throwIfAborted();
      this.#checkFailure();
      if (this.isWaiting) await unlessAborted(this.#renew(), signal);
      const parts = this.#parts;
      try {
        await this.#waitForAcceptance(signal);
        return this.#parts;
      } catch (error) {
        if (!await this.#isLossOf(parts)) throw error;
      }
    }
  }

  /** Throws why there is no device, if there will be none. */
  #checkFailure(): void {
    const { failure } = this.#options.device;
    if (failure !== null) throw failure;
  }

  /** The same, for some milliseconds at most; null if there is none by then. */
  async #waitForDeviceUntil(deadlineMs: number, signal: AbortSignal): Promise<SystemParts | null> {
    if (deadlineMs === Infinity || !this.isWaiting) return await this.waitForDevice(signal);
    const { clock } = this.#options.settings;
    const { promise, resolve } = Promise.withResolvers<null>();
    const timer = setTimeout(
      () => resolve(null),
      Math.max(0, Math.min(MAX_TIMER_MS, deadlineMs - clock())),
    );
    const waiting = this.waitForDevice(signal);
    // Who does not wait for it to the end learns of a failure in the next call.
    waiting.catch(() => {});
    try {
      return await Promise.race([waiting, promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Does work that needs the device, and again from its start if the device is lost meanwhile.
   *
   * @throws {DeviceError} if the device is lost and cannot be replaced.
   * @throws What the work throws, or the signal's reason.
   */
  async doOnDevice<T>(
    work: (parts: SystemParts) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const done = await this.doOnDeviceUntil(Infinity, work, signal);
    return done!.value;
  }

  /** Notes a call that begins on a device which has accepted the parts: it works. */
  noteUse(): void {
    if (this.#report === null) this.#parts.device.noteUse();
  }

  /**
   * The same, but only if there is a device before a time.
   *
   * @param deadlineMs Reading of the system's clock.
   * @returns Null if there was none.
   */
  async doOnDeviceUntil<T>(
    deadlineMs: number,
    work: (parts: SystemParts) => Promise<T>,
    signal: AbortSignal,
  ): Promise<{ readonly value: T } | null> {
    for (;;) {
      this.#checkFailure();
      const isReady = this.#report === null && !this.isWaiting;
      // Work on a device that is there begins within the call.
      const parts = isReady ? this.#parts : await this.#waitForDeviceUntil(deadlineMs, signal);
      if (parts === null) return null;
      try {
        const value = await work(parts);
        parts.device.noteUse();
        return { value };
      } catch (error) {
        if (signal.aborted && error === signal.reason) throw error;
        if (!await this.#isLossOf(parts)) {
          // Why there is no other device says more than what follows from the loss.
          if (parts.device.health.isLost) this.#checkFailure();
          throw error;
        }
        signal.throwIfAborted();
      }
    }
  }

  /** Whether something failed on parts whose device is lost and will be replaced, or has been. */
  async #isLossOf(parts: SystemParts): Promise<boolean> {
    const isLoss = () =>
      this.#options.device.isRenewable &&
      (parts.device.health.isLost || parts !== this.#parts);
    if (isLoss() || !this.#options.device.isRenewable) return isLoss();
    // Calls may fail some time before the device says that it is lost.
    await parts.device.health.findLoss();
    return isLoss();
  }
}
