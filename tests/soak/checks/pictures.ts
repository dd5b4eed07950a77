/**
 * Small pictures of a soak, which are drawn often.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type Picture, render } from "../../../src/scene/mod.ts";
import type { StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import {
  heightOfLevel,
  lookDown,
  type PictureSize,
  type TestCamera,
} from "../../streaming/cameras.ts";
import { checkPlaces } from "../../streaming/pictures.ts";

/** Size in pixels. */
export const SMALL_PICTURE: PictureSize = [64, 36];

/** A camera above a place of a texture, in texels of level 0. */
export function cameraAbove(
  { placement: { origin } }: StreamedTexture,
  at: { readonly x: number; readonly y: number; readonly level: number },
): TestCamera {
  const height = heightOfLevel(at.level, SMALL_PICTURE);
  return lookDown(origin[0] + at.x, origin[1] + at.y, height, SMALL_PICTURE);
}

/**
 * Draws a texture whose texels tell their places, and checks every pixel.
 *
 * @throws {AssertionError} naming the first pixel that shows another place.
 */
export async function checkPicture(
  system: VirtualTextureSystem,
  texture: StreamedTexture,
  camera: TestCamera,
): Promise<void> {
  const picture = await render(system, camera, { texture });
  const [x, y, z] = camera.position;
  const { origin } = texture.placement;
  checkPlaces(picture, { ...camera, position: [x - origin[0], y - origin[1], z] }, texture);
}

/**
 * The largest difference between two pictures of the same size, over all pixels and channels, in steps
 * of 255.
 */
export function largestDifference(a: Picture, b: Picture): number {
  assert.equal(a.data.length, b.data.length);
  let largest = 0;
  for (const [at, value] of a.data.entries()) {
    largest = Math.max(largest, Math.abs(value - b.data[at]!));
  }
  return largest;
}
