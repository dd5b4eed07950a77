/**
 * What shaders are told of the frame that is drawn.
 *
 * @module
 */

import type { DeviceError } from "../../errors.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";
import type { PoolSet } from "../memory/pool_set.ts";
import type { QualitySettings, SystemSettings } from "../options.ts";
import type { TextureState } from "../texture_state.ts";
import { type GpuValues, writeGuarded } from "./guarded_writes.ts";

/** Attempts after which whoever waits is told of the failure. */
const MAX_ATTEMPTS = 4;

/** What uniforms are written of; all of it is borrowed. */
export interface FrameUniformsParts {
  readonly device: ForgeDevice;
  readonly pools: PoolSet;
  readonly textures: ReadonlyMap<number, TextureState>;
  readonly settings: SystemSettings;
}

/** Writes frames and biases, and again what has not arrived. */
export class FrameUniforms {
  readonly #parts: FrameUniformsParts;
  #failure: DeviceError | null = null;
  #report: Promise<void> | null = null;

  constructor(parts: FrameUniformsParts) {
    this.#parts = parts;
  }

  /** Tells the shaders which frame they draw, and with what bias. Never throws. */
  write(frame: number, quality: Required<QualitySettings>): void {
    const { pools, settings, textures } = this.#parts;
    for (const pool of pools.pools) pool.setFrame(frame);
    for (const texture of textures.values()) {
      texture.drawnLodBias = lodBiasOf(texture, quality);
      texture.binding.setSettings({
        lodBias: texture.drawnLodBias,
        fadeFrames: settings.fadeFrames,
        maxAnisotropy: settings.maxAnisotropy,
      });
    }
    this.#send();
  }

  /** Writes again what may not have arrived. */
  repeat(): void {
    if (this.#failure !== null) this.#send();
  }

  #send(): void {
    const { device, settings } = this.#parts;
    this.#failure = null;
    const label = `${settings.label} uniforms`;
    const report = writeGuarded(device, label, this.#values()).then((failure) => {
      this.#failure ??= failure;
      if (this.#report === report) this.#report = null;
    });
    this.#report = report;
  }

  #values(): Iterable<GpuValues> {
    const { pools, textures } = this.#parts;
    return {
      *[Symbol.iterator]() {
        yield* pools.pools;
        for (const { binding } of textures.values()) yield binding;
      },
    };
  }

  /**
   * Writes until everything is known to have arrived.
   *
   * @param signal Ends the wait, with its reason.
   * @throws {DeviceError} if the device is lost, or keeps refusing it.
   */
  async settle(signal?: AbortSignal): Promise<void> {
    const { health } = this.#parts.device;
    for (let attempt = 0;; attempt++) {
      if (this.#report !== null) await health.unlessLost(this.#report, signal);
      if (this.#failure === null) return;
      if (attempt >= MAX_ATTEMPTS) throw this.#failure;
      this.repeat();
    }
  }
}

/** What is added to a texture's level of detail. */
function lodBiasOf(texture: TextureState, quality: Required<QualitySettings>): number {
  return texture.pool.residency.pressure.bias - Math.log2(quality.lodScale);
}
