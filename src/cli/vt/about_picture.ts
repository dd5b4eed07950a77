/**
 * Tells what of a picture is read.
 *
 * @module
 */

import type { PictureInfo } from "../../sources/mod.ts";

/** What only a picture has. */
export interface PictureFileInfo {
  /** Bands that may be chosen. */
  readonly bands: number;
  /** Type of its samples, such as `uint16`. */
  readonly sample_type: string;
  /** Compression of a TIFF file; null for other pictures. */
  readonly compression: string | null;
  /** The value that stands for no data; null if none does, `"NaN"` if that does. */
  readonly no_data: number | string | null;
  /** Pages in full resolution. */
  readonly pages: number;
  /** The page that is read, from 0. */
  readonly page: number;
  /** What is done to its values, in words. */
  readonly notes: readonly string[];
}

/** Describes a picture by its header. */
export function aboutPicture(
  { bands, sampleType, compression, noData, pages, page, notes }: PictureInfo,
): PictureFileInfo {
  return {
    bands,
    sample_type: sampleType,
    compression,
    no_data: noData === null || Number.isFinite(noData) ? noData : String(noData),
    pages,
    page,
    notes,
  };
}
