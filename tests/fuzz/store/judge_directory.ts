/**
 * An opinion on directories, from the specification of PMTiles 3 and the text of FORMAT.md.
 *
 * @module
 */

import { crc32, inflateRawSync } from "node:zlib";
import { must } from "../ktx2/judge.ts";
import { Undecided } from "../ktx2/judge_formats.ts";

/** One entry; a run of 0 is a leaf directory. */
export interface JudgedEntry {
  readonly id: number;
  readonly run: number;
  readonly length: number;
  readonly offset: number;
}

/** What the entries of a directory must keep to. */
export interface DirectoryBounds {
  /** Ids are at least this and, with their runs, end before `endId`. */
  readonly firstId: number;
  readonly endId: number;
  /** Tiles of the store: nothing tells whether a directory may have more entries. */
  readonly tileCount: number;
  readonly mostEntries: number;
  readonly mostTileBytes: number;
  /** Sizes of the sections. */
  readonly tilesLength: number;
  /** Null in a leaf directory. */
  readonly leavesLength: number | null;
}

/** What the library's types lack: how much was taken. */
interface Taken {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/** The content of gzip (RFC 1952) of one member. */
export function gunzipped(stored: Uint8Array, most: number): Uint8Array {
  must(stored.length >= 18, "gzip of 18 bytes");
  must(stored[0] === 0x1f && stored[1] === 0x8b && stored[2] === 8, "header of gzip");
  if (stored[3] !== 0) throw new Undecided("gzip with optional fields");
  const body = stored.subarray(10);
  let taken: Taken;
  try {
    taken = inflateRawSync(body, { maxOutputLength: most, info: true } as object) as never;
  } catch (error) {
    const isLarge = (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE";
    must(false, isLarge ? `${most} bytes decompressed` : "data of gzip");
    throw error;
  }
  const end = taken.engine.bytesWritten;
  must(end + 8 <= body.length, "end of gzip");
  const view = new DataView(body.buffer, body.byteOffset + end, 8);
  must(view.getUint32(0, true) === crc32(taken.buffer), "checksum of gzip");
  must(view.getUint32(4, true) === taken.buffer.length, "length of gzip");
  if (end + 8 !== body.length) throw new Undecided("bytes behind gzip");
  return new Uint8Array(taken.buffer);
}

/** Reads and judges a directory, decompressed. */
export function judgeDirectory(bytes: Uint8Array, bounds: DirectoryBounds): JudgedEntry[] {
  const { firstId, endId, tileCount, mostEntries, mostTileBytes } = bounds;
  let at = 0;
  let isLonger = false;
  const next = (): number => {
    let value = 0n;
    for (let shift = 0n;; shift += 7n) {
      must(at < bytes.length, "a directory that holds its entries");
      must(shift < 70n, "a number of 64 bits");
      const byte = bytes[at++]!;
      value += BigInt(byte & 127) << shift;
      if (byte >= 128) continue;
      if (byte === 0 && shift > 0n) isLonger = true;
      return Number(value);
    }
  };
  const count = next();
  must(count >= 1, "a directory that has an entry");
  must(count <= mostEntries, "at most 65,536 entries");
  must(count * 4 <= bytes.length, "a directory that holds its entries");
  const columns = Array.from({ length: 4 }, () => Array.from({ length: count }, next));
  must(at === bytes.length, "no byte behind the last entry");
  const [steps, runs, lengths, offsets] = columns as [number[], number[], number[], number[]];
  const entries: JudgedEntry[] = [];
  let id = 0;
  for (let i = 0; i < count; i++) {
    must(i === 0 || steps[i]! > 0, "ids that increase");
    id += steps[i]!;
    const before = entries[i - 1];
    must(before !== undefined || offsets[i]! > 0, "an offset of the first entry");
    const offset = offsets[i] === 0 ? before!.offset + before!.length : offsets[i]! - 1;
    entries.push({ id, run: runs[i]!, length: lengths[i]!, offset });
  }
  entries.forEach((entry, i) => {
    const { leavesLength, tilesLength } = bounds;
    const isLeaf = entry.run === 0;
    must(!isLeaf || leavesLength !== null, "leaf directories that list tiles only");
    must(entry.id >= firstId, "ids in the zooms of the header");
    const end = entry.id + Math.max(1, entry.run);
    must(end <= (entries[i + 1]?.id ?? endId), "runs that end before what follows");
    must(entry.length >= 1, "an entry of a byte");
    must(
      entry.offset + entry.length <= (isLeaf ? leavesLength! : tilesLength),
      "entries in their section",
    );
    must(isLeaf || entry.length <= mostTileBytes, "tiles of their size");
  });
  if (isLonger) throw new Undecided("numbers that take more bytes than they need");
  if (count > tileCount) throw new Undecided("more entries than tiles");
  return entries;
}

/** Tiles of the zooms below a zoom. */
export function tilesBelow(zoom: number): number {
  let tiles = 0;
  for (let z = 0; z < zoom; z++) tiles += 4 ** z;
  return tiles;
}

/** The id of a tile: by zoom, then along the Hilbert curve. */
export function idOf(zoom: number, x: number, y: number): number {
  const edge = 2 ** zoom;
  let along = 0;
  for (let half = edge / 2; half >= 1; half /= 2) {
    const right = (x & half) > 0 ? 1 : 0;
    const low = (y & half) > 0 ? 1 : 0;
    along += half * half * ((3 * right) ^ low);
    if (low === 1) continue;
    if (right === 1) [x, y] = [edge - 1 - x, edge - 1 - y];
    [x, y] = [y, x];
  }
  return tilesBelow(zoom) + along;
}

/** The last entry that begins at an id or before it. */
export function entryFor(entries: readonly JudgedEntry[], id: number): JudgedEntry | undefined {
  return entries.findLast((entry) => entry.id <= id);
}
