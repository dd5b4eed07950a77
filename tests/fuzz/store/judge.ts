/**
 * An opinion on whether a tile store is valid, independent of the reader: written from the text of
 * FORMAT.md and the specification of PMTiles 3, with tables of its own.
 *
 * @module
 */

import { must } from "../ktx2/judge.ts";
import { Broken, Undecided } from "../ktx2/judge_formats.ts";
import {
  type DirectoryBounds,
  entryFor,
  gunzipped,
  idOf,
  type JudgedEntry,
  judgeDirectory,
  tilesBelow,
} from "./judge_directory.ts";
import { type JudgedMetadata, judgeMetadata } from "./judge_metadata.ts";
import { judgeContent } from "./judge_tile.ts";

/** An opinion: `null` where this judge has none. */
export interface Opinion<Found> {
  readonly isValid: boolean | null;
  readonly reason: string;
  /** What is there, where it is valid. */
  readonly found: Found | null;
}

/** A store that is valid as far as its header, metadata and root directory go. */
export interface JudgedStore {
  readonly metadata: JudgedMetadata;
  /** The texels of each plane of a tile. */
  readonly tile: (level: number, x: number, y: number) => Opinion<Uint8Array[]>;
}

/** Metadata of fewer compressed bytes has no checksums that take a megabyte. */
const LEAST_LARGE_BYTES = 300_000;
const MEGABYTE = 2 ** 20;

function opinionOn<Found>(work: () => Found): Opinion<Found> {
  try {
    return { isValid: true, reason: "no rule is broken", found: work() };
  } catch (error) {
    if (error instanceof Broken) return { isValid: false, reason: error.message, found: null };
    if (error instanceof Undecided) return { isValid: null, reason: error.message, found: null };
    throw error;
  }
}

/** Judges what is read of a store when it is opened. */
export function judgeStore(archive: Uint8Array): Opinion<JudgedStore> {
  return opinionOn(() => {
    const header = judgeHeader(archive);
    const { sections } = header;
    if (sections.metadata.length > LEAST_LARGE_BYTES) throw new Undecided("large metadata");
    const metadata = judgeMetadata(gunzipped(sections.metadata, MEGABYTE));
    judgeAgreement(header, metadata);
    const bounds = boundsOf(header, metadata);
    const root = judgeDirectory(gunzipped(sections.root, 16 * MEGABYTE), bounds);
    const place = { header, metadata, bounds, root };
    return {
      metadata,
      tile: (level, x, y) => opinionOn(() => judgeTile(place, { level, x, y })),
    };
  });
}

interface JudgedHeader {
  readonly sections: Readonly<Record<"root" | "metadata" | "leaves" | "tiles", Uint8Array>>;
  readonly addressed: bigint;
  readonly zooms: readonly [min: number, max: number];
}

function judgeHeader(archive: Uint8Array): JudgedHeader {
  must(archive.length >= 127, "127 bytes of header");
  const magic = new TextDecoder("latin1").decode(archive.subarray(0, 7));
  must(magic === "PMTiles" && archive[7] === 3, "PMTiles of version 3");
  must(archive[97] === 2, "internal compression");
  must(archive[98] === 1, "tile compression");
  must(archive[99] === 0, "tile type");
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  let last = 127n;
  let isEmptyElsewhere = false;
  const [root, metadata, leaves, tiles] = [8, 24, 40, 56].map((field) => {
    const at = view.getBigUint64(field, true);
    const length = view.getBigUint64(field + 8, true);
    if (length === 0n && (at < last || at > BigInt(archive.length))) {
      isEmptyElsewhere = true;
      return new Uint8Array(0);
    }
    must(at >= last, "sections in their order");
    last = at + length;
    must(last <= BigInt(archive.length), "sections in the file");
    must(field !== 8 || last <= 16384n, "the root directory in the first 16,384 bytes");
    return archive.subarray(Number(at), Number(last));
  }) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  // An empty section has no place that anything would be read from.
  if (isEmptyElsewhere) throw new Undecided("the place of an empty section");
  return {
    sections: { root, metadata, leaves, tiles },
    addressed: view.getBigUint64(72, true),
    zooms: [archive[100]!, archive[101]!],
  };
}

function zoomsOf({ levels }: JudgedMetadata): [min: number, max: number] {
  return [levels.at(-1)!.zoom, levels[0]!.zoom];
}

function judgeAgreement({ zooms, addressed }: JudgedHeader, metadata: JudgedMetadata): void {
  const [min, max] = zoomsOf(metadata);
  const tileCount = BigInt(metadata.tileCount);
  if (metadata.holes === null) {
    must(zooms[0] === min && zooms[1] === max, "zooms of the levels present");
    must(addressed === 0n || addressed === tileCount, "the number of addressed tiles");
    return;
  }
  must(zooms[0] >= min && zooms[1] <= max && zooms[0] <= zooms[1], "zooms in those present");
  must(addressed <= tileCount, "no more addressed tiles than there are");
}

function boundsOf({ sections, zooms }: JudgedHeader, metadata: JudgedMetadata): DirectoryBounds {
  const { version, tileCount, planes } = metadata;
  return {
    firstId: tilesBelow(zooms[0]),
    endId: tilesBelow(zooms[1] + 1),
    tileCount,
    mostEntries: version === 1 ? Infinity : 65536,
    mostTileBytes: planes.reduce((sum, { tileBytes }) => sum + tileBytes + 65536, 0),
    tilesLength: sections.tiles.length,
    leavesLength: sections.leaves.length,
  };
}

interface Place {
  readonly header: JudgedHeader;
  readonly metadata: JudgedMetadata;
  readonly bounds: DirectoryBounds;
  readonly root: readonly JudgedEntry[];
}

function judgeTile(
  { header: { sections }, metadata, bounds, root }: Place,
  { level, x, y }: { level: number; x: number; y: number },
): Uint8Array[] {
  const { zoom } = metadata.levels.find((present) => present.level === level)!;
  const id = idOf(zoom, x, y);
  let entry = entryFor(root, id);
  if (entry?.run === 0) {
    const { id: firstId, offset, length } = entry;
    const endId = root[root.indexOf(entry) + 1]?.id ?? bounds.endId;
    const leaf = gunzipped(sections.leaves.subarray(offset, offset + length), 4 * MEGABYTE);
    const rules = { ...bounds, firstId, endId, leavesLength: null, mostEntries: 65536 };
    entry = entryFor(judgeDirectory(leaf, rules), id);
  }
  if (entry === undefined || id >= entry.id + entry.run) {
    must(metadata.holes !== null, "every tile is there");
    return metadata.planes.map(({ tileBytes }, plane) => {
      const block = metadata.holes![plane]!;
      return new Uint8Array(tileBytes).map((_, i) => block[i % block.length]!);
    });
  }
  const content = sections.tiles.subarray(entry.offset, entry.offset + entry.length);
  return judgeContent(content, metadata, {
    position: entry.offset,
    checksum: checksumOf(metadata, { level, x, y }),
  });
}

/** Version 1: levels finest first, within a level row by row. */
function checksumOf(
  { checksums, levels }: JudgedMetadata,
  { level, x, y }: { level: number; x: number; y: number },
): Uint8Array | null {
  if (checksums === null) return null;
  let index = 0;
  for (const present of levels) {
    if (present.level === level) {
      const at = 8 * (index + y * present.tilesX + x);
      return checksums.subarray(at, at + 8);
    }
    index += present.tilesX * present.tilesY;
  }
  throw new Error(`level ${level} is not present`);
}
