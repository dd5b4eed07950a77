/**
 * Where things stand on the demo's island.
 *
 * @module
 */

import type { Transform } from "../../geometry/mod.ts";
import { type LandscapeComponent, scatterTransforms } from "../../rvt/mod.ts";
import { EDGE_METRES } from "./island_heights.ts";
import { metresFromRoad, ROAD_METRES, ROAD_POINTS } from "./road_line.ts";

/** Beside the road, nothing stands where the ground is steeper: the z of its normal. */
const LEAST_UPWARDS = 0.86;
/** Nor nearer to the sea: metres. */
const LEAST_HEIGHT = 2.2;

/** A range of scales. */
type Scale = readonly [least: number, most: number];

/** Places on land, anywhere but on the road. */
export function scattered(
  landscape: LandscapeComponent,
  { seed, count, least, most = Infinity, scale }: {
    readonly seed: number;
    readonly count: number;
    /** Metres above the sea. */
    readonly least: number;
    readonly most?: number;
    readonly scale: Scale;
  },
): Transform[] {
  const region = { min: [0, 0], max: [EDGE_METRES, EDGE_METRES] };
  return scatterTransforms({ seed, region, count: 8 * count, scaleRange: scale, onto: landscape })
    .filter(({ position: [x, y, z] }) =>
      z > least && z < most && metresFromRoad(x, y) > ROAD_METRES
    )
    .slice(0, count);
}

/** Places beside the road, from so many metres away to so many. */
export function placesBesideRoad(
  landscape: LandscapeComponent,
  { seed, count, from, to, scale }: {
    readonly seed: number;
    readonly count: number;
    readonly from: number;
    readonly to: number;
    readonly scale: Scale;
  },
): Transform[] {
  const [xs, ys] = [0, 1].map((axis) => ROAD_POINTS.map((point) => point[axis]!));
  const region = {
    min: [Math.min(...xs!) - to, Math.min(...ys!) - to],
    max: [Math.max(...xs!) + to, Math.max(...ys!) + to],
  };
  // Most places are too far away, so that only the others are laid on the ground.
  return scatterTransforms({ seed, region, count: 24 * count, scaleRange: scale })
    .filter(({ position: [x, y] }) => {
      const away = metresFromRoad(x, y);
      return away > from && away < to;
    })
    .flatMap((place) => {
      const [x, y] = place.position;
      const surface = landscape.surfaceAt([x, y, 0]);
      if (surface === null || surface.position[2] < LEAST_HEIGHT) return [];
      if (surface.normal[2] < LEAST_UPWARDS) return [];
      return [{ ...place, position: surface.position }];
    })
    .slice(0, count);
}
