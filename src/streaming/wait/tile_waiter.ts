/**
 * Waiting for the tiles that updates have asked for.
 *
 * @module
 */

import { checkedNumber } from "../../checks.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";
import type { Residency } from "../../residency/mod.ts";
import type { PoolSet } from "../memory/pool_set.ts";
import type { SystemSettings } from "../options.ts";
import type { SerialQueue } from "../serial_queue.ts";
import type { FrameUniforms } from "../submit/frame_uniforms.ts";
import type { FrameRunner } from "../frame/frame_runner.ts";
import type { Landing } from "../frame/landing.ts";
import { RoomWait } from "./room_wait.ts";
import type { TextureState } from "../texture_state.ts";
import type { SubmitJournal } from "../submit/submit_journal.ts";
import type { WakeUp } from "./wake_up.ts";

/** Options of `VirtualTextureSystem.finishUpdate`. */
export interface WaitOptions {
  /**
   * How long to wait for tiles at most, in milliseconds, within the update's limits of tiles, bytes
   * and time; for the first of them twice as long as the update itself took, if that is longer and the time is
   * not 0. Infinity waits for those, as long as it takes. Null (default) waits for everything that is wanted, as long as it takes: the limits
   * then apply to each submit, and what is left out cannot fit or be read.
   */
  readonly timeBudgetMs?: number | null;
  /** Ends the wait: the call rejects with the signal's reason, and what was asked for goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** Part of its time budget that an update lands tiles for that have come when the time is up. */
const LATE_PART = 1 / 4;

/** Part of the time that a frame took for which an update waits for its first tile. */
const FIRST_TILE_PART = 2;

/** Turns one after another in which nothing lands after which what is held up counts as left out. */
const MOST_IDLE_TURNS = 200;

/** What waiting works with; all of it is borrowed. */
export interface TileWaiterParts {
  readonly device: ForgeDevice;
  readonly residency: Residency;
  readonly landing: Landing;
  readonly journal: SubmitJournal;
  readonly uniforms: FrameUniforms;
  readonly wakeUp: WakeUp;
  readonly frames: FrameRunner;
  /** Loads and unloads: while pools are moved no tiles land. */
  readonly changes: SerialQueue;
  readonly pools: PoolSet;
  readonly settings: SystemSettings;
  readonly textures: ReadonlyMap<number, TextureState>;
}

/** Waits for tiles and lets them land as they come. */
export class TileWaiter {
  readonly #parts: TileWaiterParts;
  #isStopped = false;

  constructor(parts: TileWaiterParts) {
    this.#parts = parts;
  }

  /** Makes every pending wait return. */
  stop(): void {
    this.#isStopped = true;
    this.#parts.wakeUp.notify();
  }

