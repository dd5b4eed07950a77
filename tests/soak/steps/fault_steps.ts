/**
 * Sources and devices that fail.
 *
 * @module
 */

import { faultKind, READ_FAULTS, type ReadFault } from "../textures/read_faults.ts";
import type { Step } from "../world/schedule.ts";
import type { SoakWorld } from "../world/world.ts";

/** Probability that a call of the GPU fails, while they do. */
const CALL_FAILS = 0.05;
const MOST_FAILING_FRAMES = 60;
/** Frames after which reads of a texture are mended again. */
const MOST_FAULTY_FRAMES = 40;

/** Spoils the reads of one texture: in ways in turn, or as was not seen for the longest time. */
function readFaultStep(): Step<SoakWorld> {
  let turn = 0;
  return {
    name: "reads of a texture go wrong",
    everyFrames: 9,
    kinds: READ_FAULTS.map(faultKind),
    run(world) {
      // Of what is not spoiled yet, so that each fault has its time.
      const sound = world.main.loaded.filter(({ soak: { faults } }) => faults?.fault === null);
      const loaded = world.oneOf(sound);
      if (loaded === undefined) return false;
      const { soak: { faults }, texture, isKept } = loaded;
      const fault = turn++ % 2 === 0
        ? READ_FAULTS[(turn >> 1) % READ_FAULTS.length]!
        : faultOfKind(world.log.longestAgo(READ_FAULTS.map(faultKind)));
      faults!.setFault(fault);
      world.trail.note(faultKind(fault), texture);
      // Something must be read for it to go wrong.
      if (!world.isTroubled) world.main.system.evictTiles(texture);
      if (fault === "comes after it was cancelled") cancelReads(world, texture);
      // What fails for ever does so until the texture is unloaded.
      if (fault === "fails for ever" && !isKept) return true;
      const frames = 10 + world.pick(MOST_FAULTY_FRAMES);
      world.later(frames, () => faults!.setFault(null));
      return true;
    },
  };
}

function faultOfKind(kind: string): ReadFault {
  return READ_FAULTS.find((fault) => faultKind(fault) === kind)!;
}

type Texture = Parameters<SoakWorld["main"]["system"]["evictTiles"]>[0];

/** Lets reads begin, and withdraws them a few frames later. */
function cancelReads(world: SoakWorld, texture: Texture): void {
  world.later(3, () => {
    const { main } = world;
    if (!main.loaded.some((loaded) => loaded.texture === texture)) return;
    world.attempt(() => main.system.evictTiles(texture));
  });
}

const failingCallsStep: Step<SoakWorld> = {
  name: "calls of the GPU fail",
  everyFrames: 50,
  kinds: ["a submit fails"],
  run(world) {
    world.beginFaults(CALL_FAILS, MOST_FAILING_FRAMES);
    return true;
  },
};

/** Ticks after which the device is lost at most: some losses come in the middle of a wait. */
const MOST_TICKS_BEFORE_LOSS = 4;

const lossStep: Step<SoakWorld> = {
  name: "the device is lost",
  everyFrames: 70,
  kinds: ["the device is lost", "systems go on with another device"],
  run(world) {
    // One after the other, so that each can be followed.
    if (world.isRenewing || world.isTroubled) return false;
    const { ticks, log, device } = world;
    const { generation } = device;
    world.run("a loss of the device", async () => {
      await ticks.sleep(world.pick(MOST_TICKS_BEFORE_LOSS));
      world.loseDevice();
      log.note("the device is lost");
      while (device.generation === generation || world.isRenewing) await ticks.sleep(1);
      log.note("systems go on with another device");
    }, () => false);
    return true;
  },
};

/** Steps of what fails. */
export function faultSteps(): Step<SoakWorld>[] {
  return [readFaultStep(), failingCallsStep, lossStep];
}
