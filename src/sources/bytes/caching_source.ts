/**
 * A byte source that caches what was read, up to a limit.
 *
 * @module
 */

import { checkedInteger, checkOptionNames } from "../../checks.ts";
import { unlessAborted } from "../../waiting.ts";
import type { ByteSource, ReadOptions } from "./byte_source.ts";
import { assertOpen, checkedRead, shortRead } from "./read_range.ts";

/** Options of {@linkcode CachingSource}. */
export interface CachingOptions {
  /** Most bytes to keep. Reads of more than a quarter of it bypass the cache. */
  readonly maxBytes: number;
  /** Bytes are read and kept in blocks of this size. */
  readonly blockBytes?: number;
}

const DEFAULT_BLOCK_BYTES = 64 * 1024;

/**
 * Keeps the most recently used blocks of a source. A block is read once, however many
 * callers wait for it.
 */
export class CachingSource implements ByteSource {
  readonly #inner: ByteSource;
  readonly #maxBytes: number;
  readonly #blockBytes: number;
  /** Blocks by their number, least recently used first. */
  readonly #blocks = new Map<number, Uint8Array>();
  readonly #inFlight = new Map<number, Promise<Uint8Array>>();
  #usedBytes = 0;
  #closed = false;

  /**
   * Wraps a source.
   *
   * @param inner Source of the bytes; closed with this one.
   * @throws {OutOfRangeError} if a size is not a positive integer.
   */
  constructor(inner: ByteSource, options: CachingOptions) {
    const failure = `Cannot cache ${inner.name}`;
    checkOptionNames(options, { failure, names: ["maxBytes", "blockBytes"] });
    const { maxBytes, blockBytes = DEFAULT_BLOCK_BYTES } = options;
    const rest = { failure, range: [1, Number.MAX_SAFE_INTEGER] } as const;
    checkedInteger(maxBytes, { name: "maxBytes", ...rest });
    checkedInteger(blockBytes, { name: "blockBytes", ...rest });
    this.#inner = inner;
    this.#maxBytes = maxBytes;
    this.#blockBytes = blockBytes;
  }

  /** Name of the source underneath. */
  get name(): string {
    return this.#inner.name;
  }

  /** Bytes in the cache now. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Size in bytes. */
  size(): Promise<number> {
    return this.#inner.size();
  }

  /** Reads from the cache, and from the source underneath where the cache lacks the bytes. */
  async read(offset: number, length: number, options: ReadOptions = {}): Promise<Uint8Array> {
    assertOpen(this.name, this.#closed);
    const signal = checkedRead(this.name, { offset, length }, options);
    signal?.throwIfAborted();
    const size = await this.size();
    if (size - offset < length) throw shortRead(this.name, { offset, length }, size - offset);
    if (length > this.#maxBytes / 4) return await this.#inner.read(offset, length, options);
    const out = new Uint8Array(length);
    if (length === 0) return out;
    const first = Math.floor(offset / this.#blockBytes);
    const last = Math.floor((offset + length - 1) / this.#blockBytes);
    const wanted: (Uint8Array | Promise<Uint8Array>)[] = [];
    for (let block = first; block <= last; block++) wanted.push(this.#block(block, size));
    const blocks = await unlessAborted(Promise.all(wanted), signal);
    blocks.forEach((bytes, index) => {
      const start = (first + index) * this.#blockBytes - offset;
      const piece = bytes.subarray(Math.max(0, -start), Math.max(0, length - start));
      out.set(piece, Math.max(0, start));
    });
    return out;
  }

  #block(block: number, size: number): Uint8Array | Promise<Uint8Array> {
    const kept = this.#blocks.get(block);
    if (kept !== undefined) {
      this.#blocks.delete(block);
      this.#blocks.set(block, kept);
      return kept;
    }
    let read = this.#inFlight.get(block);
    if (read === undefined) {
      const start = block * this.#blockBytes;
      read = this.#inner.read(start, Math.min(this.#blockBytes, size - start))
        .then((bytes) => this.#keep(block, bytes))
        .finally(() => this.#inFlight.delete(block));
      this.#inFlight.set(block, read);
    }
    return read;
  }

  #keep(block: number, bytes: Uint8Array): Uint8Array {
    if (this.#closed || bytes.byteLength > this.#maxBytes) return bytes;
    this.#blocks.set(block, bytes);
    this.#usedBytes += bytes.byteLength;
    for (const [oldest, { byteLength }] of this.#blocks) {
      if (this.#usedBytes <= this.#maxBytes) break;
      this.#blocks.delete(oldest);
      this.#usedBytes -= byteLength;
    }
    return bytes;
  }

  /** Empties the cache and closes the source underneath. */
  close(): void {
    this.#closed = true;
    this.#blocks.clear();
    this.#usedBytes = 0;
    this.#inner.close();
  }
}
