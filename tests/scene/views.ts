/**
 * Views for picture tests: near, far, grazing, across seams, at every edge and corner.
 *
 * @module
 */

import { lookAt, orthographic, perspective } from "../../src/geometry/mod.ts";

/** A named view of a texture in the plane z = 0. */
export interface View {
  readonly name: string;
  readonly view: Float64Array;
  readonly projection: Float64Array;
}

/** Size of the pictures in pixels. */
export const PICTURE_SIZE = { width: 200, height: 150 } as const;

/** Every view of a texture of a size, with tiles of a size. */
export function viewsOf(width: number, height: number, tileSize: number): View[] {
  const aspect = PICTURE_SIZE.width / PICTURE_SIZE.height;
  const lens = perspective({ fovYDegrees: 50, aspect, near: 0.1, far: Infinity });
  const views: View[] = [];
  const add = (name: string, eye: number[], target: number[], projection = lens) => {
    const up = name.startsWith("grazing") ? [0, 0, 1] : [0, 1, 0.01];
    views.push({ name, view: lookAt(eye, target, { up }), projection });
  };
  const longer = Math.max(width, height);
  const [cx, cy] = [width / 2, height / 2];
  add("near", [cx + 0.3, cy - 0.2, 20], [cx, cy + 3, 0]);
  add("middle", [cx * 0.9, cy * 0.8, longer * 0.4], [cx, cy, 0]);
  add("far", [cx, cy, longer * 2], [cx, cy + 1, 0]);
  add("very far", [cx, cy, longer * 13], [cx, cy + 1, 0]);
  add("tilted", [cx, -0.1 * height, longer * 0.15], [cx, height * 0.35, 0]);
  add("grazing", [cx, -0.05 * height, Math.max(2, longer * 0.02)], [cx * 1.02, height * 0.6, 0]);
  add("grazing along x", [-0.1 * width, cy, Math.max(1, longer * 0.01)], [width, cy * 1.1, 0]);
  const seam = (size: number) => Math.min(tileSize, size / 2);
  add("seam", [seam(width) + 2, seam(height) - 3, 60], [seam(width), seam(height), 0]);
  add("seam close", [seam(width) + 0.2, seam(height), 7], [seam(width), seam(height) + 1, 0]);
  add("left edge", [0.5, cy, 40], [0, cy + 1, 0]);
  add("right edge", [width - 0.5, cy, 40], [width, cy + 1, 0]);
  add("upper edge", [cx, 0.5, 40], [cx, 1, 0]);
  add("lower edge", [cx, height - 0.5, 40], [cx, height, 0]);
  add("corner", [width - 1, height - 1, 9], [width, height + 0.5, 0]);
  const half = longer * 0.55;
  const box = { left: -half * aspect, right: half * aspect, bottom: -half, top: half };
  const flat = orthographic({ ...box, near: 0, far: 10 });
  add("map", [cx, cy, 5], [cx, cy + 1e-3, 0], flat);
  return views;
}
