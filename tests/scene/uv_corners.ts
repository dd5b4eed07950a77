/**
 * What a camera sees of a placed texture, in uv.
 *
 * @module
 */

import type { Camera } from "../../src/geometry/mod.ts";
import { type PlacedTexture, visiblePart } from "../../src/scene/visible_corners.ts";

/** Triangles: clip x, y and w, then u and v, for each of their corners; none if nothing is seen. */
export function uvCorners(camera: Camera, texture: PlacedTexture): Float32Array<ArrayBuffer> {
  const part = visiblePart(camera, texture);
  if (part === null) return new Float32Array(0);
  const { anchor, corners } = part;
  const { width, height } = texture.grid;
  return corners.map((value, i) => {
    if (i % 5 === 3) return (anchor[0] + value) / width;
    return i % 5 === 4 ? (anchor[1] + value) / height : value;
  });
}
