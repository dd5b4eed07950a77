/**
 * Header and directories of a PMTiles archive, after the PMTiles specification, version 3.
 *
 * @module
 */

import { tileIdToZxy, zxyToTileId } from "npm:pmtiles@4.5.0";
import { DirectoryColumns, type DirectoryEntry } from "./directory_columns.ts";

/** Size of the header in bytes. */
export const PMTILES_HEADER_BYTES = 127;
/** Header and root directory must fit in the first bytes of an archive. */
export const ROOT_END_BYTES = 16384;
/** Fewest entries of a leaf directory that is not the last one. */
const LEAST_LEAF_ENTRIES = 4096;
/**
 * Most leaf directories. In the root, each takes at most 10 bytes (a difference of ids below 2^42, a
 * run of 0, a length below 2^21, an offset of 0), so they fit whether or not they compress.
 */
const MAX_LEAVES = 1500;
/** Most tiles of a root directory without leaves. */
const MAX_ROOT_TILES = 16384;

/** PMTiles' tile id: by zoom, then along a Hilbert curve. */
export function tileIdOf(zoom: number, x: number, y: number): number {
  return zxyToTileId(zoom, x, y);
}

/** The zoom of a tile id. */
export function zoomOf(tileId: number): number {
  return tileIdToZxy(tileId)[0];
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
 * @param entries In the order of tile ids; each is used before the next is asked for.
 * @param entryCount How many there are.
 */
export async function buildDirectories(
  entries: Iterable<DirectoryEntry>,
  entryCount: number,
): Promise<Directories> {
  const isSmall = entryCount <= MAX_ROOT_TILES;
  const leafEntries = isSmall
    ? entryCount
    : Math.max(LEAST_LEAF_ENTRIES, Math.ceil(entryCount / MAX_LEAVES));
  const leaves: Uint8Array<ArrayBuffer>[] = [];
  const rootEntries: DirectoryEntry[] = [];
  let leaf = new DirectoryColumns(leafEntries);
  let offset = 0;
  const finishLeaf = async () => {
    const bytes = await gzip(leaf.serialize());
    rootEntries.push({ tileId: leaf.firstId, offset, byteLength: bytes.byteLength, runLength: 0 });
    leaves.push(bytes);
    offset += bytes.byteLength;
    leaf = new DirectoryColumns(leafEntries);
  };
  for (const entry of entries) {
    if (leaf.count === leafEntries) await finishLeaf();
    leaf.push(entry);
  }
  await finishLeaf();
  const [single] = leaves;
  if (isSmall && fitsRoot(single!)) return { root: single!, leaves: new Uint8Array() };
  const columns = new DirectoryColumns(rootEntries.length);
  for (const entry of rootEntries) columns.push(entry);
  const root = await gzip(columns.serialize());
  return { root, leaves: new Uint8Array(await new Blob(leaves).arrayBuffer()) };
}

function fitsRoot(directory: Uint8Array): boolean {
  return PMTILES_HEADER_BYTES + directory.byteLength <= ROOT_END_BYTES;
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
  readonly minZoom: number;
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
  view.setUint8(100, fields.minZoom);
  view.setUint8(101, fields.maxZoom);
  // The whole world of web maps, in 1e-7 degrees: tools refuse bounds without an area.
  const bounds = [-1_800_000_000, -850_511_287, 1_800_000_000, 850_511_287];
  bounds.forEach((degreesE7, i) => view.setInt32(102 + 4 * i, degreesE7, true));
  // The zoom of the centre has to be one of the archive's.
  view.setUint8(118, fields.minZoom);
  return bytes;
}
