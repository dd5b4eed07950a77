/**
 * Reads pictures as a whole.
 *
 * @module
 */

import { openPicture, type OpenPictureOptions } from "./picture.ts";
import { type PictureInput, readPictureInfo } from "./picture_info.ts";
import type { RowFormat } from "../row_source.ts";

/** A picture in memory. */
export interface WholePicture {
  /** Name of the picture in messages. */
  readonly name: string;
  /** Width in texels. */
  readonly width: number;
  /** Height in texels. */
  readonly height: number;
  /** Format of the texels. */
  readonly format: RowFormat;
  /** What a value of 1 stands for in the file; see `PictureInfo`. */
  readonly valueScale: number;
  /** Rows of texels from the top, tight. */
  readonly data: Uint8Array;
}

/** What is refused before a picture is decoded. */
export interface ReadPictureOptions extends OpenPictureOptions {
  /** Throws for a picture that is not wanted. */
  readonly check: (
    picture: Pick<WholePicture, "name" | "width" | "height" | "format" | "valueScale">,
  ) => void;
}

/**
 * Decodes a PNG, JPEG, TIFF, WebP, GIF, AVIF or BMP picture.
 *
 * @param input A path, or the bytes of a file.
 * @throws As {@linkcode openPicture} does, and what `check` throws.
 */
export async function readPicture(
  input: PictureInput,
  { check, ...options }: ReadPictureOptions,
): Promise<WholePicture> {
  const { limits, signal } = options;
  signal?.throwIfAborted();
  const info = await readPictureInfo(input, {
    ...(limits === undefined ? {} : { limits }),
    ...(signal === undefined ? {} : { signal }),
  });
  check(info);
  const { valueScale } = info;
  const picture = await openPicture(input, options);
  try {
    // The file may be another one by now.
    const { name, width, height, format } = picture;
    check({ name, width, height, format, valueScale });
    const data = await picture.readRows(0, height, signal === undefined ? {} : { signal });
    return { name, width, height, format, valueScale, data };
  } finally {
    await picture.close();
  }
}
