/**
 * Mip chains in the simplest way: a whole picture in memory, in double precision, each texel of a
 * level the mean of the level before over exactly the area that it covers. Shares no code with the
 * product.
 */

import type { RowFormat } from "../../src/sources/mod.ts";

export interface ReferenceLevel {
  readonly width: number;
  readonly height: number;
  /** Stored values before rounding: 0 to 255, 0 to 65535, or floats. */
  readonly values: Float64Array;
}

export interface ReferenceOptions {
  readonly width: number;
  readonly height: number;
  readonly format: RowFormat;
  /** Filter gamma-encoded values as light. */
  readonly srgb: boolean;
  /** Weight colours by alpha. */
  readonly premultiply?: boolean;
}

function toLight(v: number): number {
  return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
}

function fromLight(v: number): number {
  return v <= 0.0031308 ? v * 12.92 : 1.055 * Math.pow(v, 1 / 2.4) - 0.055;
}

/** Mean over one axis: `stride` apart in groups of `inner`, from n to max(1, ⌊n/2⌋) places. */
function shrink(values: Float64Array, n: number, inner: number): Float64Array {
  const m = Math.max(1, Math.floor(n / 2));
  const outer = values.length / (n * inner);
  const out = new Float64Array(outer * m * inner);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < m; i++) {
      const from = (i * n) / m;
      const to = ((i + 1) * n) / m;
      for (let s = Math.floor(from); s < Math.ceil(to - 1e-9); s++) {
        const overlap = Math.min(to, s + 1) - Math.max(from, s);
        for (let k = 0; k < inner; k++) {
          out[(o * m + i) * inner + k]! += (values[(o * n + s) * inner + k]! * overlap) /
            (to - from);
        }
      }
    }
  }
  return out;
}

/** All levels down to 1×1, level 0 as given. */
export function referenceMips(
  stored: ArrayLike<number>,
  { width, height, format, srgb, premultiply = true }: ReferenceOptions,
): ReferenceLevel[] {
  const channels = format === "rgba8unorm" ? 4 : 1;
  const maximum = format === "r32float" ? 1 : format === "r16unorm" ? 65535 : 255;
  let light: Float64Array = new Float64Array(width * height * channels);
  for (let i = 0; i < light.length; i++) {
    const isAlpha = channels === 4 && i % 4 === 3;
    const v = stored[i]! / maximum;
    light[i] = srgb && !isAlpha ? toLight(v) : v;
    if (isAlpha && premultiply) { for (let c = i - 3; c < i; c++) light[c]! *= v; }
  }
  const levels: ReferenceLevel[] = [];
  for (let w = width, h = height;;) {
    const values = new Float64Array(light.length);
    for (let i = 0; i < light.length; i++) {
      const isAlpha = channels === 4 && i % 4 === 3;
      const alpha = channels === 4 && premultiply && !isAlpha ? light[i - (i % 4) + 3]! : 1;
      const v = alpha > 0 ? light[i]! / alpha : 0;
      values[i] = (srgb && !isAlpha ? fromLight(v) : v) * maximum;
    }
    levels.push({ width: w, height: h, values });
    if (w === 1 && h === 1) return levels;
    light = shrink(shrink(light, w, channels), h, Math.max(1, Math.floor(w / 2)) * channels);
    w = Math.max(1, Math.floor(w / 2));
    h = Math.max(1, Math.floor(h / 2));
  }
}
