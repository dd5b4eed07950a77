/**
 * Converts rows of one format to another, value by value, in the same colour space.
 *
 * @module
 */

import { UnsupportedError } from "../errors.ts";
import type { RowFormat } from "../sources/mod.ts";
import type { TexelArray, TexelLayout } from "../texels/mod.ts";
import type { ColorSpace } from "../texels/mod.ts";

/** How the mip filter sees rows. */
export function layoutOf(format: RowFormat, colorSpace: ColorSpace): TexelLayout {
  switch (format) {
    case "rgba8unorm":
      return { storage: "unorm8", channels: 4, colorSpace };
    case "r8unorm":
      return { storage: "unorm8", channels: 1, colorSpace };
    case "r16unorm":
      return { storage: "unorm16", channels: 1, colorSpace };
    case "r32float":
      return { storage: "float32", channels: 1, colorSpace };
  }
}

/** Rows as values. The bytes must begin at a multiple of 4 of their buffer. */
export function valuesOf(bytes: Uint8Array, format: RowFormat): TexelArray {
  const { buffer, byteOffset, byteLength } = bytes;
  switch (format) {
    case "rgba8unorm":
    case "r8unorm":
      return bytes;
    case "r16unorm":
      return new Uint16Array(buffer, byteOffset, byteLength / 2);
    case "r32float":
      return new Float32Array(buffer, byteOffset, byteLength / 4);
  }
}

/** The bytes of values. */
export function bytesOf(values: TexelArray): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Grey as an opaque colour. */
function greyToRgba8(values: TexelArray, maximum: number): Uint8Array {
  const out = new Uint8Array(values.length * 4);
  const scale = 255 / maximum;
  for (let i = 0; i < values.length; i++) {
    const grey = Math.round(values[i]! * scale);
    out[4 * i] = grey;
    out[4 * i + 1] = grey;
    out[4 * i + 2] = grey;
    out[4 * i + 3] = 255;
  }
  return out;
}

/**
 * Converts values of one row format to bytes of another. Narrowing rounds to the nearest; from
 * normalised integers to floats, values are what a texture unit returns for the integers.
 *
 * @throws {UnsupportedError} if there is no such conversion: colour to grey, floats to integers.
 */
export function convertRow(
  values: TexelArray,
  { from, to }: { readonly from: RowFormat; readonly to: RowFormat },
): Uint8Array {
  if (from === to) return bytesOf(values);
  if (from === "r8unorm" || from === "r16unorm") {
    const maximum = from === "r8unorm" ? 255 : 65535;
    switch (to) {
      case "rgba8unorm":
        return greyToRgba8(values, maximum);
      case "r8unorm":
        return Uint8Array.from(values, (value) => Math.round(value / 257));
      case "r16unorm":
        return bytesOf(Uint16Array.from(values, (value) => value * 257));
      case "r32float":
        return bytesOf(Float32Array.from(values, (value) => value / maximum));
    }
  }
  throw new UnsupportedError(`${from} to ${to}`, `Cannot convert rows of ${from} to ${to}`);
}
