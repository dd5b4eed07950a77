/**
 * What a caller's code throws instead of a tile, as an error.
 *
 * @module
 */
import { isError, thrownText } from "../../checks.ts";
import { SourceReadError } from "../../errors.ts";

/**
 * An error as it is; anything else that was thrown as a {@linkcode SourceReadError} with the value
 * as its cause.
 *
 * @param name The texture.
 * @param tile The tile that could not be read; left out for the texture itself.
 */
export function asTileError(thrown: unknown, name: string, tile?: number): Error {
  if (isError(thrown)) return thrown;
  const what = tile === undefined ? name : `tile ${tile} of ${name}`;
  const message = `Cannot read ${what}: ${thrownText(thrown)}`;
  return new SourceReadError(name, 0, 0, message, { cause: thrown });
}
