/**
 * What a soak is: `tests/soak/run_soak.ts`, which exports `runSoak`.
 *
 * @module
 */

/** How a soak is run. */
export interface SoakOptions {
  /** The same number, the same random numbers; when a step can be taken depends on time, too. */
  readonly seed: number;
  /** Frames after which it ends. */
  readonly frames?: number | undefined;
  /** Minutes after which it ends, if the frames have not ended before. */
  readonly minutes?: number | undefined;
  /** Frames from one rest to the next, at which everything is compared and measured. */
  readonly restFrames?: number | undefined;
  /** How many times as many frames as in the shortest soaks pass from one step to the next. */
  readonly pace?: number | undefined;
  /** Ends it early. */
  readonly signal?: AbortSignal | undefined;
  /** Told after each frame. */
  readonly onFrame?: ((progress: SoakProgress) => void) | undefined;
}

/** How far a soak is. */
export interface SoakProgress {
  readonly frame: number;
  readonly minutes: number;
  /** Steps of all kinds so far. */
  readonly steps: number;
  /** Rests so far. */
  readonly rests: number;
}

/** How often something happened. */
export interface SoakCount {
  readonly name: string;
  readonly count: number;
  /** Most frames without it. */
  readonly largestGap: number;
}

/** How a figure has grown. */
export interface SoakFigure {
  readonly name: string;
  readonly unit: string;
  readonly first: number;
  readonly last: number;
  /** Most that it may grow. */
  readonly most: number;
}

/** What a soak has done. */
export interface SoakReport {
  readonly frames: number;
  readonly minutes: number;
  readonly counts: readonly SoakCount[];
  readonly figures: readonly SoakFigure[];
  /** Name of the adapter. */
  readonly adapter: string;
}

/** What a soak has found. */
export class SoakError extends Error {
  override readonly name = "SoakError";
  readonly seed: number;
  /** Frame in which it was found. */
  readonly frame: number;

  constructor(message: string, init: { seed: number; frame: number; cause?: unknown }) {
    super(message, { cause: init.cause });
    this.seed = init.seed;
    this.frame = init.frame;
  }
}

/** Runs a soak. */
export type RunSoak = (options: SoakOptions) => Promise<SoakReport>;
