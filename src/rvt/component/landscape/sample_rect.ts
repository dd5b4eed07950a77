/**
 * Rectangles of a landscape's samples: what a brush changes, and the bounds of what lies there.
 *
 * @module
 */

import type { HeightField, Vec3, WorldBounds } from "../../../geometry/mod.ts";
import type { SampleRegion } from "./landscape_samples.ts";

/** Samples x0 to x1 and y0 to y1, all included. */
export interface SampleRect {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Numbers in rows: heights, or weights of a layer. */
export type SampleList = Float32Array | Uint8Array;

/** Cuts a grid of samples into sections of so many quads; neighbours share the samples between. */
export function sectionsOf(
  { width, height }: { readonly width: number; readonly height: number },
  sectionQuads: number,
): SampleRect[] {
  const sections: SampleRect[] = [];
  for (let y0 = 0; y0 < height - 1; y0 += sectionQuads) {
    for (let x0 = 0; x0 < width - 1; x0 += sectionQuads) {
      const x1 = Math.min(x0 + sectionQuads, width - 1);
      sections.push(Object.freeze({ x0, y0, x1, y1: Math.min(y0 + sectionQuads, height - 1) }));
    }
  }
  return sections;
}

/**
 * Writes values to a region, and what was there into the list that they came in.
 *
 * @param rowLength Samples in a row of `to`.
 * @returns The smallest rectangle around the samples that differ; null if none does.
 */
export function swapRegion(
  to: SampleList,
  options: {
    readonly region: SampleRegion;
    readonly values: SampleList;
    readonly rowLength: number;
  },
): SampleRect | null {
  const { region, values, rowLength } = options;
  let [x0, y0, x1, y1] = [Infinity, Infinity, -1, -1];
  for (let row = 0; row < region.height; row++) {
    for (let column = 0; column < region.width; column++) {
      const from = row * region.width + column;
      const x = region.x + column;
      const y = region.y + row;
      const before = to[y * rowLength + x]!;
      if (before === values[from]) continue;
      to[y * rowLength + x] = values[from]!;
      values[from] = before;
      [x0, y0] = [Math.min(x0, x), Math.min(y0, y)];
      [x1, y1] = [Math.max(x1, x), Math.max(y1, y)];
    }
  }
  return x1 < 0 ? null : { x0, y0, x1, y1 };
}

/** A rectangle with some samples more on each side, as far as there are any. */
export function growRect(
  rect: SampleRect,
  { samples, field }: { readonly samples: number; readonly field: HeightField },
): SampleRect {
  return {
    x0: Math.max(0, rect.x0 - samples),
    y0: Math.max(0, rect.y0 - samples),
    x1: Math.min(field.width - 1, rect.x1 + samples),
    y1: Math.min(field.height - 1, rect.y1 + samples),
  };
}

/** Whether two rectangles have a sample in common. */
export function rectsMeet(a: SampleRect, b: SampleRect): boolean {
  return a.x0 <= b.x1 && b.x0 <= a.x1 && a.y0 <= b.y1 && b.y0 <= a.y1;
}

/** The box around the surface over a rectangle, in the landscape's own space. */
export function boundsOver({ width, heights }: HeightField, rect: SampleRect): WorldBounds {
  let [low, high] = [Infinity, -Infinity];
  for (let y = rect.y0; y <= rect.y1; y++) {
    for (let x = rect.x0; x <= rect.x1; x++) {
      const height = heights[y * width + x]!;
      if (height < low) low = height;
      if (height > high) high = height;
    }
  }
  const [min, max]: [Vec3, Vec3] = [[rect.x0, rect.y0, low], [rect.x1, rect.y1, high]];
  return { min, max };
}
