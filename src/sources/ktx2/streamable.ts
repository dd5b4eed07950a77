/**
 * Which KTX2 files the library can use as textures.
 *
 * @module
 */

import { UnsupportedError } from "../../errors.ts";
import { colorSpacesOf, type TexelFormat } from "../../texels/mod.ts";
import { MAX_VIRTUAL_SIZE } from "../../tiles/mod.ts";
import { basisBlockFormat, basisTarget, basisTexelFormat } from "./basis/basis_target.ts";
import type { Ktx2File } from "./ktx2_file.ts";
import { formatRemedy } from "./rules/format_remedy.ts";
import { SCHEME } from "./rules/supercompression.ts";

/**
 * The format of a file's texels, once supercompression is undone; of Basis Universal, which has none of
 * its own, the one in blocks that is closest to it.
 *
 * @throws {UnsupportedError} naming which part of the file the library does not support.
 */
export function texelFormatOrThrow(file: Ktx2File): TexelFormat {
  const { width, height } = file;
  const unsupported = file.unsupported ??
    (Math.max(width, height) > MAX_VIRTUAL_SIZE ? `size ${width} × ${height}` : null);
  const format = file.basis === null ? file.texelFormat : basisBlockFormat(file.basis, file);
  if (unsupported !== null || format === null) {
    const named = `format ${file.vkFormatName}`;
    const feature = unsupported ?? named;
    const remedy = feature === named ? formatRemedy(file.vkFormatName) : null;
    throw new UnsupportedError(
      feature,
      `Cannot make a texture of ${file.name} as it is not supported: ${feature}` +
        (remedy === null ? "" : ` (${remedy})`),
    );
  }
  return format;
}

/**
 * The format of a file's texels as rows: its own, but of Basis Universal one without block compression.
 *
 * @throws {UnsupportedError} as {@linkcode texelFormatOrThrow} does.
 */
export function decodableFormatOrThrow(file: Ktx2File): TexelFormat {
  const format = texelFormatOrThrow(file);
  return file.basis === null ? format : basisTexelFormat(file.basis, file);
}

/**
 * The formats that a file of Basis Universal is transcoded to unless another one is asked for: on a GPU
 * that has formats in blocks, and elsewhere, if that is another one. Empty for other files.
 */
export function transcodedFormats(file: Ktx2File): readonly TexelFormat[] {
  const { basis, unsupported } = file;
  if (basis === null || unsupported !== null) return [];
  return [...new Set([basisBlockFormat(basis, file), basisTexelFormat(basis, file)])];
}

/**
 * Whether tiles of a file are read in a format without being encoded for it: they are stored in it but for
 * the size of numbers, or transcoded to it.
 */
export function isReadAs(file: Ktx2File, format: TexelFormat): boolean {
  if (file.basis !== null) {
    // BC5 has no values in sRGB, and no variant that says so.
    const isOfSpace = colorSpacesOf(format).includes(file.colorSpace) &&
      (format !== "bc5-rg-unorm" || file.colorSpace === "linear");
    return isOfSpace && basisTarget(file.basis, format) !== null;
  }
  const stored = texelFormatOrThrow(file);
  return format === stored || format === stored.replace("16unorm", "32float");
}

/** Whether the levels of a file can be read by region. */
export function isReadableByRegion(file: Ktx2File): boolean {
  return file.scheme.number === SCHEME.NONE && file.basis === null;
}
