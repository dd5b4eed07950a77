/**
 * How the KTX2 reader says what is wrong with a file.
 *
 * @module
 */

import { MalformedFileError } from "../../../errors.ts";

/** The error of a KTX2 file that breaks a rule. `problem` completes "as …". */
export function malformed(name: string, problem: string): MalformedFileError {
  return new MalformedFileError(name, `Cannot read KTX2 file ${name} as ${problem}`);
}

/** Throws {@linkcode malformed} unless a rule holds. */
export function check(name: string, holds: boolean, problem: () => string): asserts holds {
  if (!holds) throw malformed(name, problem());
}
