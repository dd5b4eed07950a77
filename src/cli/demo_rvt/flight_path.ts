/**
 * The path of the demo's flight.
 *
 * @module
 */

import { lookAt, perspective, type Vec3 } from "../../geometry/mod.ts";
import type { LandscapeComponent } from "../../rvt/mod.ts";
import type { RenderCamera } from "../../scene/mod.ts";
import { pointAt } from "./road_line.ts";

/** A camera as both updates and pictures take it. */
export interface FlightCamera extends RenderCamera {
  readonly position: Vec3;
  readonly viewport: readonly [number, number];
}

/** Where the camera is and looks: x, y and z, then those of the target, in metres. */
const STOPS: readonly (readonly number[])[] = [
  [430, -40, 110, 270, 215, 0],
  [356, 96, 40, 268, 196, 6],
  [264, 196, 8.6, 285, 219, 4.6],
  [251, 174, 9, 263, 198, 5],
  [263, 108, 19, 224, 150, 9],
  [246, 118, 13, 217, 144, 13],
  [243, 120, 10.5, 250, 165, 5],
  [330, 30, 62, 236, 165, 2],
];

/** Which part of the flight is over when the ground is edited, 0 to 1: the stop that looks at the place. */
export const EDIT_AT = 4 / (STOPS.length - 1);

/** Metres that the camera keeps above the ground. */
const LEAST_CLEARANCE = 3.4;

/**
 * The camera at a part of the flight, 0 to 1.
 *
 * @param size Width and height of pictures.
 */
export function flightCamera(
  land: LandscapeComponent,
  part: number,
  [width, height]: readonly [number, number],
): FlightCamera {
  const [x, y, z, ...target] = pointAt(STOPS, part * (STOPS.length - 1)) as number[];
  const ground = land.surfaceAt([x!, y!, 0])?.position[2] ?? 0;
  const position = [x!, y!, Math.max(z!, ground + LEAST_CLEARANCE)] as const;
  return {
    position,
    view: lookAt(position, target, { up: [0, 0, 1] }),
    projection: perspective({ fovYDegrees: 50, aspect: width / height, near: 0.5, far: 9000 }),
    width,
    height,
    viewport: [width, height],
  };
}
