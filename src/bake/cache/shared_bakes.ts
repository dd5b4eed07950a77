/**
 * Bakes that several callers in one process wait for.
 *
 * @module
 */

import { BudgetError, DeviceError, DisposedError } from "../../errors.ts";
import { unlessAborted } from "../../waiting.ts";
import type { ProgressReport } from "../progress.ts";

/** One who waits for a bake. */
export interface BakeCaller {
  /** Ends this caller's wait; the last one's ends the bake. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the progress, even if another caller began the bake. */
  readonly onProgress?: ((report: ProgressReport) => void) | undefined;
}

/** Makes something, unless it is there by then; tells whether it was made. */
export type Bake = (work: BakeWork) => Promise<boolean>;

/** What a bake gets from those who wait for it. */
export interface BakeWork {
  /** Aborted once nobody waits any more. */
  readonly signal: AbortSignal;
  /** Tells everyone who waits how far it is. */
  readonly onProgress: (report: ProgressReport) => void;
}

/** A bake that runs, for its callers. */
class SharedBake {
  readonly #abort = new AbortController();
  /** What ends each caller's wait before the bake ends. */
  readonly #callers = new Map<BakeCaller, (reason: unknown) => void>();
  readonly #work: Promise<boolean>;
  /** The caller whose device is used. */
  readonly #leader: BakeCaller;
  readonly #onEnd: () => void;
  #leaderLeft = false;
  #ended = false;
  #last: ProgressReport | null = null;

  constructor(bake: Bake, leader: BakeCaller, onEnd: () => void) {
    this.#leader = leader;
    this.#onEnd = () => {
      this.#ended = true;
      onEnd();
    };
    // Begins once the leader has joined, so that it hears the first report.
    this.#work = Promise.resolve().then(() =>
      bake({ signal: this.#abort.signal, onProgress: (report) => this.#report(report) })
    ).finally(this.#onEnd);
    this.#work.catch(() => undefined);
  }

  /** Whether another caller may succeed where this bake has failed. */
  isLeadersFailure(error: unknown, caller: BakeCaller): boolean {
    if (caller === this.#leader) return false;
    return this.#leaderLeft || error instanceof DeviceError || error instanceof DisposedError ||
      error instanceof BudgetError;
  }

  /** Waits for the bake as one of its callers. */
  async join(caller: BakeCaller): Promise<boolean> {
    const { promise: left, reject } = Promise.withResolvers<never>();
    this.#callers.set(caller, reject);
    if (this.#last !== null) this.#tell(caller, this.#last);
    try {
      return await unlessAborted(Promise.race([this.#work, left]), caller.signal);
    } catch (error) {
      if (!this.#ended) await this.#leave(caller, error);
      throw error;
    }
  }

  async #leave(caller: BakeCaller, reason: unknown): Promise<void> {
    this.#callers.delete(caller);
    this.#leaderLeft ||= caller === this.#leader;
    if (this.#callers.size > 0) return;
    this.#onEnd();
    this.#abort.abort(reason);
    // Nothing is left behind when the last caller hears of it.
    await this.#work.catch(() => undefined);
  }

  #report(report: ProgressReport): void {
    this.#last = report;
    for (const caller of this.#callers.keys()) this.#tell(caller, report);
  }

  /** A caller whose listener throws waits no longer; that does not concern the others. */
  #tell(caller: BakeCaller, report: ProgressReport): void {
    try {
      caller.onProgress?.(report);
    } catch (error) {
      this.#callers.get(caller)?.(error);
    }
  }
}

/** Bakes that run in this process, by the file that they make. */
const running = new Map<string, SharedBake>();

/**
 * Bakes a file, or waits for the bake of it that runs already. If that fails for a reason of the
 * caller who began it, such as a lost device, the next caller bakes.
 *
 * @param path The file, by a path that is the same for all callers.
 * @returns Whether a bake was made.
 * @throws What the bake throws, or the reason of the caller's signal.
 */
export async function shareBake(path: string, bake: Bake, caller: BakeCaller): Promise<boolean> {
  // An object of this call's own, by which it is known.
  const own = { ...caller };
  for (;;) {
    own.signal?.throwIfAborted();
    const shared = running.get(path) ?? beginBake(path, bake, own);
    try {
      return await shared.join(own);
    } catch (error) {
      if (own.signal?.aborted || !shared.isLeadersFailure(error, own)) throw error;
    }
  }
}

function beginBake(path: string, bake: Bake, leader: BakeCaller): SharedBake {
  const shared: SharedBake = new SharedBake(bake, leader, () => {
    if (running.get(path) === shared) running.delete(path);
  });
  running.set(path, shared);
  return shared;
}
