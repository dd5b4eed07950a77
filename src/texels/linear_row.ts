/**
 * Rows of texels to linear, premultiplied values for filtering, and back.
 *
 * @module
 */

import { OutOfRangeError } from "../errors.ts";
import { linearToSrgb, linearToSrgb8, SRGB8_TO_LINEAR, srgbToLinear } from "./color.ts";
import { unweighFloats, weighFloats } from "./float_row.ts";
import {
  linearChannels,
  type TexelArray,
  type TexelLayout,
  TRANSPARENT_WEIGHT,
  weighingChannel,
} from "./texel_layout.ts";

/**
 * Converts texels to linear light, 0 to 1 (floats as they are), colours multiplied by alpha. Floats
 * are followed by their weights: see `float_row.ts`.
 *
 * @param texels Stored values, `layout.channels` a texel.
 * @param linear Receives {@linkcode linearChannels} values a texel.
 */
export function texelsToLinear(
  texels: TexelArray,
  linear: Float32Array,
  layout: TexelLayout,
): void {
  assertLengths(texels, linear, layout);
  if (layout.storage === "float32") return weighFloats(texels, linear, layout);
  if (weighingChannel(layout) !== usualWeighing(layout)) return weighTexels(texels, linear, layout);
  const table = decodeTable(layout);
  if (layout.channels < 4) {
    for (let k = 0; k < linear.length; k++) {
      linear[k] = table === null ? decode(texels[k]!, layout) : table[texels[k]!]!;
    }
    return;
  }
  const alphaScale = 1 / storedMaximum(layout);
  for (let k = 0; k < linear.length; k += 4) {
    const alpha = texels[k + 3]! * alphaScale;
    const weight = alpha + TRANSPARENT_WEIGHT;
    for (let c = k; c < k + 3; c++) {
      const value = table === null ? decode(texels[c]!, layout) : table[texels[c]!]!;
      linear[c] = value * weight;
    }
    linear[k + 3] = alpha;
  }
}

/**
 * Converts linear, premultiplied values back to texels, each the nearest stored value; the inverse
 * of {@linkcode texelsToLinear}.
 *
 * @param linear Filtered values, {@linkcode linearChannels} a texel.
 * @param texels Receives `layout.channels` stored values a texel.
 */
export function linearToTexels(
  linear: Float32Array,
  texels: TexelArray,
  layout: TexelLayout,
): void {
  assertLengths(texels, linear, layout);
  if (layout.storage === "float32") return unweighFloats(linear, texels, layout);
  if (weighingChannel(layout) !== usualWeighing(layout)) {
    return unweighTexels(linear, texels, layout);
  }
  if (layout.channels < 4) {
    for (let k = 0; k < linear.length; k++) texels[k] = encode(linear[k]!, layout);
    return;
  }
  const maximum = storedMaximum(layout);
  for (let k = 0; k < linear.length; k += 4) {
    const alpha = linear[k + 3]!;
    const scale = 1 / (alpha + TRANSPARENT_WEIGHT);
    texels[k] = encode(linear[k]! * scale, layout);
    texels[k + 1] = encode(linear[k + 1]! * scale, layout);
    texels[k + 2] = encode(linear[k + 2]! * scale, layout);
    texels[k + 3] = alpha * maximum + 0.5;
  }
}

/** Channels of any meaning: each but the weighing one is multiplied by its value. */
function weighTexels(texels: TexelArray, linear: Float32Array, layout: TexelLayout): void {
  const { channels } = layout;
  const weighing = weighingChannel(layout);
  for (let k = 0; k < linear.length; k += channels) {
    for (let c = 0; c < channels; c++) linear[k + c] = decodeChannel(texels[k + c]!, c, layout);
    if (weighing < 0) continue;
    const weight = linear[k + weighing]! + TRANSPARENT_WEIGHT;
    for (let c = 0; c < channels; c++) if (c !== weighing) linear[k + c]! *= weight;
  }
}

/** The inverse of {@linkcode weighTexels}. */
function unweighTexels(linear: Float32Array, texels: TexelArray, layout: TexelLayout): void {
  const { channels } = layout;
  const weighing = weighingChannel(layout);
  for (let k = 0; k < linear.length; k += channels) {
    const scale = weighing < 0 ? 1 : 1 / (linear[k + weighing]! + TRANSPARENT_WEIGHT);
    for (let c = 0; c < channels; c++) {
      texels[k + c] = encodeChannel(linear[k + c]! * (c === weighing ? 1 : scale), c, layout);
    }
  }
}

/** The last of four channels is stored in a linear way, whatever it means. */
function decodeChannel(stored: number, channel: number, layout: TexelLayout): number {
  return channel === 3 ? stored / storedMaximum(layout) : decode(stored, layout);
}

function encodeChannel(value: number, channel: number, layout: TexelLayout): number {
  return encode(value, channel === 3 ? { ...layout, colorSpace: "linear" } : layout);
}

function usualWeighing({ channels }: TexelLayout): number {
  return channels === 4 ? 3 : -1;
}

const UNORM8_TO_UNIT = Float32Array.from({ length: 256 }, (_, code) => code / 255);

function decodeTable(layout: TexelLayout): Float32Array | null {
  if (layout.storage !== "unorm8") return null;
  return layout.colorSpace === "srgb" ? SRGB8_TO_LINEAR : UNORM8_TO_UNIT;
}

function storedMaximum(layout: TexelLayout): number {
  return layout.storage === "unorm8" ? 255 : 65535;
}

function decode(stored: number, layout: TexelLayout): number {
  const value = stored / storedMaximum(layout);
  return layout.colorSpace === "srgb" ? srgbToLinear(value) : value;
}

function encode(value: number, layout: TexelLayout): number {
  if (layout.storage === "unorm8" && layout.colorSpace === "srgb") return linearToSrgb8(value);
  const unit = layout.colorSpace === "srgb" ? linearToSrgb(value) : Math.min(1, Math.max(0, value));
  return Math.floor(unit * storedMaximum(layout) + 0.5);
}

function assertLengths(texels: TexelArray, linear: Float32Array, layout: TexelLayout): void {
  const wanted = (texels.length / layout.channels) * linearChannels(layout);
  if (linear.length !== wanted) {
    throw new OutOfRangeError(
      "linear",
      `Cannot convert ${texels.length} values of texels as linear must have ${wanted}: ` +
        `current length is ${linear.length}`,
    );
  }
}
