/**
 * A whole mip chain from the rows of its finest level, in bounded memory.
 *
 * @module
 */

import { checkedInteger } from "../checks.ts";
import { OutOfRangeError } from "../errors.ts";
import { linearToTexels, texelsToLinear } from "./linear_row.ts";
import { RowReducer } from "./mip_filter.ts";
import {
  linearChannels,
  makeTexelArray,
  type TexelArray,
  type TexelLayout,
} from "./texel_layout.ts";

/** One level of a mip chain held in memory. */
export interface MipLevel {
  /** Width in texels. */
  readonly width: number;
  /** Height in texels. */
  readonly height: number;
  /** Rows of texels, top down, tight. */
  readonly texels: TexelArray;
}

/** Options of a mip chain. */
export interface MipPyramidOptions {
  /** What the texels of every level hold. */
  readonly layout: TexelLayout;
  /**
   * Levels to make, the finest included, at most a full chain; default a full chain, down to 1×1.
   */
  readonly levelCount?: number;
  /**
   * Called for each finished row of each level from 1 on, in the order of rows within a level.
   * `row` is reused: copy it to keep it.
   */
  readonly onRow: (level: number, y: number, row: TexelArray) => void;
}

interface PyramidLevel {
  readonly reducer: RowReducer;
  readonly texels: TexelArray;
  rowsDone: number;
}

/**
 * Makes all coarser levels from the rows of level 0 as they are pushed. Filters in linear light,
 * premultiplied, with exact area weights; values stay floats from level to level, so that nothing
 * is rounded twice. Of floats, values that are NaN weigh nothing: a value of a coarser level is the
 * mean of those that it covers, and NaN only where all of them are. Holds a few rows of each level.
 */
export class MipPyramid {
  readonly #layout: TexelLayout;
  readonly #onRow: MipPyramidOptions["onRow"];
  readonly #base: Float32Array;
  readonly #height: number;
  readonly #levels: PyramidLevel[] = [];
  #pushed = 0;

  /**
   * Begins a chain with no rows yet.
   *
   * @param width Width of level 0 in texels, at least 1.
   * @param height Height of level 0 in texels, at least 1.
   */
  constructor(width: number, height: number, options: MipPyramidOptions) {
    this.#layout = options.layout;
    this.#onRow = options.onRow;
    this.#height = height;
    const channels = linearChannels(options.layout);
    const fullCount = 32 - Math.clz32(Math.max(width, height));
    const levelCount = options.levelCount ?? fullCount;
    const failure = `Cannot make mip chain of ${width}×${height} texels`;
    checkedInteger(levelCount, { name: "levelCount", failure, range: [1, fullCount] });
    for (let level = 1, w = width, h = height; level < levelCount; level++) {
      const reducer = new RowReducer(w, h, { channels });
      ({ width: w, height: h } = reducer);
      this.#levels.push({ reducer, texels: makeTexelArray(options.layout, w), rowsDone: 0 });
    }
    this.#base = new Float32Array(width * channels);
  }

  /**
   * Takes the next row of level 0, and reports every row that it completes.
   *
   * @throws {OutOfRangeError} if all rows are in already, or the row has another length.
   */
  pushRow(row: TexelArray): void {
    if (this.#pushed >= this.#height) {
      throw new OutOfRangeError(
        "row",
        `Cannot add row as level 0 has ${this.#height} rows: all are in already`,
      );
    }
    texelsToLinear(row, this.#base, this.#layout);
    this.#pushed++;
    let values: Float32Array | null = this.#base;
    for (const [index, level] of this.#levels.entries()) {
      values = level.reducer.pushRow(values);
      if (values === null) return;
      linearToTexels(values, level.texels, this.#layout);
      this.#onRow(index + 1, level.rowsDone++, level.texels);
    }
  }
}

/**
 * All levels of a picture that is held in memory, the finest (the given texels) first.
 *
 * @param texels Rows of the finest level, tight.
 * @param options Size in texels, layout, and how many levels (default a full chain).
 * @throws {OutOfRangeError} if the texels are not `width * height * channels` values.
 */
export function buildMipChain(
  texels: TexelArray,
  options: {
    readonly width: number;
    readonly height: number;
    readonly layout: TexelLayout;
    readonly levelCount?: number;
  },
): MipLevel[] {
  const { width, height, layout } = options;
  const rowLength = width * layout.channels;
  if (texels.length !== rowLength * height) {
    throw new OutOfRangeError(
      "texels",
      `Cannot make mip chain as ${width}×${height} texels are ${rowLength * height} values: ` +
        `current value is ${texels.length}`,
    );
  }
  const levels: MipLevel[] = [{ width, height, texels }];
  const levelCount = options.levelCount ?? 32 - Math.clz32(Math.max(width, height));
  for (let level = 1, w = width, h = height; level < levelCount; level++) {
    w = Math.max(1, w >> 1);
    h = Math.max(1, h >> 1);
    levels.push({ width: w, height: h, texels: makeTexelArray(layout, w * h) });
  }
  const pyramid = new MipPyramid(width, height, {
    layout,
    levelCount,
    onRow: (level, y, row) => levels[level]!.texels.set(row, y * row.length),
  });
  for (let y = 0; y < height; y++) {
    pyramid.pushRow(texels.subarray(y * rowLength, (y + 1) * rowLength));
  }
  return levels;
}
