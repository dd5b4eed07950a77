/**
 * The structure of BMP files.
 *
 * @module
 */

import { type Field, fieldRow } from "../inputs/fields.ts";

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Numbers of both headers. */
export function bmpFields(bytes: Uint8Array): Field[] {
  const start = fieldRow(["file size", "reserved", "data start", "header size"], 2, 4);
  if (viewOf(bytes).getUint32(14, true) === 12) {
    return [...start, ...fieldRow(["width", "height", "planes", "bits"], 18, 2)];
  }
  const masks = ["red mask", "green mask", "blue mask", "alpha mask"];
  return [
    ...start,
    ...fieldRow(["width", "height"], 18, 4),
    ...fieldRow(["planes", "bits"], 26, 2),
    ...fieldRow(["compression", "image size", "x", "y", "colours", "important"], 30, 4),
    ...fieldRow(masks, 54, 4),
  ];
}

/** Size in the header; null if it is cut off. */
export function bmpSize(bytes: Uint8Array): readonly [number, number] | null {
  if (bytes.length < 30) return null;
  const view = viewOf(bytes);
  if (view.getUint32(14, true) === 12) return [view.getUint16(18, true), view.getUint16(20, true)];
  const width = view.getInt32(18, true);
  return width > 0 ? [width, Math.abs(view.getInt32(22, true))] : null;
}

/** Finds rows that are not in the file, and numbers of colours that are not in the table. */
export function bmpFault(bytes: Uint8Array): Promise<string | null> {
  const view = viewOf(bytes);
  const [width, height] = bmpSize(bytes)!;
  const isCore = view.getUint32(14, true) === 12;
  const bits = view.getUint16(isCore ? 24 : 28, true);
  const start = view.getUint32(10, true);
  const rowBytes = (width * bits + 31 >> 5) * 4;
  if (start + rowBytes * height > bytes.length) return Promise.resolve("rows behind the end");
  const colors = bits > 8 ? Infinity : (isCore ? 0 : view.getUint32(46, true)) || 1 << bits;
  for (let row = 0; row < height && bits <= 8; row++) {
    for (let x = 0; x < width; x++) {
      const byte = bytes[start + row * rowBytes + Math.floor(x * bits / 8)]!;
      const number = byte >> (8 - bits - x * bits % 8) & (1 << bits) - 1;
      if (number >= colors) return Promise.resolve(`colour ${number} of ${colors}`);
    }
  }
  return Promise.resolve(null);
}
