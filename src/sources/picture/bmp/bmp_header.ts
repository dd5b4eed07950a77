/**
 * Headers of BMP files (Windows: BITMAPFILEHEADER and the headers BITMAPINFOHEADER to BITMAPV5HEADER;
 * OS/2 1: BITMAPCOREHEADER).
 *
 * @module
 */

import type { HeaderReader } from "../headers/header_reader.ts";
import {
  malformedPicture,
  type PictureHeader,
  unsupportedPicture,
} from "../headers/picture_header.ts";

const FILE_HEADER_BYTES = 14;
const CORE_BYTES = 12;
const INFO_BYTES = 40;
/** Sizes of the headers that are known: with colour masks, and versions 4 and 5. */
const KNOWN_BYTES = [CORE_BYTES, INFO_BYTES, 52, 56, 64, 108, 124];
const HAS_ALPHA_MASK_BYTES = 56;
const COMPRESSION = {
  none: 0,
  rle8: 1,
  rle4: 2,
  masks: 3,
  jpeg: 4,
  png: 5,
  alphaMasks: 6,
} as const;
const COMPRESSION_NAMES: Readonly<Record<number, string>> = {
  [COMPRESSION.rle8]: "RLE",
  [COMPRESSION.rle4]: "RLE",
  [COMPRESSION.jpeg]: "JPEG",
  [COMPRESSION.png]: "PNG",
};
const BIT_COUNTS = [1, 2, 4, 8, 16, 24, 32];

