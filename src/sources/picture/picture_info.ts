/**
 * Describes a picture file from its header, which is read here: the decoder is not needed.
 *
 * @module
 */

import { describeValue } from "../../checks.ts";
import { InvalidArgumentError, MalformedFileError, UnsupportedError } from "../../errors.ts";
import { MAX_VIRTUAL_SIZE } from "../../tiles/mod.ts";
import type { ColorSpace } from "../../texels/mod.ts";
import type { ByteSource, ReadOptions } from "../bytes/byte_source.ts";
import { openFileSource } from "../bytes/file_source.ts";
import { memorySource } from "../bytes/memory_source.ts";
import { assertNotForeign, FOREIGN_BYTES } from "../foreign_file.ts";
import type { RowFormat } from "../row_source.ts";
import { HeaderReader } from "./headers/header_reader.ts";
import { readAvifHeader } from "./avif/avif_header.ts";
import { type BmpHeader, readBmpHeader } from "./bmp/bmp_header.ts";
import { type GifHeader, readGifHeader } from "./gif/gif_header.ts";
import { readJpegHeader } from "./jpeg/jpeg_header.ts";
import type { PictureContainer, PictureHeader, SampleKind } from "./headers/picture_header.ts";
import { PICTURE_KIND_BYTES, pictureContainer } from "./headers/picture_kind.ts";
import { type PngHeader, readPngHeader } from "./png/png_header.ts";
import {
  checkedPictureChoice,
  chosenFormat,
  decodedBandCount,
  DEFAULT_CHOICE,
  type PictureChoice,
  type PictureChoiceOptions,
} from "./picture_choice.ts";
import { assertRasterFits } from "./tiff/raster/raster_memory.ts";
import { describeRaster, type RasterInfo } from "./tiff/raster/describe_raster.ts";
import { readTiffHeader, type TiffPicture } from "./tiff/tiff_header.ts";
import { readWebpHeader } from "./webp/webp_header.ts";
import {
  limitError,
  memoryLimitError,
  type PictureLimits,
  type ResolvedLimits,
  resolveLimits,
} from "./picture_limits.ts";

/** A picture: a path, or the bytes of a file. */
export type PictureInput = string | Uint8Array;

/** Description of a picture, from its header. */
export interface PictureInfo {
  /** Name of the picture in messages: its path, or "bytes". */
  readonly name: string;
  /** Kind of file. */
  readonly container: PictureContainer;
  /** Width in texels, as seen: after the orientation that the file asks for. */
  readonly width: number;
  /** Height in texels, as seen. */
  readonly height: number;
  /**
   * Format of decoded rows. Of TIFF the one that holds the values; of other pictures grey keeps its
   * depth, and everything else is 8-bit colour with alpha.
   */
  readonly format: RowFormat;
  /** How values are interpreted by default: grey and colour of 8 bits "srgb", all else "linear". */
  readonly defaultColorSpace: ColorSpace;
  /** Whether the file has transparency, or may lack data. */
  readonly hasAlpha: boolean;
  /** Bands that may be chosen. */
  readonly bands: number;
  /** Type of the file's samples, such as `uint16`. */
  readonly sampleType: string;
  /** Pages of a TIFF file; 1 for other files. */
  readonly pages: number;
  /** The page that is read, from 0. */
  readonly page: number;
  /** The value that stands for no data; null if none does. */
  readonly noData: number | null;
  /** Compression of a TIFF file; null for other files. */
  readonly compression: string | null;
  /**
   * What a value of 1 in the rows stands for in the file: 255 for uint8 and 65535 for uint16, which
   * are normalised; 1 where rows hold the file's values.
   */
  readonly valueScale: number;
  /** Channels of the rows that hold bands: those before alpha, or before nothing. */
  readonly valueBands: number;
  /** What is done to the file's values, in words; empty if nothing is. */
  readonly notes: readonly string[];
}

/** A header of any kind, with what is particular to its kind. */
export type AnyHeader = PictureHeader | PngHeader | GifHeader | BmpHeader | TiffPicture;

/** The bytes, and other small things, that the decoder takes beside its picture, in MiB. */
const DECODER_MEMORY_MB = 192;

/**
 * Opens the bytes of a picture.
 *
 * @throws {InvalidArgumentError} if it is neither a path nor bytes.
 * @throws {FileError} if the file is missing or may not be read.
 */
