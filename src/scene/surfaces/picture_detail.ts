/**
 * How fine streamed heights are in a picture. Pure.
 *
 * @module
 */

import { vec3d } from "npm:wgpu-matrix@3.4.2";
import type { LandscapeDraw } from "../../rvt/mod.ts";
import type { SeenFrom } from "./surface_view.ts";

/** Levels by which quads are finer than the heights that pixels show: gaps between them stay small. */
const FINER_LEVELS = 1;

/**
 * How streamed heights are read in a picture: by distance, as if they were seen from straight above, and
 * by the finer axis.
 *
 * @returns Samples that a pixel covers at a distance of 1, and the level that the quads of a section need at
 * its nearest corner.
 */
export function pictureDetail(
  { surface, section, toWorld: m }: LandscapeDraw,
  { toClip, width, height }: SeenFrom,
): { readonly samplesPerPixel: number; readonly leastLevel: number } {
  const { range, texture: { grid } } = surface.streamedHeights!;
  const row = (i: number) => Math.hypot(toClip[i]!, toClip[4 + i]!, toClip[8 + i]!);
  const pixelsPerUnit = Math.max(row(0) * width, row(1) * height) / 2;
  const axis = (i: number) => Math.hypot(m[4 * i]!, m[4 * i + 1]!, m[4 * i + 2]!);
  const samplesPerPixel = 1 / (pixelsPerUnit * Math.min(axis(0), axis(1)));
  const distances = [section.x0, section.x1].flatMap((x) =>
    [section.y0, section.y1].flatMap((y) =>
      range.map((z) => {
        const [worldX, worldY, worldZ] = vec3d.transformMat4([x, y, z], m as Float64Array);
        return toClip[3]! * worldX! + toClip[7]! * worldY! + toClip[11]! * worldZ! + toClip[15]!;
      })
    )
  );
  const samples = samplesPerPixel * Math.min(...distances);
  const level = Math.floor(Math.log2(Math.max(samples, 1))) - FINER_LEVELS;
  return { samplesPerPixel, leastLevel: Math.min(Math.max(level, 0), grid.levelCount - 1) };
}
