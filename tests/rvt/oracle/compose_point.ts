/**
 * What a runtime virtual texture of unlimited resolution holds at a place.
 *
 * @module
 */

import type { AttributeName } from "../../../src/rvt/asset/attributes.ts";
import { type ComposeOptions, composeTile } from "./compose_tile.ts";

/**
 * The attributes at a place of the texture, u and v from 0 to 1: those of a texel whose centre it is.
 * What pictures shade directly is compared with this. The tile gives the volume, and the level and size
 * of texels that materials see.
 */
export function composePoint(
  options: ComposeOptions,
  [u, v]: readonly [number, number],
): ReadonlyMap<AttributeName, readonly number[]> {
  const { levelWidth, levelHeight } = options.tile;
  const place = { x: u * levelWidth - 0.5, y: v * levelHeight - 0.5, width: 1, height: 1 };
  const { values } = composeTile({ ...options, tile: { ...options.tile, ...place } });
  return new Map([...values].map(([name, numbers]) => [name, Array.from(numbers)]));
}
