/**
 * The option `--tile-size`.
 *
 * @module
 */

import { checkedPowerOfTwo } from "../../checks.ts";
import { TILE_SIZE_RANGE } from "../../streaming/mod.ts";

/**
 * The number that the option gives, `undefined` if it was not given.
 *
 * @throws {OutOfRangeError} if it is not a power of 2 in the range that can be streamed
 */
export function tileSizeOption(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return checkedPowerOfTwo(/^[1-9]\d{0,6}$/.test(text) ? Number(text) : NaN, {
    name: "--tile-size",
    failure: "Cannot cut tiles",
    range: TILE_SIZE_RANGE,
  });
}
