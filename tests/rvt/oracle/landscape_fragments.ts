/**
 * What a landscape shows of itself in a tile.
 *
 * @module
 */

import type { LandscapeDraw } from "../../../src/rvt/component/component_draw.ts";
import {
  type Affine,
  dot,
  inverted,
  multiplied,
  normalized,
  transformedNormal,
  transformedPoint,
  transformedVector,
  type Vec3,
} from "./affine.ts";
import {
  type Fragment,
  type FragmentView,
  type FragmentVisitor,
  type Tolerances,
  UNCERTAIN,
} from "./fragment.ts";
import { firstHit, heightAt, layerWeightAt, normalAt, type SurfacePlace } from "./height_field.ts";
import { type Place, rasterizeTriangle } from "./rasterize.ts";
import { type TileView, worldToTexels } from "./tile_view.ts";

/** Where to draw. */
export interface LandscapeFragmentOptions {
  readonly tile: TileView;
  readonly view: FragmentView;
  readonly tolerances: Tolerances;
  readonly visitor: FragmentVisitor;
}

/** A draw, and how its own space lies to the tile's texels. */
interface Scene extends LandscapeFragmentOptions {
  readonly draw: LandscapeDraw;
  readonly toTexels: Affine;
  readonly toLandscape: Affine;
  /** The landscape's own direction in which tiles are looked at. */
  readonly ray: Vec3;
}

/**
 * Draws a section of a landscape, height and normal evaluated for each texel. Looked at along its own
 * z, each texel has its place on it, whatever the heights, and the top-left rule decides at the
 * section's edges. From any other direction a texel shows the first point that its ray meets.
 */
export function drawLandscapeFragments(
  draw: LandscapeDraw,
  options: LandscapeFragmentOptions,
): void {
  const toTexels = multiplied(worldToTexels(options.tile), draw.toWorld);
  const toLandscape = inverted(toTexels);
  const ray = transformedVector(toLandscape, [0, 0, 1]);
  const scene: Scene = { ...options, draw, toTexels, toLandscape, ray };
  if (Math.hypot(ray[0], ray[1]) <= 1e-9 * Math.abs(ray[2])) drawFromAbove(scene);
  else drawByRays(scene);
}

function drawFromAbove(scene: Scene): void {
  const { draw: { section, surface }, toTexels, toLandscape, tile, tolerances, visitor } = scene;
  const corner = (x: number, y: number): Place => {
    const [column, row] = transformedPoint(toTexels, [x, y, 0]);
    return [column, row];
  };
  const { x0, y0, x1, y1 } = section;
  const [a, b, c, d] = [corner(x0, y0), corner(x1, y0), corner(x0, y1), corner(x1, y1)] as const;
  for (const corners of [[a, b, c], [b, d, c]] as const) {
    rasterizeTriangle(corners, {
      raster: { width: tile.width, height: tile.height, edgeTexels: tolerances.edgeTexels },
      visitor: {
        nearEdge: (column, row) => visitor.mark(column, row, UNCERTAIN.edge),
        cover: (column, row) => {
          const [x, y] = transformedPoint(toLandscape, [column + 0.5, row + 0.5, 0]);
          const [, , w] = transformedPoint(toTexels, [x, y, heightAt(surface, [x, y])]);
          drawPoint(scene, { column, row, place: [x, y], w });
        },
      },
    });
  }
}

function drawByRays(scene: Scene): void {
  const { draw: { surface, section }, toLandscape, ray, tile } = scene;
  for (let row = 0; row < tile.height; row++) {
    for (let column = 0; column < tile.width; column++) {
      const from = transformedPoint(toLandscape, [column + 0.5, row + 0.5, 0]);
      const w = firstHit(surface, { from, along: ray, section });
      if (w === null) continue;
      const place: SurfacePlace = [from[0] + w * ray[0], from[1] + w * ray[1]];
      drawPoint(scene, { column, row, place, w });
    }
  }
}

function drawPoint(
  scene: Scene,
  { column, row, place, w }: {
    readonly column: number;
    readonly row: number;
    readonly place: SurfacePlace;
    readonly w: number;
  },
): void {
  const { visitor, tolerances } = scene;
  const toLine = Math.min(...place.map((part) => Math.abs(part - Math.round(part))));
  if (toLine <= tolerances.creaseSamples) visitor.mark(column, row, UNCERTAIN.crease);
  if (Math.min(Math.abs(w), Math.abs(w - 1)) <= tolerances.depth) {
    visitor.mark(column, row, UNCERTAIN.height);
  }
  if (w >= 0 && w <= 1) visitor.draw(column, row, fragmentAt(scene, place));
}

function fragmentAt(scene: Scene, place: SurfacePlace): Fragment {
  const { draw: { surface, toWorld }, toLandscape, ray, view } = scene;
  const normal = normalAt(surface, place);
  const [x, y] = place;
  return {
    worldPosition: transformedPoint(toWorld, [x, y, heightAt(surface, place)]),
    uv: [x / (surface.width - 1), y / (surface.height - 1)],
    vertexNormal: normalized(transformedNormal(inverted(toWorld), normal)),
    layerWeight: (layer) => layerWeightAt(surface, { layer, place }),
    view,
    shifted: (columns, rows) => {
      // Sideways, and along the ray back to the plane that touches the surface here.
      const step = transformedVector(toLandscape, [columns, rows, 0]);
      const back = -dot(normal, step) / dot(normal, ray);
      return fragmentAt(scene, [x + step[0] + back * ray[0], y + step[1] + back * ray[1]]);
    },
  };
}
