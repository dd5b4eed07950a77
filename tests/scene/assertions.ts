/**
 * Comparisons of pictures, and the code that they compare with.
 *
 * @module
 */

import { differenceBeyondWeights } from "../helpers/filter_precision.ts";
import type { View } from "./views.ts";

export { ok as assert } from "node:assert/strict";

/** The ordinary texture at the level that the virtual one rounds to. */
export const PLAIN_BILINEAR = `
  let level = floor(vt_level_of_detail(uv) + 0.5);
  return textureSampleLevel(plain, plain_sampler, uv, level);
`;

/** The ordinary texture at two explicit integer levels, mixed with the same weight. */
export const PLAIN_TRILINEAR = `
  let lod = vt_level_of_detail(uv);
  let finer = floor(lod);
  return mix(
    textureSampleLevel(plain, plain_sampler, uv, finer),
    textureSampleLevel(plain, plain_sampler, uv, finer + 1.0),
    lod - finer,
  );
`;

/** The bound for pictures that must be equal, in steps of 255. Measured: 1, and 2 in one view. */
export const EXACT = 2;

/**
 * Throws unless pictures are equal within {@linkcode EXACT} everywhere, beyond what an adapter's samplers
 * make of it.
 */
export function assertExact(
  drawn: readonly Uint8Array[],
  expected: readonly Uint8Array[],
  views: readonly View[],
): void {
  for (const [view, picture] of drawn.entries()) {
    const most = differenceBeyondWeights(picture, expected[view]!);
    if (most <= EXACT) continue;
    throw new Error(`Pictures differ by ${most} of 255 in view "${views[view]!.name}"`);
  }
}
