/**
 * How far two filtered lookups of the same place may lie apart.
 *
 * A sampler of hardware rounds the weights of texels to a few bits, 8 on most GPUs (Vulkan's limit
 * `subTexelPrecisionBits`). Two lookups that reach one place by other
 * coordinates, as in an atlas and in a whole texture, may be a step apart in each direction, in light: where
 * a picture is dark, sRGB makes up to thirteen times as much of it. Software samplers weigh in floats.
 *
 * @module
 */

import { findAdapter } from "../../src/cli/find_adapter.ts";

const ADAPTER = await findAdapter();

/** Whether the adapter is lavapipe. */
export const IS_LAVAPIPE: boolean = ADAPTER.startsWith("llvmpipe");

/** Whether the adapter's samplers weigh texels in floats. */
export const HAS_EXACT_WEIGHTS: boolean = IS_LAVAPIPE || ADAPTER.startsWith("SwiftShader");

/** Light, and values that are no light, in steps of 255: a step of 1/256 in each direction, rounded. */
const MOST_LIGHT = 3;

/** Light of each 8-bit value in sRGB, in steps of 255. */
const LIGHT = Float64Array.from({ length: 256 }, (_, value) => {
  const encoded = value / 255;
  return 255 * (encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4);
});

/**
 * True if a sampler whose weights have 8 bits may be what makes two channels differ, of a picture in
 * sRGB or not.
 */
export function mayBeWeights(a: number, b: number): boolean {
  return Math.abs(a - b) <= MOST_LIGHT || Math.abs(LIGHT[a]! - LIGHT[b]!) <= MOST_LIGHT;
}

/**
 * The largest difference of two pictures in steps of 255; on hardware, leaving out what its weights may
 * make.
 */
export function differenceBeyondWeights(a: Uint8Array, b: Uint8Array): number {
  let most = 0;
  for (const [at, value] of a.entries()) {
    const other = b[at]!;
    if (HAS_EXACT_WEIGHTS || !mayBeWeights(value, other)) {
      most = Math.max(most, Math.abs(value - other));
    }
  }
  return most;
}
