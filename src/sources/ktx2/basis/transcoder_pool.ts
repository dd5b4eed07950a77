/**
 * The workers that transcode Basis Universal, shared by everything in a process that does.
 *
 * Where workers cannot be started, as in the process of a script, or have no transcoder, images are
 * transcoded in the caller's thread, one in a turn of the event loop.
 *
 * @module
 */

import { thrownText } from "../../../checks.ts";
import { sleep } from "../../../waiting.ts";
import { transcodeImage, type TranscodeJob, type TranscodeOutcome } from "./transcode_image.ts";

/** Most workers: each has some 60 MiB of its own. */
const MOST_WORKERS = 4;
/** Milliseconds after which a worker without work ends: starting one takes half a second. */
const IDLE_MS = 500;

/** What became of a job that was sent to a worker. */
export type PoolOutcome = TranscodeOutcome | { readonly lost: string };

/** The part of a worker that is used here. */
export interface TranscodeWorker {
  onmessage: ((event: MessageEvent<TranscodeOutcome>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: TranscodeJob): void;
  terminate(): void;
}

/** Options of {@linkcode TranscoderPool}. */
export interface PoolOptions {
  /** Starts a worker. Default: a module worker of this room. */
  readonly startWorker?: () => TranscodeWorker;
  /** Most workers. Default: processors, at most 4. */
  readonly mostWorkers?: number;
  /** Milliseconds after which a worker without work ends. */
  readonly idleMs?: number;
}

/** How long a job may take, and what cancels it. */
export interface RunOptions {
  /** Seconds after which its worker is ended. Nothing ends work in the caller's own thread. */
  readonly seconds: number;
  readonly signal?: AbortSignal | undefined;
}

/** A worker that is free, and what ends it soon. */
interface IdleWorker {
  readonly worker: TranscodeWorker;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Runs jobs on a few workers. */
export class TranscoderPool {
  readonly #startWorker: () => TranscodeWorker;
  readonly #idleMs: number;
  readonly #most: number;
  readonly #idle: IdleWorker[] = [];
  readonly #waiting: (() => void)[] = [];
  /** Workers that have done some work: that they were started does not say that they can. */
  readonly #proven = new WeakSet<TranscodeWorker>();
  #busy = 0;
  /** Why there are no workers; null while there may be some. */
  #refusal: string | null = null;

  constructor({ startWorker, mostWorkers, idleMs }: PoolOptions = {}) {
    this.#startWorker = startWorker ?? startModuleWorker;
    this.#most = mostWorkers ??
      Math.max(1, Math.min(MOST_WORKERS, globalThis.navigator?.hardwareConcurrency ?? 1));
    this.#idleMs = idleMs ?? IDLE_MS;
  }

  /** Jobs that run at the same time: more of them wait. */
  get parallelJobs(): number {
    return this.#refusal === null ? this.#most : 1;
  }

  /** Why jobs run in the caller's thread; null if they do not, as far as is known. */
  get refusal(): string | null {
    return this.#refusal;
  }

  /**
   * Runs a job.
   *
   * @returns What became of it; `lost` if its worker died or took too long.
   * @throws The signal's reason.
   */
  async run(job: TranscodeJob, { seconds, signal }: RunOptions): Promise<PoolOutcome> {
    await this.#takeTurn(signal);
    try {
      signal?.throwIfAborted();
      const worker = this.#takeWorker();
      if (worker !== null) {
        const outcome = await this.#runOn(worker, job, { seconds, signal });
        if (outcome !== null) return outcome;
      }
      // So that others have their turn between two images.
      await sleep(0, signal);
      return await transcodeImage(job);
    } finally {
      this.#busy--;
      this.#waiting.shift()?.();
    }
  }

  async #takeTurn(signal: AbortSignal | undefined): Promise<void> {
    while (this.#busy >= this.parallelJobs) {
      signal?.throwIfAborted();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#busy++;
  }

  #takeWorker(): TranscodeWorker | null {
    if (this.#refusal !== null) return null;
    const idle = this.#idle.pop();
    if (idle !== undefined) {
      clearTimeout(idle.timer);
      return idle.worker;
    }
    try {
      return this.#startWorker();
    } catch (error) {
      this.#refusal = thrownText(error);
      return null;
    }
  }

  /** What a worker says; null if it cannot do the work, and nothing but this thread can. */
  async #runOn(
    worker: TranscodeWorker,
    job: TranscodeJob,
    { seconds, signal }: RunOptions,
  ): Promise<PoolOutcome | null> {
    const { promise, resolve, reject } = Promise.withResolvers<PoolOutcome>();
    const onAbort = () => reject(signal!.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    const timer = setTimeout(() => resolve({ lost: "it takes too long" }), seconds * 1000);
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      const kind = this.#proven.has(worker) ? "lost" : "missing";
      resolve({ [kind]: event.message } as PoolOutcome);
    };
    let outcome: PoolOutcome;
    try {
      worker.postMessage(job);
      outcome = await promise;
    } catch (error) {
      worker.terminate();
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      worker.onmessage = null;
      worker.onerror = null;
    }
    if ("missing" in outcome) {
      worker.terminate();
      this.#refusal = outcome.missing;
      return null;
    }
    if ("lost" in outcome) {
      worker.terminate();
    } else {
      this.#proven.add(worker);
      this.#keepIdle(worker);
    }
    return outcome;
  }

  #keepIdle(worker: TranscodeWorker): void {
    const timer = setTimeout(() => {
      const at = this.#idle.findIndex((idle) => idle.worker === worker);
      if (at >= 0) this.#idle.splice(at, 1);
      worker.terminate();
    }, this.#idleMs);
    this.#idle.push({ worker, timer });
  }

  /** Ends the workers that are free. Those that work end once they have been free for a while. */
  endIdleWorkers(): void {
    for (const { worker, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      worker.terminate();
    }
  }
}

function startModuleWorker(): TranscodeWorker {
  return new Worker(new URL("./transcode_worker.ts", import.meta.url), {
    type: "module",
    name: "forge3d: transcoding",
  });
}

/** The pool of this process. */
export const transcoders: TranscoderPool = new TranscoderPool();
