/**
 * Bytes written to memory.
 *
 * @module
 */

import { DisposedError, OutOfRangeError } from "../../errors.ts";
import type { ByteSink, Scratch } from "./byte_sink.ts";

/** A buffer that doubles when it is full. */
class GrowingBytes {
  #bytes = new Uint8Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  write(offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.byteLength;
    if (end > this.#bytes.byteLength) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#bytes.byteLength));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, offset);
    this.#length = Math.max(this.#length, end);
  }

  /** A copy of bytes that were written. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    if (offset + length > this.#length) {
      throw new OutOfRangeError(
        "length",
        `Cannot read ${length} bytes from byte ${offset} on as ${this.#length} were written`,
      );
    }
    return this.view(offset, length).slice();
  }

  view(offset: number, length: number): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(offset, offset + length);
  }
}

class MemoryScratch implements Scratch {
  #content: GrowingBytes | null = new GrowingBytes();

  append(bytes: Uint8Array): Promise<number> {
    const content = this.#opened();
    const offset = content.length;
    content.write(offset, bytes);
    return Promise.resolve(offset);
  }

  // deno-lint-ignore require-await -- errors must come as rejections
  async read(offset: number, length: number): Promise<Uint8Array> {
    return this.#opened().read(offset, length);
  }

  close(): Promise<void> {
    this.#content = null;
    return Promise.resolve();
  }

  #opened(): GrowingBytes {
    if (this.#content === null) {
      throw new DisposedError("scratch", "Cannot use scratch as it was closed: open a new one");
    }
    return this.#content;
  }
}

/**
 * A sink that keeps its content in memory, available once it is committed.
 */
export class MemorySink implements ByteSink {
  readonly name: string;
  #content: GrowingBytes | null = new GrowingBytes();
  #committed: Uint8Array<ArrayBuffer> | null = null;

  /**
   * Makes an empty sink.
   *
   * @param name Name in messages.
   */
  constructor(name = "bytes") {
    this.name = name;
  }

  /** The content, or null while it is not committed. */
  get bytes(): Uint8Array<ArrayBuffer> | null {
    return this.#committed;
  }

  // deno-lint-ignore require-await -- errors must come as rejections
  async write(offset: number, bytes: Uint8Array): Promise<void> {
    this.#opened("write").write(offset, bytes);
  }

  // deno-lint-ignore require-await -- errors must come as rejections
  async read(offset: number, length: number): Promise<Uint8Array> {
    return this.#opened("read").read(offset, length);
  }

  #opened(verb: string): GrowingBytes {
    if (this.#content !== null) return this.#content;
    throw new DisposedError(
      this.name,
      `Cannot ${verb} ${this.name} as it is finished: make a new sink`,
    );
  }

  openScratch(): Promise<Scratch> {
    return Promise.resolve(new MemoryScratch());
  }

  commit(): Promise<void> {
    if (this.#content !== null) this.#committed = this.#content.view(0, this.#content.length);
    this.#content = null;
    return Promise.resolve();
  }

  abort(): Promise<void> {
    this.#content = null;
    return Promise.resolve();
  }
}
