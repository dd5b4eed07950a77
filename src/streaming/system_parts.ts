/**
 * Everything that a system consists of, and how it is put together.
 *
 * @module
 */

import { BudgetError } from "../errors.ts";
import {
  Feedback,
  type ForgeDevice,
  MemoryLedger,
  queueWaitBlocks,
  TileUploader,
} from "../gpu/mod.ts";
import { Residency } from "../residency/mod.ts";
import { CallGuard } from "./call_guard.ts";
import { DrawBudget } from "./draw_limits.ts";
import { FrameUniforms } from "./submit/frame_uniforms.ts";
import { FrameProfile } from "./frame/frame_profile.ts";
import { FrameRunner } from "./frame/frame_runner.ts";
import { Landing } from "./frame/landing.ts";
import { QueueWaits } from "./wait/queue_waits.ts";
import { SubmitJournal } from "./submit/submit_journal.ts";
import { TileWaiter } from "./wait/tile_waiter.ts";
import { WakeUp } from "./wait/wake_up.ts";
import { TextureSet } from "./load/texture_set.ts";
import { missingBudget, planBudget } from "./memory/budget_plan.ts";
import { ReadbackMoments } from "./frame/readback_moments.ts";
import type { MemoryPlan } from "./memory/memory_plan.ts";
import { PoolLimits } from "./memory/pool_limits.ts";
import { PoolSizeWarnings } from "./memory/pool_size_warning.ts";
import { PoolSet } from "./memory/pool_set.ts";
import type { SystemSettings } from "./options.ts";
import { SamplingLimits } from "./sampling_limits.ts";
import { SerialQueue } from "./serial_queue.ts";
import { sourceTiles } from "./find_sources.ts";
import type { SourceTiles } from "./supply/source_tiles.ts";
import { InFlightBudget } from "./supply/in_flight_budget.ts";
import type { TextureState } from "./texture_state.ts";

/** The parts of a system. */
export interface SystemParts {
  readonly device: ForgeDevice;
  readonly settings: SystemSettings;
  /** How many tiles are drawn in an update. */
  readonly drawBudget: DrawBudget;
  /** Sizes that pools were given. */
  readonly poolLimits: PoolLimits;
  /** Those of them that were warned of. */
  readonly sizeWarnings: PoolSizeWarnings;
  readonly samplingLimits: SamplingLimits;
  /** Where the time of updates goes. */
  readonly profile: FrameProfile;
  readonly textures: ReadonlyMap<number, TextureState>;
  /** Held while functions of others are called. */
  readonly guard: CallGuard;
  readonly ledger: MemoryLedger;
  readonly residency: Residency;
  readonly feedback: Feedback;
  readonly uploader: TileUploader;
  readonly journal: SubmitJournal;
  readonly pools: PoolSet;
  readonly plan: MemoryPlan;
  readonly inFlight: InFlightBudget;
  /** Textures that the content of others is made from. */
  readonly sources: SourceTiles;
  /** When supplies may read back. */
  readonly readbacks: ReadbackMoments;
  readonly landing: Landing;
  readonly frames: FrameRunner;
  readonly set: TextureSet;
  readonly changes: SerialQueue;
  readonly wakeUp: WakeUp;
  readonly waiter: TileWaiter;
  /** Frees everything that they own. */
  free(): void;
  /**
   * Frees what they own on the device, once it is lost or has refused it. What the CPU knows stays, and
   * so do the origins and bindings of loaded textures, for the parts that go on for these.
   */
  abandon(): void;
}

const NO_TEXTURES = { pools: [], tableBytes: 0, largestTileBytes: 0, scratchBytes: 0 };

function makeFeedback(
  ledger: MemoryLedger,
  { device, settings: { budgetBytes, label }, before }: {
    readonly device: ForgeDevice;
    readonly settings: SystemSettings;
    readonly before: SystemParts | null;
  },
): Feedback {
  try {
    return new Feedback(device, ledger, {
      capacity: planBudget(budgetBytes, NO_TEXTURES).feedbackKeys,
      label: `${label} feedback`,
    });
  } catch (error) {
    // What was made before the failure counts until the GPU is done with it.
    before?.ledger.takeOver(ledger);
    throw error;
  }
}

