/**
 * What cameras do, and how updates are waited for.
 *
 * @module
 */

import type { Step } from "../world/schedule.ts";
import type { SoakWorld } from "../world/world.ts";

/** A step that is done at once, and is of one kind. */
function simple(
  name: string,
  everyFrames: number,
  run: (world: SoakWorld) => void,
): Step<SoakWorld> {
  return {
    name,
    everyFrames,
    kinds: [name],
    run(world) {
      run(world);
      world.log.note(name);
      return true;
    },
  };
}

/** A step that waits, and is of one kind; calls of the GPU may fail meanwhile. */
function waiting(
  name: string,
  everyFrames: number,
  run: (world: SoakWorld) => Promise<unknown>,
): Step<SoakWorld> {
  return {
    name,
    everyFrames,
    kinds: [name],
    async run(world) {
      await world.attempt(() => world.ticks.during(run(world), name));
      world.log.note(name);
      return true;
    },
  };
}

/** Steps of cameras. */
export const CAMERA_STEPS: readonly Step<SoakWorld>[] = [
  simple("a camera jumps", 60, ({ main }) => main.flight.teleport()),
  simple("a camera turns away", 70, ({ main }) => main.flight.turnAway()),
  simple("a camera zooms", 40, ({ main }) => main.flight.zoom()),
  simple("a camera rests", 70, ({ main }) => main.flight.rest()),
  {
    name: "a camera sees more than fits",
    everyFrames: 55,
    kinds: ["memory is short"],
    run({ main, log }) {
      // The longer it has not come to that, the more is seen.
      main.flight.widen(1 + Math.floor(log.framesSince("memory is short") / 200));
      return true;
    },
  },
];

/** Steps that run frames in other ways than a render loop does. */
export const UPDATE_STEPS: readonly Step<SoakWorld>[] = [
  waiting(
    "an update waits for its tiles",
    15,
    ({ main, stop: { signal } }) => main.system.update(main.flight.advance(), { signal }),
  ),
  waiting(
    "an update waits a while",
    30,
    ({ main, random }) => main.system.update(main.flight.advance(), { timeBudgetMs: random() * 5 }),
  ),
  waiting(
    "an update is finished",
    30,
    ({ main, stop: { signal } }) => main.system.finishUpdate({ timeBudgetMs: 2, signal }),
  ),
  waiting("a system settles", 60, ({ main, stop: { signal } }) => main.system.flush({ signal })),
  {
    name: "an update for one texture",
    everyFrames: 25,
    kinds: ["an update for one texture"],
    async run(world) {
      const { main } = world;
      const loaded = world.oneOf(main.loaded);
      if (loaded === undefined) return false;
      const { texture } = loaded;
      world.trail.note("an update for one texture", texture);
      await world.attempt(() => main.system.updateNow(main.flight.advance(), { texture }));
      world.log.note("an update for one texture");
      return true;
    },
  },
  {
    name: "an update is aborted",
    everyFrames: 60,
    kinds: ["an update is aborted"],
    async run(world) {
      const { main } = world;
      const stop = new AbortController();
      const reason = new Error("stopped");
      main.flight.teleport();
      const camera = main.flight.advance();
      const update = main.system.update(camera, { signal: stop.signal });
      stop.abort(reason);
      try {
        await world.attempt(() => world.ticks.during(update, "an aborted update"));
        return false;
      } catch (error) {
        if (error !== reason) throw error;
      }
      world.log.note("an update is aborted");
      return true;
    },
  },
];
