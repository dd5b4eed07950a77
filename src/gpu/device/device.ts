/**
 * The GPU device that everything else works on.
 *
 * @module
 */

import { checkedChoice, checkedMethods, checkedString, checkOptionNames } from "../../checks.ts";
import { DeviceError } from "../../errors.ts";
import { formatInfo, type TexelFormat } from "../../texels/mod.ts";
import { backendName, requestUsableAdapter } from "./adapter.ts";
import { DeviceHealth } from "./device_health.ts";
import { type GuardedWork, guardWork } from "./guarded_work.ts";
import { queueIsDoneOnReturn, queueWaitBlocks } from "./platform.ts";
import { SubmitTracker } from "./submit_tracker.ts";

/** Features that are asked for where the adapter has them; none is needed. */
export const USEFUL_FEATURES: readonly string[] = [
  "texture-compression-bc",
  "texture-formats-tier1",
  "float32-filterable",
  "timestamp-query",
  "shader-f16",
];

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
}

interface ForgeDeviceInit {
  readonly label: string;
  readonly owned: boolean;
}

/**
 * A GPU device, its health and its submits. Made by {@linkcode requestDevice}, which owns the
 * `GPUDevice`, or by {@linkcode adoptDevice}, which borrows it.
 */
export class ForgeDevice {
  /** The WebGPU device. */
  readonly gpu: GPUDevice;
  /** What to call the device in messages. */
  readonly label: string;
  /** Display name of the adapter. */
  readonly name: string;
  /** Name of the API below WebGPU: `vulkan`, `metal`, `dx12 or vulkan`, `browser`. */
  readonly backend: string;
  /** Features that the device was made with. */
  readonly features: ReadonlySet<string>;
  /** Limits that the device was made with, by their WebGPU names. */
  readonly limits: Readonly<Record<string, number>>;
  /** Every submit goes through here. */
  readonly submits: SubmitTracker;
  /** Whether the device still works. */
  readonly health: DeviceHealth;
  readonly #owned: boolean;
  #closed = false;

  /** Use {@linkcode requestDevice} or {@linkcode adoptDevice}. */
  constructor(gpu: GPUDevice, init: ForgeDeviceInit) {
    this.gpu = gpu;
    this.label = init.label;
    this.#owned = init.owned;
    const info = gpu.adapterInfo;
    this.name = info?.description || info?.device || info?.architecture || info?.vendor ||
      "unknown adapter";
    this.backend = backendName();
    this.features = new Set<string>(gpu.features as Iterable<string>);
    this.limits = Object.freeze(copyLimits(gpu.limits));
    this.health = new DeviceHealth(gpu, init.label);
    this.submits = new SubmitTracker(gpu.queue, this.health, {
      watchesEachSubmit: !queueWaitBlocks(),
      isDoneOnReturn: queueIsDoneOnReturn(gpu.queue),
    });
  }

  /** Whether textures of a format can be made and filtered. */
  supports(format: TexelFormat): boolean {
    const feature = formatInfo(format).requiredFeature;
    return feature === null || this.features.has(feature);
  }

  /** Value of a limit by its WebGPU name; 0 if the device does not know it. */
  limit(name: string): number {
    return this.limits[name] ?? 0;
  }

  /**
   * Checks that the device was neither lost nor closed; a lost one takes every call and does nothing.
   * Errors that the GPU reports are no part of this: see {@linkcode guard}.
   *
   * @throws {DisposedError} after {@linkcode close}.
   * @throws {DeviceError} with code `device-failed` if it was lost.
   */
  assertAlive(): void {
    this.health.assertAlive();
  }

  /** Runs work in error scopes; see {@linkcode guardWork}. */
  guard<T>(label: string, work: () => T): GuardedWork<T> {
    return guardWork(this.gpu, label, work);
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
    if (this.#closed) return;
    this.#closed = true;
    this.health.close();
    if (this.#owned) this.gpu.destroy();
  }

  /** The same as {@linkcode close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}

function copyLimits(limits: GPUSupportedLimits): Record<string, number> {
  const copy: Record<string, number> = {};
  for (const name in limits) {
    const value = limits[name as keyof GPUSupportedLimits];
    if (typeof value === "number") copy[name] = value;
  }
  return copy;
}

/**
 * Asks for a device with every useful feature that the adapter has, and with all its limits.
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
  const adapter = await requestUsableAdapter(powerPreference);
  const features = USEFUL_FEATURES.filter((name) => adapter.features.has(name as GPUFeatureName));
  let gpu: GPUDevice;
  try {
    gpu = await adapter.requestDevice({
      label,
      requiredFeatures: features as GPUFeatureName[],
      requiredLimits: copyLimits(adapter.limits),
    });
  } catch (cause) {
    throw new DeviceError(
      "device-failed",
      `Cannot request device "${label}" as the adapter refused: ${(cause as Error).message}`,
      { cause },
    );
  }
  return new ForgeDevice(gpu, { label, owned: true });
}

/**
 * Uses a device that the caller made and keeps owning. Its uncaptured errors stay the
 * caller's: the library captures its own.
 *
 * @throws {InvalidArgumentError} if it is not a device, or an option does not exist or has the
 * wrong type.
 */
export function adoptDevice(gpu: GPUDevice, options: AdoptDeviceOptions = {}): ForgeDevice {
  const failure = "Cannot adopt device";
  checkedMethods(gpu, { name: "gpu", failure, methods: ["createBuffer", "pushErrorScope"] });
  checkOptionNames(options, { failure, names: ["label"] });
  const fallback = gpu.label || "adopted";
  const label = checkedString(options.label ?? fallback, { name: "label", failure });
  return new ForgeDevice(gpu, { label, owned: false });
}
