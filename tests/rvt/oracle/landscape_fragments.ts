/**
 * What a landscape shows of itself in a tile.
 *
 * @module
 */

import type { LandscapeDraw } from "../../../src/rvt/component/component_draw.ts";
import {
  inverted,
  multiplied,
  normalized,
  transformedNormal,
  transformedPoint,
  transformedVector,
  type Vec3,
} from "./affine.ts";
import { type FragmentView, type FragmentVisitor, type Tolerances, UNCERTAIN } from "./fragment.ts";
import { firstHit, heightAt, layerWeightAt, normalAt } from "./height_field.ts";
import { type Place, rasterizeTriangle } from "./rasterize.ts";
import { type TileView, worldToTexels } from "./tile_view.ts";

/** Where to draw. */
export interface LandscapeFragmentOptions {
  readonly tile: TileView;
  readonly view: FragmentView;
  readonly tolerances: Tolerances;
  readonly visitor: FragmentVisitor;
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
  if (Math.hypot(ray[0], ray[1]) <= 1e-9 * Math.abs(ray[2])) {
    drawFromAbove(draw, { ...options, toTexels, toLandscape });
  } else {
    drawByRays(draw, { ...options, toLandscape, ray });
  }
}

function drawFromAbove(
  draw: LandscapeDraw,
  options: LandscapeFragmentOptions & {
    readonly toTexels: Float64Array;
    readonly toLandscape: Float64Array;
  },
): void {
  const { toTexels, toLandscape, tile, tolerances, visitor } = options;
  const { x0, y0, x1, y1 } = draw.section;
  const place = (x: number, y: number) => transformedPoint(toTexels, [x, y, 0]).slice(0, 2);
  const quad = [place(x0, y0), place(x1, y0), place(x0, y1), place(x1, y1)] as unknown as Place[];
  for (const corners of [[quad[0]!, quad[1]!, quad[2]!], [quad[1]!, quad[3]!, quad[2]!]] as const) {
    rasterizeTriangle(corners, {
      raster: { width: tile.width, height: tile.height, edgeTexels: tolerances.edgeTexels },
      visitor: {
        nearEdge: (column, row) => visitor.mark(column, row, UNCERTAIN.edge),
        cover: (column, row) => {
          const [x, y] = transformedPoint(toLandscape, [column + 0.5, row + 0.5, 0]);
          const [, , w] = transformedPoint(toTexels, [x, y, heightAt(draw.surface, [x, y])]);
          drawPoint(draw, { ...options, column, row, x, y, w });
        },
      },
    });
  }
}

function drawByRays(
  draw: LandscapeDraw,
  options: LandscapeFragmentOptions & { readonly toLandscape: Float64Array; readonly ray: Vec3 },
): void {
  const { toLandscape, ray, tile } = options;
  for (let row = 0; row < tile.height; row++) {
    for (let column = 0; column < tile.width; column++) {
      const from = transformedPoint(toLandscape, [column + 0.5, row + 0.5, 0]);
      const w = firstHit(draw.surface, { from, along: ray, section: draw.section });
      if (w === null) continue;
      const [x, y] = [from[0] + w * ray[0], from[1] + w * ray[1]];
      drawPoint(draw, { ...options, column, row, x, y, w });
    }
  }
}

function drawPoint(
  { surface, toWorld }: LandscapeDraw,
  { visitor, tolerances, view, column, row, x, y, w }: LandscapeFragmentOptions & {
    readonly column: number;
    readonly row: number;
    readonly x: number;
    readonly y: number;
    readonly w: number;
  },
): void {
  const toLine = Math.min(Math.abs(x - Math.round(x)), Math.abs(y - Math.round(y)));
  if (toLine <= tolerances.creaseSamples) visitor.mark(column, row, UNCERTAIN.crease);
  if (Math.min(Math.abs(w), Math.abs(w - 1)) <= tolerances.depth) {
    visitor.mark(column, row, UNCERTAIN.height);
  }
  if (w < 0 || w > 1) return;
  visitor.draw(column, row, {
    worldPosition: transformedPoint(toWorld, [x, y, heightAt(surface, [x, y])]),
    uv: [x / (surface.width - 1), y / (surface.height - 1)],
    vertexNormal: normalized(transformedNormal(inverted(toWorld), normalAt(surface, [x, y]))),
    layerWeight: (layer) => layerWeightAt(surface, { layer, place: [x, y] }),
    view,
  });
}