export async function openPictureBytes(input: PictureInput): Promise<ByteSource> {
  if (typeof input === "string") return await openFileSource(input);
  if (input instanceof Uint8Array) return memorySource(input);
  throw new InvalidArgumentError(
    "input",
    `Cannot read picture as input must be a path or a Uint8Array: current value is ` +
      describeValue(input),
  );
}

/**
 * Reads the header of a PNG, JPEG, TIFF, WebP, GIF, AVIF or BMP picture. For TIFF, all strips or
 * tiles must lie in the file; whether the data of a picture is whole, only decoding shows.
 *
 * @param input A path, or the bytes of a file.
 * @throws {FileError} if the file is missing or may not be read.
 * @throws {MalformedFileError} if it is not a picture, is empty or damaged.
 * @throws {UnsupportedError} if it is another kind of picture, too large, beyond a limit, of a
 * compression without a decoder here, or has samples that no texel format can hold.
 */
export async function readPictureInfo(
  input: PictureInput,
  options: PictureChoiceOptions & {
    readonly limits?: PictureLimits;
    readonly signal?: AbortSignal;
  } = {},
): Promise<PictureInfo> {
  const limits = resolveLimits(options.limits);
  const choice = checkedPictureChoice(options, "Cannot read picture");
  const bytes = await openPictureBytes(input);
  try {
    const { signal } = options;
    const { info } = await describePicture(bytes, limits, {
      choice,
      ...(signal === undefined ? {} : { signal }),
    });
    return info;
  } finally {
    bytes.close();
  }
}

/** A picture as its header says. */
export interface DescribedPicture {
  readonly info: PictureInfo;
  readonly header: AnyHeader;
  /** Format of the rows before bands are chosen of them. */
  readonly decoded: RowFormat;
}

/** As {@linkcode readPictureInfo}, for bytes that are open, and with the header itself. */
export async function describePicture(
  bytes: ByteSource,
  limits: ResolvedLimits,
  { choice = DEFAULT_CHOICE, ...options }: ReadOptions & { readonly choice?: PictureChoice } = {},
): Promise<DescribedPicture> {
  const { name } = bytes;
  const header = await readHeader(bytes, { ...options, choice });
  const isTurned = header.orientation > 4;
  const width = isTurned ? header.storedHeight : header.storedWidth;
  const height = isTurned ? header.storedWidth : header.storedHeight;
  assertWithinLimits(name, header, limits);
  const decoded = "raster" in header ? header.raster.format : rowFormatOf(name, header);
  const format = "raster" in header ? decoded : chosenFormat(name, { choice, header, decoded });
  const info: PictureInfo = {
    name,
    container: header.container,
    width,
    height,
    format,
    // Two bands are no colour: grey with alpha comes as RGBA.
    defaultColorSpace: format === "r8unorm" || format === "rgba8unorm" ? "srgb" : "linear",
    hasAlpha: header.hasAlpha,
    ...("raster" in header ? describeRaster(header) : describeDecoded(header, { choice, decoded })),
  };
  return { info, header, decoded };
}

function describeDecoded(
  header: PictureHeader,
  { choice: { bands }, decoded }: { choice: PictureChoice; decoded: RowFormat },
): RasterInfo {
  return {
    bands: decodedBandCount(decoded, header),
    sampleType: sampleText(header.sample),
    pages: 1,
    page: 0,
    noData: null,
    compression: null,
    valueScale: decoded.endsWith("8unorm") ? 255 : decoded === "r16unorm" ? 65535 : 1,
    valueBands: valueBandsOf(header, { bands, decoded }),
    notes: [...header.notes ?? [], ...bands === null ? [] : [`bands ${bands.join(", ")}`]],
  };
}

/** Of grey beside alpha one, of colours three. */
function valueBandsOf(
  { isGrey, hasAlpha }: PictureHeader,
  { bands, decoded }: { bands: readonly number[] | null; decoded: RowFormat },
): number {
  if (bands === null) return decoded === "rgba8unorm" && !isGrey ? 3 : 1;
  const isAlphaLast = hasAlpha && bands.length > 1 && bands.at(-1) === 4;
  return isAlphaLast ? bands.length - 1 : bands.length;
}

