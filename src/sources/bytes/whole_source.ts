/**
 * A source that gives what was asked for, or says that it does not.
 *
 * @module
 */

import { describeValue } from "../../checks.ts";
import { InvalidArgumentError } from "../../errors.ts";
import { type ByteSource, checkByteSource, type ReadOptions } from "./byte_source.ts";
import { asReadError, readWhole } from "./read_range.ts";

class WholeSource implements ByteSource {
  readonly name: string;
  readonly #bytes: ByteSource;

  constructor(bytes: ByteSource) {
    this.name = bytes.name;
    this.#bytes = bytes;
  }

  async size(): Promise<number> {
    let size: unknown;
    try {
      size = await this.#bytes.size();
    } catch (thrown) {
      throw asReadError(thrown, this.name, { offset: 0, length: 0 });
    }
    if (Number.isSafeInteger(size) && size as number >= 0) return size as number;
    throw new InvalidArgumentError(
      "bytes",
      `Cannot read ${this.name} as its size must be an integer >= 0: current value is ` +
        describeValue(size),
    );
  }

  async read(offset: number, length: number, options?: ReadOptions): Promise<Uint8Array> {
    const bytes = await readWhole(this.#bytes, { offset, length }, options);
    // Slices of a subclass, such as Node's Buffer, may share their memory.
    return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes);
  }

  close(): void {
    this.#bytes.close();
  }
}

/**
 * Wraps a source that a caller made. Its reads give a plain `Uint8Array` of the length that was
 * asked for, or a {@linkcode SourceReadError}.
 *
 * @param failure What cannot be done, for messages.
 * @throws {InvalidArgumentError} if it lacks a method, or its name is not a string.
 */
export function wholeSource(bytes: ByteSource, failure: string): ByteSource {
  checkByteSource(bytes, failure);
  return new WholeSource(bytes);
}
