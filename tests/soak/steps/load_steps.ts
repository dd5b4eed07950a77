/**
 * Textures and systems that come and go.
 *
 * @module
 */

import assert from "node:assert/strict";
import { DisposedError } from "../../../src/errors.ts";
import type { SoakTexture } from "../textures/soak_texture.ts";
import type { Step } from "../world/schedule.ts";
import { isBudgetTooSmall, type SoakWorld } from "../world/world.ts";
import type { TextureKind } from "../textures/texture_maker.ts";

/** Textures of the main system, those in flight included. */
const MOST_TEXTURES = 8;
/** Frames that a load which is aborted has had at most. */
const MOST_FRAMES_BEFORE_ABORT = 2;

function hasRoom({ main }: SoakWorld): boolean {
  return main.loaded.length + main.loadingCount < MOST_TEXTURES;
}

/** Where a texture lies; those that draw are checked at the origin alone. */
function somewhere(world: SoakWorld, soak: SoakTexture): readonly [number, number, number] {
  return soak.check === undefined ? [world.pick(900), world.pick(600), 0] : [0, 0, 0];
}

/**
 * Loads textures of all kinds: the one that was not loaded for the longest time, but not the same twice
 * in a row, as there may be no room for it now.
 */
function loadStep(kinds: readonly TextureKind[]): Step<SoakWorld> {
  const byName = new Map(kinds.map((kind) => [loadKind(kind), kind]));
  let lastName = "";
  return {
    name: "a texture is loaded",
    everyFrames: 12,
    kinds: [...byName.keys()],
    run(world) {
      if (!hasRoom(world)) {
        unloadOne(world);
        return false;
      }
      const { main, textures, log } = world;
      lastName = log.longestAgo([...byName.keys()].filter((name) => name !== lastName));
      const kind = byName.get(lastName)!;
      const soak = textures.makeTexture(kind);
      world.run(`loading ${kind}`, async () => {
        await main.load(soak, { origin: somewhere(world, soak), signal: world.stop.signal });
        log.note(loadKind(kind));
      }, (error) => {
        if (!isBudgetTooSmall(error)) return false;
        unloadOne(world);
        return true;
      });
      return true;
    },
  };
}

function loadKind(kind: TextureKind): string {
  return `${kind} ${/ planes$/.test(kind) ? "are" : "is"} loaded`;
}

/** Unloads a texture that need not stay; false if there is none. */
function unloadOne(world: SoakWorld): boolean {
  const { main, log } = world;
  const loaded = world.oneOf(world.passing);
  if (loaded === undefined) return false;
  world.run("an unload", async () => {
    await main.unload(loaded);
    log.note("a texture is unloaded");
  }, () => false);
  return true;
}

const unloadStep: Step<SoakWorld> = {
  name: "a texture is unloaded",
  everyFrames: 20,
  kinds: ["a texture is unloaded"],
  run: unloadOne,
};

/** Loads that are aborted after some frames. */
function abortStep(kinds: readonly TextureKind[]): Step<SoakWorld> {
  const name = "a load is aborted";
  return {
    name,
    everyFrames: 30,
    kinds: [name],
    run(world) {
      if (!hasRoom(world)) return false;
      const { main, textures, log } = world;
      const kind = world.oneOf(kinds)!;
      const stop = new AbortController();
      const reason = new Error("stopped");
      const loading = main.load(textures.makeTexture(kind), { signal: stop.signal });
      world.run(`aborting a load of ${kind}`, async () => {
        // One that is quicker stays loaded.
        await loading;
      }, (error) => {
        if (error === reason) log.note(name);
        return error === reason || isBudgetTooSmall(error);
      });
      const frames = world.pick(MOST_FRAMES_BEFORE_ABORT);
      if (frames === 0) stop.abort(reason);
      else world.later(frames, () => stop.abort(reason));
      return true;
    },
  };
}

const failingLoadStep: Step<SoakWorld> = {
  name: "a load fails",
  everyFrames: 60,
  kinds: ["a load fails"],
  run(world) {
    if (!hasRoom(world)) return false;
    const { main, textures, log } = world;
    const soak = textures.makeTexture("a source of rgba8unorm");
    soak.faults!.failsToLoad = true;
    world.run("a load that fails", async () => {
      await main.load(soak);
      assert.fail("what cannot be read was loaded");
    }, (error) => {
      const isExpected = error instanceof Error && error.message === "nothing can be read";
      if (isExpected) log.note("a load fails");
      return isExpected;
    });
    return true;
  },
};

/** More than the budget holds. */
const tooLargeStep: Step<SoakWorld> = {
  name: "a load finds too little memory",
  everyFrames: 80,
  kinds: ["a load finds too little memory"],
  run(world) {
    const { guest, textures, log } = world;
    if (guest === null) return false;
    const soak = textures.makeHugeTexture();
    world.run("a load that does not fit", async () => {
      await guest.load(soak);
      assert.fail("more than the budget was loaded");
    }, (error) => {
      if (isBudgetTooSmall(error)) log.note("a load finds too little memory");
      return isBudgetTooSmall(error) || error instanceof DisposedError;
    });
    return true;
  },
};

/** Opens a second system on the same device, or closes it, with what is in flight. */
const guestStep: Step<SoakWorld> = {
  name: "a system comes or goes",
  everyFrames: 50,
  kinds: ["a system is made", "a system is closed"],
  run(world) {
    const { guest, log } = world;
    // What it holds is counted, which takes knowing on which device.
    if (world.isRenewing) return false;
    if (guest !== null) {
      world.closeSystem(guest);
      log.note("a system is closed");
      return true;
    }
    if (world.isTroubled) return false;
    const made = world.guest = world.makeSystem("guest");
    for (
      const soak of [world.textures.makeGuestTexture(), world.textures.makeTexture("a KTX2 file")]
    ) {
      world.run("loading into a new system", async () => {
        await made.load(soak, { origin: [0, 0, 0] });
      }, (error) => error instanceof DisposedError);
    }
    log.note("a system is made");
    return true;
  },
};

/** Steps of textures and systems. */
export function loadSteps(kinds: readonly TextureKind[]): Step<SoakWorld>[] {
  return [
    loadStep(kinds),
    unloadStep,
    abortStep(kinds),
    failingLoadStep,
    tooLargeStep,
    guestStep,
  ];
}
