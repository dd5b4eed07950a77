/**
 * The structure of JPEG files (ITU-T T.81, annex B).
 *
 * @module
 */

import { type Field, fieldRow } from "../inputs/fields.ts";

/** Bytes of a segment that are fields. */
const MOST_FIELD_BYTES = 24;

interface Segment {
  readonly at: number;
  readonly marker: number;
  readonly length: number;
}

function segmentsOf(bytes: Uint8Array): Segment[] {
  const segments: Segment[] = [];
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1]!;
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    segments.push({ at, marker, length });
    if (marker === 0xda) break;
    at += 2 + length;
  }
  return segments;
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Numbers of the segments before the first scan. */
export function jpegFields(bytes: Uint8Array): Field[] {
  return segmentsOf(bytes).flatMap(({ at, marker, length }) => {
    const name = marker.toString(16);
    const fields = [
      { name: `marker ${name}`, at: at + 1, bytes: 1 } as const,
      ...fieldRow([`length of ${name}`], at + 2, 2, true),
      ...isFrame(marker) ? fieldRow(["height", "width"], at + 5, 2, true) : [],
    ];
    const count = Math.min(MOST_FIELD_BYTES, length - 2);
    const names = Array.from({ length: count }, (_, i) => `byte ${i} of ${name}`);
    return [...fields, ...fieldRow(names, at + 4, 1)];
  });
}

/** First byte of the first scan's data. */
export function jpegBody(bytes: Uint8Array): number {
  const { at, length } = segmentsOf(bytes).at(-1)!;
  return at + 2 + length;
}

/** Size in the first frame's header; null where the segments do not lead to one. */
export function jpegSize(bytes: Uint8Array): readonly [number, number] | null {
  const frames = segmentsOf(bytes).filter(({ marker, at }) =>
    isFrame(marker) && at + 9 <= bytes.length
  );
  if (frames.length !== 1) return null;
  const { at } = frames[0]!;
  const word = (offset: number) => (bytes[at + offset]! << 8) | bytes[at + offset + 1]!;
  return [word(7), word(5)];
}
