/**
 * Stored samples as numbers.
 *
 * @module
 */

import type { SampleKind } from "../../headers/picture_header.ts";

/** Numbers of samples: of the least type that holds them exactly, but for integers of 64 bits. */
export type SampleArray =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** A zeroed array for samples of a kind. */
export function makeSampleArray({ bits, type }: SampleKind, length: number): SampleArray {
  if (type === "float") {
    return bits === 64 ? new Float64Array(length) : new Float32Array(length);
  }
  if (bits === 64) return new Float64Array(length);
  if (type === "signed") {
    return bits === 8
      ? new Int8Array(length)
      : bits === 16
      ? new Int16Array(length)
      : new Int32Array(length);
  }
  return bits <= 8
    ? new Uint8Array(length)
    : bits <= 16
    ? new Uint16Array(length)
    : new Uint32Array(length);
}

/** Turns round the bytes of each number, in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  for (let at = 0; at + size <= bytes.byteLength; at += size) {
    for (let a = at, b = at + size - 1; a < b; a++, b--) {
      const byte = bytes[a]!;
      bytes[a] = bytes[b]!;
      bytes[b] = byte;
    }
  }
}

/** Turns round the bits of each byte (fill order 2), in a copy. */
export function reversedBits(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => {
    let reversed = 0;
    for (let bit = 0; bit < 8; bit++) reversed |= ((byte >> bit) & 1) << (7 - bit);
    return reversed;
  });
}

/**
 * Rows of samples as numbers. Numbers of whole bytes are little-endian; others are packed from the
 * most significant bit on, and each row begins with a byte.
 *
 * @param bytes The rows; they must begin at a multiple of 8 of their buffer.
 * @param rowValues Samples of a row.
 */
export function unpackSamples(
  bytes: Uint8Array,
  { bits, type }: SampleKind,
  rowValues: number,
): SampleArray {
  const { buffer, byteOffset, byteLength } = bytes;
  const count = byteLength / (bits / 8);
  switch (`${type}${bits}`) {
    case "unsigned8":
      return bytes;
    case "signed8":
      return new Int8Array(buffer, byteOffset, count);
    case "unsigned16":
      return new Uint16Array(buffer, byteOffset, count);
    case "signed16":
      return new Int16Array(buffer, byteOffset, count);
    case "unsigned32":
      return new Uint32Array(buffer, byteOffset, count);
    case "signed32":
      return new Int32Array(buffer, byteOffset, count);
    case "float32":
      return new Float32Array(buffer, byteOffset, count);
    case "float64":
      return new Float64Array(buffer, byteOffset, count);
    case "float16":
      return Float32Array.from(new Uint16Array(buffer, byteOffset, count), halfToFloat);
    case "unsigned64":
      return Float64Array.from(new BigUint64Array(buffer, byteOffset, count), Number);
    case "signed64":
      return Float64Array.from(new BigInt64Array(buffer, byteOffset, count), Number);
    case "unsigned24":
      return Uint32Array.from({ length: count }, (_, i) => number24(bytes, 3 * i));
    case "signed24":
      return Int32Array.from({ length: count }, (_, i) => number24(bytes, 3 * i) << 8 >> 8);
    default:
      return unpackBits(bytes, bits, rowValues);
  }
}

function number24(bytes: Uint8Array, at: number): number {
  return bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16;
}

/** IEEE 754 half precision. */
function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function unpackBits(bytes: Uint8Array, bits: number, rowValues: number): SampleArray {
  const rowBytes = Math.ceil(rowValues * bits / 8);
  const rows = Math.floor(bytes.byteLength / rowBytes);
  const values = makeSampleArray({ bits, type: "unsigned" }, rows * rowValues);
  const mask = 2 ** bits - 1;
  for (let row = 0, out = 0; row < rows; row++) {
    let at = row * rowBytes;
    let held = 0;
    let heldBits = 0;
    for (let i = 0; i < rowValues; i++) {
      while (heldBits < bits) {
        held = ((held << 8) | bytes[at++]!) & 0xffffff;
        heldBits += 8;
      }
      heldBits -= bits;
      values[out++] = (held >> heldBits) & mask;
    }
  }
  return values;
}
