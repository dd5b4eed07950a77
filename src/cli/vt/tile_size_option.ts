/**
 * The option `--tile-size`.
 *
 * @module
 */

import { InvalidArgumentError } from "../../errors.ts";
import { TILE_SIZE_RANGE } from "../../streaming/mod.ts";

/**
 * The number that the option gives, `undefined` if it was not given.
 *
 * @throws {InvalidArgumentError} if it is no power of 2 in the range that can be streamed
 */
export function tileSizeOption(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [least, most] = TILE_SIZE_RANGE;
  const size = /^[1-9]\d{0,6}$/.test(text) ? Number(text) : NaN;
  if (size >= least && size <= most && Number.isInteger(Math.log2(size))) return size;
  throw new InvalidArgumentError(
    "tile-size",
    `Cannot cut tiles as --tile-size must be a power of 2 from ${least} to ${most}: current value ` +
      `is ${text}`,
  );
}
