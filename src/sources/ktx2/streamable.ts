/**
 * Which KTX2 files the library can use as textures.
 *
 * @module
 */

import { UnsupportedError } from "../../errors.ts";
import type { TexelFormat } from "../../texels/mod.ts";
import { MAX_VIRTUAL_SIZE } from "../../tiles/mod.ts";
import type { Ktx2File } from "./ktx2_file.ts";
import { formatRemedy } from "./rules/format_remedy.ts";
import { SCHEME } from "./rules/supercompression.ts";

/**
 * The format of a file's texels, once supercompression is undone.
 *
 * @throws {UnsupportedError} naming which part of the file the library does not support.
 */
export function texelFormatOrThrow(file: Ktx2File): TexelFormat {
  const { width, height } = file;
  const unsupported = file.unsupported ??
    (Math.max(width, height) > MAX_VIRTUAL_SIZE ? `size ${width} × ${height}` : null);
  if (unsupported !== null || file.texelFormat === null) {
    const format = `format ${file.vkFormatName}`;
    const feature = unsupported ?? format;
    const remedy = feature === format ? formatRemedy(file.vkFormatName) : null;
    throw new UnsupportedError(
      feature,
      `Cannot make a texture of ${file.name} as it is not supported: ${feature}` +
        (remedy === null ? "" : ` (${remedy})`),
    );
  }
  return file.texelFormat;
}

/** Whether the levels of a file can be read by region. */
export function isReadableByRegion(file: Ktx2File): boolean {
  return file.scheme.number === SCHEME.NONE;
}
