/**
 * Headers of PNG files (PNG, third edition: W3C, 2025).
 *
 * @module
 */

import { exifOrientation } from "../headers/exif_orientation.ts";
import type { HeaderReader } from "../headers/header_reader.ts";
import { malformedPicture, MOST_PARTS, type PictureHeader } from "../headers/picture_header.ts";

const SIGNATURE_BYTES = 8;
const IHDR = 0x49484452;
const PLTE = 0x504c5445;
const IDAT = 0x49444154;
const PALETTE_COLOR = 3;
const TRNS = 0x74524e53;
const EXIF = 0x65584966;

/** Bit depths of each colour type, and its samples (section 11.2.1). */
const COLOR_TYPES: Readonly<Record<number, { depths: readonly number[]; samples: number }>> = {
  0: { depths: [1, 2, 4, 8, 16], samples: 1 },
  2: { depths: [8, 16], samples: 3 },
  3: { depths: [1, 2, 4, 8], samples: 1 },
  4: { depths: [8, 16], samples: 2 },
  6: { depths: [8, 16], samples: 4 },
};

/** A PNG header. */
export interface PngHeader extends PictureHeader {
  /** How texels name colours; null if they are colours themselves, or every number names one. */
  readonly palette: PngPalette | null;
}

/** A palette with fewer colours than there are numbers for them. */
export interface PngPalette {
  readonly colors: number;
  /** Bits of a number: 1, 2, 4 or 8. */
  readonly bits: number;
  readonly isInterlaced: boolean;
  /** Where the first chunk of texels lies. */
  readonly dataStart: number;
}

/** Deflate cannot give more bytes for one (RFC 1951: 258 bytes for two bits). */
const MOST_INFLATED = 1032;
const MOST_EXIF_BYTES = 1024 * 1024;
const MOST_SIDE = 2 ** 31 - 1;

/**
 * Reads everything before the first texel.
 *
 * @throws {MalformedFileError} if the file breaks the format, or is far too small for its size in
 * texels.
 */
export async function readPngHeader(file: HeaderReader): Promise<PngHeader> {
  const { name } = file;
  const start = await file.view(SIGNATURE_BYTES, 8 + 13, "the header");
  if (start.getUint32(4) !== IHDR || start.getUint32(0) !== 13) {
    throw malformedPicture(name, "it must begin with the chunk IHDR");
  }
  const storedWidth = start.getUint32(8);
  const storedHeight = start.getUint32(12);
  const bits = start.getUint8(16);
  const colorType = start.getUint8(17);
  const interlace = start.getUint8(20);
  const type = COLOR_TYPES[colorType];
  const isValid = type !== undefined && type.depths.includes(bits) && interlace <= 1 &&
    storedWidth > 0 &&
    storedHeight > 0 && storedWidth <= MOST_SIDE && storedHeight <= MOST_SIDE;
  if (!isValid) {
    throw malformedPicture(
      name,
      `its header is impossible: ${storedWidth}×${storedHeight} texels, colour type ${colorType}, ` +
        `${bits} bits, interlace method ${interlace}`,
    );
  }
  const rowBytes = 1 + Math.ceil(storedWidth * type.samples * bits / 8);
  if (rowBytes * storedHeight > MOST_INFLATED * file.size) {
    throw malformedPicture(
      name,
      `${storedWidth}×${storedHeight} texels cannot come from a file of ${file.size} bytes`,
    );
  }
  const { isTransparent, orientation, colors, dataStart } = await readChunks(file);
  const isGrey = colorType === 0 || colorType === 4;
  const hasAlpha = colorType === 4 || colorType === 6 || isTransparent;
  return {
    container: "png",
    storedWidth,
    storedHeight,
    orientation,
    isGrey,
    channels: (isGrey ? 1 : 3) + (hasAlpha ? 1 : 0),
    hasAlpha,
    sample: { bits: bits === 16 ? 16 : 8, type: "unsigned" },
    heldWholeAs: interlace === 1 ? "interlaced" : null,
    palette: colorType === PALETTE_COLOR && colors < 2 ** bits
      ? { colors, bits, isInterlaced: interlace === 1, dataStart }
      : null,
  };
}

interface ChunksBefore {
  readonly isTransparent: boolean;
  readonly orientation: number;
  readonly colors: number;
  readonly dataStart: number;
}

/** Reads the chunks before the first one of texels. */
async function readChunks(file: HeaderReader): Promise<ChunksBefore> {
  let isTransparent = false;
  let orientation = 1;
  let colors = 0;
  let at = SIGNATURE_BYTES;
  for (let count = 0; count < MOST_PARTS; count++) {
    const chunk = await file.view(at, 8, "the next chunk");
    const length = chunk.getUint32(0);
    const kind = chunk.getUint32(4);
    if (kind === IDAT) return { isTransparent, orientation, colors, dataStart: at };
    if (kind === PLTE) colors = Math.floor(length / 3);
    if (kind === TRNS) isTransparent = true;
    if (kind === EXIF && length <= MOST_EXIF_BYTES) {
      orientation = exifOrientation(await file.read(at + 8, length, "the chunk eXIf"));
    }
    at += 12 + length;
  }
  throw malformedPicture(
    file.name,
    `it must have less than ${MOST_PARTS} chunks before its texels`,
  );
}
