/**
 * Lends bytes to what closes its source.
 *
 * @module
 */

import type { ByteSource } from "./byte_source.ts";

/** The same bytes, which stay open when their reader is closed. */
export function keptOpen(bytes: ByteSource): ByteSource {
  return {
    name: bytes.name,
    size: () => bytes.size(),
    read: (offset, length, options) => bytes.read(offset, length, options),
    close() {},
  };
}
