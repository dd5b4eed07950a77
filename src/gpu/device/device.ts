/**
 * The GPU device that everything else works on.
 *
 * @module
 */

import {
  checkedChoice,
  checkedFunction,
  checkedMethods,
  checkedSignal,
  checkedString,
  checkOptionNames,
} from "../../checks.ts";
import { DisposedError } from "../../errors.ts";
import { formatInfo, type TexelFormat } from "../../texels/mod.ts";
import { unlessAborted } from "../../waiting.ts";
import { backendName } from "./adapter.ts";
import type { DeviceHealth } from "./device_health.ts";
import { DeviceLife } from "./device_life.ts";
import { DeviceRenewal } from "./device_renewal.ts";
import { type GuardedWork, guardWork } from "./guarded_work.ts";
import { requestGpu } from "./request_gpu.ts";
import type { SubmitTracker } from "./submit_tracker.ts";

const POWER_PREFERENCES: readonly GPUPowerPreference[] = ["low-power", "high-performance"];

/** Options of {@linkcode requestDevice}. */
export interface RequestDeviceOptions {
  /** What to call the device in messages; default `"forge3d"`. */
  readonly label?: string;
  /** Which adapter to prefer where there are several; default `"high-performance"`. */
  readonly powerPreference?: GPUPowerPreference;
}

/** Options of {@linkcode adoptDevice}. */
export interface AdoptDeviceOptions {
  /** What to call the device in messages; default the device's own label, or `"adopted"`. */
  readonly label?: string;
  /**
   * Gives another device when this one was lost; the caller owns it too. Called once for each loss,
   * however many systems share the device. Default: a lost device stays lost.
   */
  readonly deviceProvider?: () => Promise<GPUDevice>;
}

interface ForgeDeviceInit {
  readonly label: string;
  readonly owned: boolean;
  /** Gives another device in place of a lost one; null if there is none. */
  readonly provide: (() => Promise<GPUDevice>) | null;
  /** What another device shares with this one; default nothing. */
  readonly life?: DeviceLife;
  /** The device of which this one is the present state; default itself. */
  readonly root?: ForgeDevice;
}

/**
 * A GPU device, its health and its submits. Made by {@linkcode requestDevice}, which owns the
 * `GPUDevice`, or by {@linkcode adoptDevice}, which borrows it.
 *
 * When the `GPUDevice` is lost, by the driver, the browser or a call of its `destroy`, a requested
 * device is requested anew, with the same options, and an adopted one is asked of its
 * `deviceProvider`: as soon as a system on it finds out, or {@linkcode renewed} is called. It is the
 * same `ForgeDevice` then, with another {@linkcode gpu} and a higher {@linkcode generation}; objects
 * of the lost `GPUDevice` are of no use any more. Systems make theirs again by themselves.
 */
export class ForgeDevice {
  /** What to call the device in messages. */
  readonly label: string;
  /** Name of the API below WebGPU: `vulkan`, `metal`, `dx12 or vulkan`, `browser`. */
  readonly backend: string;
  /**
   * The device of which this one is the {@linkcode present} state; itself if it is none.
   *
   * @internal
   */
  readonly root: ForgeDevice;
  readonly #owned: boolean;
  readonly #renewal: DeviceRenewal | null;
  readonly #closing = new AbortController();
  #life: DeviceLife;
  #present: ForgeDevice | null = null;
  #generation = 0;
  #renewing: Promise<void> | null = null;
  #failure: Error | null = null;

