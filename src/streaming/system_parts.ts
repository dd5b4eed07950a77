/**
 * Everything that a system consists of, and how it is put together.
 *
 * @module
 */

import { BudgetError, type DeviceError } from "../errors.ts";
import {
  Feedback,
  type ForgeDevice,
  MemoryLedger,
  queueWaitBlocks,
  TileUploader,
} from "../gpu/mod.ts";
import { Residency } from "../residency/mod.ts";
import { CallGuard } from "./call_guard.ts";
import { FrameUniforms } from "./submit/frame_uniforms.ts";
import { FrameRunner } from "./frame/frame_runner.ts";
import { Landing } from "./frame/landing.ts";
import { QueueWaits } from "./wait/queue_waits.ts";
import { MAX_ATTEMPTS } from "./submit/journal_watch.ts";
import { SubmitJournal } from "./submit/submit_journal.ts";
import { TileWaiter } from "./wait/tile_waiter.ts";
import { WakeUp } from "./wait/wake_up.ts";
import { IgnoredWarning } from "./load/ignored_warning.ts";
import { TextureSet } from "./load/texture_set.ts";
import { missingBudget, planBudget } from "./memory/budget_plan.ts";
import type { MemoryPlan } from "./memory/memory_plan.ts";
import { PoolSet } from "./memory/pool_set.ts";
import type { SystemSettings } from "./options.ts";
import { SerialQueue } from "./serial_queue.ts";
import { InFlightBudget } from "./supply/in_flight_budget.ts";
import type { TextureState } from "./texture_state.ts";

/** The parts of a system. */
export interface SystemParts {
  readonly device: ForgeDevice;
  readonly settings: SystemSettings;
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
  readonly landing: Landing;
  readonly frames: FrameRunner;
  readonly set: TextureSet;
  readonly changes: SerialQueue;
  readonly wakeUp: WakeUp;
  readonly waiter: TileWaiter;
  /** Frees everything that they own. */
  free(): void;
}

const NO_TEXTURES = { pools: [], tableBytes: 0, largestTileBytes: 0, scratchBytes: 0 };

/**
 * Puts a system together.
 *
 * @throws {BudgetError} naming the minimum if the budget cannot hold even an empty system.
 */
export function buildSystem(device: ForgeDevice, settings: SystemSettings): SystemParts {
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
  const ledger = new MemoryLedger(device.submits, budgetBytes);
  const feedback = new Feedback(device, ledger, {
    capacity: planBudget(budgetBytes, NO_TEXTURES).feedbackKeys,
    label: `${label} feedback`,
  });
  const uploader = new TileUploader(device, ledger, {
    maxBytes: budgetBytes,
    label: `${label} staging`,
  });
  const residency = new Residency();
  const textures = new Map<number, TextureState>();
  const wakeUp = new WakeUp();
  const changes = new SerialQueue();
  const guard = new CallGuard(label);
  const shared = {
    device,
    settings,
    ledger,
    residency,
    feedback,
    textures,
    wakeUp,
    changes,
    guard,
  };
  const journal = new SubmitJournal(shared);
  const pools = new PoolSet({ ...shared, journal });
  const { plan } = pools;
  const waits = new QueueWaits({
    share: settings.gpuWaitShare,
    blocks: queueWaitBlocks(),
    clock: settings.clock,
  });
  const landing = new Landing({ ...shared, journal, plan, waits });
  const inFlight = new InFlightBudget(
    ledger,
    plan,
    () => waits.mayWait && waits.measure(() => device.submits.waitNow()),
  );
  const uniforms = new FrameUniforms({ ...shared, pools });
  const frames = new FrameRunner({ ...shared, pools, landing, journal, waits, uniforms });
  const set = new TextureSet({ ...shared, pools, journal, feedbackLoop: frames.feedbackLoop });
  const waiter = new TileWaiter({ ...shared, landing, journal, uniforms, frames, pools });
  const stopListening = device.health.subscribeLoss(wakeUp.notify);
  return {
    ...shared,
    uploader,
    journal,
    pools,
    plan,
    inFlight,
    landing,
    frames,
    set,
    waiter,
    free() {
      stopListening();
      guard.run(() => [...textures.values()].forEach((texture) => set.removeTexture(texture)));
      pools.destroy();
      feedback.destroy();
    },
  };
}

/** Makes a system's parts, again if the device turns out to have refused something of them. */
export class SystemMaker {
  readonly #device: ForgeDevice;
  readonly #settings: SystemSettings;
  /** Told of what files say and the library ignores; outlives parts that are made again. */
  readonly ignoredWarning: IgnoredWarning;
  #parts: SystemParts;
  #report: Promise<DeviceError | null>;

  /** @throws {BudgetError} naming the minimum if the budget cannot hold even an empty system. */
  constructor(device: ForgeDevice, settings: SystemSettings) {
    this.#device = device;
    this.#settings = settings;
    this.ignoredWarning = new IgnoredWarning(settings);
    const { value, error } = this.#make();
    this.#parts = value;
    this.#report = error;
  }

  /** The parts, which may be replaced until {@linkcode ready} has resolved. */
  get parts(): SystemParts {
    return this.#parts;
  }

  #make() {
    const { label } = this.#settings;
    return this.#device.guard(
      `making ${label}`,
      () => buildSystem(this.#device, this.#settings),
    );
  }

  /**
   * Waits until the device has accepted the parts; textures may be added to them only then.
   *
   * @throws {DeviceError} if the device is lost, or keeps refusing them; the next call tries again.
   * @throws The signal's reason.
   */
  async ready(signal: AbortSignal): Promise<SystemParts> {
    for (let attempt = 1;; attempt++) {
      const report = this.#report;
      const failure = await this.#device.health.unlessLost(report, signal);
      if (failure === null) return this.#parts;
      if (report !== this.#report) continue;
      if (attempt >= MAX_ATTEMPTS) throw failure;
      const { value, error } = this.#make();
      this.#parts.free();
      this.#parts = value;
      this.#report = error;
    }
  }
}