  /**
   * Waits until nothing is in flight, and, without a time budget, nothing more can be asked for; with
   * one, until the update's limits are reached or the time is up. If nothing has landed by then, it waits for the
   * first tile twice as long as the frame before has taken, if that is longer: a first frame is slow, and so are
   * its reads. What has come lands still, for a part of the time budget more.
   *
   * @returns Whether there was anything to wait for.
   * @throws {OutOfRangeError} if the time budget is negative or not a number.
   * @throws {BudgetError} if memory stays too short for a finished tile.
   * @throws {DeviceError} if the device is lost, or keeps refusing what is submitted.
   */
  async waitForTiles(options: WaitOptions): Promise<boolean> {
    const { device, residency, landing, journal, uniforms, wakeUp, frames, settings } = this.#parts;
    const { clock } = settings;
    const { signal } = options;
    const watch = journal.watch();
    const timeBudgetMs = checkedTimeBudget(options.timeBudgetMs);
    const startMs = clock();
    const deadlineMs = timeBudgetMs === null ? Infinity : startMs + timeBudgetMs;
    // A budget of 0 is no wish to wait.
    const firstTileMs = timeBudgetMs === 0 ? 0 : startMs + FIRST_TILE_PART * frames.workMs;
    const room = new RoomWait(this.#parts);
    let waited = false;
    let isAnyLanded = false;
    let idleTurns = 0;
    // Without a turn of the event loop, nothing that was asked for would ever come.
    const passTurn = async () => {
      await wakeUp.waitForChange({ timeoutMs: 1, signal });
      return ++idleTurns <= MOST_IDLE_TURNS;
    };
    while (!this.#isStopped) {
      signal?.throwIfAborted();
      device.assertAlive();
      watch.checkedFailures();
      if (timeBudgetMs === null) frames.refill();
      else if (frames.isSpent) break;
      else if (clock() >= deadlineMs) {
        if (!waited || isAnyLanded) break;
        if (landing.finishedCount === 0 && clock() >= firstTileMs) break;
      }
      const isHeldUp = landing.finishedCount === 0 && residency.isHeldUp;
      // What failed to be submitted is waited for, too.
      if (isHeldUp) await journal.settle(signal);
      if (residency.pendingCount === 0 || isHeldUp) {
        const isMore = timeBudgetMs === null
          ? await this.#askForMore(signal)
          : isHeldUp && frames.admitMore() > 0;
        if (!isMore && (timeBudgetMs !== null || residency.pendingCount === 0)) break;
        if (!isMore && landing.finishedCount === 0 && residency.isHeldUp) {
          frames.refuseNeeds();
          if (await passTurn()) continue;
          break;
        }
      }
      waited = true;
      if (landing.finishedCount === 0) {
        // What was asked for just now may wait for others, too.
        if (timeBudgetMs === null && residency.isHeldUp) {
          if (await passTurn()) continue;
          break;
        }
        const untilMs = isAnyLanded ? deadlineMs : Math.max(deadlineMs, firstTileMs);
        const isInTime = await wakeUp.waitForChange({ timeoutMs: untilMs - clock(), signal });
        // What came while something else held the thread is late, and is there.
        if (!isInTime && (isAnyLanded || landing.finishedCount === 0)) break;
        if (landing.finishedCount === 0) continue;
      }
      const isLate = timeBudgetMs !== null && clock() >= deadlineMs;
      const landed = frames.landMore(
        isLate ? clock() + LATE_PART * timeBudgetMs : deadlineMs,
      );
      if (landed > 0) {
        room.reset();
        idleTurns = 0;
      } else if (isLate) break;
      else if (landing.finishedCount > 0) {
        await room.waitForRoom(this.#parts.textures.values(), signal);
      }
      isAnyLanded ||= landed > 0;
      if (isLate) break;
    }
    if (this.#isStopped) return waited;
    await journal.settle(signal);
    await uniforms.settle(signal);
    await this.#evenPools();
    return waited;
  }

  /**
   * Asks for more tiles: if need be once those of the last submit have given their memory back, pools
   * have been moved, and the GPU is done with what was destroyed.
   *
   * @returns Whether any was asked for.
   */
  async #askForMore(signal: AbortSignal | undefined): Promise<boolean> {
    const { device: { submits }, frames, journal, changes, residency } = this.#parts;
    const waits = [
      { isNeeded: () => journal.isUnconfirmed, wait: () => journal.waitForReport(signal) },
      { isNeeded: () => changes.isBusy, wait: () => changes.waitForTurn(signal) },
      {
        isNeeded: () => submits.completed < submits.lastSubmitted,
        wait: () => submits.wait(undefined, signal),
      },
    ];
    if (frames.admitMore() > 0) return true;
    for (const { isNeeded, wait } of waits) {
      if (this.#isStopped || residency.queuedCount === 0) return false;
      if (!isNeeded()) continue;
      await wait();
      if (!this.#isStopped && frames.admitMore() > 0) return true;
    }
    return false;
  }

  /** Gives pools their shares that an earlier failure has kept from them, now that submits succeed. */
  async #evenPools(): Promise<void> {
    const { changes, pools, device } = this.#parts;
    if (!pools.isUneven || changes.isBusy) return;
    try {
      await changes.enqueue(() => pools.rebalance());
    } catch {
      // The next wait tries again; what is loaded is shown as well as the pools allow.
      device.assertAlive();
    }
  }
}

/**
 * Checks a time budget; null for none.
 *
 * @throws {InvalidArgumentError} if it is not a number.
 * @throws {OutOfRangeError} if it is negative or NaN.
 */
export function checkedTimeBudget(timeBudgetMs: number | null | undefined): number | null {
  if (timeBudgetMs === null || timeBudgetMs === undefined) return null;
  return checkedNumber(timeBudgetMs, {
    name: "timeBudgetMs",
    failure: "Cannot wait for tiles",
    range: [0, Infinity],
  });
}
