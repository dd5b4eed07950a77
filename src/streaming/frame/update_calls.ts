/**
 * The calls that stream for a camera, across losses of the device.
 *
 * @module
 */

import {
  type Camera,
  type CameraView,
  checkedCamera,
  checkedViewport,
  DEFAULT_VIEWPORT,
} from "../../geometry/mod.ts";
import { type ForgeDevice, memorySystemOf } from "../../gpu/mod.ts";
import {
  type AbortOptions,
  checkedAbort,
  checkedUpdate,
  type CheckedWait,
  checkUpdateNow,
  type UpdateOptions,
} from "../call_options.ts";
import { preloadRegions } from "../preload/preload_regions.ts";
import { PRELOAD_FAILURE, type TextureRegion } from "../preload/preload_tiles.ts";
import { checkedRegion } from "./region.ts";
import { checkedQuality, type QualitySettings, type SystemSettings } from "../options.ts";
import type { PartsKeeper } from "../renewal/parts_keeper.ts";
import { restoreContent } from "../renewal/restore_content.ts";
import { type UpdateResult, waitingResult } from "../report.ts";
import type { StreamedTexture } from "../streamed_texture.ts";
import type { SystemParts } from "../system_parts.ts";
import { settleFrames } from "../wait/settle_frames.ts";
import type { WaitOptions } from "../wait/tile_waiter.ts";
import type { FrameView } from "./frame_runner.ts";

/** What updates work with; all of it is borrowed. */
export interface UpdateCallsParts {
  readonly device: ForgeDevice;
  readonly settings: SystemSettings;
  /** Throws if the system was closed. */
  readonly assertOpen: () => void;
  /** A signal that is also aborted when the system is closed; throws if it is aborted already. */
  readonly untilClosed: (signal: AbortSignal | undefined) => AbortSignal;
  readonly keeper: () => PartsKeeper;
}

/** A camera that was checked, and the texture that it looks at. */
interface Look {
  readonly camera: Camera;
  readonly texture: StreamedTexture | null;
}

/** Streams for a camera, and remembers it. */
export class UpdateCalls {
  readonly #parts: UpdateCallsParts;
  #quality = checkedQuality({});
  #viewport: readonly [number, number] = DEFAULT_VIEWPORT;
  #look: Look | null = null;
  /** The parts that ran the last frame. */
  #frameParts: SystemParts | null = null;

  constructor(parts: UpdateCallsParts) {
    this.#parts = parts;
  }

  /** How much is streamed. */
  get quality(): Required<QualitySettings> {
    return this.#quality;
  }

  /** Sets how much is streamed; throws for a value out of its range. */
  setQuality(quality: QualitySettings): void {
    this.#quality = checkedQuality(quality);
    this.#keeper.parts.frames.invalidate();
  }

  /** See `VirtualTextureSystem.noteRender`; null for a picture of the same size as before. */
  noteRender(viewport: readonly [number, number] | null): void {
    if (viewport !== null) this.#viewport = checkedViewport(viewport);
    const { guard, frames } = this.#keeper.parts;
    guard.run(() => frames.noteRender(this.#quality));
  }

  get #keeper(): PartsKeeper {
    return this.#parts.keeper();
  }

  /** What the last update looked at, as far as it is still there. */
  #lastView({ set }: SystemParts): FrameView {
    this.#parts.assertOpen();
    const last = set.loaded.filter(({ handle }) => handle === this.#look?.texture);
    const textures = last.length > 0 ? last : set.loaded;
    return { camera: this.#look?.camera ?? null, textures, quality: this.#quality };
  }

  #checkedLook(camera: CameraView, { texture = null }: UpdateOptions): Look {
    const checked = checkedCamera(camera, this.#viewport);
    if (texture !== null) this.#keeper.parts.set.stateOf(texture);
    return { camera: checked, texture };
  }

  /** Places the textures for a camera and remembers it; if one cannot be placed, nothing changes. */
  #lookFrom(look: Look): void {
    const { set, frames, guard } = this.#keeper.parts;
    const [x, y, z] = look.camera.position;
    const places = set.kept
      .filter(({ place, handle }) => place.isFollowing && handle === (look.texture ?? handle))
      .map(({ place }) => place);
    const placements = guard.run(() => places.map((place) => place.placementAt([x, y, z])));
    this.#look = look;
    const moved = places.filter((place, i) => place.moveTo(placements[i]!));
    if (moved.length > 0) frames.lookAgain();
  }

  #runFrame(parts: SystemParts, isWaiting: boolean): UpdateResult {
    this.#frameParts = parts;
    return parts.frames.runFrame({ ...this.#lastView(parts), isWaiting });
  }

  /** See `VirtualTextureSystem.updateNow`. */
  updateNow(camera: CameraView, options: UpdateOptions): UpdateResult {
    checkUpdateNow(options);
    this.#parts.assertOpen();
    this.#lookFrom(this.#checkedLook(camera, options));
    if (this.#keeper.isWaiting) return waitingResult(this.#keeper.parts.set.kept);
    this.#parts.device.assertAlive();
    this.#keeper.noteUse();
    return this.#runFrame(this.#keeper.parts, false);
  }

  /** See `VirtualTextureSystem.update`. */
  async update(camera: CameraView, options: UpdateOptions & WaitOptions): Promise<UpdateResult> {
    const wait = checkedUpdate(options, this.#keeper.parts.set);
    wait.signal?.throwIfAborted();
    const isWaiting = (wait.timeBudgetMs ?? Infinity) === Infinity;
    const look = this.#checkedLook(camera, options);
    return await this.#waitWithin(wait, async (parts, within) => {
      if (isWaiting) {
        parts.readbacks.notify();
        await parts.feedback.waitForReadbacks(within.signal);
      }
      this.#lookFrom(look);
      this.#runFrame(parts, isWaiting);
      return parts.frames.result(await parts.waiter.waitForTiles(within));
    });
  }

  /** See `VirtualTextureSystem.finishUpdate`. */
  async finishUpdate(wait: CheckedWait): Promise<UpdateResult> {
    return await this.#waitWithin(wait, async (parts, within) => {
      // What was asked for on another device is lost with it.
      if (this.#frameParts !== null && this.#frameParts !== parts) {
        this.#runFrame(parts, within.timeBudgetMs === null);
      }
      return parts.frames.result(await parts.waiter.waitForTiles(within));
    });
  }

