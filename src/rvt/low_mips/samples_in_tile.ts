/**
 * The samples of a landscape that a tile is rendered from. Pure, in float64.
 *
 * @module
 */

import { NORMAL_REACH_SAMPLES } from "../../geometry/mod.ts";
import {
  type FootprintRect,
  type LandscapeDraw,
  type SampleRect,
  tiltTexels,
} from "../component/mod.ts";
import type { VolumeView } from "../tile/tile_view.ts";
import { textureRectInside } from "./volume_places.ts";

/** What a tile shows of a landscape. */
export interface ShownLandscape {
  /** Its sections in the tile, one at least, of one landscape. */
  readonly draws: readonly LandscapeDraw[];
  /** What of the texture the tile can show. */
  readonly reach: FootprintRect;
  readonly view: VolumeView;
}

/**
 * The samples by which heights, normals and weights in a tile are found: those of the sections, and where the
 * landscape is seen along its own z only those in the tile, each with its neighbours.
 */
export function samplesInTile({ draws, reach, view }: ShownLandscape): SampleRect {
  const { surface, toWorld } = draws[0]!;
  const sections = draws.map(({ section }) => section);
  const around = {
    x0: Math.min(...sections.map(({ x0 }) => x0)),
    y0: Math.min(...sections.map(({ y0 }) => y0)),
    x1: Math.max(...sections.map(({ x1 }) => x1)),
    y1: Math.max(...sections.map(({ y1 }) => y1)),
  };
  const seen = tiltTexels(toWorld, view) > 0 ? null : textureRectInside(reach, toWorld, view);
  const inside = seen === null ? around : {
    x0: Math.max(around.x0, seen.least[0]),
    y0: Math.max(around.y0, seen.least[1]),
    x1: Math.min(around.x1, seen.most[0]),
    y1: Math.min(around.y1, seen.most[1]),
  };
  return {
    x0: Math.max(0, Math.floor(inside.x0) - NORMAL_REACH_SAMPLES),
    y0: Math.max(0, Math.floor(inside.y0) - NORMAL_REACH_SAMPLES),
    x1: Math.min(surface.width - 1, Math.ceil(inside.x1) + NORMAL_REACH_SAMPLES),
    y1: Math.min(surface.height - 1, Math.ceil(inside.y1) + NORMAL_REACH_SAMPLES),
  };
}

/**
 * Heights at the corners of quads that are in a tile, those that lie elsewhere among them: between them
 * heights are added up on the GPU, so that those of far corners round what a pixel finds.
 *
 * @param rect The samples in the tile.
 */
export function cornerHeights(
  draws: readonly LandscapeDraw[],
  { x0, y0, x1, y1 }: SampleRect,
): number[] {
  const found: number[] = [];
  let columns: readonly number[] = [];
  let rows: readonly number[] = [];
  let last: LandscapeDraw | null = null;
  for (const draw of draws) {
    const { surface: { heights, width }, section, quads } = draw;
    if (heights.length === 0) continue;
    // Sections come row by row.
    const isSame = last !== null && last.quads === quads && last.section.y0 === section.y0 &&
      last.section.y1 === section.y1;
    columns = cornersAlong(section.x0, section.x1, { quads, from: x0, to: x1 });
    if (!isSame) rows = cornersAlong(section.y0, section.y1, { quads, from: y0, to: y1 });
    last = draw;
    for (const row of rows) {
      for (const column of columns) found.push(heights[row * width + column]!);
    }
  }
  return found;
}

/** Samples around the corners of the quads that have a part between two samples. */
function cornersAlong(
  start: number,
  end: number,
  { quads, from, to }: { readonly quads: number; readonly from: number; readonly to: number },
): number[] {
  const step = (end - start) / quads;
  // Where quads are small their corners are among the samples.
  if (step <= NORMAL_REACH_SAMPLES) return [];
  const first = Math.max(0, Math.floor((from - start) / step));
  const last = Math.min(quads, Math.ceil((to - start) / step));
  const samples: number[] = [];
  for (let corner = first; corner <= last; corner++) {
    const place = start + corner * step;
    samples.push(Math.floor(place));
    if (!Number.isInteger(place)) samples.push(Math.ceil(place));
  }
  return samples;
}
