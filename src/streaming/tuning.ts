/**
 * What can be tuned, and measured, while a system runs.
 *
 * @module
 */

import { checkedBoolean } from "../checks.ts";
import type { TileGrid } from "../tiles/mod.ts";
import { type AbortOptions, checkedAbort } from "./call_options.ts";
import type { UpdateProfile } from "./frame/frame_profile.ts";
import { rebalancePools } from "./load/join_texture.ts";
import type { PoolConfig } from "./memory/pool_config.ts";
import type { PoolSizeScales } from "./memory/pool_limits.ts";
import type { QualitySettings } from "./options.ts";
import { type PoolInfo, poolInfos } from "./pool_report.ts";
import type { PartsKeeper } from "./renewal/parts_keeper.ts";
import type { StreamedTexture } from "./streamed_texture.ts";
import type { SystemParts } from "./system_parts.ts";

/** What tuning works with; all of it is borrowed. */
export interface SystemTuningParts {
  readonly keeper: PartsKeeper;
  readonly quality: () => Required<QualitySettings>;
  /** Throws if the system was closed, or is calling a function of others. */
  readonly assertOpen: () => void;
  /** A signal that is also aborted when the system is closed; throws if it is aborted already. */
  readonly untilClosed: (signal: AbortSignal | undefined) => AbortSignal;
}

/** Sizes of pools, limits of sampling, and the work of updates; of a system, which owns it. */
export class SystemTuning {
  readonly #parts: SystemTuningParts;

  /** @internal */
  constructor(parts: SystemTuningParts) {
    this.#parts = parts;
  }

  get #now(): SystemParts {
    return this.#parts.keeper.parts;
  }

  /** Largest ratio of an anisotropic footprint: 1 for trilinear filtering, to 16. */
  get maxAnisotropy(): number {
    return this.#now.samplingLimits.maxAnisotropy;
  }

  /** Whether that was set, by an option of the system or since. */
  get isAnisotropySet(): boolean {
    return this.#now.samplingLimits.isAnisotropySet;
  }

  /**
   * Sets the anisotropy, from the next frame on: for shaders that filter anisotropically, and for the tiles that
   * cameras want.
   *
   * @param maxAnisotropy 1 to 16; null for what the system was made with.
   * @throws {InvalidArgumentError} if it is not a number.
   * @throws {OutOfRangeError} if it is not from 1 to 16; nothing changes then.
   * @throws {DisposedError} if the system was closed.
   */
  setMaxAnisotropy(maxAnisotropy: number | null): void {
    this.#parts.assertOpen();
    const { samplingLimits, frames, guard } = this.#now;
    samplingLimits.setMaxAnisotropy(maxAnisotropy);
    frames.invalidate();
    if (!this.#parts.keeper.isWaiting) {
      guard.run(() => frames.prepareDrawing(this.#parts.quality()));
    }
  }

  /** Sizes of pools by the formats and the tile size of their textures. */
  get poolConfig(): PoolConfig {
    return this.#now.poolLimits.config;
  }

  /**
   * Sets sizes of pools, all of them anew, and resizes those that there are.
   *
   * @throws {InvalidArgumentError} for a key that does not exist, or a value of the wrong type.
   * @throws {OutOfRangeError} for a value that is not allowed; nothing changes then.
   * @throws {DeviceError} if the device is lost and cannot be replaced: pools are resized with the next.
   * @throws {DisposedError} if the system was closed; the signal's reason.
   */
  async configurePools(config: PoolConfig, options: AbortOptions = {}): Promise<void> {
    this.#parts.assertOpen();
    const signal = checkedAbort(options, "Cannot configure pools");
    this.#now.poolLimits.setConfig(config);
    await this.#resizePools(signal);
  }

  /** What sizes of pools are multiplied by, by scalability group. */
  get poolSizeScales(): PoolSizeScales {
    return this.#now.poolLimits.scales;
  }

  /**
   * Sets what sizes of pools are multiplied by, and resizes those that there are. What is scaled is the size
   * that the pool was given, or else its share of the budget; that share cannot grow.
   *
   * @param scales Factors from 0 to 64 by scalability group; groups that are left out get 1.
   * @throws {InvalidArgumentError} for a factor of the wrong type.
   * @throws {OutOfRangeError} for a group or a factor that is not allowed; nothing changes then.
   * @throws {DeviceError} if the device is lost and cannot be replaced: pools are resized with the next.
   * @throws {DisposedError} if the system was closed; the signal's reason.
   */
  async setPoolSizeScales(scales: PoolSizeScales, options: AbortOptions = {}): Promise<void> {
    this.#parts.assertOpen();
    const signal = checkedAbort(options, "Cannot scale pools");
    this.#now.poolLimits.setScales(scales);
    await this.#resizePools(signal);
  }

  async #resizePools(signal: AbortSignal | undefined): Promise<void> {
    const { keeper, assertOpen, untilClosed } = this.#parts;
    const until = untilClosed(signal);
    await keeper.doOnDevice(
      (parts) => rebalancePools(parts, { signal: until, assertOpen, isExact: true }),
      until,
    );
  }

  /**
   * Does nothing if textures could have other grids, all of them together.
   *
   * @throws {OutOfRangeError} if the device cannot hold the page table of one.
   * @throws {BudgetError} naming the minimum if they do not fit the budget.
   * @throws {DisposedError} if the system was closed.
   * @internal
   */
  assertGridsFit(grids: ReadonlyMap<StreamedTexture, TileGrid>): void {
    this.#parts.assertOpen();
    const { pools, set } = this.#now;
    pools.assertGridsFit(new Map([...grids].map(([one, grid]) => [set.stateOf(one), grid])));
  }

  /** What each pool holds, in the order in which they were made. */
  poolInfos(): readonly PoolInfo[] {
    const { pools, textures, poolLimits } = this.#now;
    return poolInfos(pools.pools, textures, poolLimits);
  }

  /**
   * Begins to measure updates, which reads the clock some times in each, or ends it. Off at first; nothing
   * changes if it is so already.
   *
   * @throws {InvalidArgumentError} if `isOn` is not a boolean.
   */
  measureUpdates(isOn: boolean): void {
    this.#parts.assertOpen();
    const failure = "Cannot measure updates";
    this.#now.profile.measure(checkedBoolean(isOn, { name: "isOn", failure }));
  }

  /** What updates did since they are measured; null while they are not. */
  get updateProfile(): UpdateProfile | null {
    return this.#now.profile.profile();
  }
}
