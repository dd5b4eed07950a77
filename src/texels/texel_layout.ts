/**
 * What texels hold while they are filtered.
 *
 * @module
 */

import type { ColorSpace } from "./formats.ts";

/** An array of texels: its element type says how a channel is stored. */
export type TexelArray = Uint8Array | Uint16Array | Float32Array;

/** What a row of texels holds. */
export interface TexelLayout {
  /** How a channel is stored: normalised integers of 8 or 16 bits, or floats as they are. */
  readonly storage: "unorm8" | "unorm16" | "float32";
  /** Interleaved channels a texel: 1 (grey), 2 without alpha, or 4 with alpha last. */
  readonly channels: 1 | 2 | 4;
  /** How colour channels are stored; alpha is always linear. */
  readonly colorSpace: ColorSpace;
  /**
   * The channel that the others are weighted by while they are filtered: alpha. Default the last of four;
   * null where none is, as of colours that are multiplied by alpha already.
   */
  readonly alpha?: number | null;
}

/** The channel that the others of a layout are weighted by, or -1. */
export function weighingChannel({ channels, alpha }: TexelLayout): number {
  return alpha === undefined ? (channels === 4 ? 3 : -1) : alpha ?? -1;
}

/**
 * Weight that colours of fully transparent texels keep when filtered, so that a transparent area
 * still has the mean colour of its texels instead of black; far below what 8 bits can show.
 *
 * @internal
 */
export const TRANSPARENT_WEIGHT = 2 ** -20;

/**
 * Linear values that stand for a texel while it is filtered: as many as it has channels, and for
 * floats as many weights, since some of them may have no value.
 */
export function linearChannels({ storage, channels }: TexelLayout): number {
  return storage === "float32" ? 2 * channels : channels;
}

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
