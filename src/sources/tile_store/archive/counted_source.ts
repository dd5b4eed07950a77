/**
 * Adapts a byte source to PMTiles' reader.
 *
 * @module
 */

import type { Source } from "npm:pmtiles@4.5.0";
import { MalformedFileError } from "../../../errors.ts";
import type { ByteSource, ReadOptions } from "../../bytes/byte_source.ts";

/** An archive for one operation; counts the bytes read. */
export class CountedSource implements Source {
  /** Size of the archive. */
  readonly archiveBytes: number;
  readonly #bytes: ByteSource;
  readonly #signal: AbortSignal | undefined;
  /** Bytes read so far. */
  bytesRead = 0;
  /** Range that was read last. */
  last = { offset: 0, length: 0 };

  constructor(
    bytes: ByteSource,
    options: { readonly archiveBytes: number; readonly signal?: AbortSignal | undefined },
  ) {
    this.#bytes = bytes;
    this.archiveBytes = options.archiveBytes;
    this.#signal = options.signal;
  }

  getKey(): string {
    return this.#bytes.name;
  }

  /** Reads bytes; only those that are asked for and lie in the archive take memory. */
  async getBytes(offset: number, length: number): Promise<{ data: ArrayBuffer }> {
    const { name } = this.#bytes;
    if (!(offset >= 0 && length >= 0 && offset + length <= this.archiveBytes)) {
      throw new MalformedFileError(
        name,
        `Cannot read tile store ${name} as a directory entry points outside of its ` +
          `${this.archiveBytes} bytes: byte ${offset}, length ${length}`,
      );
    }
    this.last = { offset, length };
    const bytes = await this.#bytes.read(offset, length, signalOption(this.#signal));
    this.bytesRead += length;
    const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
    return { data: (whole ? bytes : bytes.slice()).buffer as ArrayBuffer };
  }
}

function signalOption(signal: AbortSignal | undefined): ReadOptions {
  return signal === undefined ? {} : { signal };
}
