/**
 * One frame of streaming: feedback, wants, requests, landings, one submit.
 *
 * @module
 */

import type { Camera } from "../../geometry/mod.ts";
import type { Feedback, ForgeDevice } from "../../gpu/mod.ts";
import type { Counters, Residency } from "../../residency/mod.ts";
import type { DrawBudget } from "../draw_limits.ts";
import type { PoolSet } from "../memory/pool_set.ts";
import type { QualitySettings, SystemSettings } from "../options.ts";
import type { UpdateResult } from "../report.ts";
import type { TextureState } from "../texture_state.ts";
import { FeedbackLoop } from "./feedback_loop.ts";
import { admissionBudget, landingBudget } from "./frame_budget.ts";
import type { FrameUniforms } from "../submit/frame_uniforms.ts";
import type { FrameProfile } from "./frame_profile.ts";
import { IdleCheck } from "./idle_check.ts";
import type { PoolLimits } from "../memory/pool_limits.ts";
import type { Landing } from "./landing.ts";
import { CameraMotion } from "./motion.ts";
import type { ReadbackMoments } from "./readback_moments.ts";
import { warnOfPressure } from "./pressure_warning.ts";
import type { QueueWaits } from "../wait/queue_waits.ts";
import type { SamplingLimits } from "../sampling_limits.ts";
import type { Passenger, SubmitJournal } from "../submit/submit_journal.ts";
import type { CallGuard } from "../call_guard.ts";
import { appendPreloads, submitWants, WantFinder } from "./wants.ts";

/** What frames work with; all of it is borrowed. */
export interface FrameParts {
  readonly device: ForgeDevice;
  readonly residency: Residency;
  readonly feedback: Feedback;
  readonly pools: PoolSet;
  readonly landing: Landing;
  readonly journal: SubmitJournal;
  readonly waits: QueueWaits;
  readonly uniforms: FrameUniforms;
  readonly textures: ReadonlyMap<number, TextureState>;
  readonly poolLimits: PoolLimits;
  readonly settings: SystemSettings;
  readonly drawBudget: DrawBudget;
  readonly guard: CallGuard;
  readonly readbacks: ReadbackMoments;
  readonly samplingLimits: SamplingLimits;
  readonly profile: FrameProfile;
}

/** What a frame looks at. */
export interface FrameView {
  /** Null to go on with nothing but what was asked for ahead. */
  readonly camera: Camera | null;
  /** The textures that the camera looks at. */
  readonly textures: readonly TextureState[];
  readonly quality: Required<QualitySettings>;
  /** Whether the caller waits for the GPU anyway, so that feedback may be asked for; default false. */
  readonly isWaiting?: boolean;
}

/** Runs frames. */
export class FrameRunner {
  readonly feedbackLoop: FeedbackLoop;
  /** Time that the last frame took, waiting not included. */
  workMs = 0;
  readonly #parts: FrameParts;
  readonly #wants: WantFinder;
  readonly #motion: CameraMotion;
  readonly #idle: IdleCheck;
  #frame = 0;
  #runCount = 0;
  /** Number of the view; another camera or selection of textures is another view. */
  #view = 0;
  #renderedView = 0;
  #renderedSinceRecord = false;
  #updatesSinceRecord = 0;
  #wanted = 0;
  /** Whether the last frame found all that it wanted, so that the same view needs nothing. */
  #isQuiet = false;
  #quietHits = 0;
  /** Frames in a row in which nothing was in flight but what waits for tiles that find no room. */
  #heldUpFrames = 0;
  /** Tiles that the journal had dropped at the last frame. */
  #droppedBefore = 0;
  #before: Counters;
  #startMs = 0;
  #admission;
  #landing;

