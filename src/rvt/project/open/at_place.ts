/**
 * Errors of what a project describes, with the place that describes it.
 *
 * @module
 */

import { thrownText } from "../../../checks.ts";
import {
  FileError,
  InvalidArgumentError,
  MalformedFileError,
  OutOfRangeError,
  UnsupportedError,
} from "../../../errors.ts";
import type { Place } from "../schema/mod.ts";

/**
 * Makes what a place describes.
 *
 * @throws {MalformedFileError} in the place of errors about values and files, naming the place.
 * @throws {UnsupportedError} of what is not supported, naming the place.
 * @throws Other errors as they are.
 */
export async function atPlace<Made>(place: Place, make: () => Made | Promise<Made>): Promise<Made> {
  try {
    return await make();
  } catch (error) {
    throw placed(error, place);
  }
}

function placed(error: unknown, place: Place): unknown {
  if (isPlaced(error)) return error;
  const problem = `cannot be made: ${thrownText(error)}`;
  if (error instanceof UnsupportedError) {
    const { message } = place.error(problem);
    return new UnsupportedError(error.feature, message, { cause: error });
  }
  const isOfValues = error instanceof InvalidArgumentError || error instanceof OutOfRangeError ||
    error instanceof MalformedFileError || error instanceof FileError;
  return isOfValues ? place.error(problem, { cause: error }) : error;
}

/** Whether an error names a place already. */
function isPlaced(error: unknown): boolean {
  const isOfFile = error instanceof MalformedFileError || error instanceof FileError ||
    error instanceof UnsupportedError;
  return isOfFile && error.message.startsWith("Cannot read project");
}
