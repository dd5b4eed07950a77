/**
 * Header and directories of a PMTiles archive, after the PMTiles specification, version 3.
 *
 * @module
 */

import { zxyToTileId } from "npm:pmtiles@4.5.0";

/** One entry of a directory: a run of tile ids with one content, or (run 0) a leaf directory. */
export interface DirectoryEntry {
  readonly tileId: number;
  /** Relative to the tile data, or to the leaf directories. */
  readonly offset: number;
  readonly byteLength: number;
  readonly runLength: number;
}

/** Size of the header in bytes. */
export const PMTILES_HEADER_BYTES = 127;
/** Header and root directory must fit in the archive's first bytes. */
const ROOT_LIMIT_BYTES = 16384 - PMTILES_HEADER_BYTES;
const FIRST_LEAF_ENTRIES = 4096;

/** PMTiles' tile id: by zoom, then along a Hilbert curve. */
export function tileIdOf(zoom: number, x: number, y: number): number {
  return zxyToTileId(zoom, x, y);
}

/** Directories as they stand in an archive, compressed. */
export interface Directories {
  readonly root: Uint8Array;
  /** All leaf directories, one after the other; empty if the root names the tiles itself. */
  readonly leaves: Uint8Array;
}

/** Compresses bytes with gzip. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * Serialises directories, with leaves where the root would not fit.
 *
 * @param entries In the order of tile ids.
 */
export async function buildDirectories(entries: readonly DirectoryEntry[]): Promise<Directories> {
  const single = await gzip(serialize(entries));
  if (single.byteLength <= ROOT_LIMIT_BYTES) return { root: single, leaves: new Uint8Array() };
  for (let leafEntries = FIRST_LEAF_ENTRIES;; leafEntries *= 2) {
    const leaves: Uint8Array<ArrayBuffer>[] = [];
    const rootEntries: DirectoryEntry[] = [];
    let offset = 0;
    for (let first = 0; first < entries.length; first += leafEntries) {
      const leaf = await gzip(serialize(entries.slice(first, first + leafEntries)));
      const { tileId } = entries[first]!;
      rootEntries.push({ tileId, offset, byteLength: leaf.byteLength, runLength: 0 });
      leaves.push(leaf);
      offset += leaf.byteLength;
    }
    const root = await gzip(serialize(rootEntries));
    if (root.byteLength <= ROOT_LIMIT_BYTES) {
      return { root, leaves: new Uint8Array(await new Blob(leaves).arrayBuffer()) };
    }
  }
}

/** Columns of variable-length integers: ids as differences, runs, lengths, offsets. */
function serialize(entries: readonly DirectoryEntry[]): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  pushVarint(out, entries.length);
  let lastId = 0;
  for (const { tileId } of entries) {
    pushVarint(out, tileId - lastId);
    lastId = tileId;
  }
  for (const { runLength } of entries) pushVarint(out, runLength);
  for (const { byteLength } of entries) pushVarint(out, byteLength);
  let expectedOffset = -1;
  for (const { offset, byteLength } of entries) {
    // 0 stands for "right after the entry before"; the first entry has none before it.
    pushVarint(out, offset === expectedOffset ? 0 : offset + 1);
    expectedOffset = offset + byteLength;
  }
  return new Uint8Array(out);
}

/** LEB128. The values exceed 32 bits, so no bit operators on the high part. */
function pushVarint(out: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  out.push(rest);
}

/** Fields of a tile store's header that are not constant. */
export interface HeaderFields {
  readonly rootBytes: number;
  readonly metadataBytes: number;
  readonly leafBytes: number;
  readonly tileBytes: number;
  readonly addressedTiles: number;
  readonly tileEntries: number;
  readonly tileContents: number;
  readonly maxZoom: number;
}

/** The header of an archive whose sections follow one another without gaps. */
export function buildHeader(fields: HeaderFields): Uint8Array {
  const view = new DataView(new ArrayBuffer(PMTILES_HEADER_BYTES));
  const bytes = new Uint8Array(view.buffer);
  bytes.set(new TextEncoder().encode("PMTiles"));
  view.setUint8(7, 3);
  let offset = PMTILES_HEADER_BYTES;
  const sections = [fields.rootBytes, fields.metadataBytes, fields.leafBytes, fields.tileBytes];
  sections.forEach((byteLength, i) => {
    view.setBigUint64(8 + 16 * i, BigInt(offset), true);
    view.setBigUint64(16 + 16 * i, BigInt(byteLength), true);
    offset += byteLength;
  });
  view.setBigUint64(72, BigInt(fields.addressedTiles), true);
  view.setBigUint64(80, BigInt(fields.tileEntries), true);
  view.setBigUint64(88, BigInt(fields.tileContents), true);
  view.setUint8(96, 1); // clustered
  view.setUint8(97, 2); // internal compression: gzip
  view.setUint8(98, 1); // tile compression: none
  view.setUint8(99, 0); // tile type: unknown
  view.setUint8(100, 0);
  view.setUint8(101, fields.maxZoom);
  // The whole world of web maps, in 1e-7 degrees: tools refuse bounds without an area.
  const bounds = [-1_800_000_000, -850_511_287, 1_800_000_000, 850_511_287];
  bounds.forEach((degreesE7, i) => view.setInt32(102 + 4 * i, degreesE7, true));
  return bytes;
}