  /** @param before The runner that this one goes on for, on another device. */
  constructor(parts: FrameParts, before: FrameRunner | null = null) {
    this.#parts = parts;
    this.#wants = new WantFinder(parts.settings, parts.samplingLimits);
    this.feedbackLoop = new FeedbackLoop(parts.feedback, before?.feedbackLoop.overflow);
    this.#motion = before === null ? new CameraMotion() : before.#motion;
    this.#idle = before === null ? new IdleCheck() : before.#idle;
    if (before !== null) {
      this.#frame = before.#frame;
      this.#view = before.#view;
      this.#renderedView = before.#renderedView;
    }
    this.#before = { ...parts.residency.counters };
    this.#admission = admissionBudget(parts.settings, parts.drawBudget);
    this.#landing = landingBudget(parts.settings, parts.drawBudget);
  }

  /** Number of the frame that is drawn next; tiles fade in and feedback jitters by it. */
  get frame(): number {
    return this.#frame;
  }

  /** Makes the next update look at everything again. */
  invalidate(): void {
    this.lookAgain();
    this.#parts.uniforms.forgetBiases();
  }

  /** Makes the next camera count as another one, as what it looks at has moved. */
  lookAgain(): void {
    this.#isQuiet = false;
    this.#idle.reset();
  }

  /** Notes that something was drawn, which may have written feedback; the next frame begins. */
  noteRender(quality: Required<QualitySettings>): void {
    this.#renderedSinceRecord = true;
    this.#renderedView = this.#view;
    this.#frame++;
    this.#writeUniforms(quality);
  }

  #writeUniforms(quality: Required<QualitySettings>): void {
    if (this.#parts.uniforms.write(this.#frame, quality)) this.feedbackLoop.forgetDrawn();
  }

  /** Tells the shaders how textures are drawn, before there is a frame. */
  prepareDrawing(quality: Required<QualitySettings>): void {
    this.#writeUniforms(quality);
  }

  /** Frames that were run, drawn or not. */
  get runCount(): number {
    return this.#runCount;
  }

  /** Runs a frame. */
  runFrame(view: FrameView): UpdateResult {
    this.#runCount++;
    const result = this.#parts.guard.run(() => this.#runFrame(view));
    this.workMs = result.updateTimeMs;
    return result;
  }

  #runFrame(view: FrameView): UpdateResult {
    const { device, residency, settings, profile } = this.#parts;
    this.#startMs = settings.clock();
    profile.beginUpdate();
    this.#before = { ...residency.counters };
    device.assertAlive();
    this.#startReadbacks();
    if (this.feedbackLoop.takeFeedback()) this.#isQuiet = false;
    profile.end("feedback");
    const { droppedCount } = this.#parts.journal;
    if (droppedCount !== this.#droppedBefore) this.#isQuiet = false;
    this.#droppedBefore = droppedCount;
    if (residency.takeStaleTiles() || residency.openNeedCount > 0) this.#isQuiet = false;
    const isSame = view.camera !== null &&
      this.#idle.isSame(view.camera, selectionOf(view.textures));
    if (!isSame && view.camera !== null) this.#view++;
    if (isSame && this.#isQuiet && residency.pendingCount === 0) {
      residency.counters.cacheHits += this.#quietHits;
      this.#motion.follow(view.camera!);
      for (const { residency: { pressure, slots } } of this.#parts.pools.pools) {
        pressure.repeatUpdate();
        slots.countIdleFrame();
      }
      this.#rest(view);
    } else {
      this.#lookAround(view, isSame);
    }
    this.#parts.uniforms.flush();
    return this.result(false);
  }

