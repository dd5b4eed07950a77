/**
 * Where landscapes are, as far as the CPU knows. Pure.
 *
 * @module
 */

import { transformPoint, type Vec3 } from "../../../geometry/mod.ts";
import type { LandscapeComponent } from "./landscape_component.ts";

/**
 * The point of a landscape that a point of the world is moved to along the landscape's own z, or null if it
 * passes by. Where heights are streamed it lies in the middle between the least and the largest.
 */
export function landscapePositionAt(landscape: LandscapeComponent, point: Vec3): Vec3 | null {
  const { surface: { streamedHeights, width, height }, fromWorld, toWorld } = landscape;
  if (streamedHeights === undefined) return landscape.surfaceAt(point)?.position ?? null;
  const [x, y] = transformPoint(fromWorld, point);
  if (!(x >= 0 && y >= 0 && x <= width - 1 && y <= height - 1)) return null;
  const [least, most] = streamedHeights.range;
  return transformPoint(toWorld, [x, y, (least + most) / 2]);
}
