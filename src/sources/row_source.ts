/**
 * Reading pictures row by row.
 *
 * @module
 */

import { checkedInteger } from "../checks.ts";
import { type Appearance, type ColorSpace, type DecodedFormat, formatInfo } from "../texels/mod.ts";
import type { ReadOptions } from "./bytes/byte_source.ts";

/**
 * Format of decoded rows: the name of an uncompressed texel format, without the colour space.
 * Values of more than one byte are little-endian. Four channels are red, green, blue, straight
 * alpha. A texel of floats whose channels are all NaN is a hole: there is no value, and coarser
 * levels are made from its neighbours alone.
 */
export type RowFormat = DecodedFormat;

/** Bytes of one decoded texel. */
export function rowTexelBytes(format: RowFormat): 1 | 2 | 4 | 8 | 16 {
  return formatInfo(format).blockBytes as 1 | 2 | 4 | 8 | 16;
}

/** Decoded rows of one level of a picture. */
export interface RowSource {
  /** Name of the picture in messages. */
  readonly name: string;
  /** Width in texels. */
  readonly width: number;
  /** Height in texels. */
  readonly height: number;
  /** Format of the rows. */
  readonly format: RowFormat;
  /** How to interpret the stored values; alpha is always linear. */
  readonly colorSpace: ColorSpace;
  /** How texels are meant; default as usual. */
  readonly appearance?: Appearance;
  /**
   * Reads rows, top down, tight: `rowCount * width * rowTexelBytes(format)` bytes, which the caller
   * then owns. Reading rows in order is cheap for every source; other orders may not be.
   *
   * @throws {OutOfRangeError} if a row is not in the picture.
   * @throws {SourceReadError} if the bytes cannot be read.
   */
  readRows(firstRow: number, rowCount: number, options?: ReadOptions): Promise<Uint8Array>;
  /** Frees what the source holds; later reads fail. */
  close(): Promise<void>;
}

/**
 * Checks that rows lie in a picture or level.
 *
 * @throws {InvalidArgumentError} if an argument is not a number.
 * @throws {OutOfRangeError} if the rows do not lie in it.
 */
export function checkRowRange(
  { name, height }: Pick<RowSource, "name" | "height">,
  firstRow: number,
  rowCount: number,
): void {
  const failure = `Cannot read rows of ${name}`;
  checkedInteger(firstRow, { name: "firstRow", failure, range: [0, height - 1] });
  checkedInteger(rowCount, { name: "rowCount", failure, range: [1, height - firstRow] });
}
