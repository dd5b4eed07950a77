/**
 * Which texels a triangle covers, and with which weights of its corners, in float64.
 *
 * A texel is covered if its centre is inside, or on a top or left edge: the rule of WebGPU's
 * rasterisation and of Direct3D's functional specification 3.4.2. Triangles with a common edge so
 * cover each texel along it once.
 *
 * @module
 */

import type { Vec3 } from "./affine.ts";

/** A place in texels: x to the right, y downwards, (0, 0) the outer corner of the first texel. */
export type Place = readonly [number, number];

/** What to rasterise onto. */
export interface Raster {
  /** Columns of texels. */
  readonly width: number;
  /** Rows of texels. */
  readonly height: number;
  /**
   * Texels from an edge within which a renderer of less precision may decide otherwise: it rounds
   * corners, to 1/256 of a texel in most hardware.
   */
  readonly edgeTexels: number;
}

/** What to do with the texels. */
export interface RasterVisitor {
  /** Called for each texel covered, with the weights of the three corners at its centre. */
  cover(column: number, row: number, weights: Vec3): void;
  /** Called for each texel, covered or not, that lies close to an edge. */
  nearEdge?(column: number, row: number): void;
}

/** Rasterises a triangle of either winding. One without area covers nothing. */
export function rasterizeTriangle(
  corners: readonly [Place, Place, Place],
  { raster, visitor }: { readonly raster: Raster; readonly visitor: RasterVisitor },
): void {
  const area = edgeSide(corners[0], corners[1], corners[2]);
  if (area === 0 || !Number.isFinite(area)) return;
  // Clockwise on a picture with y downwards, so that the inside is on the positive side of each edge.
  const order = area > 0 ? [0, 1, 2] : [0, 2, 1];
  const [a, b, c] = order.map((k) => corners[k]!) as [Place, Place, Place];
  const edges = [[b, c], [c, a], [a, b]] as const;
  const { columns, rows } = texelsAround(corners, raster);
  for (let row = rows[0]; row < rows[1]; row++) {
    for (let column = columns[0]; column < columns[1]; column++) {
      const centre: Place = [column + 0.5, row + 0.5];
      const near = edges.some((edge) => distanceToSegment(centre, edge) <= raster.edgeTexels);
      if (near) visitor.nearEdge?.(column, row);
      const sides = edges.map(([from, to]) => edgeSide(from, to, centre));
      const inside = sides.every((side, k) => side > 0 || (side === 0 && isTopOrLeft(edges[k]!)));
      if (!inside) continue;
      const sum = sides[0]! + sides[1]! + sides[2]!;
      const weights = [0, 0, 0];
      order.forEach((corner, k) => weights[corner] = sides[k]! / sum);
      visitor.cover(column, row, weights as unknown as Vec3);
    }
  }
}

/**
 * Twice the signed area of a triangle: positive if `to` turns clockwise (y downwards) towards the
 * place. Exactly opposite for an edge in the other direction, whatever the rounding.
 */
function edgeSide(from: Place, to: Place, place: Place): number {
  const isReversed = from[0] > to[0] || (from[0] === to[0] && from[1] > to[1]);
  const [p, q] = isReversed ? [to, from] : [from, to];
  const side = (q[0] - p[0]) * (place[1] - p[1]) - (q[1] - p[1]) * (place[0] - p[0]);
  return isReversed ? -side : side;
}

/** Of clockwise edges, top ones run to the right and left ones upwards. */
function isTopOrLeft([from, to]: readonly [Place, Place]): boolean {
  return to[1] < from[1] || (to[1] === from[1] && to[0] > from[0]);
}

function distanceToSegment(place: Place, [from, to]: readonly [Place, Place]): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const along = ((place[0] - from[0]) * dx + (place[1] - from[1]) * dy) / (dx * dx + dy * dy);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(place[0] - from[0] - t * dx, place[1] - from[1] - t * dy);
}

/** Ranges of columns and rows, the ends excluded, that hold all texels in question. */
function texelsAround(corners: readonly Place[], { width, height, edgeTexels }: Raster) {
  const range = (axis: 0 | 1, size: number) => {
    const values = corners.map((corner) => corner[axis]);
    const first = Math.floor(Math.min(...values) - edgeTexels - 0.5);
    const last = Math.ceil(Math.max(...values) + edgeTexels + 0.5);
    return [Math.max(0, first), Math.min(size, last)] as const;
  };
  return { columns: range(0, width), rows: range(1, height) };
}
