/** PMTiles archives put together byte by byte, right or wrong. */

import { gzipSync } from "node:zlib";
import { METADATA_KEY, metadataJson } from "../../../src/sources/tile_store/metadata/metadata.ts";
import {
  type TileStoreDescription,
  wholeDescription,
} from "../../../src/sources/tile_store/metadata/description.ts";
import { SMALL, versionOne } from "./made_store.ts";

/** One entry of a directory; a run of 0 names a leaf directory. */
export interface RawEntry {
  readonly id: number;
  readonly run: number;
  readonly length: number;
  /** As it is stored: 0 for "after the one before", else 1 more than the offset. */
  readonly storedOffset: number;
}

/** Sections as they stand in the archive, and header fields by their position. */
export interface RawArchive {
  readonly root: Uint8Array;
  readonly metadata: Uint8Array;
  readonly leaves?: Uint8Array;
  readonly tileData?: Uint8Array;
  readonly minZoom?: number;
  readonly maxZoom: number;
  /** Changes of 64-bit fields, by their byte. */
  readonly fields?: Readonly<Record<number, bigint>>;
}

/** Gzip, quick or small. */
export function gz(bytes: Uint8Array | string, level: 1 | 9 = 1): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(bytes, { level }));
}

/** LEB128. */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

/** A directory, decompressed. */
export function rawDirectory(entries: readonly RawEntry[]): Uint8Array<ArrayBuffer> {
  const columns = [
    entries.map(({ id }, i) => id - (entries[i - 1]?.id ?? 0)),
    entries.map(({ run }) => run),
    entries.map(({ length }) => length),
    entries.map(({ storedOffset }) => storedOffset),
  ];
  return Uint8Array.from([...varint(entries.length), ...columns.flat().flatMap(varint)]);
}

/** A directory of so many entries that differ in their ids alone, by one. */
export function uniformDirectory(
  count: number,
  { firstId, run, length }: { firstId: number; run: number; length: number },
): Uint8Array<ArrayBuffer> {
  const head = varint(count);
  const first = varint(firstId);
  const bytes = new Uint8Array(head.length + first.length + (count - 1) + 3 * count).fill(1);
  bytes.set([...head, ...first]);
  const runs = head.length + first.length + count - 1;
  bytes.fill(run, runs, runs + count);
  bytes.fill(length, runs + count, runs + 2 * count);
  return bytes;
}

/** Metadata of a store, as text. */
export function metadataText(
  description: Partial<TileStoreDescription>,
  change: Readonly<Record<string, unknown>> = {},
): string {
  const metadata = metadataJson(wholeDescription({ ...SMALL, ...description }));
  Object.assign(metadata[METADATA_KEY] as Record<string, unknown>, change);
  return JSON.stringify(metadata);
}

/** Metadata of version 1, with the characters of its checksums. */
export function firstMetadataText(
  description: Partial<TileStoreDescription>,
  checksums: string,
): string {
  const metadata = metadataJson(wholeDescription({ ...SMALL, ...description }));
  const text = JSON.stringify(versionOne(metadata, new Uint8Array()));
  return text.replace('"checksums":""', () => `"checksums":"${checksums}"`);
}

/** Puts an archive together. */
export function rawArchive(parts: RawArchive): Uint8Array<ArrayBuffer> {
  const { root, metadata, leaves = new Uint8Array(), tileData = new Uint8Array(1) } = parts;
  const sections = [root, metadata, leaves, tileData];
  const total = sections.reduce((sum, { byteLength }) => sum + byteLength, 127);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("PMTiles\x03"));
  let at = 127;
  sections.forEach((section, i) => {
    view.setBigUint64(8 + 16 * i, BigInt(at), true);
    view.setBigUint64(16 + 16 * i, BigInt(section.byteLength), true);
    bytes.set(section, at);
    at += section.byteLength;
  });
  bytes.set([1, 2, 1, 0, parts.minZoom ?? 0, parts.maxZoom], 96);
  for (const [field, value] of Object.entries(parts.fields ?? {})) {
    view.setBigUint64(Number(field), value, true);
  }
  return bytes;
}
