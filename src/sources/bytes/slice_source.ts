/**
 * A part of a byte source, as a source of its own.
 *
 * @module
 */

import type { ByteSource } from "./byte_source.ts";
import type { ByteRange } from "./read_range.ts";

/** The bytes of a range, under the name of the whole; closing it does nothing. */
export function sliceSource(bytes: ByteSource, range: ByteRange): ByteSource {
  return {
    name: bytes.name,
    size: () => Promise.resolve(range.length),
    read: (offset, length, options) => bytes.read(range.offset + offset, length, options),
    close() {},
  };
}