  /** Begins to read feedback back, which waits for the queue on some platforms. */
  #startReadbacks(): void {
    const { feedback, waits, readbacks } = this.#parts;
    if (!waits.mayWait || !(feedback.hasSubmitted || readbacks.isDue)) return;
    waits.measure(() => {
      if (feedback.hasSubmitted) feedback.startReadbacks();
      readbacks.notify();
    });
  }

  /** Finds what is wanted, asks for it and lands what has finished. */
  #lookAround(view: FrameView, isSame: boolean): void {
    const { residency, landing, pools, profile } = this.#parts;
    const { camera, quality } = view;
    const biasBefore = this.bias;
    residency.seenBonusFrames = Math.max(0, quality.cachePriorityBoost - 1) * SEEN_BONUS_FRAMES;
    residency.beginFrame();
    this.#want(view, isSame);
    profile.end("wants");
    this.refill();
    // Landing first: upload memory is better used for what has come than held for what may come.
    landing.landTiles(this.#landing, { frame: this.#frame }, this.#feedbackReadback(view));
    profile.begin();
    const admitted = residency.admit(this.#admission);
    profile.end("admission");
    this.#countHeldUp(admitted);
    this.#writeUniforms(quality);
    warnOfPressure(pools.pools, this.#parts);
    this.#quietHits = residency.counters.cacheHits - this.#before.cacheHits;
    this.#isQuiet = residency.candidateCount === 0 && this.bias === biasBefore &&
      landing.finishedCount === 0 && camera !== null &&
      view.textures.every(({ feedback }) => feedback.isOfView(this.#view));
    this.#refreshTiles();
  }

  /** Lets tiles do without others that find no room for many frames. */
  #countHeldUp(admitted: number): void {
    const { residency } = this.#parts;
    this.#heldUpFrames = admitted === 0 && residency.isHeldUp ? this.#heldUpFrames + 1 : 0;
    if (this.#heldUpFrames < MOST_HELD_UP_FRAMES) return;
    this.#heldUpFrames = 0;
    residency.refuseNeeds();
  }

  /** Makes stale what producers want to make anew, as the next frame would, which looks at everything. */
  takeStaleTiles(): void {
    this.#isQuiet = false;
    this.#parts.guard.run(() => this.#parts.residency.takeStaleTiles());
  }

  /** Lets tiles do without others that cannot be asked for; see `Residency.refuseNeeds`. */
  refuseNeeds(): void {
    this.#parts.guard.run(() => this.#parts.residency.refuseNeeds());
  }

  /** Goes on with continuous update, with what missing and stale tiles have left. */
  #refreshTiles(): void {
    const { residency, drawBudget, settings } = this.#parts;
    residency.refreshTiles(this.#admission, {
      most: drawBudget.continuousTilesPerUpdate,
      drawnTiles: Math.min(settings.tilesPerUpdate, drawBudget.tilesPerUpdate),
      random: drawBudget.random,
    });
  }

  /** A frame that shows nothing new. */
  #rest(view: FrameView): void {
    const { residency, landing, uniforms } = this.#parts;
    if (!residency.hasContinuous && residency.refreshingCount === 0) return this.#submitRest(view);
    this.refill();
    if (residency.refreshingCount > 0 && landing.finishedCount > 0) {
      landing.landTiles(this.#landing, { frame: this.#frame }, this.#feedbackReadback(view));
      uniforms.repeat();
    } else this.#submitRest(view);
    this.#refreshTiles();
  }

  #want({ camera, textures, quality }: FrameView, isSettled: boolean): void {
    const { residency, pools } = this.#parts;
    this.#wanted = 0;
    if (isSettled) { for (const { feedback } of textures) feedback.keepView(this.#view); }
    const soon = camera === null ? null : this.#motion.follow(camera);
    for (const pool of pools.pools) {
      const inPool = textures.filter((texture) => texture.pool === pool);
      if (camera !== null) {
        const cameras = { now: camera, soon };
        this.#wanted += this.#wants.findWants(pool, inPool, { cameras, quality, isSettled });
      } else {
        this.#wants.findPrefetches(inPool);
      }
    }
    this.feedbackLoop.forgetDrawn();
    submitWants(residency, textures);
    this.#wantPreloads(textures);
  }

  /** Wants what preloads wait for of textures that the camera does not look at. */
  #wantPreloads(inView: readonly TextureState[]): void {
    const { residency, textures } = this.#parts;
    for (const texture of textures.values()) {
      if (texture.residency.preloads.size === 0 || inView.includes(texture)) continue;
      texture.wants.clear();
      appendPreloads(texture);
      submitWants(residency, [texture]);
    }
  }

  /** Gives a submit of its own the whole of what an update may ask for and land. */
  refill(): void {
    const { settings, drawBudget } = this.#parts;
    this.#admission = admissionBudget(settings, drawBudget);
    this.#landing = landingBudget(settings, drawBudget);
  }

  /** Records the read-back of feedback if it is due; null if it is not. */
  #feedbackReadback({ isWaiting = false }: FrameView): Passenger | null {
    const { settings: { feedbackInterval }, feedback, waits } = this.#parts;
    this.#updatesSinceRecord++;
    const isDue = this.#renderedSinceRecord && feedbackInterval > 0 &&
      this.#updatesSinceRecord >= feedbackInterval;
    if (!isDue || !feedback.canRecord || !(isWaiting || waits.mayWait)) return null;
    const frame = this.#frame;
    const view = this.#renderedView;
    return {
      record: (encoder) => {
        if (!this.feedbackLoop.recordReadback(encoder, frame, view)) return;
        this.#updatesSinceRecord = 0;
        this.#renderedSinceRecord = false;
      },
      failed: () => {
        this.feedbackLoop.dropReadback(frame);
        this.#renderedSinceRecord = true;
      },
    };
  }

  /** Submits what a frame that shows nothing new may still have: feedback, and what failed before. */
  #submitRest(view: FrameView): void {
    const { journal, landing, waits, uniforms } = this.#parts;
    landing.noteRest();
    const readback = this.#feedbackReadback(view);
    // Some drivers wait in a submit for the one before.
    if (readback !== null) waits.measure(() => journal.submit(readback));
    else journal.submit();
    uniforms.repeat();
  }

  /**
   * Lands what has finished since the frame ran, in a submit of its own, and asks for more, both with
   * what is left of the budgets.
   *
   * @returns Number of tiles that landed.
   */
  landMore(deadlineMs: number): number {
    const { landing, residency, guard } = this.#parts;
    return guard.run(() => {
      const landed = landing.landTiles(this.#landing, { frame: this.#frame, deadlineMs });
      if (landed > 0) this.#isQuiet = false;
      residency.admit(this.#admission);
      return landed;
    });
  }

  /** Asks for more with what is left of the budget; the number of tiles. */
  admitMore(): number {
    const { guard, residency } = this.#parts;
    return guard.run(() => residency.admit(this.#admission));
  }

  /** Whether the budgets let nothing more land. */
  get isSpent(): boolean {
    return this.#parts.landing.isSpent(this.#landing);
  }

  /** What has happened since the last frame began. */
  result(waited: boolean): UpdateResult {
    const { residency, settings } = this.#parts;
    const { counters } = residency;
    const before = this.#before;
    return {
      tilesRequested: counters.tilesRequested - before.tilesRequested,
      tilesLoaded: counters.tilesLoaded - before.tilesLoaded,
      tilesRefreshed: counters.tilesRefreshed - before.tilesRefreshed,
      tilesEvicted: counters.tilesEvicted - before.tilesEvicted,
      tilesFailed: counters.tilesFailed - before.tilesFailed,
      tilesWanted: this.#wanted,
      tilesPending: residency.pendingCount,
      tilesQueued: this.#isQuiet ? 0 : residency.queuedCount,
      cacheHits: counters.cacheHits - before.cacheHits,
      cacheMisses: counters.cacheMisses - before.cacheMisses,
      bytesUploaded: counters.bytesUploaded - before.bytesUploaded,
      waited,
      updateTimeMs: settings.clock() - this.#startMs,
    };
  }

  /** Sum of the pools' biases, in levels: it stands still once the pressure has settled. */
  get bias(): number {
    let sum = 0;
    for (const { residency } of this.#parts.pools.pools) sum += residency.pressure.bias;
    return sum;
  }
}

/** A number that is the same for the same one texture, or for several. */
function selectionOf(textures: readonly TextureState[]): number {
  return textures.length === 1 ? textures[0]!.id : -textures.length;
}

/** Frames that each unit of `cachePriorityBoost` above 1 keeps a tile that was seen. */
const SEEN_BONUS_FRAMES = 60;
/** Frames after which tiles do without others that find no room: what nobody wants is withdrawn before. */
const MOST_HELD_UP_FRAMES = 10;
