/**
 * Where a tile of a runtime virtual texture lies in the world. Pure, in float64.
 *
 * @module
 */

import { mat4d } from "npm:wgpu-matrix@3.4.2";
import type { Vec3 } from "../../geometry/mod.ts";
import type { TileGrid } from "../../tiles/mod.ts";
import { volumeExtent, worldToVolume } from "../volume/volume_space.ts";
import type { Transform } from "../../geometry/mod.ts";

/** What the tiles of a volume have in common. */
export interface VolumeView {
  readonly grid: TileGrid;
  /** Texels around each tile's payload. */
  readonly border: number;
  /** World to u, v and w of the volume: column-major. */
  readonly toVolume: Float64Array;
  /** World lengths of the volume along its own x, y and z. */
  readonly extent: Vec3;
}

/** One tile as it is rendered, borders included. */
export interface TileView {
  /** Its level; 0 is the finest. */
  readonly level: number;
  /** Edge of the tile with its borders, in texels. */
  readonly texels: number;
  /**
   * World to clip space: column-major. x and y run from −1 to 1 over the tile with its borders, its
   * first row above; z is w of the volume: 0 at its top, 1 at its bottom.
   */
  readonly toClip: Float64Array;
  /** What it covers of the texture, borders included: u0, v0, u1, v1. */
  readonly rect: readonly [number, number, number, number];
  /** World size of a texel along the volume's own x and y: Virtual Texture Output Derivative. */
  readonly texelSize: readonly [number, number];
}

/** What the tiles of a texture in a volume have in common. */
export function volumeView(
  transform: Transform,
  texture: { readonly grid: TileGrid; readonly border: number },
): VolumeView {
  return {
    ...texture,
    toVolume: worldToVolume(transform),
    extent: volumeExtent(transform),
  };
}

/**
 * How a tile is rendered: an orthographic projection along the volume's −z onto its texels. Texel j of
 * the tile, borders counted, has its centre where texel j − border + ½ of the tile's payload lies.
 */
export function tileView(volume: VolumeView, tile: number): TileView {
  const { grid, border, toVolume, extent } = volume;
  const { level, x, y } = grid.addressOf(tile);
  const { width, height } = grid.level(level);
  const texels = grid.tileSize + 2 * border;
  const left = x * grid.tileSize - border;
  const top = y * grid.tileSize - border;
  const scaleX = 2 * width / texels;
  const scaleY = 2 * height / texels;
  // deno-fmt-ignore
  const volumeToClip = new Float64Array([
    scaleX, 0, 0, 0,
    0, -scaleY, 0, 0,
    0, 0, 1, 0,
    -2 * left / texels - 1, 2 * top / texels + 1, 0, 1,
  ]);
  return {
    level,
    texels,
    toClip: mat4d.multiply(volumeToClip, toVolume) as Float64Array,
    rect: [left / width, top / height, (left + texels) / width, (top + texels) / height],
    texelSize: [extent[0] / width, extent[1] / height],
  };
}
