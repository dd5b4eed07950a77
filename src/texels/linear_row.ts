/**
 * Rows of texels to linear, premultiplied values for filtering, and back.
 *
 * @module
 */

import { OutOfRangeError } from "../errors.ts";
import { linearToSrgb, linearToSrgb8, SRGB8_TO_LINEAR, srgbToLinear } from "./color.ts";
import type { ColorSpace } from "./formats.ts";

/** An array of texels: its element type says how a channel is stored. */
export type TexelArray = Uint8Array | Uint16Array | Float32Array;

/** What a row of texels holds. */
export interface TexelLayout {
  /** How a channel is stored: normalised integers of 8 or 16 bits, or floats as they are. */
  readonly storage: "unorm8" | "unorm16" | "float32";
  /** Interleaved channels a texel: 1 (grey), or 4 with alpha last. */
  readonly channels: 1 | 4;
  /** How colour channels are stored; alpha is always linear. */
  readonly colorSpace: ColorSpace;
}

/**
 * Weight that colours of fully transparent texels keep when filtered, so that a transparent area
 * still has the mean colour of its texels instead of black; far below what 8 bits can show.
 */
const TRANSPARENT_WEIGHT = 2 ** -20;

/** A zeroed array for so many texels of a layout. */
export function makeTexelArray(layout: TexelLayout, texels: number): TexelArray {
  const length = texels * layout.channels;
  switch (layout.storage) {
    case "unorm8":
      return new Uint8Array(length);
    case "unorm16":
      return new Uint16Array(length);
    case "float32":
      return new Float32Array(length);
  }
}

/**
 * Converts texels to linear light, 0 to 1 (floats as they are), colours multiplied by alpha.
 *
 * @param texels Stored values, `layout.channels` a texel.
 * @param linear Receives as many values.
 */
export function texelsToLinear(
  texels: TexelArray,
  linear: Float32Array,
  layout: TexelLayout,
): void {
  assertSameLength(texels.length, linear.length);
  const table = decodeTable(layout);
  if (layout.channels === 1) {
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
 * @param linear Filtered values, `layout.channels` a texel.
 * @param texels Receives as many stored values.
 */
export function linearToTexels(
  linear: Float32Array,
  texels: TexelArray,
  layout: TexelLayout,
): void {
  assertSameLength(texels.length, linear.length);
  if (layout.channels === 1) {
    for (let k = 0; k < linear.length; k++) texels[k] = encode(linear[k]!, layout);
    return;
  }
  const maximum = storedMaximum(layout);
  const round = layout.storage === "float32" ? 0 : 0.5;
  for (let k = 0; k < linear.length; k += 4) {
    const alpha = linear[k + 3]!;
    const scale = 1 / (alpha + TRANSPARENT_WEIGHT);
    texels[k] = encode(linear[k]! * scale, layout);
    texels[k + 1] = encode(linear[k + 1]! * scale, layout);
    texels[k + 2] = encode(linear[k + 2]! * scale, layout);
    texels[k + 3] = alpha * maximum + round;
  }
}

const UNORM8_TO_UNIT = Float32Array.from({ length: 256 }, (_, code) => code / 255);

function decodeTable(layout: TexelLayout): Float32Array | null {
  if (layout.storage !== "unorm8") return null;
  return layout.colorSpace === "srgb" ? SRGB8_TO_LINEAR : UNORM8_TO_UNIT;
}

function storedMaximum(layout: TexelLayout): number {
  return layout.storage === "unorm8" ? 255 : layout.storage === "unorm16" ? 65535 : 1;
}

function decode(stored: number, layout: TexelLayout): number {
  const value = stored / storedMaximum(layout);
  return layout.colorSpace === "srgb" ? srgbToLinear(value) : value;
}

function encode(value: number, layout: TexelLayout): number {
  if (layout.storage === "float32") {
    return layout.colorSpace === "srgb" ? linearToSrgb(value) : value;
  }
  if (layout.storage === "unorm8" && layout.colorSpace === "srgb") return linearToSrgb8(value);
  const unit = layout.colorSpace === "srgb" ? linearToSrgb(value) : Math.min(1, Math.max(0, value));
  return Math.floor(unit * storedMaximum(layout) + 0.5);
}

function assertSameLength(texels: number, linear: number): void {
  if (texels !== linear) {
    throw new OutOfRangeError(
      "linear",
      `Cannot convert texels as both arrays must have the same length: current values are ${texels} and ${linear}`,
    );
  }
}
