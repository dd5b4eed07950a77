/**
 * Errors of the KTX2 reader for files that break a rule.
 *
 * @module
 */

import { MalformedFileError } from "../../../errors.ts";

/** The error of a KTX2 file that breaks a rule. `problem` completes "as …". */
export function malformedKtx2(name: string, problem: string): MalformedFileError {
  return new MalformedFileError(name, `Cannot read KTX2 file ${name} as ${problem}`);
}

/** Throws {@linkcode malformedKtx2} unless a rule holds. */
export function checkRule(name: string, holds: boolean, problem: () => string): asserts holds {
  if (!holds) throw malformedKtx2(name, problem());
}
