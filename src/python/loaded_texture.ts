/**
 * What Python learns of a loaded texture.
 *
 * @module
 */

import type { StreamedTexture } from "../streaming/mod.ts";

/** A texture, in values that Python can take. */
export interface LoadedTexture {
  /** Unique within its system. */
  readonly handle: number;
  /** Width of level 0 in texels. */
  readonly width: number;
  /** Height of level 0 in texels. */
  readonly height: number;
  /** Edge of a tile's payload in texels. */
  readonly tileSize: number;
  /** Format of the tiles in the atlas. */
  readonly format: string;
  /** How stored values are to be read. */
  readonly colorSpace: string;
  /** How it goes on beyond its edges, along u and v. */
  readonly wrap: readonly string[];
  /** How stored columns and rows run over the picture. */
  readonly orientation: string;
  /** Where red, green, blue and alpha come from. */
  readonly swizzle: string;
  /** Whether its colours are multiplied by alpha. */
  readonly premultiplied: boolean;
  /** Name of the transfer function of its stored values. */
  readonly transfer: string;
  /** Name of its colour primaries. */
  readonly primaries: string;
  /** Its source in one line: container, scheme, which levels were baked and why. */
  readonly info: string;
  /** Statistics of the values that it was made from, as JSON; `null` if none are known. */
  readonly valueStatistics: string;
}

/** Describes a texture. */
export function loadedTexture(texture: StreamedTexture): LoadedTexture {
  const { id, width, height, tileSize, format, colorSpace, wrap, info } = texture;
  const { orientation, swizzle, premultiplied, transfer, primaries } = texture;
  return {
    handle: id,
    width,
    height,
    tileSize,
    format,
    colorSpace,
    wrap,
    orientation,
    swizzle,
    premultiplied,
    transfer,
    primaries,
    info,
    valueStatistics: JSON.stringify(texture.valueStatistics),
  };
}
