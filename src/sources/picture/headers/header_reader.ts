/**
 * Reads headers through a window, so that many small reads are few reads of the file.
 *
 * @module
 */

import type { ByteSource, ReadOptions } from "../../bytes/byte_source.ts";
import { malformedPicture } from "./picture_header.ts";

const WINDOW_BYTES = 64 * 1024;

/** The bytes of one picture file. */
export class HeaderReader {
  /** Name of the picture in messages. */
  readonly name: string;
  /** Size of the file in bytes. */
  readonly size: number;
  readonly #bytes: ByteSource;
  readonly #options: ReadOptions;
  #window: Uint8Array = new Uint8Array(0);
  #windowStart = 0;

  /** Takes the file, which stays the caller's, and its size. */
  constructor(bytes: ByteSource, size: number, options: ReadOptions = {}) {
    this.name = bytes.name;
    this.size = size;
    this.#bytes = bytes;
    this.#options = options;
  }

  /**
   * Bytes of the file, valid until the next call.
   *
   * @param what What lies there, for the message.
   * @throws {MalformedFileError} if they lie behind the end of the file.
   */
  async read(offset: number, length: number, what: string): Promise<Uint8Array> {
    if (offset + length > this.size) {
      throw malformedPicture(
        this.name,
        `${what} must lie in the file: it takes ${length} bytes from byte ${offset} on, and the ` +
          `file has ${this.size}`,
      );
    }
    const start = this.#windowStart;
    if (offset < start || offset + length > start + this.#window.byteLength) {
      const wanted = Math.min(Math.max(length, WINDOW_BYTES), this.size - offset);
      this.#window = await this.#bytes.read(offset, wanted, this.#options);
      this.#windowStart = offset;
    }
    const at = offset - this.#windowStart;
    return this.#window.subarray(at, at + length);
  }

  /** As {@linkcode HeaderReader.read}, for numbers. */
  async view(offset: number, length: number, what: string): Promise<DataView> {
    const bytes = await this.read(offset, length, what);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}
