/**
 * Content that changes, and what is asked of systems beside frames.
 *
 * @module
 */

import type { LoadedTexture } from "../world/soak_system.ts";
import type { Step } from "../world/schedule.ts";
import type { SoakWorld } from "../world/world.ts";
import { cameraAbove, checkPicture } from "../checks/pictures.ts";

/** A step on one texture of the main system; false if there is none that will do. */
function onTexture(
  name: string,
  everyFrames: number,
  work: {
    readonly suits?: (loaded: LoadedTexture) => boolean;
    readonly run: (world: SoakWorld, loaded: LoadedTexture) => unknown;
  },
): Step<SoakWorld> {
  const { suits = () => true } = work;
  return {
    name,
    everyFrames,
    kinds: [name],
    async run(world) {
      const loaded = world.oneOf(world.main.loaded.filter(suits));
      if (loaded === undefined) return false;
      world.trail.note(name, loaded.texture);
      const isDone = await world.attempt(async () => {
        await work.run(world, loaded);
        return true;
      });
      if (isDone !== true) return false;
      world.log.note(name);
      return true;
    },
  };
}

/** Part of the invalidations that come with no change: content is made anew all the same. */
const UNCHANGED_PART = 1 / 4;

function changes({ random }: SoakWorld, { soak }: LoadedTexture): LoadedTexture["soak"]["changes"] {
  return random() < UNCHANGED_PART ? null : soak.changes;
}

const invalidations: readonly Step<SoakWorld>[] = [
  onTexture("a tile is invalidated", 20, {
    run(world, loaded) {
      const { grid } = loaded.texture;
      const tile = world.pick(grid.tileCount);
      changes(world, loaded)?.changeTile(tile);
      world.main.system.invalidate(loaded.texture, grid.addressOf(tile));
    },
  }),
  onTexture("a region is invalidated", 25, {
    run(world, loaded) {
      const { grid } = loaded.texture;
      const level = world.pick(3);
      // In texels of its level, whose size is halved and rounded down.
      const of = grid.level(level);
      const region = {
        x: world.random() * of.width,
        y: world.random() * of.height,
        width: world.random() * 150,
        height: world.random() * 150,
      };
      const [scaleX, scaleY] = [grid.width / of.width, grid.height / of.height];
      changes(world, loaded)?.changeRect({
        x0: region.x * scaleX,
        y0: region.y * scaleY,
        x1: (region.x + region.width) * scaleX,
        y1: (region.y + region.height) * scaleY,
      });
      world.main.system.invalidate(loaded.texture, { ...region, level });
    },
  }),
  onTexture("a texture is invalidated", 60, {
    run(world, loaded) {
      changes(world, loaded)?.changeAll();
      world.main.system.invalidate(loaded.texture);
    },
  }),
];

const requests: readonly Step<SoakWorld>[] = [
  onTexture("a region is prefetched", 20, {
    run(world, { texture }) {
      const level = world.pick(3);
      const { width, height } = texture.grid.level(level);
      world.main.system.prefetchRegion(texture, {
        x: world.random() * width,
        y: world.random() * height,
        width: world.random() * 300,
        height: world.random() * 300,
        level,
      });
    },
  }),
  onTexture("a texture is evicted", 60, {
    run: ({ main }, { texture }) => main.system.evictTiles(texture),
  }),
  onTexture("everything is evicted", 110, { run: ({ main }) => main.system.evictTiles() }),
  onTexture("the quality changes", 35, {
    run: ({ main, random }) =>
      main.system.setQualitySettings({
        lodScale: 0.4 + random(),
        maxMipBias: random() * 2,
        cachePriorityBoost: random() * 3,
      }),
  }),
];

const pictures: readonly Step<SoakWorld>[] = [
  onTexture("a picture is checked", 10, {
    suits: ({ soak }) => soak.tellsPlaces,
    run({ main, random, ticks }, { texture }) {
      const { width, height } = texture.grid;
      const at = { x: random() * width, y: random() * height, level: random() * 2 };
      const camera = cameraAbove(texture, at);
      return ticks.during(checkPicture(main.system, texture, camera), "a picture");
    },
  }),
];

/** Steps of content. */
export const CONTENT_STEPS: readonly Step<SoakWorld>[] = [
  ...invalidations,
  ...requests,
  ...pictures,
];
