/** Small files that claim to be tile stores and would take much time or memory. */

import { TileGrid } from "../../../src/tiles/mod.ts";
import {
  firstMetadataText,
  gz,
  metadataText,
  rawArchive,
  rawDirectory,
  type RawEntry,
  uniformDirectory,
  varint,
} from "./raw_archive.ts";

const MIB = 2 ** 20;
/** The largest texture: 22,369,621 tiles. */
const HUGE = {
  width: 2 ** 20,
  height: 2 ** 20,
  tileSize: 256,
  border: 0,
  format: "r8unorm",
} as const;
/** A texture of 5.6 million tiles, nearly as many as version 1 has room for. */
const LARGE = { ...HUGE, width: 2 ** 19, height: 2 ** 19 } as const;
const LARGE_TILES = new TileGrid(LARGE.width, LARGE.height, LARGE.tileSize).tileCount;
/** First id of zoom 20, where level 0 of the largest texture lies. */
const FIRST_ID_20 = (4 ** 20 - 1) / 3;

function repeated(text: string, bytes: number): string {
  return text.repeat(Math.ceil(bytes / text.length));
}

function entry(change: Partial<RawEntry> = {}): RawEntry {
  return { id: 0, run: 1, length: 1, storedOffset: 1, ...change };
}

const LARGEST_TILES = {
  ...HUGE,
  tileSize: 4096,
  border: 64,
  format: "rgba8unorm",
  colorSpace: "linear",
  furtherPlanes: new Array(2).fill({ format: "rgba8unorm", colorSpace: "linear" }),
} as const;

function holesOf(blockBytes: number): { holes: Uint8Array[] } {
  return { holes: new Array(3).fill(new Uint8Array(blockBytes)) };
}

const ONE_TILE = gz(rawDirectory([entry()]));

/** An archive whose metadata is some text. */
function withMetadata(text: string): Uint8Array {
  return rawArchive({ root: ONE_TILE, metadata: gz(text), maxZoom: 20 });
}

/** An archive of the largest texture whose root directory is given. */
function withRoot(root: Uint8Array, leaves = new Uint8Array(), tileBytes = 1): Uint8Array {
  return rawArchive({
    root: gz(root, 9),
    metadata: gz(metadataText(HUGE)),
    leaves,
    tileData: new Uint8Array(tileBytes),
    maxZoom: 20,
  });
}

/** A root directory that points to leaf directories of `ids` tile ids each. */
function withLeaves(leaves: readonly Uint8Array[], ids: number): Uint8Array {
  const distinct = new Map(leaves.map((leaf) => [leaf, gz(leaf, 9)]));
  const packed = leaves.map((leaf) => distinct.get(leaf)!);
  const entries = packed.map(({ byteLength: length }, i) =>
    entry({ id: FIRST_ID_20 + i * ids, run: 0, length, storedOffset: i === 0 ? 1 : 0 })
  );
  const bytes = new Uint8Array(packed.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const leaf of packed) {
    bytes.set(leaf, at);
    at += leaf.byteLength;
  }
  return withRoot(rawDirectory(entries), bytes, 1000);
}

const DIRECTORIES: Readonly<Record<string, () => Uint8Array>> = {
  "leaf directories that inflate to 16 MiB each": () => {
    const entries = uniformDirectory(4 * MIB - 3, { firstId: FIRST_ID_20, run: 1, length: 1 });
    return withLeaves(new Array(80).fill(entries), 200_000);
  },
  "leaf directories of as many entries as the format allows": () =>
    withLeaves(
      Array.from(
        { length: 250 },
        (_, i) => uniformDirectory(65536, { firstId: FIRST_ID_20 + i * 65536, run: 1, length: 9 }),
      ),
      65536,
    ),
  "a leaf directory of 1 GiB of zeros": () => {
    const zeros = new Uint8Array(1024 * MIB);
    return withLeaves([zeros], 10);
  },
  "a root directory of 15 MiB": () =>
    withRoot(uniformDirectory(15 * MIB / 4, { firstId: FIRST_ID_20, run: 1, length: 1 })),
  "a root directory of 15 MiB in version 1, with checksums for it": () =>
    rawArchive({
      root: gz(
        uniformDirectory(15 * MIB / 4, { firstId: (4 ** 19 - 1) / 3, run: 1, length: 1 }),
        9,
      ),
      metadata: gz(
        firstMetadataText(LARGE, new Uint8Array(LARGE_TILES * 8).toBase64()),
      ),
      maxZoom: 19,
    }),
  "a root directory that claims 2^35 entries": () =>
    withRoot(Uint8Array.of(...varint(2 ** 35), 1, 1, 1, 1)),
  "a leaf directory that points to itself": () => {
    const self = rawDirectory([entry({ id: FIRST_ID_20, run: 0, length: 40 })]);
    return withLeaves([self], 100);
  },
  "a chain of leaf directories": () => {
    const links = Array.from(
      { length: 1000 },
      (_, i) =>
        rawDirectory([
          entry({ id: FIRST_ID_20 + i, run: 0, length: 30, storedOffset: 30 * i + 1 }),
        ]),
    );
    return withLeaves(links, 1);
  },
  "leaf directories that lie on the root directory": () =>
    rawArchive({
      root: gz(rawDirectory([entry({ run: 0, length: 30 })])),
      metadata: gz(metadataText(HUGE)),
      maxZoom: 20,
      fields: { 40: 127n, 48: 30n },
    }),
  "runs of 2^53 tiles": () => withRoot(rawDirectory([entry({ run: 2 ** 53 - 1 })])),
  "runs that overlap": () =>
    withRoot(rawDirectory([entry({ run: 100 }), entry({ id: 5, run: 100 })])),
  "ids that do not increase": () => withRoot(rawDirectory([entry({ id: 3 }), entry({ id: 3 })])),
  "ids of 2^53": () => withRoot(rawDirectory([entry({ id: 2 ** 53 - 1 })])),
  "numbers of more than ten bytes": () => withRoot(Uint8Array.of(1, ...new Array(40).fill(255))),
  "tiles that lie outside of the file": () =>
    withRoot(rawDirectory([entry({ length: 2 ** 31, storedOffset: 2 ** 50 })])),
  "tiles of 4 GiB": () => withRoot(rawDirectory([entry({ length: 2 ** 32 - 1 })])),
  "header fields of 2^63": () =>
    rawArchive({
      root: ONE_TILE,
      metadata: gz(metadataText(HUGE)),
      maxZoom: 20,
      fields: { 48: 2n ** 63n, 64: 2n ** 63n },
    }),
  "a header that counts 2^60 tiles": () =>
    rawArchive({
      root: ONE_TILE,
      metadata: gz(metadataText(HUGE)),
      maxZoom: 20,
      fields: { 72: 2n ** 60n, 80: 2n ** 60n, 88: 2n ** 60n },
    }),
  "tiles of the largest size": () => withMetadata(metadataText(LARGEST_TILES)),
  "holes of the largest tiles": () =>
    withMetadata(metadataText({ ...LARGEST_TILES, ...holesOf(4), tileSize: 700 })),
  "holes of larger tiles than the format allows": () =>
    withMetadata(metadataText({ ...LARGEST_TILES, ...holesOf(4) })),
};

