/**
 * Rows of floats to weighted values for filtering, and back.
 *
 * A texel of n channels becomes n values, each multiplied by its weight, and the n weights, so that
 * any weighted sum of texels divided by the same sum of weights is their mean. The weight is 0 where
 * the value is NaN (there is none), alpha for colours (within 0 and 1, whatever is stored), else 1.
 *
 * @module
 */

import { linearToSrgb, srgbToLinear } from "./color.ts";
import {
  type TexelArray,
  type TexelLayout,
  TRANSPARENT_WEIGHT,
  weighingChannel,
} from "./texel_layout.ts";

/**
 * Converts texels to weighted values.
 *
 * @param texels Stored floats, `layout.channels` a texel.
 * @param linear Receives twice as many values: of each texel first the values, then the weights.
 */
export function weighFloats(
  texels: TexelArray,
  linear: Float32Array,
  layout: TexelLayout,
): void {
  const { channels, colorSpace } = layout;
  const weighing = weighingChannel(layout);
  const isSrgb = colorSpace === "srgb";
  for (let k = 0, out = 0; k < texels.length; k += channels, out += 2 * channels) {
    // An alpha that is NaN leaves colours the least weight.
    const alpha = weighing < 0 ? 1 : Math.min(1, Math.max(0, texels[k + weighing]! || 0));
    const colorWeight = weighing < 0 ? 1 : alpha + TRANSPARENT_WEIGHT;
    for (let c = 0; c < channels; c++) {
      const value = texels[k + c]!;
      const isHole = Number.isNaN(value);
      const weight = isHole ? 0 : c === weighing ? 1 : colorWeight;
      const light = isSrgb && c < 3 ? srgbToLinear(value) : value;
      linear[out + c] = isHole ? 0 : light * weight;
      linear[out + channels + c] = weight;
    }
  }
}

/** Converts filtered values back to texels, NaN where nothing has a weight. */
export function unweighFloats(
  linear: Float32Array,
  texels: TexelArray,
  { channels, colorSpace }: TexelLayout,
): void {
  const isSrgb = colorSpace === "srgb";
  for (let k = 0, at = 0; k < texels.length; k += channels, at += 2 * channels) {
    for (let c = 0; c < channels; c++) {
      const mean = linear[at + c]! / linear[at + channels + c]!;
      texels[k + c] = isSrgb && c < 3 ? linearToSrgb(mean) : mean;
    }
  }
}
