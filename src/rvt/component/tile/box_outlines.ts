/**
 * The outlines that many boxes have on a runtime virtual texture, and which of them a tile shows. Pure.
 *
 * @module
 */

import type { OrientedBox } from "../../../geometry/mod.ts";
import type { TileGrid } from "../../../tiles/mod.ts";
import {
  type Footprint,
  footprintOf,
  type FootprintRect,
  footprintRects,
  footprintTouchesRect,
} from "./footprint.ts";
import { OutlineCells } from "./outline_cells.ts";
import { type TileReach, tileReachRect } from "./touched_tiles.ts";

/** Outlines of boxes that were found before, so that those that stay are not looked at again. */
export type KnownOutlines = WeakMap<OrientedBox, Footprint>;

/** The outlines of some boxes on a texture, in the order of the boxes. */
export class BoxOutlines {
  /** The smallest rectangle around all of them; null if there is nothing of any. */
  readonly bounds: FootprintRect | null;
  readonly #worldToVolume: ArrayLike<number>;
  readonly #boxes: readonly OrientedBox[];
  /** Those that were asked for; the rectangles around them say enough of most. */
  readonly #known: KnownOutlines;
  readonly #cells: OutlineCells;
  /** Lengths of the boxes' axes along u and v, three pairs for each. */
  #axes: Float64Array | null = null;

  /**
   * @param boxes In the world.
   * @param worldToVolume See {@linkcode footprintOf}.
   * @param known Is read and added to; default nothing is known.
   */
  constructor(
    boxes: readonly OrientedBox[],
    worldToVolume: ArrayLike<number>,
    known: KnownOutlines = new WeakMap(),
  ) {
    this.#worldToVolume = worldToVolume;
    this.#boxes = boxes;
    this.#known = known;
    const rects = footprintRects(boxes, worldToVolume);
    this.#cells = new OutlineCells(rects);
    this.bounds = boundsOf(rects);
  }

  /** Indices of the boxes of which a tile shows something, the smallest first. */
  touchedBy(
    tile: number,
    { grid, borderTexels }: TileReach & { readonly grid: TileGrid },
  ): number[] {
    const rect = tileReachRect(grid, tile, { borderTexels });
    return this.#cells.candidates(rect).filter((index) => this.#touches(index, rect));
  }

  /** Whether a tile shows something of any box. */
  someTouchedBy(
    tile: number,
    { grid, borderTexels }: TileReach & { readonly grid: TileGrid },
  ): boolean {
    const rect = tileReachRect(grid, tile, { borderTexels });
    return this.#cells.candidates(rect).some((index) => this.#touches(index, rect));
  }

  #touches(index: number, rect: FootprintRect): boolean {
    return this.#cells.isInside(index, rect) ||
      footprintTouchesRect(this.#outlineOf(this.#boxes[index]!), rect);
  }

  #outlineOf(box: OrientedBox): Footprint {
    let outline = this.#known.get(box);
    if (outline === undefined) {
      this.#known.set(box, outline = footprintOf(box, this.#worldToVolume));
    }
    return outline;
  }

  /**
   * The largest of the estimated sizes of some boxes on a level, as {@linkcode projectedSizeTexels} has
   * them.
   *
   * @param indices Of the boxes.
   * @param level Texels of the level along u and v.
   */
  largestSizeTexels(
    indices: readonly number[],
    { width, height }: { readonly width: number; readonly height: number },
  ): number {
    const axes = this.#axes ??= axesAlong(this.#boxes, this.#worldToVolume);
    let most = 0;
    for (const index of indices) {
      for (let at = 6 * index; at < 6 * index + 6; at += 2) {
        const length = 2 * Math.hypot(axes[at]! * width, axes[at + 1]! * height);
        if (length > most) most = length;
      }
    }
    return most;
  }
}

function boundsOf(rects: Float64Array): FootprintRect | null {
  let [u0, v0, u1, v1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < rects.length; at += 4) {
    if (Number.isNaN(rects[at])) continue;
    u0 = Math.min(u0, rects[at]!);
    v0 = Math.min(v0, rects[at + 1]!);
    u1 = Math.max(u1, rects[at + 2]!);
    v1 = Math.max(v1, rects[at + 3]!);
  }
  return u0 > u1 ? null : { u0, v0, u1, v1 };
}

function axesAlong(boxes: readonly OrientedBox[], m: ArrayLike<number>): Float64Array {
  const lengths = new Float64Array(6 * boxes.length);
  let at = 0;
  for (const { axes } of boxes) {
    for (const [x, y, z] of axes) {
      lengths[at++] = m[0]! * x + m[4]! * y + m[8]! * z;
      lengths[at++] = m[1]! * x + m[5]! * y + m[9]! * z;
    }
  }
  return lengths;
}
