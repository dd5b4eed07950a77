/**
 * Progress of a bake.
 *
 * @module
 */

/** One report of progress. */
export interface ProgressReport {
  /** Current phase: "decode", "bake" or "write". */
  readonly phase: string;
  /** Fraction of all the work that is done, 0 to 1; never decreases. */
  readonly fraction: number;
}

/** Combines phases that each count from 0 to 1. */
export class BakeProgress {
  readonly #phases: readonly (readonly [name: string, share: number])[];
  readonly #listener: ((report: ProgressReport) => void) | undefined;
  readonly #failed = new AbortController();
  /** Aborted with the caller's signal, and with what the caller's listener throws. */
  readonly signal: AbortSignal;
  #reached = 0;

  /**
   * @param phases Names and shares of the whole, in order; the shares add up to 1.
   * @param caller The listener that is told, and the signal that cancels the bake.
   */
  constructor(
    phases: readonly (readonly [name: string, share: number])[],
    caller: {
      readonly onProgress?: (report: ProgressReport) => void;
      readonly signal?: AbortSignal | undefined;
    },
  ) {
    this.#phases = phases;
    this.#listener = caller.onProgress;
    const signals = caller.signal === undefined ? [] : [caller.signal];
    this.signal = AbortSignal.any([this.#failed.signal, ...signals]);
  }

  /** Returns the function to which a phase reports. */
  phase(name: string): (fraction: number) => void {
    const index = this.#phases.findIndex(([phase]) => phase === name);
    const before = this.#phases.slice(0, index).reduce((sum, [, share]) => sum + share, 0);
    const share = this.#phases[index]![1];
    return (fraction) => {
      this.#reached = Math.max(this.#reached, Math.min(1, before + fraction * share));
      this.#tell({ phase: name, fraction: this.#reached });
    };
  }

  /** Throws what the listener has thrown: the last report comes when all is done. */
  assertTold(): void {
    this.#failed.signal.throwIfAborted();
  }

  /** Some reports come from timers, where what a listener throws would end the process. */
  #tell(report: ProgressReport): void {
    if (this.#failed.signal.aborted) return;
    try {
      this.#listener?.(report);
    } catch (error) {
      this.#failed.abort(error);
    }
  }
}
