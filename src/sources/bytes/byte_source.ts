/**
 * Sources of bytes: two methods; everything else is added by wrapping a source.
 *
 * @module
 */

import { checkedMethods, checkedString } from "../../checks.ts";

/** Options of {@linkcode ByteSource.read}. */
export interface ReadOptions {
  /** Cancels the read; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

const SOURCE_METHODS = ["size", "read", "close"];

/**
 * Checks a source that a caller made.
 *
 * @throws {InvalidArgumentError} if it lacks a method, or its name is not a string.
 */
export function checkByteSource(source: ByteSource, failure: string): void {
  checkedMethods(source, { name: "bytes", failure, methods: SOURCE_METHODS });
  checkedString(source.name, { name: "bytes.name", failure });
}

/** Random access to bytes. */
export interface ByteSource {
  /** Name in messages: a path, a URL, "bytes". */
  readonly name: string;
  /** Size in bytes. */
  size(): Promise<number>;
  /**
   * Reads exactly `length` bytes from `offset`, into memory that the caller then owns.
   *
   * @throws {SourceReadError} if fewer bytes are there or the read fails.
   * @throws {SourceChangedError} if the source has changed since it was opened.
   */
  read(offset: number, length: number, options?: ReadOptions): Promise<Uint8Array>;
  /** Closes what the source holds open. Later reads fail. */
  close(): void;
}
