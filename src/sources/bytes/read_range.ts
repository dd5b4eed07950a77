/**
 * Checks that every byte source makes on a read.
 *
 * @module
 */

import {
  checkedInteger,
  checkedSignalOption,
  describeValue,
  isError,
  thrownText,
} from "../../checks.ts";
import { DisposedError, SourceReadError } from "../../errors.ts";

import type { ByteSource, ReadOptions } from "./byte_source.ts";

/** A range of bytes of a source. */
export interface ByteRange {
  /** First byte. */
  readonly offset: number;
  /** Number of bytes. */
  readonly length: number;
}

/**
 * Checks that a range is made of integers that are not negative.
 *
 * @throws {InvalidArgumentError} if one is not a number.
 * @throws {OutOfRangeError} if one is not an integer, or negative.
 */
export function assertRange(name: string, { offset, length }: ByteRange): void {
  const rest = { failure: `Cannot read ${name}`, range: [0, Number.MAX_SAFE_INTEGER] } as const;
  checkedInteger(offset, { name: "offset", ...rest });
  checkedInteger(length, { name: "length", ...rest });
}

/**
 * Checks the range and the options of a read.
 *
 * @returns The signal.
 * @throws {InvalidArgumentError} if a number is none, the options are not an object with known
 * names, or the signal is none.
 * @throws {OutOfRangeError} if a number is not an integer, or negative.
 */
export function checkedRead(
  name: string,
  range: ByteRange,
  options: ReadOptions,
): AbortSignal | undefined {
  assertRange(name, range);
  return checkedSignalOption(options, `Cannot read ${name}`);
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

/**
 * Reads a range of a source that a caller may have made.
 *
 * @throws {SourceReadError} if what it gives is not that many bytes, or it throws what is no error.
 */
export async function readWhole(
  source: ByteSource,
  range: ByteRange,
  options: ReadOptions = {},
): Promise<Uint8Array> {
  const { offset, length } = range;
  let bytes: unknown;
  try {
    bytes = await source.read(offset, length, options);
  } catch (thrown) {
    throw options.signal?.aborted ? thrown : asReadError(thrown, source.name, range);
  }
  if (bytes instanceof Uint8Array && bytes.byteLength === length) return bytes;
  throw new SourceReadError(
    source.name,
    offset,
    length,
    `Cannot read ${source.name} as it must give ${length} bytes from byte ${offset} on: it gave ` +
      (bytes instanceof Uint8Array ? `${bytes.byteLength} bytes` : describeValue(bytes)),
  );
}

/** An error as it is; anything else that a caller's source threw as the error of its read. */
export function asReadError(thrown: unknown, name: string, range: ByteRange): Error {
  if (isError(thrown)) return thrown;
  const message = `Cannot read ${name}: ${thrownText(thrown)}`;
  return new SourceReadError(name, range.offset, range.length, message, { cause: thrown });
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
