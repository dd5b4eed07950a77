/**
 * Hashes of the samples in any rectangle of a grid, of which only those that change are hashed again. Pure.
 *
 * Each sample has a hash of its place and value, and a rectangle the sum of its samples' hashes: sums over
 * cells are kept, so that a rectangle takes the cells inside of it and the samples at its edge.
 *
 * @module
 */

import type { SampleList, SampleRect } from "../component/mod.ts";
import { finished } from "./content_hash.ts";

/** Samples along an edge of a cell. */
const CELL = 8;

/** A sum of hashes, in two lanes of 32 bits. */
export type HashSum = [first: number, second: number];

/** Keeps the sums of hashes over the cells of a list of samples. */
export class SampleSums {
  readonly #width: number;
  readonly #height: number;
  /** The samples' bits. */
  readonly #words: Int32Array | Uint8Array;
  readonly #columns: number;
  /** Both lanes of each cell, row by row. */
  readonly #cells: Uint32Array;

  /** @param samples Row by row, borrowed. */
  constructor(
    samples: SampleList,
    { width, height }: { readonly width: number; readonly height: number },
  ) {
    this.#width = width;
    this.#height = height;
    this.#words = samples instanceof Uint8Array
      ? samples
      : new Int32Array(samples.buffer, samples.byteOffset, samples.length);
    this.#columns = Math.ceil(width / CELL);
    this.#cells = new Uint32Array(2 * this.#columns * Math.ceil(height / CELL));
    this.update({ x0: 0, y0: 0, x1: width - 1, y1: height - 1 });
  }

  /** Hashes again what lies in the cells of a rectangle, whose corners are samples. */
  update({ x0, y0, x1, y1 }: SampleRect): void {
    const sum: HashSum = [0, 0];
    for (let row = cellOf(y0); row <= cellOf(y1); row++) {
      for (let column = cellOf(x0); column <= cellOf(x1); column++) {
        [sum[0], sum[1]] = [0, 0];
        const [x, y] = [column * CELL, row * CELL];
        this.#addSamples(sum, { x0: x, y0: y, x1: x + CELL - 1, y1: y + CELL - 1 });
        this.#cells.set(sum, 2 * (row * this.#columns + column));
      }
    }
  }

  /** The sum over a rectangle, whose corners are samples. */
  sumOver(rect: SampleRect): HashSum {
    const sum: HashSum = [0, 0];
    // The cells that lie wholly inside.
    const [left, top] = [cellOf(rect.x0 + CELL - 1), cellOf(rect.y0 + CELL - 1)];
    const [right, bottom] = [endCell(rect.x1, this.#width), endCell(rect.y1, this.#height)];
    if (left >= right || top >= bottom) {
      this.#addSamples(sum, rect);
      return sum;
    }
    let [first, second] = sum;
    for (let row = top; row < bottom; row++) {
      const end = 2 * (row * this.#columns + right);
      for (let at = 2 * (row * this.#columns + left); at < end; at += 2) {
        first = (first + this.#cells[at]!) | 0;
        second = (second + this.#cells[at + 1]!) | 0;
      }
    }
    [sum[0], sum[1]] = [first, second];
    const inside = { x0: left * CELL, y0: top * CELL, x1: right * CELL - 1, y1: bottom * CELL - 1 };
    this.#addSamples(sum, { ...rect, y1: inside.y0 - 1 });
    this.#addSamples(sum, { ...rect, y0: inside.y1 + 1 });
    const { y0, y1 } = inside;
    this.#addSamples(sum, { x0: rect.x0, y0, x1: inside.x0 - 1, y1 });
    this.#addSamples(sum, { x0: inside.x1 + 1, y0, x1: rect.x1, y1 });
    return sum;
  }

  /** Adds the hashes of samples one by one; those beyond the grid are none. */
  #addSamples(sum: HashSum, { x0, y0, x1, y1 }: SampleRect): void {
    const [lastX, lastY] = [Math.min(x1, this.#width - 1), Math.min(y1, this.#height - 1)];
    const words = this.#words;
    let [first, second] = sum;
    for (let y = y0; y <= lastY; y++) {
      for (let at = y * this.#width + x0; at <= y * this.#width + lastX; at++) {
        const word = words[at]!;
        first = (first + finished(finished(word ^ 0x3c6ef372) + Math.imul(at, 0x9e3779b1))) | 0;
        second = (second + finished(finished(word + 0x7ed55d16) ^ Math.imul(at, 0x85ebca77))) | 0;
      }
    }
    [sum[0], sum[1]] = [first, second];
  }
}

function cellOf(sample: number): number {
  return Math.floor(sample / CELL);
}

/** The cell after the last one of which all samples come before the one after a sample. */
function endCell(last: number, count: number): number {
  return last === count - 1 ? Math.ceil(count / CELL) : cellOf(last + 1);
}