async function readHeader(
  bytes: ByteSource,
  options: ReadOptions & { readonly choice: PictureChoice },
): Promise<AnyHeader> {
  const { name } = bytes;
  const size = await bytes.size();
  if (size === 0) {
    throw new MalformedFileError(name, `Cannot read picture ${name} as it is empty`);
  }
  const { signal } = options;
  const file = new HeaderReader(bytes, size, signal === undefined ? {} : { signal });
  const wanted = Math.max(FOREIGN_BYTES, PICTURE_KIND_BYTES);
  const start = await file.read(0, Math.min(wanted, size), "the header");
  assertNotForeign(name, start);
  switch (pictureContainer(name, start)) {
    case "png":
      return await readPngHeader(file);
    case "jpeg":
      return await readJpegHeader(file);
    case "tiff":
      return await readTiffHeader(file, options.choice);
    case "webp":
      return await readWebpHeader(file);
    case "gif":
      return await readGifHeader(file);
    case "avif":
      return await readAvifHeader(file);
    case "bmp":
      return await readBmpHeader(file);
  }
}

function assertWithinLimits(
  name: string,
  header: PictureHeader | TiffPicture,
  limits: ResolvedLimits,
): void {
  const { storedWidth, storedHeight, channels, sample } = header;
  if (storedWidth > MAX_VIRTUAL_SIZE || storedHeight > MAX_VIRTUAL_SIZE) {
    throw new UnsupportedError(
      "picture size",
      `Cannot read picture ${name} as its sides must be <= ${MAX_VIRTUAL_SIZE} texels: ` +
        `current values are ${storedWidth} and ${storedHeight}`,
    );
  }
  const pixels = storedWidth * storedHeight;
  if (pixels > limits.maxPixels) {
    throw limitError(name, "maxPixels", {
      wanted: `it must have at most ${limits.maxPixels} texels`,
      current: `${storedWidth}×${storedHeight} are ${pixels}`,
    });
  }
  if ("raster" in header) return assertRasterFits(name, header, limits);
  const held = heldWholeAs(header);
  if (held.length === 0) return;
  const wholeBytes = pixels * channels * sample.bits / 8;
  const wholeMb = Math.ceil(held.length * wholeBytes / 2 ** 20) + DECODER_MEMORY_MB;
  if (wholeMb > limits.maxDecodeMemoryMb) {
    const current = `it is ${held.join(" and ")}, so that its ${storedWidth}×${storedHeight} ` +
      `texels are decoded all at once, in about ${wholeMb} MiB`;
    throw memoryLimitError(name, limits, current);
  }
}

/** Why the decoder holds the whole picture in memory; once for each reason. */
function heldWholeAs({ heldWholeAs, orientation }: PictureHeader): string[] {
  // Rows that are seen from the last to the first, or as columns, need all that are stored.
  const isTurned = orientation > 2;
  return [...heldWholeAs === null ? [] : [heldWholeAs], ...isTurned ? ["turned by EXIF"] : []];
}

/** Grey without alpha keeps its depth; everything else becomes 8-bit colour. */
function rowFormatOf(name: string, header: PictureHeader): RowFormat {
  const { isGrey, channels, sample } = header;
  const most = header.hasAlpha && channels === 5 ? 5 : 4;
  if (channels > most) {
    throw new UnsupportedError(
      `${channels} bands`,
      `Cannot read picture ${name} as it must have at most four bands: it has ${channels}`,
    );
  }
  const isColor = channels > 2 || !isGrey;
  const kind = sampleText(sample);
  const supported = ["uint8", "uint16", ...(isColor ? [] : ["float32"])];
  if (!supported.includes(kind)) {
    throw new UnsupportedError(
      `${kind} samples`,
      `Cannot read picture ${name} as its ${isColor ? "colours" : "greys"} must be ` +
        `${supported.join(" or ")}: current value is ${kind}`,
    );
  }
  if (isColor || channels === 2) return "rgba8unorm";
  return sample.bits === 8 ? "r8unorm" : sample.bits === 16 ? "r16unorm" : "r32float";
}

/** Type of the samples, as people name it. */
function sampleText({ bits, type }: SampleKind): string {
  const letters = { unsigned: "uint", signed: "int", float: "float", complex: "complex" } as const;
  return `${letters[type]}${bits}`;
}
