/**
 * Random operations on a system: everything that its users do.
 *
 * @module
 */

import { render } from "../../src/scene/mod.ts";
import type { StreamedTexture, VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "./cameras.ts";
import { checkPlaces } from "./pictures.ts";
import { ControlledSource, mapSource, pause } from "./sources.ts";

const SIZES = [[700, 500], [1023, 333], [65, 1400]] as const;

/** Reads that take a random while, fail at times and finish in any order. */
export function erraticSource(seed: number, random: () => number): ControlledSource {
  const [width, height] = SIZES[seed % SIZES.length]!;
  const source = new ControlledSource(mapSource({ width, height, seed }));
  source.before = ({ level }) => {
    // A tail that cannot be read fails the load, which is another test's business.
    if (level >= source.grid.tailLevel) return;
    const roll = random();
    if (roll < 0.05) throw new Error("broken for once");
    if (roll < 0.5) return;
    return pause(Math.floor(random() * 4));
  };
  return source;
}

/** A system and where its random numbers come from. */
export interface World {
  readonly system: VirtualTextureSystem;
  readonly random: () => number;
  seeds: number;
}

/** Does something at random. */
export async function step(world: World): Promise<void> {
  const { system, random } = world;
  const roll = random();
  const { textures } = system;
  const texture = textures[Math.floor(random() * textures.length)] as StreamedTexture | undefined;
  const camera = lookDown(random() * 800, random() * 600, heightOfLevel(random() * 2.5));
  const only = random() < 0.3 && texture ? { texture } : {};
  if (roll < 0.3) system.updateNow(camera, only);
  else if (roll < 0.45) await system.update(camera, { ...only, timeBudgetMs: random() * 5 });
  else if (roll < 0.55) await system.update(camera, only);
  else if (roll < 0.6) await system.finishUpdate({ timeBudgetMs: 2 });
  else if (roll < 0.67) {
    const picture = await render(system, camera, texture ? { texture } : {});
    if (texture) checkPlaces(picture, camera, texture);
  } else if (roll < 0.75 && texture) {
    const [x, y] = [random() * 700, random() * 500];
    const region = { x, y, width: random() * 300, height: random() * 300 };
    system.prefetchRegion(texture, { ...region, level: Math.floor(random() * 3) });
  } else if (roll < 0.79) system.evictTiles(texture);
  else if (roll < 0.83) {
    system.setQualitySettings({
      lodScale: 0.5 + random(),
      maxMipBias: random() * 2,
      cachePriorityBoost: random() * 3,
    });
  } else if (roll < 0.88 && textures.length < 3) {
    await system.loadTexture(erraticSource(world.seeds++, random));
  } else if (roll < 0.91 && texture && textures.length > 1) await system.unloadTexture(texture);
  else if (roll < 0.94) await system.flush();
  else await pause(2);
}
