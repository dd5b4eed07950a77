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

/** Number of pixels in which two pictures differ. */
export function differentPixels(a: Picture, b: Picture): number {
  assert.equal(a.data.length, b.data.length);
  let different = 0;
  for (let at = 0; at < a.data.length; at += 4) {
    const isSame = [0, 1, 2, 3].every((channel) => a.data[at + channel] === b.data[at + channel]);
    if (!isSame) different++;
  }
  return different;
}
