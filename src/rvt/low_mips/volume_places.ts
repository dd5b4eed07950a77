/**
 * What lies below a rectangle of a volume's texture. Pure, in float64.
 *
 * @module
 */

import { mat4d } from "npm:wgpu-matrix@3.4.2";
import { inverse4 } from "../../geometry/mod.ts";
import { type FootprintRect, tileReachRect } from "../component/mod.ts";
import { tappedLevels } from "../source/mod.ts";
import type { VolumeView } from "../tile/tile_view.ts";

/** A rectangle in two dimensions of some space. */
export interface PlaceRect {
  readonly least: readonly [number, number];
  readonly most: readonly [number, number];
}

/**
 * What of the x and y of an object that is seen along its own z a rectangle of a texture shows; null if it is
 * seen from its edge.
 *
 * @param toWorld Object to world, affine, column-major.
 */
export function textureRectInside(
  rect: FootprintRect,
  toWorld: ArrayLike<number>,
  { toVolume }: VolumeView,
): PlaceRect | null {
  const m = mat4d.multiply(toVolume, Float64Array.from(toWorld)) as Float64Array;
  const determinant = m[0]! * m[5]! - m[4]! * m[1]!;
  const places = cornersOfRect(rect).map(([u, v]) => {
    const [du, dv] = [u - m[12]!, v - m[13]!];
    return [
      (du * m[5]! - dv * m[4]!) / determinant,
      (dv * m[0]! - du * m[1]!) / determinant,
    ] as const;
  });
  return places.flat().every(Number.isFinite) ? rectAround(places) : null;
}

/** Tiles by which samples of one texture at the places of another one's tile are told apart at most. */
const MOST_TILES = 64;
/** Texels of another texture by which the depth of a volume may move a place and still not count. */
const SAME_TEXELS = 1e-3;

/**
 * The tiles of another texture that a tile samples at the very places that it shows, without a bias; null if
 * they are many, or volumes are not seen along the same axis, so that what is sampled hangs on the slopes of
 * what is drawn.
 */
export function sampledTiles(tile: number, from: VolumeView, to: VolumeView): number[] | null {
  const m = mat4d.multiply(to.toVolume, inverse4(from.toVolume)) as Float64Array;
  const texels = (u: number, v: number) => Math.hypot(u * to.grid.width, v * to.grid.height);
  if (!(texels(m[8]!, m[9]!) < SAME_TEXELS)) return null;
  const { width, height } = from.grid.level(from.grid.levelOf(tile));
  const steps = [texels(m[0]! / width, m[1]! / width), texels(m[4]! / height, m[5]! / height)];
  const levels = to.grid.levelCount - 1;
  const [least, most] = [Math.log2(Math.min(...steps)), Math.log2(Math.max(...steps))];
  if (!Number.isFinite(least)) return null;
  const [first, last] = tappedLevels(least, most, levels);
  const reach = tileReachRect(from.grid, tile, { borderTexels: from.border });
  const places = cornersOfRect(reach).map(([u, v]) =>
    [m[0]! * u + m[4]! * v + m[12]!, m[1]! * u + m[5]! * v + m[13]!] as const
  );
  const seen = rectAround(places);
  const tiles: number[] = [];
  for (let level = first; level <= last; level++) {
    const { width, height, tilesX, tilesY } = to.grid.level(level);
    const along = (axis: 0 | 1, size: number, count: number) => {
      const at = (place: number) =>
        Math.min(count - 1, Math.floor(Math.min(Math.max(place, 0), 1) * size / to.grid.tileSize));
      return [at(seen.least[axis]), at(seen.most[axis])] as const;
    };
    const [[x0, x1], [y0, y1]] = [along(0, width, tilesX), along(1, height, tilesY)];
    if (tiles.length + (x1 - x0 + 1) * (y1 - y0 + 1) > MOST_TILES) return null;
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) tiles.push(to.grid.tileIndexOf(level, x, y));
    }
  }
  return tiles;
}

function cornersOfRect({ u0, v0, u1, v1 }: FootprintRect): readonly (readonly [number, number])[] {
  return [[u0, v0], [u1, v0], [u0, v1], [u1, v1]];
}

function rectAround(places: readonly (readonly [number, number])[]): PlaceRect {
  const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
  return { least: [Math.min(...xs), Math.min(...ys)], most: [Math.max(...xs), Math.max(...ys)] };
}