const METADATA: Readonly<Record<string, () => Uint8Array>> = {
  "metadata of 60 MiB of [": () => withMetadata(repeated("[", 60 * MIB)),
  "metadata of objects inside one another": () => withMetadata(repeated('{"a":', 60 * MIB)),
  "metadata of 60 MiB of {}": () => withMetadata(`[${repeated("{},", 60 * MIB)}0]`),
  "metadata of one key, again and again": () =>
    withMetadata(`{${repeated('"a":0,', 60 * MIB)}"a":0}`),
  "metadata of many keys": () =>
    withMetadata(JSON.stringify(Object.fromEntries(Array.from({ length: 2e6 }, (_, i) => [i, i])))),
  "metadata of a long string": () => withMetadata(`{"name":"${repeated("x", 60 * MIB)}"}`),
  "metadata of a long key": () => withMetadata(`{"${repeated("x", 60 * MIB)}":1}`),
  "metadata of a long key, and colons": () =>
    withMetadata(`{"forge3d_tile_store":{"${"x".repeat(400_000)}"${":".repeat(16_000)}`),
  "metadata of spaces, and colons": () =>
    withMetadata(`{"a"${" ".repeat(400_000)}${":".repeat(16_000)}`),
  "metadata of a long number": () => withMetadata(`{"name":${repeated("1", 60 * MIB)}}`),
  "metadata of escapes": () => withMetadata(`{"name":"${repeated("\\u0000", 60 * MIB)}"}`),
  "metadata of spaces": () => withMetadata(repeated(" ", 256 * MIB)),
  "metadata of zeros": () =>
    rawArchive({ root: ONE_TILE, metadata: gz(new Uint8Array(1024 * MIB)), maxZoom: 20 }),
  "metadata as large as its bounds allow": () =>
    withMetadata(metadataText(HUGE, { more: new Array(5000).fill({}), text: "x".repeat(400_000) })),
  "a list of a million levels": () =>
    withMetadata(metadataText(HUGE, { levels: new Array(1e6).fill({ level: 0 }) })),
  "numbers that are infinite": () =>
    withMetadata(metadataText(HUGE, { width: 7 }).replace('"width":7', '"width":1e999')),
  "keys called __proto__": () =>
    withMetadata(
      metadataText(HUGE).replace('"source":', '"__proto__":{"source":{}},"constructor":'),
    ),
  "version 1: checksums of 60 MiB": () =>
    withMetadata(firstMetadataText(HUGE, repeated("A", 60 * MIB))),
  "version 1: checksums of 500 MiB": () =>
    withMetadata(firstMetadataText(HUGE, repeated("A", 500 * MIB))),
  "version 1: checksums of a small texture, 60 MiB": () =>
    withMetadata(firstMetadataText({}, repeated("A", 60 * MIB))),
  "version 1: checksums twice": () =>
    withMetadata(
      firstMetadataText(LARGE, repeated("A", 40 * MIB))
        .replace('"info"', () => `"checksums":"${repeated("B", 40 * MIB)}","info"`),
    ),
  "version 1: checksums of escaped slashes": () =>
    withMetadata(firstMetadataText(LARGE, repeated("\\/", 60 * MIB))),
};

/** Each hostile store, by what is wrong with it. */
export const HOSTILE_STORES: Readonly<Record<string, () => Uint8Array>> = {
  ...DIRECTORIES,
  ...METADATA,
};

/** Nested arrays, fewer of them: what a reader without bounds is tried on. */
export function manyBrackets(): Uint8Array {
  return withMetadata(repeated("[", 20 * MIB));
}