  /** Does what an update waits for; within the time budget, if there is one, or nothing. */
  async #waitWithin(
    wait: CheckedWait,
    work: (parts: SystemParts, wait: CheckedWait) => Promise<UpdateResult>,
  ): Promise<UpdateResult> {
    const { timeBudgetMs } = wait;
    const { settings: { clock }, untilClosed } = this.#parts;
    const deadlineMs = timeBudgetMs === null ? Infinity : clock() + timeBudgetMs;
    let isFirst = true;
    const done = await this.#keeper.doOnDeviceUntil(
      deadlineMs,
      (parts) => {
        const left = isFirst || timeBudgetMs === null ? timeBudgetMs : deadlineMs - clock();
        isFirst = false;
        return work(parts, { ...wait, timeBudgetMs: left === null ? null : Math.max(0, left) });
      },
      untilClosed(wait.signal),
    );
    return done?.value ?? { ...waitingResult(this.#keeper.parts.set.kept), waited: true };
  }

  /** See `VirtualTextureSystem.flush`. */
  async flush(signal: AbortSignal | undefined): Promise<boolean> {
    return await this.#keeper.doOnDevice(async (parts) => {
      await this.#restore(parts, signal);
      const isSettled = await settleFrames(parts, { signal, view: () => this.#lastView(parts) });
      // So that staging rings are known to be empty.
      if (memorySystemOf(parts.device).hasStagingRings) parts.device.submits.waitNow();
      return isSettled;
    }, this.#parts.untilClosed(signal));
  }

  /** See `VirtualTextureSystem.preloadRegions`. */
  async preloadRegions(regions: readonly TextureRegion[], options: AbortOptions): Promise<void> {
    const { set } = this.#keeper.parts;
    const checked = regions.map(({ texture, region }) => ({
      texture,
      region: checkedRegion(set.stateOf(texture).grid, region, PRELOAD_FAILURE),
    }));
    const signal = this.#parts.untilClosed(checkedAbort(options, PRELOAD_FAILURE));
    await this.#keeper.doOnDevice(
      (parts) =>
        preloadRegions(parts, { regions: checked, signal, view: () => this.#lastView(parts) }),
      signal,
    );
  }

  /** See `VirtualTextureSystem.renewed`. */
  async waitForRenewal(signal: AbortSignal | undefined): Promise<void> {
    await this.#keeper.doOnDevice(
      async (parts) => {
        // A device that was lost just now has not said so yet.
        await parts.device.health.findLoss();
        parts.device.assertAlive();
        await this.#restore(parts, signal);
      },
      this.#parts.untilClosed(signal),
    );
  }

  #restore(parts: SystemParts, signal: AbortSignal | undefined): Promise<void> {
    const options = { quality: this.#quality, signal: this.#parts.untilClosed(signal) };
    return restoreContent(parts, options);
  }
}
