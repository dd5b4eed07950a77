/**
 * Cameras of streaming tests.
 *
 * @module
 */

import { lookAt, perspective } from "../../src/geometry/mod.ts";

/** Size of a picture in pixels. */
export type PictureSize = readonly [width: number, height: number];

/** Size of the pictures that streaming tests draw. */
export const PICTURE: PictureSize = [160, 90];

const FOV_DEGREES = 60;

/** Height above a texture at which a pixel covers 2^level texels. */
export function heightOfLevel(level: number, size: PictureSize = PICTURE): number {
  return 2 ** level * size[1] / 2 / Math.tan(FOV_DEGREES * Math.PI / 360);
}

/** A camera for updates and pictures alike. */
export interface TestCamera {
  readonly position: readonly [number, number, number];
  readonly view: Float64Array;
  readonly projection: Float64Array;
  readonly viewport: readonly [number, number];
  readonly width: number;
  readonly height: number;
}

/**
 * A camera that looks straight down. Rows grow downwards in the picture and columns to the left: a
 * right-handed camera sees the default placement mirrored.
 */
export function lookDown(
  x: number,
  y: number,
  z: number,
  size: PictureSize = PICTURE,
): TestCamera {
  return cameraAt([x, y, z], [x, y, 0], size);
}

/** A camera that looks at another place than the one below it: levels change over the picture. */
export function cameraAt(
  position: readonly [number, number, number],
  target: readonly [number, number, number],
  size: PictureSize = PICTURE,
): TestCamera {
  const [width, height] = size;
  const view = lookAt(position, target, { up: [0, -1, 0] });
  const projection = perspective({
    fovYDegrees: FOV_DEGREES,
    aspect: width / height,
    near: 1,
    far: 1e5,
  });
  return { position, view, projection, viewport: size, width, height };
}