/**
 * Puts a system together.
 *
 * @param before The parts for which these go on, which are abandoned: their device was lost or has refused
 * them. Their textures and pools are not brought along yet.
 * @throws {BudgetError} naming the minimum if the budget cannot hold even an empty system.
 */
export function buildSystem(
  device: ForgeDevice,
  settings: SystemSettings,
  before: SystemParts | null = null,
): SystemParts {
  const { budgetBytes, label } = settings;
  const minimum = missingBudget(budgetBytes, NO_TEXTURES);
  if (minimum !== null) {
    throw new BudgetError(
      budgetBytes,
      minimum,
      `Cannot make virtual texture system as the memory budget must be >= ${minimum} bytes: ` +
        `current value is ${budgetBytes}`,
    );
  }
  const ledger = new MemoryLedger(device.submits, budgetBytes, before?.ledger);
  const feedback = makeFeedback(ledger, { device, settings, before });
  const waits = new QueueWaits({
    share: settings.gpuWaitShare,
    blocks: queueWaitBlocks(),
    clock: settings.clock,
  });
  /** Whether everything that was submitted is done, as far as that may be asked now. */
  const learnCompletion = () => waits.mayWait && waits.measure(() => device.submits.waitNow());
  const uploader = new TileUploader(device, ledger, {
    maxBytes: budgetBytes,
    label: `${label} staging`,
    learnCompletion,
  });
  const residency = new Residency(before?.residency.counters);
  const textures = new Map<number, TextureState>();
  const wakeUp = new WakeUp();
  const changes = new SerialQueue();
  const guard = new CallGuard(label);
  const shared = {
    device,
    settings,
    drawBudget: before?.drawBudget ?? new DrawBudget(),
    poolLimits: before?.poolLimits ?? new PoolLimits(),
    sizeWarnings: before?.sizeWarnings ?? new PoolSizeWarnings(),
    samplingLimits: before?.samplingLimits ?? new SamplingLimits(settings),
    profile: before?.profile ?? new FrameProfile(settings.clock),
    ledger,
    residency,
    feedback,
    textures,
    wakeUp,
    changes,
    guard,
    readbacks: new ReadbackMoments(!settings.hasOwnClock),
  };
  const journal = new SubmitJournal(shared);
  const takeStaleTiles = () => frames.takeStaleTiles();
  const sources = sourceTiles({ textures, residency, journal, takeStaleTiles });
  const pools = new PoolSet({ ...shared, journal });
  const { plan } = pools;
  const landing = new Landing({ ...shared, journal, plan, waits });
  const inFlight = new InFlightBudget(ledger, plan, learnCompletion);
  const uniforms = new FrameUniforms({ ...shared, pools });
  const frames = new FrameRunner(
    { ...shared, pools, landing, journal, waits, uniforms },
    before?.frames,
  );
  const set = new TextureSet(
    { ...shared, pools, journal, feedbackLoop: frames.feedbackLoop },
    before?.set,
  );
  const waiter = new TileWaiter({ ...shared, landing, journal, uniforms, frames, pools });
  let isAbandoned = false;
  const stopListening = device.health.subscribeLoss(wakeUp.notify);
  return {
    ...shared,
    uploader,
    journal,
    pools,
    plan,
    inFlight,
    sources,
    landing,
    frames,
    set,
    waiter,
    free() {
      stopListening();
      guard.run(() => {
        [...textures.values()].forEach((texture) => set.removeTexture(texture));
        set.dropUnrestored();
      });
      pools.destroy();
      feedback.destroy();
    },
    abandon() {
      if (isAbandoned) return;
      isAbandoned = true;
      stopListening();
      journal.abandon();
      guard.run(() => set.abandonTextures(settings.logger));
      pools.destroy();
      feedback.destroy();
    },
  };
}
