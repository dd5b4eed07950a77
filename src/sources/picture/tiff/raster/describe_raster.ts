/**
 * Tells what a TIFF picture holds, and what is done to its values.
 *
 * @module
 */

import type { TiffPicture } from "../tiff_header.ts";
import { sampleTypeName } from "./samples.ts";

/** What the description of a picture says of its bands. */
export interface RasterInfo {
  readonly bands: number;
  readonly sampleType: string;
  readonly pages: number;
  readonly page: number;
  readonly noData: number | null;
  readonly compression: string | null;
  readonly valueScale: number;
  readonly valueBands: number;
  readonly notes: readonly string[];
}

/** Types of which 32-bit floats cannot hold every value. */
const ROUNDED: readonly string[] = ["int32", "uint32", "int64", "uint64", "float64"];

/** What a page holds. */
export function describeRaster(
  { page: { page, pages }, raster, compression, areBandsChosen }: TiffPicture,
): RasterInfo {
  const { bandCount, bands, alphaBand, source, noData, hasHoles, format, valueScale, samples } =
    raster;
  const sampleType = sampleTypeName(samples);
  const notes: string[] = [];
  if (pages > 1) notes.push(`page ${page} of ${pages}`);
  const shown = bands.length + (alphaBand === null ? 0 : 1);
  if (areBandsChosen || shown < bandCount) {
    notes.push(
      `${bands.length === 1 ? "band" : "bands"} ${
        bands.map((band) => band + 1).join(", ")
      } of ${bandCount}`,
    );
  }
  if (source === "colors") notes.push("converted to red, green and blue");
  if (noData !== null) notes.push(`no data ${noData}`);
  const isFloat = format.endsWith("float");
  if (hasHoles) notes.push(isFloat ? "holes are NaN" : "holes are transparent");
  if (isFloat && valueScale > 1) notes.push(`${sampleType} as shares of ${valueScale}`);
  if (ROUNDED.includes(sampleType)) notes.push(`${sampleType} rounded to 32-bit floats`);
  return {
    bands: bandCount,
    sampleType,
    pages,
    page,
    noData,
    compression,
    valueScale,
    valueBands: bands.length,
    notes,
  };
}
