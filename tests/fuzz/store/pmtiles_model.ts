/**
 * PMTiles archives taken apart and put together, by the specification of version 3.
 *
 * @module
 */

import { gunzipSync, gzipSync } from "node:zlib";

/** One entry of a directory; a run of 0 is a leaf directory. */
export interface ModelEntry {
  id: number;
  run: number;
  length: number;
  offset: number;
}

/** An archive in parts. */
export interface PmtilesModel {
  readonly header: Uint8Array;
  readonly entries: readonly ModelEntry[];
  readonly metadata: string;
  readonly tiles: Uint8Array;
}

/** Bytes of the header. */
export const HEADER_BYTES = 127;

/** Where the sections of an archive lie. */
export function sectionsOf(header: Uint8Array): (readonly [at: number, length: number])[] {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  return [8, 24, 40, 56].map((at) => [
    Number(view.getBigUint64(at, true)),
    Number(view.getBigUint64(at + 8, true)),
  ]);
}

/** Takes an archive apart whose root directory names the tiles. */
export function takeApart(archive: Uint8Array): PmtilesModel {
  const [root, metadata, , tiles] = sectionsOf(archive)
    .map(([at, length]) => archive.slice(at, at + length));
  return {
    header: archive.slice(0, HEADER_BYTES),
    entries: readDirectory(gunzipSync(root!)),
    metadata: new TextDecoder().decode(gunzipSync(metadata!)),
    tiles: tiles!,
  };
}

function readDirectory(bytes: Uint8Array): ModelEntry[] {
  let at = 0;
  const next = () => {
    let value = 0;
    for (let scale = 1;; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const count = next();
  const entries = Array.from({ length: count }, () => ({ id: 0, run: 0, length: 0, offset: 0 }));
  let id = 0;
  for (const entry of entries) entry.id = id += next();
  for (const entry of entries) entry.run = next();
  for (const entry of entries) entry.length = next();
  entries.forEach((entry, i) => {
    const value = next();
    const before = entries[i - 1];
    entry.offset = value === 0 && before ? before.offset + before.length : value - 1;
  });
  return entries;
}

function pushNumber(out: number[], value: number): void {
  let rest = Math.max(0, value);
  while (rest >= 128) {
    out.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
}

/** A directory as it is stored, uncompressed. Entries may be anything; ids must not fall. */
export function directoryBytes(entries: readonly ModelEntry[], count = entries.length): Uint8Array {
  const out: number[] = [];
  pushNumber(out, count);
  let last = 0;
  for (const { id } of entries) {
    pushNumber(out, id - last);
    last = id;
  }
  for (const { run } of entries) pushNumber(out, run);
  for (const { length } of entries) pushNumber(out, length);
  for (const { offset } of entries) pushNumber(out, offset + 1);
  return Uint8Array.from(out);
}

/** Sections to be put together; they are compressed here. */
export interface Sections {
  readonly header: Uint8Array;
  readonly root: Uint8Array;
  readonly metadata: Uint8Array;
  /** Leaf directories, one after the other, as they are stored. */
  readonly leaves: Uint8Array;
  readonly tiles: Uint8Array;
}

/** Compresses bytes as directories and metadata are. */
export function gzipped(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(bytes, { level: 1 }));
}

/** An archive of sections that follow one another. */
export function putTogether(sections: Sections): Uint8Array {
  const parts = [
    gzipped(sections.root),
    gzipped(sections.metadata),
    sections.leaves,
    sections.tiles,
  ];
  const header = sections.header.slice();
  const view = new DataView(header.buffer);
  let at = HEADER_BYTES;
  parts.forEach((part, i) => {
    view.setBigUint64(8 + 16 * i, BigInt(at), true);
    view.setBigUint64(16 + 16 * i, BigInt(part.length), true);
    at += part.length;
  });
  const archive = new Uint8Array(at);
  archive.set(header);
  at = HEADER_BYTES;
  for (const part of parts) {
    archive.set(part, at);
    at += part.length;
  }
  return archive;
}
