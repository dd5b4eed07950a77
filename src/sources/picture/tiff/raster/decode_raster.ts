/**
 * Decodes a page of a TIFF file to rows of texels in another file.
 *
 * @module
 */

import { type DenoFile, requireDeno } from "../../../../deno_runtime.ts";
import type { ColorSpace } from "../../../../texels/mod.ts";
import type { ByteSource } from "../../../bytes/byte_source.ts";
import { writeFully } from "../../../bytes/scratch_file.ts";
import { rowTexelBytes } from "../../../row_source.ts";
import { DECODED_HEADER_BYTES, decodedHeader } from "../../decoder/decoded_picture.ts";
import type { PictureInfo } from "../../picture_info.ts";
import type { TiffPicture } from "../tiff_header.ts";
import { ChunkColors } from "./chunk_colors.ts";
import { MaskRows } from "./mask_rows.ts";
import { OrientedRows } from "./oriented_rows.ts";
import { PaletteColors } from "./palette.ts";
import type { TiffRaster } from "./raster.ts";
import { RowBlocks } from "./row_blocks.ts";
import { PHOTOMETRIC, type TiffSamples } from "./samples.ts";
import { TexelRows } from "./texel_rows.ts";

const PROFILE_TAG = 34675;

/** What is decoded, and to where. */
export interface RasterJob {
  readonly info: PictureInfo;
  readonly tiff: TiffPicture;
  /** How the values are read: a colour profile is followed where they are sRGB. */
  readonly colorSpace: ColorSpace;
  /** Path of a file that does not exist yet. */
  readonly output: string;
  /** Called again and again; throws when decoding takes too long. */
  readonly checkTime: () => void;
  /** Called with the fraction of the rows that are decoded. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Decodes a page.
 *
 * @throws {MalformedFileError} if it is damaged.
 * @throws {UnsupportedError} if it is coded in a way that is not read.
 */
export async function decodeRaster(bytes: ByteSource, job: RasterJob): Promise<void> {
  const { info, tiff, checkTime } = job;
  const { raster, page } = tiff;
  const { directory, mask } = page;
  const { samples } = raster;
  const palette = raster.source === "palette"
    ? await PaletteColors.ofDirectory(info.name, directory, samples.bits)
    : null;
  const colors = await colorsOf(bytes.name, job);
  const blocks = await RowBlocks.open(bytes, directory, {
    samples,
    picked: pickedSamples(raster, colors),
    colors,
    fill: fillOf(raster),
    checkTime,
  });
  const rows = new TexelRows(raster, {
    palette,
    isConverted: colors !== null,
    // A single bit may have become a byte.
    bits: colors === null ? samples.bits : 8,
  });
  const maskRows = mask === null ? null : await MaskRows.open(bytes, mask, checkTime);
  using file = await requireDeno().open(job.output, { write: true, createNew: true, mode: 0o600 });
  await writeFully(file, decodedHeader(info), 0);
  try {
    await writeRows(file, { job, blocks, rows, maskRows });
  } finally {
    await maskRows?.close();
  }
}

async function writeRows(
  file: DenoFile,
  { job, blocks, rows, maskRows }: {
    job: RasterJob;
    blocks: RowBlocks;
    rows: TexelRows;
    maskRows: MaskRows | null;
  },
): Promise<void> {
  const { info, tiff } = job;
  const { storedWidth, storedHeight } = tiff;
  const oriented = new OrientedRows(tiff, rowTexelBytes(info.format));
  for await (const { firstRow, rowCount, values } of blocks.blocks()) {
    const count = rowCount * storedWidth;
    const mask = maskRows === null ? null : await maskRows.take(count);
    const texels = rows.convert({ values, mask, count });
    for (const { at, bytes } of oriented.place(firstRow, texels)) {
      await writeFully(file, bytes, DECODED_HEADER_BYTES + at);
    }
    job.onProgress?.((firstRow + rowCount) / storedHeight);
  }
  for (const { at, bytes } of oriented.rest()) {
    await writeFully(file, bytes, DECODED_HEADER_BYTES + at);
  }
}

/** How samples become colours, where they are none or have a profile; else null. */
async function colorsOf(
  name: string,
  { tiff: { raster, page: { directory }, areBandsChosen }, colorSpace }: RasterJob,
): Promise<ChunkColors | null> {
  const { samples } = raster;
  const hasProfile = colorSpace === "srgb" && directory.count(PROFILE_TAG) > 0;
  const isConverted = raster.source === "colors" ||
    (hasProfile && !areBandsChosen && raster.noData === null && hasColorsOfProfile(samples));
  if (!isConverted) return null;
  return await ChunkColors.ofDirectory(name, directory, { samples, hasProfile });
}

/** Whether a profile can say what colours the samples are: of 8 bits, grey or red, green and blue. */
function hasColorsOfProfile({ bits, type, photometric, count, alpha }: TiffSamples): boolean {
  const named = photometric === PHOTOMETRIC.rgb ? 3 : 1;
  return bits === 8 && type === "unsigned" && photometric <= PHOTOMETRIC.rgb &&
    count === named + (alpha === null ? 0 : 1);
}

function pickedSamples(raster: TiffRaster, colors: ChunkColors | null): number[] {
  const { bands, alphaBand, source, samples } = raster;
  const alpha = alphaBand === null ? [] : [alphaBand];
  if (colors !== null) return [...bands, ...alpha.map(() => colors.channels - 1)];
  if (source === "palette") return [0, ...alpha.map(() => samples.alpha!.sample)];
  return [...bands, ...alpha];
}

/** What is left out has the value for no data, else 0, as GDAL reads it. */
function fillOf({ noData, samples }: TiffRaster): number {
  if (noData === null) return 0;
  if (samples.type === "float") return noData;
  return Number.isInteger(noData) ? noData : 0;
}
