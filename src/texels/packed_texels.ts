/**
 * Uncompressed texels that are no decoded format, to 32-bit floats and back: signed normalised
 * integers, 16-bit floats, and colours packed in 32 bits (Vulkan 1.4, chapter 49, "Formats").
 *
 * @module
 */

import { UnsupportedError } from "../errors.ts";
import { decodedTexelFormat } from "./decoded_format.ts";
import { formatInfo, isBlockCompressed, type TexelFormat } from "./formats.ts";
import { floatToHalf, floatToSmallFloat, halfToFloat, smallFloatToFloat } from "./half_float.ts";
import { floatToSharedExponent, sharedExponentToFloat } from "./shared_exponent.ts";

/** Whether an uncompressed format is stored otherwise than its decoded texels. */
export function isPackedFormat(format: TexelFormat): boolean {
  return !isBlockCompressed(format) && decodedTexelFormat(format).endsWith("float") &&
    !format.endsWith("32float");
}

/**
 * Decodes packed texels.
 *
 * @param bytes Whole texels of a format of {@linkcode isPackedFormat}.
 * @returns Floats, as many a texel as {@linkcode decodedTexelFormat} has channels.
 */
export function unpackTexels(format: TexelFormat, bytes: Uint8Array): Float32Array {
  const { blockBytes, channels } = formatInfo(format);
  const texels = Math.floor(bytes.byteLength / blockBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Float32Array(texels * channels);
  if (format.endsWith("snorm")) {
    for (let k = 0; k < out.length; k++) out[k] = Math.max(-1, view.getInt8(k) / 127);
  } else if (format.endsWith("16float")) {
    for (let k = 0; k < out.length; k++) out[k] = halfToFloat(view.getUint16(2 * k, true));
  } else {
    const unpack = wordsOf(format).unpack;
    for (let k = 0; k < texels; k++) unpack(view.getUint32(4 * k, true), out, 4 * k);
  }
  return out;
}

/**
 * Encodes floats as packed texels, each value as the nearest that the format has; what lies outside
 * its range becomes the end of it.
 *
 * @param values Floats, as many a texel as {@linkcode decodedTexelFormat} has channels.
 */
export function packTexels(format: TexelFormat, values: Float32Array): Uint8Array {
  const { blockBytes, channels } = formatInfo(format);
  const texels = values.length / channels;
  const out = new Uint8Array(texels * blockBytes);
  const view = new DataView(out.buffer);
  if (format.endsWith("snorm")) {
    for (let k = 0; k < values.length; k++) {
      const unit = Math.min(1, Math.max(-1, values[k]! || 0));
      view.setInt8(k, Math.round(unit * 127));
    }
  } else if (format.endsWith("16float")) {
    for (let k = 0; k < values.length; k++) view.setUint16(2 * k, floatToHalf(values[k]!), true);
  } else {
    const pack = wordsOf(format).pack;
    for (let k = 0; k < texels; k++) view.setUint32(4 * k, pack(values, 4 * k), true);
  }
  return out;
}

/** Colours of one 32-bit word, red in its lowest bits. */
interface PackedWords {
  readonly unpack: (word: number, out: Float32Array, at: number) => void;
  readonly pack: (values: Float32Array, at: number) => number;
}

function wordsOf(format: TexelFormat): PackedWords {
  switch (format) {
    case "rgb10a2unorm":
      return { unpack: unpackRgb10a2, pack: packRgb10a2 };
    case "rg11b10ufloat":
      return { unpack: unpackRg11b10, pack: packRg11b10 };
    case "rgb9e5ufloat":
      return { unpack: sharedExponentToFloat, pack: floatToSharedExponent };
    default:
      throw new UnsupportedError(
        format,
        `Cannot unpack texels of ${format}: they are no packed floats`,
      );
  }
}

function unpackRgb10a2(word: number, out: Float32Array, at: number): void {
  for (let c = 0; c < 3; c++) out[at + c] = ((word >>> (10 * c)) & 1023) / 1023;
  out[at + 3] = (word >>> 30) / 3;
}

function packRgb10a2(values: Float32Array, at: number): number {
  const code = (c: number, most: number) =>
    Math.round(Math.min(1, Math.max(0, values[at + c]! || 0)) * most);
  const color = code(0, 1023) | (code(1, 1023) << 10) | (code(2, 1023) << 20);
  return (color | (code(3, 3) << 30)) >>> 0;
}

function unpackRg11b10(word: number, out: Float32Array, at: number): void {
  out[at] = smallFloatToFloat(word & 2047, 6);
  out[at + 1] = smallFloatToFloat((word >>> 11) & 2047, 6);
  out[at + 2] = smallFloatToFloat(word >>> 22, 5);
  out[at + 3] = 1;
}

function packRg11b10(values: Float32Array, at: number): number {
  const red = floatToSmallFloat(values[at]!, 6);
  const green = floatToSmallFloat(values[at + 1]!, 6);
  const blue = floatToSmallFloat(values[at + 2]!, 5);
  return (red | (green << 11) | (blue << 22)) >>> 0;
}
