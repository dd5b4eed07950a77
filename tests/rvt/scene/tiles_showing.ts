/**
 * Which tiles can show something of some boxes, by clipping every face against every tile.
 *
 * @module
 */

import { cornersOf, type OrientedBox } from "../../../src/geometry/mod.ts";
import { transformedPoint } from "../oracle/affine.ts";
import type { PlacedScene } from "./placed_scene.ts";

type Place = readonly [u: number, v: number];

/** Tiles that surely show something, and those that may as far as float64 can tell, in ascending order. */
export interface ShowingTiles {
  readonly surely: readonly number[];
  readonly perhaps: readonly number[];
}

/** In texels of each level. */
const DOUBT = 1e-6;
/** Texels beside the border that filters may read. */
const FILTER = 1;

/** The twelve triangles between the corners of a box, of which each combines a sign of each axis. */
const FACES: readonly (readonly [number, number, number])[] = [0, 1, 2].flatMap((axis) => {
  const [a, b, c] = [1 << axis, 1 << (axis + 1) % 3, 1 << (axis + 2) % 3];
  return [0, a].flatMap((side) =>
    [[side, side | b, side | c], [side | b | c, side | b, side | c]] as const
  );
});

/** The tiles whose payload, border and one texel more have a point in common with some boxes. */
export function tilesShowing(placed: PlacedScene, boxes: readonly OrientedBox[]): ShowingTiles {
  const { worldToVolume } = placed.viewOf(0);
  const triangles = boxes.flatMap((box) => {
    const corners = cornersOf(box).map((corner): Place => {
      const [u, v] = transformedPoint(worldToVolume, corner);
      return [u, v];
    });
    return FACES.map((face) => face.map((corner) => corners[corner]!));
  });
  const showing = (grow: number) =>
    Array.from({ length: placed.grid.tileCount }, (_, tile) => tile).filter((tile) => {
      const { x, y, width, height, levelWidth, levelHeight } = placed.viewOf(tile);
      const reach = FILTER + grow;
      const [u0, u1] = [(x - reach) / levelWidth, (x + width + reach) / levelWidth];
      const [v0, v1] = [(y - reach) / levelHeight, (y + height + reach) / levelHeight];
      return triangles.some((triangle) => meets(triangle, [u0, v0, u1, v1]));
    });
  return { surely: showing(-DOUBT), perhaps: showing(DOUBT) };
}

/** Cuts a polygon by the four sides of a rectangle, one after the other (Sutherland and Hodgman, 1974). */
function meets(
  polygon: readonly Place[],
  [u0, v0, u1, v1]: readonly [number, number, number, number],
): boolean {
  const sides: ((place: Place) => number)[] = [
    ([u]) => u - u0,
    ([u]) => u1 - u,
    ([, v]) => v - v0,
    ([, v]) => v1 - v,
  ];
  let left = polygon;
  for (const inside of sides) {
    left = left.flatMap((from, i) => {
      const to = left[(i + 1) % left.length]!;
      const [a, b] = [inside(from), inside(to)];
      const kept: Place[] = a >= 0 ? [from] : [];
      if ((a < 0) === (b < 0)) return kept;
      const t = a / (a - b);
      return [...kept, [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])]];
    });
    if (left.length === 0) return false;
  }
  return true;
}
