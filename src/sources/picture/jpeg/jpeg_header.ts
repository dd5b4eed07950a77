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
const MOST_FILL_BYTES = 64 * 1024;

/**
 * Reads everything before the first scan.
 *
 * @throws {MalformedFileError} if the file breaks the format.
 * @throws {UnsupportedError} if it is lossless, hierarchical or arithmetically coded.
 */
export async function readJpegHeader(file: HeaderReader): Promise<PictureHeader> {
  const { name } = file;
  let frame: Omit<PictureHeader, "orientation"> | null = null;
  let orientation = 1;
  let at = 2;
  for (let count = 0;; count++) {
    if (count === MOST_PARTS) {
      throw malformedPicture(name, `at most ${MOST_PARTS} segments may come before its first scan`);
    }
    const { marker, end } = await nextMarker(file, at);
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
  return { ...frame, orientation };
}

/**
 * The marker at a byte, which any number of fill bytes (FF) may precede (ITU-T T.81, section
 * B.1.1.2).
 *
 * @throws {MalformedFileError} if other bytes are there: they may be what is left of tables, without
 * which the texels would be others.
 */
export async function nextMarker(
  file: HeaderReader,
  from: number,
): Promise<{ marker: number; end: number }> {
  for (let at = from; at - from <= MOST_FILL_BYTES; at++) {
    const [first, marker] = await file.read(at, 2, "the next marker");
    if (first !== 0xff || marker === 0) break;
    if (marker !== 0xff) return { marker: marker!, end: at + 2 };
  }
  throw malformedPicture(file.name, `a marker must be at byte ${from}, where a segment ends`);
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
): Omit<PictureHeader, "orientation"> {
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
