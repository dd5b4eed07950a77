/**
 * Bytes in memory.
 *
 * @module
 */

import { checkedBytes, checkedString } from "../../checks.ts";
import type { ByteSource, ReadOptions } from "./byte_source.ts";
import { assertOpen, checkedRead, shortRead } from "./read_range.ts";

class MemorySource implements ByteSource {
  readonly name: string;
  #bytes: Uint8Array | null;

  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.name = name;
  }

  size(): Promise<number> {
    return Promise.resolve(this.#bytes?.byteLength ?? 0);
  }

  // deno-lint-ignore require-await -- errors must come as rejections
  async read(offset: number, length: number, options: ReadOptions = {}): Promise<Uint8Array> {
    const bytes = this.#bytes;
    assertOpen(this.name, bytes === null);
    const signal = checkedRead(this.name, { offset, length }, options);
    signal?.throwIfAborted();
    const available = bytes!.byteLength - offset;
    if (available < length) throw shortRead(this.name, { offset, length }, available);
    return bytes!.slice(offset, offset + length);
  }

  close(): void {
    this.#bytes = null;
  }
}

/**
 * A byte source over bytes in memory. The bytes are not copied: they must not change while the
 * source is in use. `read` returns copies.
 *
 * @param bytes The content.
 * @param name Name in messages.
 * @throws {InvalidArgumentError} if it is not a Uint8Array, its buffer was transferred away, or the
 * name is not a string.
 *
 * @example Read the middle of some bytes
 * ```ts
 * import { memorySource } from "@forge3d/forge3d";
 *
 * const source = memorySource(new Uint8Array([1, 2, 3, 4]));
 * await source.read(1, 2); // Uint8Array [ 2, 3 ]
 * ```
 */
export function memorySource(bytes: Uint8Array, name = "bytes"): ByteSource {
  const failure = "Cannot read bytes";
  const { buffer, byteOffset, byteLength } = checkedBytes(bytes, { name: "bytes", failure });
  // Slices of a subclass, such as Node's Buffer, may share their memory.
  const plain = new Uint8Array(buffer, byteOffset, byteLength);
  return new MemorySource(plain, checkedString(name, { name: "name", failure }));
}
