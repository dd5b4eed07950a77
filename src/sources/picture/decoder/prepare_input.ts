/**
 * What is done to the copy of a picture before it is decoded, and to the decoded one afterwards.
 *
 * The decoder is told to fail on warnings, as it only warns of most damage. So what is no damage and
 * would be warned of is written in another form; and damage that it does not notice is looked for.
 *
 * @module
 */

import { type DenoFile, requireDeno } from "../../../deno_runtime.ts";
import type { ByteSource } from "../../bytes/byte_source.ts";
import { sliceSource } from "../../bytes/slice_source.ts";
import { writeFully } from "../../bytes/scratch_file.ts";
import { HeaderReader } from "../headers/header_reader.ts";
import { besideFrame } from "../gif/gif_header.ts";
import { verifyGif } from "../gif/verify_gif.ts";
import type { AnyHeader, PictureInfo } from "../picture_info.ts";
import { verifyProgressive } from "../jpeg/verify_progressive.ts";
import { ScanVerifier } from "../jpeg/verify_scans.ts";
import { verifyPalette } from "../png/verify_palette.ts";
import { noDataTexel } from "../tiff/no_data.ts";
import { applyEdits, SparseChunks, type TexelRectangle } from "../tiff/sparse_tiff.ts";
import { jpegTablesRange, readTiffLayout, tiffChunks } from "../tiff/tiff_chunks.ts";
import { CCITT_COMPRESSIONS, TIFF_COMPRESSION } from "../tiff/tiff_compression.ts";
import { TiffDirectory } from "../tiff/tiff_directory.ts";
import { checkJpegFrame } from "../tiff/verify_jpeg.ts";
import { CcittTiles } from "../tiff/verify_ccitt.ts";
import { verifyDeflate } from "../tiff/verify_deflate.ts";
import { decodedHeader } from "./decoded_picture.ts";

/** What decoding a picture takes beside the decoder. */
export interface DecodingPlan {
  /** Whether there is nothing to decode. */
  readonly isEmpty: boolean;
  /** Looks for damage while the picture is decoded; null if that was done. */
  readonly verifyInput: (() => Promise<void>) | null;
  /** Changes the copy of the picture; null if it is decoded as it is. */
  readonly editInput: ((file: DenoFile) => Promise<void>) | null;
  /** What to overwrite in the decoded picture; null if nothing. */
  readonly noData: NoData | null;
}

/** Texels for which a file has no data. */
export interface NoData {
  /** Rectangles of the stored picture. */
  readonly rectangles: readonly TexelRectangle[];
  /** Bytes of the decoded texel that they get. */
  readonly texel: Uint8Array;
}

/** A picture that is to be decoded. */
interface Described {
  readonly info: PictureInfo;
  readonly header: AnyHeader;
  /** Called again and again; throws when that takes too long. */
  readonly checkTime: () => void;
}

const AS_IT_IS: DecodingPlan = Object.freeze({
  isEmpty: false,
  verifyInput: null,
  editInput: null,
  noData: null,
});
const YCBCR = 6;
const PHOTOMETRIC_TAG = 262;

/**
 * Looks through a picture's data for what the decoder must not see, or does not notice.
 *
 * @throws {MalformedFileError} if it is damaged.
 * @throws {UnsupportedError} if what it leaves out cannot be made up for.
 */
export async function planDecoding(
  bytes: ByteSource,
  described: Described,
): Promise<DecodingPlan> {
  const { header } = described;
  switch (header.container) {
    case "tiff":
      return await planTiff(bytes, described);
    case "jpeg":
      // In progressive JPEG the decoder reads all data itself.
      return {
        ...AS_IT_IS,
        verifyInput: header.heldWholeAs === null
          ? () => new ScanVerifier().verify(bytes)
          : () => verifyProgressive(bytes),
      };
    case "gif":
      return planGif(bytes, described);
    default:
      return planPng(bytes, described);
  }
}

function planGif(bytes: ByteSource, { header, checkTime }: Described): DecodingPlan {
  if (!("frame" in header)) return AS_IT_IS;
  const { frame } = header;
  // The decoder makes it black where the frame has no transparent colour.
  const noData = { rectangles: besideFrame(header), texel: new Uint8Array(4) };
  return { ...AS_IT_IS, verifyInput: () => verifyGif(bytes, frame, checkTime), noData };
}

function planPng(bytes: ByteSource, { header, checkTime }: Described): DecodingPlan {
  const palette = "palette" in header ? header.palette : null;
  if (palette === null) return AS_IT_IS;
  const { storedWidth, storedHeight } = header;
  const verifyInput = () => verifyPalette(bytes, { palette, storedWidth, storedHeight }, checkTime);
  return { ...AS_IT_IS, verifyInput };
}

async function planTiff(
  bytes: ByteSource,
  { info, header, checkTime }: Described,
): Promise<DecodingPlan> {
  const { name } = bytes;
  const file = new HeaderReader(bytes, await bytes.size());
  const directory = await TiffDirectory.readFirst(file);
  const layout = await readTiffLayout(name, directory);
  const isDeflate = layout.compression === TIFF_COMPRESSION.deflate ||
    layout.compression === TIFF_COMPRESSION.oldDeflate;
  const isExact = await directory.number(PHOTOMETRIC_TAG, 1) !== YCBCR;
  const jpeg = layout.compression === TIFF_COMPRESSION.jpeg ? new ScanVerifier() : null;
  const jpegTables = jpegTablesRange(file, directory);
  if (jpegTables !== null) await jpeg?.readTables(sliceSource(bytes, jpegTables));
  const isCcittTiled = layout.what === "tile" && CCITT_COMPRESSIONS.includes(layout.compression);
  const ccitt = isCcittTiled ? await CcittTiles.ofFile(name, directory, layout) : null;
  const sparse = new SparseChunks(name, layout);
  for await (const chunk of tiffChunks(name, directory, layout)) {
    sparse.add(chunk);
    if (chunk.bytes === 0) continue;
    checkTime();
    if (isDeflate) await verifyDeflate(bytes, { layout, chunk, isExact, checkTime });
    await jpeg?.verify(
      sliceSource(bytes, { offset: chunk.offset, length: chunk.bytes }),
      (frame) => checkJpegFrame(name, frame, { layout, chunk, isExact }),
    );
    await ccitt?.addTile(bytes, chunk);
  }
  await ccitt?.finish();
  if (!sparse.isSparse) return AS_IT_IS;
  const noData = {
    rectangles: sparse.rectangles(),
    texel: await noDataTexel(directory, { header, format: info.format }),
  };
  if (sparse.isEmpty) return { ...AS_IT_IS, isEmpty: true, noData };
  const edits = [...sparse.edits(directory)];
  return { ...AS_IT_IS, editInput: (file) => applyEdits(file, edits), noData };
}

/** Opens a file to change it, and closes it. */
export async function changeFile(
  path: string,
  change: (file: DenoFile) => Promise<void>,
): Promise<void> {
  using file = await requireDeno().open(path, { read: true, write: true });
  await change(file);
}

/** Writes a file as of the decoder, with its header alone. */
export async function writeEmptyPicture(path: string, info: PictureInfo): Promise<void> {
  using file = await requireDeno().open(path, { write: true, createNew: true, mode: 0o600 });
  await writeFully(file, decodedHeader(info), 0);
}
