/**
 * Sinks for bytes: written in any order, and visible to others all at once or not at all.
 *
 * @module
 */

/** Temporary bytes of a file that is being written; nothing else sees them. */
export interface Scratch {
  /** Adds bytes at the end and returns where they begin. */
  append(bytes: Uint8Array): Promise<number>;
  /** Reads exactly `length` bytes that were appended. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Discards the bytes. */
  close(): Promise<void>;
}

/**
 * A file, or something like it, while it is written. `commit` or `abort` ends it; ending it again
 * does nothing.
 */
export interface ByteSink {
  /** Name of the target in messages. */
  readonly name: string;
  /** Writes bytes from `offset` on; gaps that are never written hold zeros. */
  write(offset: number, bytes: Uint8Array): Promise<void>;
  /** Reads exactly `length` bytes that were written, before the sink is done. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Opens scratch space for bytes that are needed again before the sink is done. */
  openScratch(): Promise<Scratch>;
  /** Makes the content durable, then visible under its name. */
  commit(): Promise<void>;
  /** Leaves nothing behind. */
  abort(): Promise<void>;
}
