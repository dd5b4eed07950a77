/**
 * One frame of streaming: feedback, wants, requests, landings, one submit.
 *
 * @module
 */

import type { Feedback, ForgeDevice } from "../../gpu/mod.ts";
import type { AdmissionBudget, Counters, Residency } from "../../residency/mod.ts";
import type { Camera } from "../../geometry/mod.ts";
import { FeedbackLoop } from "./feedback_loop.ts";
import type { FileProducer } from "./file_producer.ts";
import { IdleCheck } from "./idle_check.ts";
import { Landing, type LandingBudget } from "./landing.ts";
import { CameraMotion } from "./motion.ts";
import type { QualitySettings, SystemSettings } from "../options.ts";
import type { PoolSet } from "../memory/pool_set.ts";
import type { UpdateResult } from "../report.ts";
import type { TextureState } from "../texture_state.ts";
import { submitWants, WantFinder } from "./wants.ts";

/** Part of an update's tiles that may be loaded ahead while something seen is missing. */
const AHEAD_SHARE = 0.25;

/** What frames work with; all of it is borrowed. */
export interface FrameParts {
  readonly device: ForgeDevice;
  readonly residency: Residency;
  readonly producer: FileProducer;
  readonly feedback: Feedback;
  readonly pools: PoolSet;
  readonly landing: Landing;
  readonly textures: ReadonlyMap<number, TextureState>;
  readonly settings: SystemSettings;
}

/** Runs frames. Never waits. */
export class FrameRunner {
  readonly #parts: FrameParts;
  readonly #wants: WantFinder;
  readonly #motion = new CameraMotion();
  readonly #idle = new IdleCheck();
  readonly feedbackLoop: FeedbackLoop;
  #frame = 0;
  #renderedSinceRecord = false;
  #updatesSinceRecord = 0;
  #wanted = 0;
  #quiet = false;
  #quietHits = 0;
  #before: Counters;
  #startMs = 0;
  #allowance: AdmissionBudget = { tiles: 0, aheadTiles: 0 };
  #landingBudget: LandingBudget = { tiles: 0, bytes: 0, ms: 0, taken: 0 };

  constructor(parts: FrameParts) {
    this.#parts = parts;
    this.#wants = new WantFinder(parts.settings);
    this.feedbackLoop = new FeedbackLoop(parts.feedback);
    this.#before = { ...parts.residency.counters };
  }

  /** Number of the frame that is drawn next; tiles fade in and feedback jitters by it. */
  get frame(): number {
    return this.#frame;
  }

  /** Makes the next update look at everything again. */
  invalidate(): void {
    this.#quiet = false;
    this.#idle.reset();
  }

  /** Notes that something was drawn, which may have written feedback; the next frame begins. */
  noteRender(quality: Required<QualitySettings>): void {
    this.#renderedSinceRecord = true;
    this.#frame++;
    this.#writeBindings(quality);
  }

  /** Tells the shaders which frame they draw, and with what bias. */
  #writeBindings(quality: Required<QualitySettings>): void {
    const { pools, settings, textures } = this.#parts;
    for (const pool of pools.pools) pool.writeFrame(this.#frame);
    for (const texture of textures.values()) {
      texture.drawnLodBias = lodBiasOf(texture, quality);
      texture.binding.write({
        lodBias: texture.drawnLodBias,
        fadeFrames: settings.fadeFrames,
        maxAnisotropy: settings.maxAnisotropy,
      });
    }
  }

