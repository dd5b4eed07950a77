/**
 * Making a texture's tail resident, so that its first picture is never empty.
 *
 * @module
 */

import { DisposedError, MalformedFileError } from "../../errors.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";
import type { Residency } from "../../residency/mod.ts";
import type { DrawBudget } from "../draw_limits.ts";
import { landingBudget } from "../frame/frame_budget.ts";
import type { Landing } from "../frame/landing.ts";
import { RoomWait } from "../wait/room_wait.ts";
import type { SubmitJournal } from "../submit/submit_journal.ts";
import { waitForMemory } from "../wait/wait_for_memory.ts";
import type { WakeUp } from "../wait/wake_up.ts";
import type { PoolSet } from "../memory/pool_set.ts";
import type { CallGuard } from "../call_guard.ts";
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
  readonly pools: PoolSet;
  readonly changes: SerialQueue;
  readonly settings: SystemSettings;
  readonly drawBudget: DrawBudget;
  readonly guard: CallGuard;
}

/** A texture whose tail is wanted, and when to cancel. */
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
 * @throws {BudgetError} if memory stays too short for a finished tile.
 * @throws {DeviceError} if the device is lost, or keeps refusing what is submitted.
 * @throws The signal's reason.
 */
export async function loadTail(parts: TailLoaderParts, request: TailRequest): Promise<void> {
  const { device, landing, journal, settings, guard, drawBudget } = parts;
  const { texture, signal, isClosed } = request;
  const room = new RoomWait(parts);
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
    guard.run(() => requestMissing(parts.residency, texture, missing));
    // Without a frame nothing would ask for what they wait for.
    guard.run(() => texture.producer.stopWaiting?.());
    if (texture.producer.finishedCount === 0) {
      await waitForFinished(parts, request);
      if (texture.producer.finishedCount === 0) continue;
    }
    const landed = guard.run(() =>
      landing.landTiles(landingBudget(settings, drawBudget), { frame: 0, texture })
    );
    if (texture.lastFailure !== null) throw texture.lastFailure;
    dropResident(texture, missing);
    if (landed > 0 || missing.length === 0) room.reset();
    else if (texture.producer.finishedCount > 0) await room.waitForRoom([texture], signal);
    // What has come found no slot: tiles in flight held the memory when the pool was made larger.
    else await parts.changes.enqueue(() => parts.pools.rebalance(), signal);
  }
  await journal.settle(signal);
}

/** Waits for a tile to finish, or, if none could be asked for, for memory. */
async function waitForFinished(parts: TailLoaderParts, request: TailRequest): Promise<void> {
  const { signal, texture } = request;
  if (texture.residency.pendingCount > 0) await parts.wakeUp.waitForChange({ signal });
  else await waitForMemory(parts, signal);
}

/** Before everything that frames want. */
const TAIL_PRIORITY = 2 ** 52;

function tailOf({ grid }: TextureState): number[] {
  return Array.from({ length: grid.tailTileCount }, (_, i) => grid.tailFirstTile + i);
}

/** Asks for the tiles that are not in flight; what finds no room is asked for again. */
function requestMissing(residency: Residency, texture: TextureState, missing: number[]): void {
  const { producer, description } = texture;
  for (const [i, tile] of missing.entries()) {
    if (texture.residency.isPending(tile)) continue;
    const version = texture.residency.versions.newest;
    // One tile is let through while others hold all the memory for tiles in flight.
    const answer = producer.request(tile, version, i === 0 ? Infinity : TAIL_PRIORITY);
    if (answer === "saturated") break;
    if (answer === "invalid") {
      throw new MalformedFileError(
        description.name,
        `Cannot load ${description.name} as its producer has no tile ${tile}, which is one of its ` +
          `coarsest`,
      );
    }
    residency.notePending(texture.residency, tile, version);
  }
}

function dropResident(texture: TextureState, missing: number[]): void {
  for (let i = missing.length - 1; i >= 0; i--) {
    if (texture.residency.slotOf.has(missing[i]!)) missing.splice(i, 1);
  }
}
