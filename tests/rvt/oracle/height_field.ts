/**
 * A landscape's samples between their places: bilinear heights, their slope, and bilinear weights.
 *
 * @module
 */

import type { LandscapeSurface } from "../../../src/rvt/component/component_draw.ts";
import type { Vec3 } from "./affine.ts";

/** x and y in the landscape's own space: column and row of samples. */
export type SurfacePlace = readonly [number, number];

/** Four neighbouring samples, and where in between. */
interface Cell {
  readonly x: number;
  readonly y: number;
  readonly along: readonly [number, number];
}

/** The cell that holds a point; on the line between two, the one of higher x or y. */
function cellAt({ width, height }: LandscapeSurface, [x, y]: SurfacePlace): Cell {
  const column = Math.min(Math.max(Math.floor(x), 0), width - 2);
  const row = Math.min(Math.max(Math.floor(y), 0), height - 2);
  return { x: column, y: row, along: [x - column, y - row] };
}

function cornersOf(samples: ArrayLike<number>, { x, y }: Cell, width: number) {
  const at = (column: number, row: number) => samples[row * width + column]!;
  return [at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)] as const;
}

function bilinear(samples: ArrayLike<number>, cell: Cell, width: number): number {
  const [a, b, c, d] = cornersOf(samples, cell, width);
  const [s, t] = cell.along;
  return (a * (1 - s) + b * s) * (1 - t) + (c * (1 - s) + d * s) * t;
}

/** Height at a point of the landscape's own space. */
export function heightAt(surface: LandscapeSurface, place: SurfacePlace): number {
  return bilinear(surface.heights, cellAt(surface, place), surface.width);
}

/**
 * Normal at a point, in the landscape's own space and not normalised: −slope x, −slope y, 1, where slopes
 * are bilinear between those of the samples. A sample's slope is the difference of the samples on both
 * sides of it over their distance, one-sided at the edges.
 */
export function normalAt(surface: LandscapeSurface, place: SurfacePlace): Vec3 {
  const { width, height, heights } = surface;
  const along: Record<number, number> = {};
  const across: Record<number, number> = {};
  const cell = cellAt(surface, place);
  for (let y = cell.y; y <= cell.y + 1; y++) {
    for (let x = cell.x; x <= cell.x + 1; x++) {
      const at = (column: number, row: number) => heights[row * width + column]!;
      const [x0, x1] = [x === 0 ? 0 : x - 1, x === width - 1 ? x : x + 1];
      const [y0, y1] = [y === 0 ? 0 : y - 1, y === height - 1 ? y : y + 1];
      along[y * width + x] = (at(x1, y) - at(x0, y)) / (x1 - x0);
      across[y * width + x] = (at(x, y1) - at(x, y0)) / (y1 - y0);
    }
  }
  return [
    -bilinear(along as unknown as ArrayLike<number>, cell, width),
    -bilinear(across as unknown as ArrayLike<number>, cell, width),
    1,
  ];
}

/** Weight of a layer at a point, 0 to 1; 0 if the landscape lacks it. */
export function layerWeightAt(
  surface: LandscapeSurface,
  { layer, place }: { readonly layer: string; readonly place: SurfacePlace },
): number {
  const weights = surface.layers.get(layer);
  return weights === undefined ? 0 : bilinear(weights, cellAt(surface, place), surface.width) / 255;
}

/**
 * Where a ray first meets the surface: the smallest t from 0 to 1 at which `from` + t · `along` lies on
 * it, inside the section; null if it never does. Within a cell the height along the ray is quadratic.
 */
export function firstHit(
  surface: LandscapeSurface,
  { from, along, section }: {
    readonly from: Vec3;
    readonly along: Vec3;
    readonly section: {
      readonly x0: number;
      readonly y0: number;
      readonly x1: number;
      readonly y1: number;
    };
  },
): number | null {
  let first: number | null = null;
  for (let y = section.y0; y < section.y1; y++) {
    for (let x = section.x0; x < section.x1; x++) {
      const t = hitInCell(surface, { x, y, from, along });
      if (t !== null && (first === null || t < first)) first = t;
    }
  }
  return first;
}

function hitInCell(
  surface: LandscapeSurface,
  { x, y, from, along }: {
    readonly x: number;
    readonly y: number;
    readonly from: Vec3;
    readonly along: Vec3;
  },
): number | null {
  const [a, b, c, d] = cornersOf(surface.heights, { x, y, along: [0, 0] }, surface.width);
  // h = a + p s + q r + m s r, with s and r the place in the cell.
  const [p, q, m] = [b - a, c - a, a - b - c + d];
  const [s, r] = [from[0] - x, from[1] - y];
  const [ds, dr, dz] = along;
  const roots = quadraticRoots(
    -m * ds * dr,
    dz - p * ds - q * dr - m * (s * dr + r * ds),
    from[2] - a - p * s - q * r - m * s * r,
  );
  const inside = roots.filter((t) => {
    const [column, row] = [s + t * ds, r + t * dr];
    return t >= 0 && t <= 1 && column >= 0 && column < 1 && row >= 0 && row < 1;
  });
  return inside.length > 0 ? Math.min(...inside) : null;
}

/** Real t with a t² + b t + c = 0, without cancellation (Press et al., Numerical Recipes, 5.6). */
function quadraticRoots(a: number, b: number, c: number): number[] {
  const discriminant = b * b - 4 * a * c;
  if (discriminant < 0) return [];
  const q = -0.5 * (b + (b < 0 ? -1 : 1) * Math.sqrt(discriminant));
  return [...(a !== 0 ? [q / a] : []), ...(q !== 0 ? [c / q] : [])];
}
