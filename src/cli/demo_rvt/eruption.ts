/**
 * The edit in the middle of the demo's flight: a volcano rises on the plain, and ash falls on it.
 *
 * @module
 */

import type { SampleRegion } from "../../rvt/mod.ts";
import { ASH_LAYER } from "./ground_material.ts";
import { SAMPLE_METRES, smooth } from "./island_heights.ts";
import type { IslandWorld } from "./island_world.ts";

/** Where it rises, in metres, and how far it reaches. */
export const VOLCANO = { x: 218, y: 142, radius: 19, height: 19 } as const;

/** The samples of the landscape that change. */
export const ERUPTION_REGION: SampleRegion = {
  x: Math.ceil((VOLCANO.x - VOLCANO.radius) / SAMPLE_METRES),
  y: Math.ceil((VOLCANO.y - VOLCANO.radius) / SAMPLE_METRES),
  width: Math.floor(2 * VOLCANO.radius / SAMPLE_METRES),
  height: Math.floor(2 * VOLCANO.radius / SAMPLE_METRES),
};

/** Raises and paints the ground. Rocks and grass that stood there are gone. */
export function erupt({ land, standing }: IslandWorld): void {
  const { x, y, width, height } = ERUPTION_REGION;
  const places = Array.from({ length: width * height }, (_, i) => {
    const place = [(x + i % width) * SAMPLE_METRES, (y + Math.floor(i / width)) * SAMPLE_METRES];
    return place as [number, number];
  });
  const heights = places.map(([x, y]) => land.surfaceAt([x, y, 0])!.position[2] + coneAt(x, y));
  land.setHeights(ERUPTION_REGION, heights);
  land.setWeights(
    ASH_LAYER,
    ERUPTION_REGION,
    Uint8Array.from(places, ([x, y]) => 255 * smooth(1.6 * (1 - awayOf(x, y)))),
  );
  for (const component of standing) {
    component.instances = component.instances.filter(({ position: [x, y] }) => awayOf(x, y) > 1);
  }
}

/** 0 in the middle, 1 where the volcano ends. */
function awayOf(x: number, y: number): number {
  return Math.hypot(x - VOLCANO.x, y - VOLCANO.y) / VOLCANO.radius;
}

/** By how many metres the ground rises: a cone with a crater. */
function coneAt(x: number, y: number): number {
  const away = awayOf(x, y);
  const slope = Math.max(0, 1 - away) ** 1.4;
  const crater = Math.max(0, 1 - away / 0.26);
  return VOLCANO.height * (Math.min(slope, 0.66) - 0.22 * smooth(crater));
}
