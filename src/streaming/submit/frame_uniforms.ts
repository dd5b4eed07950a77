/**
 * What shaders are told of the frame that is drawn.
 *
 * @module
 */

import type { DeviceError } from "../../errors.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";
import type { GpuPool } from "../memory/gpu_pool.ts";
import type { PoolSet } from "../memory/pool_set.ts";
import type { QualitySettings, SystemSettings } from "../options.ts";
import type { SamplingLimits } from "../sampling_limits.ts";
import type { TextureState } from "../texture_state.ts";
import { type GpuValues, writeGuarded } from "./guarded_writes.ts";
import { MAX_ATTEMPTS } from "./journal_watch.ts";

/**
 * Frames that may write to buffers without a submit: what is written is kept, a few KB each in Deno,
 * until something is submitted.
 */
const FRAMES_WITHOUT_SUBMIT = 128;

/** What uniforms are written with; all of it is borrowed. */
export interface FrameUniformsParts {
  readonly device: ForgeDevice;
  readonly pools: PoolSet;
  readonly textures: ReadonlyMap<number, TextureState>;
  readonly settings: SystemSettings;
  readonly samplingLimits: SamplingLimits;
}

/** Writes frames and biases, as far as shaders need them and do not have them yet. */
export class FrameUniforms {
  readonly #parts: FrameUniformsParts;
  /** Bias that the textures of each pool were last told to be drawn with. */
  readonly #drawnBiases = new Map<GpuPool, number>();
  #failure: DeviceError | null = null;
  #report: Promise<void> | null = null;
  /** Frames that wrote to buffers since the last submit, and that submit. */
  #framesWritten = 0;
  #submitBefore = 0;

  constructor(parts: FrameUniformsParts) {
    this.#parts = parts;
  }

  /**
   * Tells the shaders which frame they draw, and with what bias. Never throws.
   *
   * @returns Whether textures are drawn with other biases than before.
   */
  write(frame: number, quality: Required<QualitySettings>): boolean {
    const { pools, settings: { fadeFrames, feedbackInterval } } = this.#parts;
    const changed: GpuValues[] = [];
    let isBiasNew = false;
    for (const pool of pools.pools) {
      if (fadeFrames > 0 || feedbackInterval > 0) pool.setFrame(frame);
      if (!pool.isWritten) changed.push(pool);
      const lodBias = pool.residency.pressure.bias - Math.log2(quality.lodScale);
      if (this.#drawnBiases.get(pool) === lodBias) continue;
      this.#drawnBiases.set(pool, lodBias);
      isBiasNew = true;
      changed.push(...this.#setBias(pool, lodBias));
    }
    if (this.#failure !== null) this.repeat();
    else if (changed.length > 0) this.#send(changed);
    return isBiasNew;
  }

  /** Makes the next frame look at every texture's bias again. */
  forgetBiases(): void {
    this.#drawnBiases.clear();
  }

  #setBias(pool: GpuPool, lodBias: number): GpuValues[] {
    const { settings: { fadeFrames }, samplingLimits: { maxAnisotropy }, textures } = this.#parts;
    const inPool = [...textures.values()].filter((texture) => texture.pool === pool);
    return inPool.map((texture) => {
      texture.drawnLodBias = lodBias;
      texture.binding.setSettings({ lodBias, fadeFrames, maxAnisotropy });
      return texture.binding;
    });
  }

  /** Submits nothing, if need be, for what was written to take effect and its memory to be freed. */
  flush(): void {
    const { device } = this.#parts;
    if (this.#framesWritten < FRAMES_WITHOUT_SUBMIT) return;
    this.#framesWritten = 0;
    if (device.submits.lastSubmitted !== this.#submitBefore) return;
    const { error } = device.guard("flushing writes", () => device.submits.submit([]));
    // Nothing is lost: the next submit flushes them too. A lost device is reported by its next use.
    error.catch(() => {});
  }

  /** Writes again what may not have arrived. */
  repeat(): void {
    if (this.#failure !== null) this.#send(this.#values());
  }

  #send(values: Iterable<GpuValues>): void {
    const { device, settings } = this.#parts;
    this.#countFrame();
    this.#failure = null;
    const label = `${settings.label} uniforms`;
    const writing = Promise.all([writeGuarded(device, label, values), this.#report]);
    const report = writing.then(([failure]) => {
      this.#failure ??= failure;
      if (this.#report === report) this.#report = null;
    });
    this.#report = report;
  }

  #countFrame(): void {
    const { lastSubmitted } = this.#parts.device.submits;
    if (lastSubmitted !== this.#submitBefore) this.#framesWritten = 0;
    this.#submitBefore = lastSubmitted;
    this.#framesWritten++;
  }

  /** Everything, whichever part of it the GPU has. */
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