  /**
   * Runs a frame.
   *
   * @param camera Null to go on with nothing but what was asked for ahead.
   * @param textures The textures that the camera looks at.
   */
  runFrame(
    camera: Camera | null,
    textures: readonly TextureState[],
    quality: Required<QualitySettings>,
  ): UpdateResult {
    const { device, residency, settings, feedback } = this.#parts;
    this.#startMs = settings.clock();
    this.#before = { ...residency.counters };
    device.assertAlive();
    feedback.startReadbacks();
    if (this.feedbackLoop.takeFeedback()) this.#quiet = false;
    const same = camera !== null && this.#idle.isSame(camera, selectionOf(textures));
    if (same && this.#quiet && residency.pendingCount === 0 && !this.#renderedSinceRecord) {
      residency.counters.cacheHits += this.#quietHits;
      this.#motion.follow(camera);
      return this.result(false);
    }
    const biasBefore = this.bias;
    residency.seenBonusFrames = Math.max(0, quality.cachePriorityBoost - 1) * SEEN_BONUS_FRAMES;
    residency.beginFrame();
    this.#want(camera, textures, quality);
    this.#allowance = this.#admission();
    const { tilesPerUpdate, bytesPerUpdate, msPerUpdate } = settings;
    this.#landingBudget = {
      tiles: tilesPerUpdate,
      bytes: bytesPerUpdate,
      ms: msPerUpdate,
      taken: 0,
    };
    this.#admit();
    this.#submit(quality);
    this.#warn();
    const { counters } = residency;
    this.#quietHits = counters.cacheHits - this.#before.cacheHits;
    this.#quiet = residency.missingCount === 0 && this.bias === biasBefore &&
      this.#parts.producer.finishedCount === 0 && camera !== null;
    return this.result(false);
  }

  #want(
    camera: Camera | null,
    textures: readonly TextureState[],
    quality: Required<QualitySettings>,
  ): void {
    const { residency, pools } = this.#parts;
    this.#wanted = 0;
    const soon = camera === null ? null : this.#motion.follow(camera);
    for (const pool of pools.pools) {
      const inPool = textures.filter((texture) => texture.pool === pool);
      if (camera !== null) {
        this.#wanted += this.#wants.findWants(pool, inPool, {
          cameras: { now: camera, soon },
          quality,
        });
      } else {
        this.#wants.findPrefetches(inPool);
      }
    }
    submitWants(residency, textures);
  }

  /** Asks for missing tiles with what is left of the update's allowance. */
  #admit(): void {
    const { tiles, aheadTiles } = this.#allowance;
    const admitted = this.#parts.residency.admit({ tiles, aheadTiles });
    this.#allowance = { tiles: tiles - admitted, aheadTiles };
  }

  /** What an update may ask for. */
  #admission(): AdmissionBudget {
    const { settings, textures } = this.#parts;
    let largest = 1;
    for (const { pool } of textures.values()) largest = Math.max(largest, pool.tileBytes);
    const tiles = Math.max(
      1,
      Math.min(settings.tilesPerUpdate, Math.floor(settings.bytesPerUpdate / largest)),
    );
    return { tiles, aheadTiles: Math.max(1, Math.floor(tiles * AHEAD_SHARE)) };
  }

  /** Lands what has finished and submits everything of this frame. */
  #submit(quality: Required<QualitySettings>): void {
    const { device, landing } = this.#parts;
    const encoder = device.gpu.createCommandEncoder({ label: "virtual texture update" });
    const landed = landing.recordTiles(encoder, this.#landingBudget, { frame: this.#frame });
    const edited = landing.recordEdits(encoder);
    const read = this.#recordFeedback(encoder);
    this.#writeBindings(quality);
    if (landed > 0 || edited || read) device.submits.submit([encoder.finish()]);
  }

  #recordFeedback(encoder: GPUCommandEncoder): boolean {
    const { feedbackInterval } = this.#parts.settings;
    this.#updatesSinceRecord++;
    if (!this.#renderedSinceRecord || feedbackInterval === 0) return false;
    if (this.#updatesSinceRecord < feedbackInterval) return false;
    const recorded = this.feedbackLoop.recordReadback(
      encoder,
      this.#frame,
      (texture) => texture.drawnLodBias,
    );
    if (recorded) {
      this.#updatesSinceRecord = 0;
      this.#renderedSinceRecord = false;
    }
    return recorded;
  }

  /**
   * Lands what has finished since the frame ran, in a submit of its own, and asks for more, both with
   * what is left of the update's budgets.
   */
  landMore(deadlineMs: number): number {
    const { device, landing } = this.#parts;
    const encoder = device.gpu.createCommandEncoder({ label: "virtual texture landing" });
    const landed = landing.recordTiles(encoder, this.#landingBudget, {
      frame: this.#frame,
      deadlineMs,
    });
    const edited = landing.recordEdits(encoder);
    if (landed > 0 || edited) {
      this.#quiet = false;
      device.submits.submit([encoder.finish()]);
    }
    this.#admit();
    return landed;
  }

  /** Whether the update's budgets let nothing more land. */
  get isSpent(): boolean {
    return this.#parts.landing.isSpent(this.#landingBudget);
  }

  /** What has happened since the last frame began. */
  result(waited: boolean): UpdateResult {
    const { residency, settings } = this.#parts;
    const { counters } = residency;
    const before = this.#before;
    const pending = residency.pendingCount;
    return {
      tilesRequested: counters.tilesRequested - before.tilesRequested,
      tilesLoaded: counters.tilesLoaded - before.tilesLoaded,
      tilesEvicted: counters.tilesEvicted - before.tilesEvicted,
      tilesFailed: counters.tilesFailed - before.tilesFailed,
      tilesWanted: this.#wanted,
      tilesPending: pending,
      tilesQueued: Math.max(0, this.#missing() - pending),
      cacheHits: counters.cacheHits - before.cacheHits,
      cacheMisses: counters.cacheMisses - before.cacheMisses,
      bytesUploaded: counters.bytesUploaded - before.bytesUploaded,
      waited,
      updateTimeMs: settings.clock() - this.#startMs,
    };
  }

  /** Tiles that were missing when the frame ran and have not landed since. */
  #missing(): number {
    const { residency } = this.#parts;
    const landed = residency.counters.tilesLoaded - this.#before.tilesLoaded;
    return this.#quiet ? 0 : Math.max(0, residency.missingCount - landed);
  }

  /** Sum of the pools' biases, in levels: it stands still once the pressure has settled. */
  get bias(): number {
    let sum = 0;
    for (const { residency } of this.#parts.pools.pools) sum += residency.pressure.bias;
    return sum;
  }

  #warn(): void {
    const { pools, settings } = this.#parts;
    for (const pool of pools.pools) {
      if (!pool.notePressure()) continue;
      const { pressure, streamingCapacity } = pool.residency;
      settings.logger.warn(
        `${settings.label}: memory pressure in the pool of ${pool.key}: what is seen needs ` +
          `${pressure.demand} of its ${streamingCapacity} tiles` +
          (pressure.bias > 0 ? `, so it is loaded ${pressure.bias} levels coarser` : "") +
          `. Raise max_memory_mb, lower lod_scale, or use a compressed format`,
      );
    }
  }
}

/** A number that is the same for the same one texture, or for several. */
function selectionOf(textures: readonly TextureState[]): number {
  return textures.length === 1 ? textures[0]!.id : -textures.length;
}

/** Frames that each unit of `cachePriorityBoost` above 1 keeps a tile that was seen. */
const SEEN_BONUS_FRAMES = 60;

/** What is added to a texture's level of detail. */
function lodBiasOf(texture: TextureState, quality: Required<QualitySettings>): number {
  return texture.pool.residency.pressure.bias - Math.log2(quality.lodScale);
}
