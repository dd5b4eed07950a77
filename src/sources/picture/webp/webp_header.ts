/**
 * Headers of WebP files (RFC 9649).
 *
 * @module
 */

import { exifOrientation } from "../headers/exif_orientation.ts";
import type { HeaderReader } from "../headers/header_reader.ts";
import { malformedPicture, MOST_PARTS, type PictureHeader } from "../headers/picture_header.ts";

const RIFF_BYTES = 12;
const CHUNK_BYTES = 8;
const HAS_ALPHA = 0x10;
const HAS_EXIF = 0x08;
const MOST_EXIF_BYTES = 1024 * 1024;

/**
 * Reads the dimensions, and the orientation from wherever it lies.
 *
 * @throws {MalformedFileError} if the file breaks the format or is cut off.
 */
export async function readWebpHeader(file: HeaderReader): Promise<PictureHeader> {
  const { name } = file;
  const start = await file.view(0, RIFF_BYTES + CHUNK_BYTES, "the header");
  const end = CHUNK_BYTES + start.getUint32(4, true);
  if (end > file.size) {
    throw malformedPicture(name, `it is cut off: it must have ${end} bytes and has ${file.size}`);
  }
  const kind = fourLetters(start, RIFF_BYTES);
  const at = RIFF_BYTES + CHUNK_BYTES;
  switch (kind) {
    case "VP8 ":
      return header(await lossyDimensions(file, at), { hasAlpha: false });
    case "VP8L": {
      const bits = (await file.view(at, 5, "the header of the chunk VP8L")).getUint32(1, true);
      const width = (bits & 0x3fff) + 1;
      const height = (bits >>> 14 & 0x3fff) + 1;
      return header({ width, height }, { hasAlpha: (bits >>> 28 & 1) === 1 });
    }
    case "VP8X": {
      const view = await file.view(at, 10, "the chunk VP8X");
      const flags = view.getUint8(0);
      const width = (view.getUint32(3, true) >>> 8) + 1;
      const height = (view.getUint16(7, true) | view.getUint8(9) << 16) + 1;
      const hasAlpha = (flags & HAS_ALPHA) !== 0;
      const orientation = (flags & HAS_EXIF) === 0 ? 1 : await readOrientation(file, end);
      return header({ width, height }, { hasAlpha, orientation });
    }
    default:
      throw malformedPicture(name, `its first chunk must be VP8, VP8L or VP8X: it is ${kind}`);
  }
}

function header(
  { width, height }: { width: number; height: number },
  { hasAlpha, orientation = 1 }: { hasAlpha: boolean; orientation?: number },
): PictureHeader {
  return {
    container: "webp",
    storedWidth: width,
    storedHeight: height,
    orientation,
    isGrey: false,
    channels: hasAlpha ? 4 : 3,
    hasAlpha,
    sample: { bits: 8, type: "unsigned" },
    // The decoder has no other way; sides are at most 16384.
    heldWholeAs: "WebP",
  };
}

/** The frame header of VP8 (RFC 6386, section 9.1). */
async function lossyDimensions(file: HeaderReader, at: number) {
  const view = await file.view(at, 10, "the header of the chunk VP8");
  const isKeyFrame = (view.getUint8(0) & 1) === 0;
  if (!isKeyFrame || view.getUint8(3) !== 0x9d || view.getUint16(4, true) !== 0x2a01) {
    throw malformedPicture(file.name, "its chunk VP8 must begin with a key frame");
  }
  const width = view.getUint16(6, true) & 0x3fff;
  const height = view.getUint16(8, true) & 0x3fff;
  if (width === 0 || height === 0) {
    throw malformedPicture(file.name, `it must have texels: it is ${width}×${height}`);
  }
  return { width, height };
}

async function readOrientation(file: HeaderReader, end: number): Promise<number> {
  let at = RIFF_BYTES;
  for (let count = 0; count < MOST_PARTS && at + CHUNK_BYTES <= end; count++) {
    const chunk = await file.view(at, CHUNK_BYTES, "the next chunk");
    const length = chunk.getUint32(4, true);
    if (fourLetters(chunk, 0) === "EXIF" && length <= MOST_EXIF_BYTES) {
      return exifOrientation(await file.read(at + CHUNK_BYTES, length, "the chunk EXIF"));
    }
    at += CHUNK_BYTES + length + (length & 1);
  }
  return 1;
}

function fourLetters(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(offset + i)));
}
