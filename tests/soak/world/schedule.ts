/**
 * When each step of a soak is due: at random, and never later than a bound.
 *
 * @module
 */

import { seededRandom } from "../../helpers/random.ts";
import type { StepLog } from "./step_log.ts";

/** Far from the seeds that are next to each other. */
const STEP_SEED = 0x51ed27;

/** Something that is done to the world now and then. */
export interface Step<World> {
  readonly name: string;
  /** Mean of the frames from one to the next at the closest pace; at most 1.5 times that. */
  readonly everyFrames: number;
  /** Kinds of things that it brings about, at once or later. */
  readonly kinds: readonly string[];
  /** Does it; false if it cannot be done now, and is to be tried again in the next frame. */
  run(world: World): boolean | Promise<boolean>;
}

/** When a step is due, and the random numbers that say so: its own, so that nothing else moves it. */
interface DueStep<World> {
  readonly step: Step<World>;
  readonly random: () => number;
  frame: number;
}

/** Draws the frames in which steps are due. */
export class Schedule<World> {
  readonly #due: DueStep<World>[];
  /** Times as many frames as there are at the closest pace. */
  readonly #pace: number;

  constructor(
    steps: readonly Step<World>[],
    log: StepLog,
    { seed, pace }: { readonly seed: number; readonly pace: number },
  ) {
    this.#pace = pace;
    this.#due = steps.map((step, i) => {
      for (const kind of step.kinds) log.expect(kind);
      const random = seededRandom(seed + STEP_SEED * (i + 1));
      // The first of each comes early, so that short runs have them all.
      return { step, random, frame: Math.ceil(pace * random() * step.everyFrames) };
    });
  }

  /** Does the steps that are due in a frame. */
  async runDueSteps(world: World, frame: number): Promise<void> {
    for (const due of this.#due) {
      if (due.frame > frame || !await due.step.run(world)) continue;
      due.frame = frame + Math.ceil(this.#pace * (0.5 + due.random()) * due.step.everyFrames);
    }
  }
}
