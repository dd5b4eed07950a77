/**
 * Values of textures for Python: what it asks for, and what it is answered.
 *
 * @module
 */

import type { StreamedTexture } from "../streaming/mod.ts";
import type { ValuePair, ValueRange } from "../texels/mod.ts";

/** Which values Python reads. */
export interface ValuesRequest {
  /** x, y, width and height in texels of the level. */
  readonly rect: readonly number[];
  /** Level, 0 the finest. */
  readonly level: number;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
}

/** Values as Python takes them. */
export interface PackedValues {
  /** Little-endian. */
  readonly bytes: Uint8Array;
  /** Format of a value, as Python's module `struct` names it. */
  readonly code: "B" | "H" | "f";
  /** Values of a texel. */
  readonly bands: number;
}

/** Reads values of a texture. */
export async function readPackedValues(
  texture: StreamedTexture,
  { rect, level, signal }: ValuesRequest,
): Promise<PackedValues> {
  const [x, y, width, height] = rect as [number, number, number, number];
  const options = signal ? { level, signal } : { level };
  const { data, bands } = await texture.readRegion([x, y, width, height], options);
  const code = data instanceof Float32Array ? "f" : data instanceof Uint16Array ? "H" : "B";
  return { bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), code, bands };
}

/** A range of values as Python gives it: a choice, or pairs of numbers one after another. */
export interface RangeRequest {
  readonly valueRange?: string | readonly number[];
  /** Whether the numbers are percentiles. */
  readonly arePercentiles?: boolean;
}

/** The same request with the range as the renderer takes it, which checks it. */
export function withRange<Request extends RangeRequest>(
  request: Request,
): Omit<Request, keyof RangeRequest> & { readonly valueRange?: ValueRange } {
  const { valueRange, arePercentiles = false, ...rest } = request;
  if (valueRange === undefined) return rest;
  if (typeof valueRange === "string") return { ...rest, valueRange: valueRange as "minmax" };
  const pairs: ValuePair[] = [];
  for (let at = 0; at < valueRange.length; at += 2) {
    pairs.push([valueRange[at]!, valueRange[at + 1]!]);
  }
  return { ...rest, valueRange: arePercentiles ? { percentiles: pairs[0]! } : pairs };
}
