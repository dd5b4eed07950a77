/**
 * Where a tile's texels lie in the world.
 *
 * Volume space has u along the texture's columns and v along its rows, 0 to 1 over the texture, row 0
 * at v = 0; w runs from 0 at the top of the volume to 1 at its bottom, along the way that tiles are
 * looked at. The centre of texel (x, y) of a level of W by H texels is u = (x + 1/2) / W,
 * v = (y + 1/2) / H. Whatever lies outside w 0 to 1 is clipped; u and v outside 0 to 1 are not, as
 * borders of tiles at the texture's edge show what the world holds there.
 *
 * @module
 */

import { type Affine, inverted, transformedPoint, transformedVector, type Vec3 } from "./affine.ts";

/** A rectangle of texels of one level, borders included. */
export interface TileView {
  /** World to volume space. */
  readonly worldToVolume: Affine;
  /** 0 is the finest. */
  readonly level: number;
  /** Levels that the texture has. */
  readonly levelCount: number;
  /** Width of the level in texels, as a texture of one piece. */
  readonly levelWidth: number;
  /** Height of the level in texels. */
  readonly levelHeight: number;
  /**
   * Column of the rectangle's first texel; below 0 in the border of the first tile. Texels lie between
   * those of the level where it is not an integer.
   */
  readonly x: number;
  /** Row of its first texel. */
  readonly y: number;
  /** Columns of texels. */
  readonly width: number;
  /** Rows of texels. */
  readonly height: number;
}

/** World to the rectangle's texels: x and y in texels from its outer corner, and w as in volume space. */
export function worldToTexels(view: TileView): Float64Array {
  const matrix = new Float64Array(16);
  for (let column = 0; column < 4; column++) {
    matrix[4 * column] = view.worldToVolume[4 * column]! * view.levelWidth;
    matrix[4 * column + 1] = view.worldToVolume[4 * column + 1]! * view.levelHeight;
    matrix[4 * column + 2] = view.worldToVolume[4 * column + 2]!;
    matrix[4 * column + 3] = view.worldToVolume[4 * column + 3]!;
  }
  matrix[12]! -= view.x;
  matrix[13]! -= view.y;
  return matrix;
}

/** The size in the world of a texel along u, and along v. */
export function texelWorldSize(view: TileView): readonly [number, number] {
  const texelsToWorld = inverted(worldToTexels(view));
  return [
    Math.hypot(...transformedVector(texelsToWorld, [1, 0, 0])),
    Math.hypot(...transformedVector(texelsToWorld, [0, 1, 0])),
  ];
}

/** The lowest and the highest z of the volume's eight corners. */
export function heightRangeOf(worldToVolume: Affine): readonly [number, number] {
  const volumeToWorld = inverted(worldToVolume);
  const heights = Array.from({ length: 8 }, (_, k) => {
    const corner: Vec3 = [k & 1, (k >> 1) & 1, k >> 2];
    return transformedPoint(volumeToWorld, corner)[2];
  });
  return [Math.min(...heights), Math.max(...heights)];
}
