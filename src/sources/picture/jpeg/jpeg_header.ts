/**
 * Headers of JPEG files (ITU-T T.81, annex B).
 *
 * @module
 */

import { exifOrientation } from "../headers/exif_orientation.ts";
import type { HeaderReader } from "../headers/header_reader.ts";
import {
  malformedPicture,
  MOST_PARTS,
  type PictureHeader,
  unsupportedPicture,
} from "../headers/picture_header.ts";

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const APP1 = 0xe1;
/** Markers C0 to CF that begin no frame: tables and conditioning. */
const NO_FRAME = [0xc4, 0xc8, 0xcc];
/** Lossless, hierarchical and arithmetic coding have no decoder here. */
const DECODED_FRAMES = [0xc0, 0xc1, 0xc2];
const PROGRESSIVE = 0xc2;
const MOST_STRAY_BYTES = 64 * 1024;

/** A JPEG header, with what the decoder's strictness depends on. */
export interface JpegHeader extends PictureHeader {
  /** Bytes between the segments that belong to none: harmless before the first scan. */
  readonly strayRuns: readonly ByteRun[];
}

/** Bytes that follow each other. */
export interface ByteRun {
  readonly offset: number;
  readonly length: number;
}

/**
 * Reads everything before the first scan.
 *
 * @throws {MalformedFileError} if the file breaks the format.
 * @throws {UnsupportedError} if it is lossless, hierarchical or arithmetically coded.
 */
export async function readJpegHeader(file: HeaderReader): Promise<JpegHeader> {
  const { name } = file;
  let frame: Omit<JpegHeader, "orientation" | "strayRuns"> | null = null;
  let orientation = 1;
  const strayRuns: ByteRun[] = [];
  let at = 2;
  let strayBytes = 0;
  for (let count = 0;; count++) {
    const { marker, end, isStray } = await nextMarker(file, at);
    if (isStray) {
      strayRuns.push({ offset: at, length: end - 2 - at });
      strayBytes += end - 2 - at;
    }
    if (count === MOST_PARTS || strayBytes > MOST_STRAY_BYTES) {
      throw malformedPicture(
        name,
        `at most ${MOST_PARTS} segments, and ${MOST_STRAY_BYTES} bytes between them, may come ` +
          "before its first scan",
      );
    }
    at = end;
    if (marker === START_OF_SCAN || marker === END_OF_IMAGE) break;
    if (hasNoLength(marker)) continue;
    const length = (await file.view(at, 2, "a segment")).getUint16(0);
    const segment = await file.read(at, Math.max(2, length), "a segment");
    if (marker === APP1 && startsWithExif(segment)) {
      orientation = exifOrientation(segment.subarray(2));
    } else if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAME.includes(marker)) {
      frame = frameOf(name, marker, segment);
    }
    at += Math.max(2, length);
  }
  if (frame === null) throw malformedPicture(name, "no frame header comes before its first scan");
  return { ...frame, orientation, strayRuns };
}

/** The next marker. Fill bytes (FF) may precede it; other bytes before it belong to nothing. */
export async function nextMarker(
  file: HeaderReader,
  from: number,
): Promise<{ marker: number; end: number; isStray: boolean }> {
  let isStray = false;
  for (let at = from; at - from <= MOST_STRAY_BYTES; at++) {
    const [first, marker] = await file.read(at, 2, "the next marker");
    if (first === 0xff && marker !== 0xff && marker !== 0) {
      return { marker: marker!, end: at + 2, isStray };
    }
    if (first !== 0xff || marker === 0) isStray = true;
  }
  throw malformedPicture(file.name, `a marker must follow byte ${from}`);
}

export function hasNoLength(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

function startsWithExif(segment: Uint8Array): boolean {
  return segment.byteLength > 8 && segment[2] === 0x45 && segment[3] === 0x78 &&
    segment[4] === 0x69 && segment[5] === 0x66;
}

function frameOf(
  name: string,
  marker: number,
  segment: Uint8Array,
): Omit<JpegHeader, "orientation" | "strayRuns"> {
  if (!DECODED_FRAMES.includes(marker)) {
    const feature = `JPEG process ${marker - 0xc0}`;
    const why =
      "it must be baseline or progressive JPEG with Huffman coding: its frame header is " +
      `of process ${marker - 0xc0}`;
    throw unsupportedPicture(name, { feature, why });
  }
  if (segment.byteLength < 8) throw malformedPicture(name, "its frame header is cut off");
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
  const bits = view.getUint8(2);
  const storedHeight = view.getUint16(3);
  const storedWidth = view.getUint16(5);
  const channels = view.getUint8(7);
  if (bits !== 8) {
    const why = `samples of JPEG pictures must have 8 bits: current value is ${bits}`;
    throw unsupportedPicture(name, { feature: `${bits}-bit JPEG`, why });
  }
  if (storedWidth === 0 || storedHeight === 0 || ![1, 3, 4].includes(channels)) {
    throw malformedPicture(
      name,
      `its header is impossible: ${storedWidth}×${storedHeight} texels, ${channels} components`,
    );
  }
  return {
    container: "jpeg",
    storedWidth,
    storedHeight,
    isGrey: channels === 1,
    channels,
    hasAlpha: false,
    sample: { bits, type: "unsigned" },
    heldWholeAs: marker === PROGRESSIVE ? "progressive" : null,
  };
}