  /** Use {@linkcode requestDevice} or {@linkcode adoptDevice}. */
  constructor(gpu: GPUDevice, init: ForgeDeviceInit) {
    const { label, provide } = init;
    this.label = label;
    this.root = init.root ?? this;
    this.#owned = init.owned;
    this.backend = backendName();
    this.#renewal = provide === null ? null : new DeviceRenewal({
      label,
      provide,
      isRepeated: init.owned,
      pause: (ms) => this.#pause(ms),
    });
    this.#life = init.life ?? this.#lifeOf(gpu);
  }

  #lifeOf(gpu: GPUDevice): DeviceLife {
    const remedy = this.#renewal === null ? "request a new one" : "and is being replaced";
    return new DeviceLife(gpu, { label: this.label, remedy });
  }

  /** The WebGPU device; another one after a loss. */
  get gpu(): GPUDevice {
    return this.#life.gpu;
  }

  /** Display name of the adapter. */
  get name(): string {
    return this.#life.name;
  }

  /**
   * Whether the adapter draws on the CPU: sampling compressed textures is then much slower than
   * sampling others.
   */
  get isCpu(): boolean {
    return this.#life.isCpu;
  }

  /** Features that the device was made with. */
  get features(): ReadonlySet<string> {
    return this.#life.features;
  }

  /** Limits that the device was made with, by their WebGPU names. */
  get limits(): Readonly<Record<string, number>> {
    return this.#life.limits;
  }

  /** Every submit goes through here; another object after a loss. */
  get submits(): SubmitTracker {
    return this.#life.submits;
  }

  /** Whether the device still works; another object after a loss. */
  get health(): DeviceHealth {
    return this.#life.health;
  }

  /** Counts the replacements of {@linkcode gpu}. */
  get generation(): number {
    return this.#generation;
  }

  /** Whether a loss is answered with another `GPUDevice`, as far as is known. */
  get isRenewable(): boolean {
    return this.#renewal !== null && this.#failure === null && !this.#closing.signal.aborted;
  }

  /**
   * The device as it is now: it never gets another `GPUDevice`, and once it is lost every call fails.
   * What was made on it so never meets what was made on another.
   */
  get present(): ForgeDevice {
    if (this.#renewal === null) return this;
    this.#present ??= new ForgeDevice(this.gpu, {
      label: this.label,
      owned: false,
      provide: null,
      life: this.#life,
      root: this.root,
    });
    return this.#present;
  }

  /** Whether textures of a format can be made and sampled. */
  supports(format: TexelFormat): boolean {
    const feature = formatInfo(format).requiredFeature;
    return feature === null || this.features.has(feature);
  }

  /** Whether samplers filter a format. 32-bit floats need `float32-filterable` for that. */
  filters(format: TexelFormat): boolean {
    const { filterFeature, sampleType } = formatInfo(format);
    return sampleType === "float" && this.supports(format) &&
      (filterFeature === null || this.features.has(filterFeature));
  }

  /** Value of a limit by its WebGPU name; 0 if the device does not know it. */
  limit(name: string): number {
    checkedString(name, { name: "name", failure: "Cannot tell limit" });
    return this.limits[name] ?? 0;
  }

  /**
   * Checks that the device was neither lost nor closed; a lost one takes every call and does nothing.
   * Errors that the GPU reports are no part of this: see {@linkcode guard}.
   *
   * @throws {DisposedError} after {@linkcode close}.
   * @throws {DeviceError} with code `device-failed` if it was lost and not replaced yet.
   */
  assertAlive(): void {
    if (this.#failure !== null) throw this.#failure;
    this.health.assertAlive();
  }

  /** Why the lost device could not be replaced; null if that was not tried in vain. */
  get failure(): Error | null {
    return this.#failure;
  }

  /**
   * Waits until the device works: at once if it does, else until another `GPUDevice` has taken the
   * place of the lost one. A requested device is requested up to six times, over nine seconds.
   *
   * @param signal Ends the wait, with its reason; the device is renewed all the same.
   * @throws {DeviceError} if it was lost and cannot be replaced: with code `no-adapter` if the adapter
   * is gone. Each further call fails in the same way.
   * @throws {InvalidArgumentError} if `deviceProvider` gave no device.
   * @throws {DisposedError} after {@linkcode close}.
   */
  async renewed(signal?: AbortSignal): Promise<void> {
    checkedSignal(signal, "Cannot wait for device")?.throwIfAborted();
    while (this.#closing.signal.aborted || this.health.isLost) {
      if (this.#failure !== null) throw this.#failure;
      if (this.#renewal === null || this.#closing.signal.aborted) this.assertAlive();
      this.#renewing ??= this.#renew().finally(() => this.#renewing = null);
      await unlessAborted(this.#renewing, signal);
    }
    this.assertAlive();
  }

  /**
   * Notes that a call that needed the device has ended as it should, so that the device has worked:
   * where asking the queue blocks, nothing else may have found that out.
   *
   * @internal
   */
  noteUse(): void {
    this.#life.noteUse();
  }

  async #renew(): Promise<void> {
    const { gpu: lost, hasWorked } = this.#life;
    try {
      const gpu = await this.#renewal!.provideNext({ gpu: lost, hasWorked });
      if (this.#closing.signal.aborted) {
        if (this.#owned) gpu.destroy();
        this.#closing.signal.throwIfAborted();
      }
      this.#life.health.stopListening();
      this.#life = this.#lifeOf(gpu);
      this.#present = null;
      this.#generation++;
    } catch (error) {
      this.#closing.signal.throwIfAborted();
      this.#failure = error as Error;
      throw error;
    }
  }

  /** Waits, or rejects once the device is closed. */
  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    try {
      await unlessAborted(promise, this.#closing.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Runs work in error scopes; see {@linkcode guardWork}. */
  guard<T>(label: string, work: () => T): GuardedWork<T> {
    const failure = "Cannot guard work";
    checkedFunction(work, { name: "work", failure });
    return guardWork(this.gpu, checkedString(label, { name: "label", failure }), work);
  }

  /**
   * Runs work in error scopes and waits for the errors that the GPU reports.
   *
   * @param label What the work is, for the message.
   * @throws {DeviceError} if the GPU reports an error, or the device was lost.
   */
  async guardAndWait<T>(label: string, work: () => T): Promise<T> {
    const { value, error } = this.guard(label, work);
    const failure = await this.health.unlessLost(error);
    if (failure !== null) throw failure;
    return value;
  }

  /** Destroys the device if it is owned; a borrowed one stays alive. May be called again. */
  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(
      new DisposedError(this.label, `Cannot use device "${this.label}": it was closed`),
    );
    this.health.close();
    if (this.#owned) this.gpu.destroy();
  }

  /** The same as {@linkcode close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Checks that a value is a device that can be used.
 *
 * @throws {InvalidArgumentError} if it is none.
 * @throws {DisposedError} if it was closed.
 * @throws {DeviceError} if it was lost and is not replaced.
 */
export function checkedDevice(device: ForgeDevice, failure: string): ForgeDevice {
  // Not by its class: a program may hold two copies of this module.
  checkedMethods(device, { name: "device", failure, methods: ["assertAlive", "guard", "limit"] });
  // One that is being replaced is as good as the one that will come.
  if (!device.isRenewable) device.assertAlive();
  return device;
}

/**
 * Asks for a device with every useful feature that the adapter has, and with all its limits. If it is
 * lost, it is requested anew; see {@linkcode ForgeDevice}.
 *
 * @example Get a device
 * ```ts
 * import { requestDevice } from "@forge3d/forge3d";
 *
 * using device = await requestDevice();
 * device.supports("bc7-rgba-unorm"); // true on most desktop adapters
 * ```
 *
 * @throws {InvalidArgumentError} if an option does not exist or has the wrong type.
 * @throws {OutOfRangeError} if an option is not one of its choices.
 * @throws {DeviceError} with code `no-adapter`, naming the remedy, if there is no adapter or only
 * OpenGL; with code `device-failed` if the adapter gives no device.
 */
export async function requestDevice(options: RequestDeviceOptions = {}): Promise<ForgeDevice> {
  const failure = "Cannot request device";
  checkOptionNames(options, { failure, names: ["powerPreference", "label"] });
  const label = checkedString(options.label ?? "forge3d", { name: "label", failure });
  const powerPreference = checkedChoice(options.powerPreference ?? "high-performance", {
    name: "powerPreference",
    failure,
    choices: POWER_PREFERENCES,
  });
  const provide = () => requestGpu({ label, powerPreference });
  return new ForgeDevice(await provide(), { label, owned: true, provide });
}

/**
 * Uses a device that the caller made and keeps owning. Its uncaptured errors stay the
 * caller's: the library captures its own. If it is lost, `deviceProvider` gives the next one; without
 * it every further call is a {@linkcode DeviceError}.
 *
 * @throws {InvalidArgumentError} if it is not a device, or an option does not exist or has the
 * wrong type.
 */
export function adoptDevice(gpu: GPUDevice, options: AdoptDeviceOptions = {}): ForgeDevice {
  const failure = "Cannot adopt device";
  checkedMethods(gpu, { name: "gpu", failure, methods: ["createBuffer", "pushErrorScope"] });
  checkOptionNames(options, { failure, names: ["label", "deviceProvider"] });
  const fallback = gpu.label || "adopted";
  const label = checkedString(options.label ?? fallback, { name: "label", failure });
  const { deviceProvider = null } = options;
  if (deviceProvider !== null) {
    checkedFunction(deviceProvider, { name: "deviceProvider", failure });
  }
  return new ForgeDevice(gpu, { label, owned: false, provide: deviceProvider });
}
