/**
 * Progress of a bake.
 *
 * @module
 */

/** One report of progress. */
export interface ProgressReport {
  /** Current phase: "decode", "bake" or "write", or "wait" while another process bakes. */
  readonly phase: string;
  /** Fraction of all the work that is done, 0 to 1; never decreases. */
  readonly fraction: number;
}

/** Combines phases that each count from 0 to 1. */
export class BakeProgress {
  readonly #phases: readonly (readonly [name: string, share: number])[];
  readonly #listener: ((report: ProgressReport) => void) | undefined;
  #reached = 0;

  /** @param phases Names and shares of the whole, in order; the shares add up to 1. */
  constructor(
    phases: readonly (readonly [name: string, share: number])[],
    listener: ((report: ProgressReport) => void) | undefined,
  ) {
    this.#phases = phases;
    this.#listener = listener;
  }

  /** Returns the function to which a phase reports. */
  phase(name: string): (fraction: number) => void {
    const index = this.#phases.findIndex(([phase]) => phase === name);
    const before = this.#phases.slice(0, index).reduce((sum, [, share]) => sum + share, 0);
    const share = this.#phases[index]![1];
    return (fraction) => {
      this.#reached = Math.max(this.#reached, Math.min(1, before + fraction * share));
      this.#listener?.({ phase: name, fraction: this.#reached });
    };
  }
}
