/**
 * The part of a placed texture that a camera sees, as triangles. Pure.
 *
 * Corners are clipped and projected in float64, so that a camera close to a texture of 2^18 texels
 * does not lose texels to the rounding of far-away corners.
 *
 * @module
 */

import { type Camera, ClipPolygon, type Placement, planeView } from "../geometry/mod.ts";

/** How much wider than the picture the clipping is, so that it decides no pixel at the edge. */
const WIDEN = 1.01;

/**
 * Triangles of what is seen of a texture: clip x, y and w, then u and v, for each corner.
 *
 * @param camera With a view; without one nothing is seen.
 * @param texture Its placement, and the size of level 0 in texels.
 */
export function visibleCorners(
  camera: Camera,
  texture: {
    readonly placement: Placement;
    readonly grid: { readonly width: number; readonly height: number };
  },
): Float32Array<ArrayBuffer> {
  const { placement, grid } = texture;
  const view = planeView(camera, placement, [grid.width, grid.height]);
  if (view.kind !== "projected") return new Float32Array(0);
  const polygon = new ClipPolygon();
  if (!polygon.clip(view, Float64Array.of(0, 0, 1, 1), WIDEN)) return new Float32Array(0);
  const { rows } = view;
  const corners: number[] = [];
  const push = (corner: number) => {
    const u = polygon.u(corner);
    const v = polygon.v(corner);
    for (let row = 0; row < 9; row += 3) {
      corners.push(rows[row]! * u + rows[row + 1]! * v + rows[row + 2]!);
    }
    corners.push(u, v);
  };
  for (let corner = 2; corner < polygon.count; corner++) {
    push(0);
    push(corner - 1);
    push(corner);
  }
  return new Float32Array(corners);
}
