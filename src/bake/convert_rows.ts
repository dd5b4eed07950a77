/**
 * Converts rows of one format to another, value by value, in the same colour space.
 *
 * @module
 */

import { UnsupportedError } from "../errors.ts";
import type { RowFormat } from "../sources/mod.ts";
import { decodedLayout, type TexelArray, type TexelLayout } from "../texels/mod.ts";

/** Storages from the narrowest to the widest. */
const WIDTHS: readonly TexelLayout["storage"][] = ["unorm8", "unorm16", "float32"];

/**
 * Whether rows can be converted. Grey becomes colour, and two channels become colours without blue or
 * lose none; colour becomes two channels, as red and green, but never grey. Normalised integers
 * become any other storage; floats, which may have any value, stay floats.
 */
export function canConvertRows(from: RowFormat, to: RowFormat): boolean {
  const source = decodedLayout(from, "linear");
  const target = decodedLayout(to, "linear");
  if (source.storage === "float32" && target.storage !== "float32") return false;
  if (source.channels === target.channels) return true;
  return target.channels === 4 || (source.channels === 4 && target.channels === 2);
}

/** The bytes of values. */
function bytesOf(values: TexelArray): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function makeValues(storage: TexelLayout["storage"], length: number): TexelArray {
  if (storage === "unorm8") return new Uint8Array(length);
  return storage === "unorm16" ? new Uint16Array(length) : new Float32Array(length);
}

/** The value that stands for 1. */
function unitOf(storage: TexelLayout["storage"]): number {
  return storage === "unorm8" ? 255 : storage === "unorm16" ? 65535 : 1;
}

/** The same texels with values of another storage. */
function withStorage(
  values: TexelArray,
  { from, to }: { readonly from: TexelLayout["storage"]; readonly to: TexelLayout["storage"] },
): TexelArray {
  if (from === to) return values;
  const unit = unitOf(from);
  const out = makeValues(to, values.length);
  // In this order, floats are the nearest to the quotient, as a texture unit returns it.
  const scale = unitOf(to);
  const isNarrower = WIDTHS.indexOf(to) < WIDTHS.indexOf(from);
  for (let k = 0; k < out.length; k++) {
    const value = (values[k]! * scale) / unit;
    out[k] = isNarrower ? Math.round(value) : value;
  }
  return out;
}

/** The same values with another number of channels. */
function withChannels(
  values: TexelArray,
  { from, to, one }: { readonly from: 1 | 2 | 4; readonly to: 1 | 2 | 4; readonly one: number },
): TexelArray {
  if (from === to) return values;
  const texels = values.length / from;
  const out = new (values.constructor as new (length: number) => TexelArray)(texels * to);
  for (let texel = 0; texel < texels; texel++) {
    const source = texel * from;
    const target = texel * to;
    const first = values[source]!;
    out[target] = first;
    out[target + 1] = from === 1 ? first : values[source + 1]!;
    if (to === 2) continue;
    // A texel without values, whose channels are NaN, has no alpha either.
    out[target + 2] = from === 1 || Number.isNaN(first) ? first : 0;
    out[target + 3] = Number.isNaN(first) ? first : one;
  }
  return out;
}

/**
 * Converts values of one row format to bytes of another. Narrowing rounds to the nearest; from
 * normalised integers to floats, values are what a texture unit returns for the integers.
 *
 * @throws {UnsupportedError} if there is no such conversion: see {@linkcode canConvertRows}.
 */
export function convertRow(
  values: TexelArray,
  { from, to }: { readonly from: RowFormat; readonly to: RowFormat },
): Uint8Array {
  if (from === to) return bytesOf(values);
  if (!canConvertRows(from, to)) {
    throw new UnsupportedError(`${from} to ${to}`, `Cannot convert rows of ${from} to ${to}`);
  }
  const source = decodedLayout(from, "linear");
  const target = decodedLayout(to, "linear");
  const stored = withStorage(values, { from: source.storage, to: target.storage });
  const one = unitOf(target.storage);
  return bytesOf(withChannels(stored, { from: source.channels, to: target.channels, one }));
}
