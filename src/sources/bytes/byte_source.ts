/**
 * Sources of bytes: two methods; everything else is added by wrapping a source.
 *
 * @module
 */

/** Options of {@linkcode ByteSource.read}. */
export interface ReadOptions {
  /** Cancels the read; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
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
