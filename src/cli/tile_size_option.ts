/**
 * The option `--tile-size`.
 *
 * @module
 */

import { InvalidArgumentError } from "../errors.ts";

/**
 * The number that the option gives, `undefined` if it was not given.
 *
 * @throws {InvalidArgumentError} if it is no whole number above zero
 */
export function tileSizeOption(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(
    "tile-size",
    `Cannot cut tiles as --tile-size must be a whole number above zero: current value is ${text}`,
  );
}
