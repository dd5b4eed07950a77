/**
 * Headers of TIFF files (TIFF, revision 6.0; its technical notes; BigTIFF).
 *
 * @module
 */

import { checkedOrientation } from "../headers/exif_orientation.ts";
import type { HeaderReader } from "../headers/header_reader.ts";
import { malformedPicture, type PictureHeader } from "../headers/picture_header.ts";
import { readTiffPage, type TiffPage } from "./raster/pages.ts";
import { PaletteColors } from "./raster/palette.ts";
import { planRaster, type TiffRaster } from "./raster/raster.ts";
import { PHOTOMETRIC, readTiffSamples } from "./raster/samples.ts";
import { checkTiffChunks, readTiffLayout, type TiffLayout } from "./tiff_chunks.ts";
import { decodedCompressionName } from "./tiff_compression.ts";

/** Tags of fields. */
const TAG = { width: 256, height: 257, compression: 259, orientation: 274 } as const;

/** What of a file is read. */
export interface TiffChoice {
  /** Number of the page from 0; null for the default. */
  readonly page: number | null;
  /** Numbers of the bands from 1, in the order that is wanted; null for the default. */
  readonly bands: readonly number[] | null;
}

/** A page of a TIFF file, and how it becomes texels. */
export interface TiffPicture extends PictureHeader {
  readonly container: "tiff";
  readonly page: TiffPage;
  readonly raster: TiffRaster;
  readonly layout: TiffLayout;
  /** Name of its compression. */
  readonly compression: string;
  /** Whether the bands were chosen. */
  readonly areBandsChosen: boolean;
}

/**
 * Reads the directory of a page, and checks that every strip or tile of it lies in the file.
 *
 * @throws {MalformedFileError} if the file breaks the format or is cut off.
 * @throws {UnsupportedError} if its compression has no decoder here, or its samples are of a kind
 * that is not read.
 * @throws {OutOfRangeError} if there is no such page or band.
 */
export async function readTiffHeader(
  file: HeaderReader,
  choice: TiffChoice,
): Promise<TiffPicture> {
  const { name } = file;
  const page = await readTiffPage(file, choice.page);
  const { directory } = page;
  const storedWidth = await directory.number(TAG.width, 0);
  const storedHeight = await directory.number(TAG.height, 0);
  if (storedWidth === 0 || storedHeight === 0) {
    throw malformedPicture(
      name,
      `its header is impossible: ${storedWidth}×${storedHeight} texels`,
    );
  }
  const compression = decodedCompressionName(name, await directory.number(TAG.compression, 1));
  const samples = await readTiffSamples(name, directory);
  const isGreyPalette = samples.photometric === PHOTOMETRIC.palette &&
    (await PaletteColors.ofDirectory(name, directory, samples.bits)).isGrey;
  const { bands } = choice;
  const raster = await planRaster(name, page, { samples, isGreyPalette, bands });
  await checkTiffChunks(file, directory);
  if (page.mask !== null) await checkTiffChunks(file, page.mask);
  return {
    container: "tiff",
    storedWidth,
    storedHeight,
    orientation: checkedOrientation(await directory.number(TAG.orientation, 1)),
    isGrey: raster.bands.length === 1,
    channels: samples.count,
    hasAlpha: raster.alphaBand !== null || raster.hasHoles,
    sample: samples,
    heldWholeAs: null,
    page,
    raster,
    layout: await readTiffLayout(name, directory),
    compression,
    areBandsChosen: bands !== null,
  };
}
