/**
 * What every byte source checks about a read.
 *
 * @module
 */

import { DisposedError, OutOfRangeError, SourceReadError } from "../../errors.ts";

/** A run of bytes of a source. */
export interface ByteRange {
  /** First byte. */
  readonly offset: number;
  /** Number of bytes. */
  readonly length: number;
}

/**
 * Checks that a range is made of whole numbers that are not negative.
 *
 * @throws {OutOfRangeError} if it is not.
 */
export function assertRange(name: string, { offset, length }: ByteRange): void {
  for (const [field, value] of [["offset", offset], ["length", length]] as const) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new OutOfRangeError(
        field,
        `Cannot read ${name} as ${field} must be a whole number >= 0: current value is ${value}`,
      );
    }
  }
}

/**
 * Checks that a source is still open.
 *
 * @throws {DisposedError} if it was closed.
 */
export function assertOpen(name: string, closed: boolean): void {
  if (closed) throw closedError(name);
}

/** The error of a read from a source that was closed. */
export function closedError(name: string): DisposedError {
  return new DisposedError(name, `Cannot read ${name} as it was closed: open it again`);
}

/** The error of a range of which only the first `available` bytes are there. */
export function shortRead(name: string, range: ByteRange, available: number): SourceReadError {
  return new SourceReadError(
    name,
    range.offset,
    range.length,
    `Cannot read ${range.length} bytes of ${name} from byte ${range.offset} on: ` +
      `only ${Math.max(0, available)} are there`,
  );
}
