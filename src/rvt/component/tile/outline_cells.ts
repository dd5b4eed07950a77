/**
 * A uniform grid over a texture, which finds the outlines near a rectangle. Pure.
 *
 * @module
 */

import type { FootprintRect } from "./footprint.ts";

/** Cells along a side at most. */
const MOST_CELLS = 256;
/** Outlines that cover more cells than this stand in no cell, and are always candidates. */
const MOST_CELLS_COVERED = 64;
/** Fewer outlines than this are looked at one by one. */
const LEAST_OUTLINES = 32;

/** Finds outlines by the rectangles around them. */
export class OutlineCells {
  readonly #count: number;
  /** Bounds of each outline: u0, v0, u1, v1; NaN if there is nothing of it. */
  readonly #bounds: Float64Array;
  readonly #side: number;
  /** Where the outlines of each cell begin in the list; null if there are no cells. */
  readonly #starts: Uint32Array | null;
  readonly #list: Uint32Array;
  readonly #large: number[] = [];
  readonly #seenIn: Uint32Array;
  #query = 0;

  /**
   * @param bounds Rectangles around the outlines, null for those that are empty; or u0, v0, u1 and v1 of each,
   * NaN for those.
   */
  constructor(bounds: readonly (FootprintRect | null)[] | Float64Array) {
    this.#bounds = bounds instanceof Float64Array ? bounds : numbersOf(bounds);
    const count = this.#count = this.#bounds.length / 4;
    this.#side = Math.min(MOST_CELLS, Math.ceil(Math.sqrt(count)));
    this.#seenIn = new Uint32Array(count);
    this.#starts = null;
    this.#list = new Uint32Array();
    if (count < LEAST_OUTLINES) return;
    const starts = new Uint32Array(this.#side ** 2 + 1);
    this.#forEachEntry((cell) => starts[cell + 1]!++);
    for (let cell = 0; cell < this.#side ** 2; cell++) starts[cell + 1]! += starts[cell]!;
    const next = starts.slice();
    this.#list = new Uint32Array(starts.at(-1)!);
    this.#large.length = 0;
    this.#forEachEntry((cell, index) => this.#list[next[cell]!++] = index);
    this.#starts = starts;
  }

  /** Calls a function for each cell that each outline covers, and lists the large ones. */
  #forEachEntry(call: (cell: number, index: number) => void): void {
    for (let index = 0; index < this.#count; index++) {
      const at = 4 * index;
      if (Number.isNaN(this.#bounds[at])) continue;
      const x0 = this.#cellAt(this.#bounds[at]!);
      const y0 = this.#cellAt(this.#bounds[at + 1]!);
      const x1 = this.#cellAt(this.#bounds[at + 2]!);
      const y1 = this.#cellAt(this.#bounds[at + 3]!);
      if ((x1 - x0 + 1) * (y1 - y0 + 1) > MOST_CELLS_COVERED) {
        this.#large.push(index);
        continue;
      }
      for (let y = y0; y <= y1; y++) {
        for (let x = x0; x <= x1; x++) call(y * this.#side + x, index);
      }
    }
  }

  /** What lies outside of the texture stands in the cells at its edges. */
  #cellAt(place: number): number {
    return Math.min(this.#side - 1, Math.max(0, Math.floor(place * this.#side)));
  }

  /** Indices of the outlines whose bounds have a point in common with a rectangle, the smallest first. */
  candidates(rect: FootprintRect): number[] {
    const found: number[] = [];
    const starts = this.#starts;
    const [x0, x1, y0, y1] = [rect.u0, rect.u1, rect.v0, rect.v1].map((at) => this.#cellAt(at));
    const cells = (x1! - x0! + 1) * (y1! - y0! + 1);
    if (starts === null || 2 * cells > this.#side ** 2) {
      for (let index = 0; index < this.#count; index++) {
        if (this.#overlaps(index, rect)) found.push(index);
      }
      return found;
    }
    for (const index of this.#large) if (this.#overlaps(index, rect)) found.push(index);
    const query = ++this.#query;
    for (let y = y0!; y <= y1!; y++) {
      const row = y * this.#side;
      for (let at = starts[row + x0!]!; at < starts[row + x1! + 1]!; at++) {
        const index = this.#list[at]!;
        if (this.#seenIn[index] === query) continue;
        this.#seenIn[index] = query;
        if (this.#overlaps(index, rect)) found.push(index);
      }
    }
    return found.sort((a, b) => a - b);
  }

  #overlaps(index: number, rect: FootprintRect): boolean {
    const bounds = this.#bounds;
    const at = 4 * index;
    return bounds[at]! <= rect.u1 && bounds[at + 2]! >= rect.u0 &&
      bounds[at + 1]! <= rect.v1 && bounds[at + 3]! >= rect.v0;
  }

  /** Whether the bounds of an outline lie in a rectangle. */
  isInside(index: number, rect: FootprintRect): boolean {
    const bounds = this.#bounds;
    const at = 4 * index;
    return bounds[at]! >= rect.u0 && bounds[at + 2]! <= rect.u1 &&
      bounds[at + 1]! >= rect.v0 && bounds[at + 3]! <= rect.v1;
  }
}

function numbersOf(rects: readonly (FootprintRect | null)[]): Float64Array {
  const numbers = new Float64Array(4 * rects.length).fill(NaN);
  for (const [i, rect] of rects.entries()) {
    if (rect !== null) numbers.set([rect.u0, rect.v0, rect.u1, rect.v1], 4 * i);
  }
  return numbers;
}
