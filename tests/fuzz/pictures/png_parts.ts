/**
 * The structure of PNG files (PNG specification, third edition, chapter 5).
 *
 * @module
 */

import { crc32, deflateSync, inflateSync } from "node:zlib";
import { type Field, fieldRow, type Sample } from "../inputs/fields.ts";
import type { Choices } from "../inputs/mutate.ts";

const SIGNATURE_BYTES = 8;

interface Chunk {
  readonly at: number;
  readonly length: number;
  readonly type: string;
}

/** The chunks of a file, as far as they lie in it. */
export function chunksOf(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE_BYTES; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    if (at + 12 + length > bytes.length) break;
    chunks.push({ at, length, type: String.fromCharCode(...bytes.subarray(at + 4, at + 8)) });
    at += 12 + length;
  }
  return chunks;
}

/** Corrects the checksum of every chunk. */
export function sealPng(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const { at, length } of chunksOf(bytes)) {
    view.setUint32(at + 8 + length, crc32(bytes.subarray(at + 4, at + 8 + length)));
  }
}

/** Numbers of a file: lengths, types, and the first bytes of each chunk. */
export function pngFields(bytes: Uint8Array): Field[] {
  const fields: Field[] = [
    ...fieldRow(["width", "height"], 16, 4, true),
    ...fieldRow(["bit depth", "colour type", "compression", "filter", "interlace"], 24, 1),
  ];
  for (const { at, length, type } of chunksOf(bytes)) {
    fields.push(...fieldRow([`length of ${type}`, `type ${type}`], at, 4, true));
    if (type === "IHDR") continue;
    for (let i = 0; i < Math.min(8, length); i++) {
      fields.push({ name: `byte ${i} of ${type}`, at: at + 8 + i, bytes: 1 });
    }
  }
  return fields;
}

/** Size in the header. */
export function pngSize(bytes: Uint8Array): readonly [number, number] | null {
  if (bytes.length < 24) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [view.getUint32(16), view.getUint32(20)];
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + content.length);
  new DataView(bytes.buffer).setUint32(0, content.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(content, 8);
  return bytes;
}

/** Changes filtered rows before they are compressed: their filters, their number, their bytes. */
export function changeRows(choices: Choices, sample: Sample): Sample {
  const { bytes } = sample;
  const chunks = chunksOf(bytes);
  const data = chunks.filter(({ type }) => type === "IDAT")
    .map(({ at, length }) => bytes.subarray(at + 8, at + 8 + length));
  let rows = new Uint8Array(inflateSync(Uint8Array.from(data.flatMap((part) => [...part]))));
  const kind = choices.below(5);
  for (let i = choices.below(4); i >= 0; i--) {
    rows[choices.below(rows.length)] = choices.one([0, 1, 2, 3, 4, 5, 255, choices.below(256)]);
  }
  if (kind === 1) rows = rows.slice(0, choices.below(rows.length));
  if (kind === 2) rows = Uint8Array.from([...rows, ...choices.bytes(1 + choices.below(500))]);
  let idat = new Uint8Array(deflateSync(rows));
  if (kind === 3) idat = idat.slice(0, choices.below(idat.length));
  if (kind === 4) idat[idat.length - 1 - choices.below(6)]! ^= 1 << choices.below(8);
  const before = chunks.filter(({ type }) => type !== "IDAT" && type !== "IEND");
  const parts = [
    bytes.subarray(0, SIGNATURE_BYTES),
    ...before.map(({ at, length }) => bytes.subarray(at, at + 12 + length)),
    chunk("IDAT", idat),
    ...choices.chance(0.9) ? [chunk("IEND", new Uint8Array(0))] : [],
  ];
  const changed = Uint8Array.from(parts.flatMap((part) => [...part]));
  sealPng(changed);
  return {
    ...sample,
    name: `${sample.name}, rows changed`,
    bytes: changed,
    fields: pngFields(changed),
  };
}