/** Which bits of a texel are a channel; none where the mask is 0. */
export interface BmpMasks {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

/** How the rows of a BMP file are stored. */
export interface BmpLayout {
  readonly bits: number;
  /** Whether the first row is the upper one. */
  readonly isTopDown: boolean;
  /** Where the first row lies. */
  readonly dataStart: number;
  /** Bytes from one row to the next: a multiple of 4. */
  readonly rowBytes: number;
  /** Where the table of colours lies, with how many of how many bytes each; null if there is none. */
  readonly palette:
    | { readonly start: number; readonly colors: number; readonly bytes: number }
    | null;
  /** Of 16 and 32 bits; null otherwise. */
  readonly masks: BmpMasks | null;
}

/** Header of a BMP file. */
export interface BmpHeader extends PictureHeader {
  readonly layout: BmpLayout;
}

/**
 * Reads the header; all rows must lie in the file.
 *
 * @throws {MalformedFileError} if the file breaks the format or is cut off.
 * @throws {UnsupportedError} if its rows are compressed.
 */
export async function readBmpHeader(file: HeaderReader): Promise<BmpHeader> {
  const { name } = file;
  const start = await file.view(0, FILE_HEADER_BYTES + 4, "the header");
  const dataStart = start.getUint32(10, true);
  const headerBytes = start.getUint32(14, true);
  if (!KNOWN_BYTES.includes(headerBytes)) {
    const wanted = KNOWN_BYTES.join(", ");
    throw malformedPicture(
      name,
      `its header must have one of ${wanted} bytes: current value is ${headerBytes}`,
    );
  }
  const view = await file.view(FILE_HEADER_BYTES, headerBytes, "the header");
  const isCore = headerBytes === CORE_BYTES;
  const width = isCore ? view.getUint16(4, true) : view.getInt32(4, true);
  const signedHeight = isCore ? view.getUint16(6, true) : view.getInt32(8, true);
  const height = Math.abs(signedHeight);
  const bits = view.getUint16(isCore ? 10 : 14, true);
  const compression = isCore ? COMPRESSION.none : view.getUint32(16, true);
  // Of JPEG and PNG, the texels have no bits of their own.
  assertUncompressed(name, compression);
  if (width < 1 || height < 1 || !BIT_COUNTS.includes(bits)) {
    throw malformedPicture(
      name,
      `its header is impossible: ${width}×${signedHeight} texels of ${bits} bits`,
    );
  }
  assertMasks(name, { compression, bits });
  const rowBytes = 4 * Math.ceil(width * bits / 32);
  const size = dataStart + rowBytes * height;
  if (size > file.size) {
    throw malformedPicture(name, `it is cut off: it must have ${size} bytes and has ${file.size}`);
  }
  const masks = bits === 16 || bits === 32
    ? await readMasks(file, { headerBytes, compression, bits })
    : null;
  const palette = bits > 8 ? null : {
    start: FILE_HEADER_BYTES + headerBytes,
    colors: (isCore ? 0 : view.getUint32(32, true)) || 2 ** bits,
    bytes: isCore ? 3 : 4,
  };
  if (palette !== null) checkPalette(name, palette, { bits, dataStart });
  const hasAlpha = masks !== null && masks.alpha !== 0;
  return {
    container: "bmp",
    storedWidth: width,
    storedHeight: height,
    orientation: 1,
    isGrey: false,
    channels: hasAlpha ? 4 : 3,
    hasAlpha,
    sample: { bits: 8, type: "unsigned" },
    heldWholeAs: null,
    layout: { bits, isTopDown: signedHeight < 0, dataStart, rowBytes, palette, masks },
  };
}

function assertUncompressed(name: string, compression: number): void {
  const compressed = COMPRESSION_NAMES[compression];
  if (compressed === undefined) return;
  const feature = `BMP with ${compressed}`;
  const why =
    `BMP must be uncompressed: it is compressed by ${compressed}. To load it, convert it to PNG`;
  throw unsupportedPicture(name, { feature, why });
}

function assertMasks(
  name: string,
  { compression, bits }: { compression: number; bits: number },
): void {
  const hasMasks = compression === COMPRESSION.masks || compression === COMPRESSION.alphaMasks;
  if (compression === COMPRESSION.none || hasMasks && (bits === 16 || bits === 32)) return;
  throw malformedPicture(
    name,
    `its compression must fit its ${bits} bits: current value is ${compression}`,
  );
}

function checkPalette(
  name: string,
  { start, colors, bytes }: NonNullable<BmpLayout["palette"]>,
  { bits, dataStart }: { bits: number; dataStart: number },
): void {
  if (colors <= 2 ** bits && start + colors * bytes <= dataStart) return;
  throw malformedPicture(
    name,
    `its table of colours must lie before its texels and have at most ${
      2 ** bits
    }: it has ${colors} ` +
      `from byte ${start} on, and the texels begin at ${dataStart}`,
  );
}

/** The masks that the file has, else those of old: 5 bits each, or 8. */
async function readMasks(
  file: HeaderReader,
  { headerBytes, compression, bits }: { headerBytes: number; compression: number; bits: number },
): Promise<BmpMasks> {
  if (compression === COMPRESSION.none) {
    return bits === 16
      ? { red: 0x7c00, green: 0x03e0, blue: 0x001f, alpha: 0 }
      : { red: 0xff0000, green: 0xff00, blue: 0xff, alpha: 0 };
  }
  const hasAlpha = headerBytes >= HAS_ALPHA_MASK_BYTES || compression === COMPRESSION.alphaMasks;
  const view = await file.view(
    FILE_HEADER_BYTES + INFO_BYTES,
    hasAlpha ? 16 : 12,
    "the colour masks",
  );
  const masks = {
    red: view.getUint32(0, true),
    green: view.getUint32(4, true),
    blue: view.getUint32(8, true),
    alpha: hasAlpha ? view.getUint32(12, true) : 0,
  };
  const isRight = Object.values(masks).every((mask) =>
    isRun(mask) && (bits === 32 || mask <= 0xffff)
  );
  if (isRight && masks.red !== 0 && masks.green !== 0 && masks.blue !== 0) return masks;
  throw malformedPicture(file.name, "its colour masks must each be bits in a row of a texel");
}

/** Whether the bits that are set follow one another. */
function isRun(mask: number): boolean {
  const shifted = mask === 0 ? 0 : mask >>> Math.log2((mask & -mask) >>> 0);
  return (shifted & shifted + 1) === 0;
}
