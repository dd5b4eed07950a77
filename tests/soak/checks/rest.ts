/**
 * A rest of a soak: everything settles, is compared with what is built from scratch, and measured.
 *
 * @module
 */

import assert from "node:assert/strict";
import { render } from "../../../src/scene/mod.ts";
import { wrongEntries } from "../../streaming/checks.ts";
import { type LoadedTexture, SoakSystem } from "../world/soak_system.ts";
import type { SoakWorld } from "../world/world.ts";
import { wrongPlanes } from "./content.ts";
import { collectGarbage, type FigureName, openFileCount, tableBytes } from "./figures.ts";
import { cameraAbove, checkPicture, largestDifference } from "./pictures.ts";
import { checkSlots } from "./tables.ts";

/**
 * What the place of a slot in the atlas may change in a pixel, in steps of 255: coordinates round, and
 * the weights between texels are kept in 8 bits.
 */
const PLACE_ROUNDING = 2;
/** Frames after which even what has failed many times is tried again. */
const RETRY_FRAMES = 300;

/** Ends what goes wrong on purpose, and waits until nothing is in flight. */
export async function calmDown(world: SoakWorld): Promise<void> {
  world.endFaults();
  for (const { soak } of world.systems.flatMap(({ loaded }) => loaded)) soak.faults?.setFault(null);
  await world.waitForAll();
  while (world.ticks.sleeperCount > 0) await world.ticks.pass();
  for (const { soak } of world.systems.flatMap(({ loaded }) => loaded)) soak.faults?.setFault(null);
  if (world.guest !== null) world.closeSystem(world.guest);
  world.main.system.setQualitySettings();
}

/** A camera that sees a part of a texture, at which everything fits. */
function viewOf({ texture }: LoadedTexture) {
  const { width, height } = texture.grid;
  return cameraAbove(texture, { x: width / 2, y: height / 2, level: 0.3 });
}

/** Runs frames until everything is resident that a camera sees of a texture. */
async function settleOn(world: SoakWorld, soak: SoakSystem, loaded: LoadedTexture): Promise<void> {
  const { system } = soak;
  const { texture } = loaded;
  const camera = viewOf(loaded);
  await world.ticks.during(system.update(camera, { texture }), "an update");
  for (let frame = 0; !await world.ticks.during(system.flush(), "settling"); frame++) {
    assert.ok(frame < RETRY_FRAMES, `${texture.name} does not settle`);
    system.updateNow(camera, { texture });
    await world.ticks.pass();
  }
}

/** Compares tables, slots and pictures of the main system with what is built from scratch. */
export async function compareWithRebuild(world: SoakWorld): Promise<void> {
  const { main } = world;
  const { system } = main;
  await settleOn(world, main, main.loaded[0]!);
  assert.equal(await wrongEntries(system), 0, "page entries differ from a rebuild");
  assert.equal(await wrongPlanes(system, main.loaded), 0, "planes of tiles differ from the source");
  checkSlots(system, main.loaded.map(({ texture }) => texture));
  for (const { soak, texture } of main.loaded) {
    assert.equal(soak.heldCount?.() ?? 0, 0, `tickets of ${texture.name} that were not given back`);
    await soak.check?.(system, texture);
  }
  await comparePictures(world);
}

/** Draws every texture, and again from a system that knows nothing of what was before. */
async function comparePictures(world: SoakWorld): Promise<void> {
  const { main } = world;
  for (const loaded of main.loaded) {
    const fresh = world.makeSystem("main");
    world.extra = fresh;
    try {
      const again = await world.ticks.during(
        fresh.load(loaded.soak, { origin: loaded.origin }),
        "loading into a fresh system",
      );
      await settleOn(world, main, loaded);
      await settleOn(world, fresh, again);
      const camera = viewOf(loaded);
      const { texture } = loaded;
      if (loaded.soak.tellsPlaces) await checkPicture(main.system, texture, camera);
      const picture = await render(main.system, camera, { texture });
      const wanted = await render(fresh.system, camera, { texture: again.texture });
      assert.ok(picture.data.some((byte) => byte > 0), "the texture is seen");
      const difference = largestDifference(picture, wanted);
      assert.ok(
        difference <= PLACE_ROUNDING,
        `a picture of ${texture.name} differs by ${difference} from a fresh system's`,
      );
      world.checkAlways();
    } finally {
      world.closeSystem(fresh);
    }
  }
}

/** Unloads what may go, and measures what must not grow. */
export async function measureFigures(world: SoakWorld): Promise<Record<FigureName, number>> {
  const { main, watch, device } = world;
  const { system } = main;
  for (const loaded of world.passing) {
    await world.ticks.during(main.unload(loaded), "an unload");
  }
  system.evictTiles();
  await settleOn(world, main, main.loaded[0]!);
  const textures = main.loaded.map(({ texture }) => texture);
  const slots = checkSlots(system, textures);
  await device.submits.wait();
  world.checkAlways();
  // Twice: what the first lets go may hold more.
  collectGarbage();
  await world.ticks.pass();
  collectGarbage();
  const { rss, heapUsed, external } = Deno.memoryUsage();
  return {
    "JavaScript heap": heapUsed,
    "memory outside the heap": external,
    "resident set": rss,
    "open files": openFileCount(),
    "GPU objects": watch.newest.live.objectCount,
    "GPU pipelines": watch.newest.pipelinesMade,
    "slots in use": slots,
    "residency's tables": tableBytes(textures),
    "listeners": watch.listenerCount + world.stopWatch.listenerCount,
  };
}
