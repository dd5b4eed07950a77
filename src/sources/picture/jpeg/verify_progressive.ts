/**
 * Checks that progressive JPEG has the scans that it needs (ITU-T T.81, annex G). The picture
 * decoder reads each to its end, but takes what a lost one would add for zero.
 *
 * @module
 */

import type { ByteSource } from "../../bytes/byte_source.ts";
import { malformedPicture } from "../headers/picture_header.ts";
import { segments } from "./segments.ts";

const PROGRESSIVE = 0xc2;
const START_OF_SCAN = 0xda;
const MARKER = 0xff;
const PIECE_BYTES = 256 * 1024;
const COEFFICIENTS = 64;
/** No scan has begun a coefficient. */
const NOT_SENT = -1;

/**
 * Goes through all scans without decoding them.
 *
 * @throws {MalformedFileError} if a component has no scan, or a scan that would refine another one
 * is missing.
 */
export async function verifyProgressive(bytes: ByteSource): Promise<void> {
  /** For each component, which bit of each coefficient was sent last. */
  const lowestBits = new Map<number, Int8Array>();
  const position = { at: 0 };
  for await (const { marker, segment } of segments(bytes, position)) {
    if (marker === PROGRESSIVE) {
      for (let at = 6; at + 3 <= segment.length; at += 3) {
        lowestBits.set(segment[at]!, new Int8Array(COEFFICIENTS).fill(NOT_SENT));
      }
    } else if (marker === START_OF_SCAN) {
      const count = segment[0] ?? 0;
      const [first = 0, last = 0, bits = 0] = segment.subarray(1 + 2 * count);
      for (let i = 0; i < count; i++) {
        lowestBits.get(segment[1 + 2 * i]!)?.fill(bits & 15, first, last + 1);
      }
      position.at = await endOfScan(bytes, position.at);
    }
  }
  for (const [component, sent] of lowestBits) {
    const at = sent.findIndex((bit, k) => bit > 0 || (k === 0 && bit === NOT_SENT));
    if (at < 0) continue;
    throw malformedPicture(
      bytes.name,
      `a scan is missing: coefficient ${at} of component ${component} ` +
        (sent[at] === NOT_SENT ? "is not there" : `lacks its last bits, ${sent[at]}`),
    );
  }
}

/** Where the first marker lies that is no restart and not stuffed in. */
async function endOfScan(bytes: ByteSource, from: number): Promise<number> {
  const size = await bytes.size();
  for (let start = from; start + 1 < size;) {
    const piece = await bytes.read(start, Math.min(PIECE_BYTES, size - start));
    for (let at = piece.indexOf(MARKER); at >= 0; at = piece.indexOf(MARKER, at + 1)) {
      const next = piece[at + 1];
      const isData = next === undefined || next === 0 || next === MARKER ||
        (next >= 0xd0 && next <= 0xd7);
      if (!isData) return start + at;
    }
    // A pair of bytes may lie on both sides of the end.
    start += piece.length - 1;
  }
  throw malformedPicture(bytes.name, "its last scan is cut off");
}
