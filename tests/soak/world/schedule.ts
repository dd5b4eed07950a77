/**
 * When each step of a soak is due: at random, and never later than a bound.
 *
 * @module
 */

import type { StepLog } from "./step_log.ts";

/** Something that is done to the world now and then. */
export interface Step<World> {
  readonly name: string;
  /** Mean of the frames from one to the next; at most 1.5 times that. */
  readonly everyFrames: number;
  /** Kinds of things that it brings about, at once or later. */
  readonly kinds: readonly string[];
  /** Does it; false if it cannot be done now, and is to be tried again in the next frame. */
  run(world: World): boolean | Promise<boolean>;
}

/** Draws the frames in which steps are due. */
export class Schedule<World> {
  readonly #random: () => number;
  readonly #due = new Map<Step<World>, number>();

  constructor(steps: readonly Step<World>[], log: StepLog, random: () => number) {
    this.#random = random;
    for (const step of steps) {
      for (const kind of step.kinds) log.expect(kind);
      // The first of each comes early, so that short runs have them all.
      this.#due.set(step, Math.ceil(random() * step.everyFrames));
    }
  }

  /** Steps that are due in a frame. */
  dueSteps(frame: number): Step<World>[] {
    return [...this.#due].filter(([, due]) => due <= frame).map(([step]) => step);
  }

  /** Puts a step that was done off to its next time. */
  noteDone(step: Step<World>, frame: number): void {
    this.#due.set(step, frame + Math.ceil((0.5 + this.#random()) * step.everyFrames));
  }
}
