/**
 * The structure of WebP files (RFC 9649).
 *
 * @module
 */

import { type Field, fieldRow } from "../inputs/fields.ts";

interface Chunk {
  readonly at: number;
  readonly length: number;
  readonly type: string;
}

function chunksOf(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = view.getUint32(at + 4, true);
    chunks.push({ at, length, type: String.fromCharCode(...bytes.subarray(at, at + 4)) });
    at += 8 + length + (length & 1);
  }
  return chunks;
}

/** Numbers of the container and of the first bytes of each chunk. */
export function webpFields(bytes: Uint8Array): Field[] {
  return [
    ...fieldRow(["file size"], 4, 4),
    ...chunksOf(bytes).flatMap(({ at, type, length }) => [
      ...fieldRow([`type ${type}`, `length of ${type}`], at, 4),
      ...fieldRow(
        Array.from({ length: Math.min(12, length) }, (_, i) => `byte ${i} of ${type}`),
        at + 8,
        1,
      ),
    ]),
  ];
}

/** Size of a still picture without an extended header; else null. */
export function webpSize(bytes: Uint8Array): readonly [number, number] | null {
  const [first] = chunksOf(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (first === undefined || first.at + 18 > bytes.length) return null;
  const data = first.at + 8;
  if (first.type === "VP8 ") {
    return [view.getUint16(data + 6, true) & 0x3fff, view.getUint16(data + 8, true) & 0x3fff];
  }
  if (first.type !== "VP8L") return null;
  const bits = view.getUint32(data + 1, true);
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
}
