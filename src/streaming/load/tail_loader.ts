/**
 * Making a texture's tail resident, so that its first picture is never empty.
 *
 * @module
 */

import { DisposedError, MalformedFileError } from "../../errors.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";
import type { Residency } from "../../residency/mod.ts";
import { landingBudget } from "../frame/frame_budget.ts";
import type { Landing } from "../frame/landing.ts";
import type { SubmitJournal } from "../frame/submit_journal.ts";
import type { WakeUp } from "../frame/wake_up.ts";
import type { MemoryPlan } from "../memory/memory_plan.ts";
import type { SystemSettings } from "../options.ts";
import type { SerialQueue } from "../serial_queue.ts";
import type { TextureState } from "../texture_state.ts";

/** What loading a tail works with; all of it is borrowed. */
export interface TailLoaderParts {
  readonly device: ForgeDevice;
  readonly residency: Residency;
  readonly landing: Landing;
  readonly journal: SubmitJournal;
  readonly wakeUp: WakeUp;
  readonly plan: MemoryPlan;
  readonly changes: SerialQueue;
  readonly settings: SystemSettings;
}

/** A texture whose tail is wanted, and when to give up. */
export interface TailRequest {
  readonly texture: TextureState;
  readonly signal?: AbortSignal | undefined;
  /** Whether the system was closed meanwhile. */
  readonly isClosed: () => boolean;
}

/**
 * Asks a texture's own supply for the tiles of its tail and lets them land, like any others.
 *
 * @throws What made a tile of the tail impossible.
 * @throws {DeviceError} if the device is lost, or keeps refusing what is submitted.
 * @throws The signal's reason.
 */
export async function loadTail(parts: TailLoaderParts, request: TailRequest): Promise<void> {
  const { device, landing, journal, wakeUp, plan, changes, settings } = parts;
  const { texture, signal, isClosed } = request;
  const missing = tailOf(texture);
  const watch = journal.watch();
  while (missing.length > 0) {
    signal?.throwIfAborted();
    device.assertAlive();
    watch.checkedFailures();
    if (isClosed()) {
      const { label } = settings;
      throw new DisposedError(label, `Cannot load texture as system "${label}" was closed`);
    }
    const isSaturated = requestMissing(parts.residency, texture, missing);
    if (texture.producer.finishedCount === 0) {
      // Nobody says when memory for tiles in flight is free again.
      await wakeUp.waitForChange({ signal, timeoutMs: isSaturated ? RETRY_MS : Infinity });
      if (isSaturated) await device.submits.wait(undefined, signal);
      if (texture.producer.finishedCount === 0) continue;
    }
    const landed = landing.landTiles(landingBudget(settings), { frame: 0, texture });
    if (texture.lastFailure !== null) throw texture.lastFailure;
    dropResident(texture, missing);
    if (landed > 0 || texture.producer.finishedCount === 0) continue;
    if (journal.isUnconfirmed) await journal.waitForReport(signal);
    else if (plan.isMoving) await changes.waitForTurn(signal);
    else await device.submits.wait(undefined, signal);
  }
  await journal.settle(signal);
}

/** Before everything that frames want. */
const TAIL_PRIORITY = 2 ** 52;

function tailOf({ grid }: TextureState): number[] {
  return grid.levels.slice(grid.tailLevel).map(({ firstTile }) => firstTile);
}

/** Milliseconds after which tiles that found no room are asked for again. */
const RETRY_MS = 10;

/** Asks for the tiles that are not in flight; whether some found no room. */
function requestMissing(residency: Residency, texture: TextureState, missing: number[]): boolean {
  const { producer, description } = texture;
  for (const [i, tile] of missing.entries()) {
    if (texture.residency.isPending(tile)) continue;
    const version = texture.residency.versions.newest;
    // One tile is let through while others hold all the memory for tiles in flight.
    const answer = producer.request(tile, version, i === 0 ? Infinity : TAIL_PRIORITY);
    if (answer === "saturated") return true;
    if (answer === "invalid") {
      throw new MalformedFileError(
        description.name,
        `Cannot load ${description.name} as its producer has no tile ${tile}, which is one of its ` +
          `coarsest`,
      );
    }
    residency.notePending(texture.residency, tile, version);
  }
  return false;
}

function dropResident(texture: TextureState, missing: number[]): void {
  for (let i = missing.length - 1; i >= 0; i--) {
    if (texture.residency.slotOf.has(missing[i]!)) missing.splice(i, 1);
  }
}
