/**
 * The directories of an archive: the root, and as many leaves as fit a bound.
 *
 * @module
 */

import type { Cache, Entry, Header } from "npm:pmtiles@4.5.0";
import { MalformedFileError } from "../../../errors.ts";
import type { ArchiveStart } from "./archive_header.ts";
import type { CountedSource } from "./counted_source.ts";
import { Complaint } from "../complaint.ts";
import { inflate } from "./inflate.ts";
import type { ParsedMetadata } from "../metadata/parse_metadata.ts";
import {
  type DirectoryRules,
  MAX_COUNT_BYTES,
  MAX_DIRECTORY_ENTRIES,
  MAX_ENTRY_BYTES,
  TileDirectory,
} from "./tile_directory.ts";
import { storedTileBytes } from "../tile_file.ts";

/** Most bytes of a root directory of version 1, decompressed. */
const MAX_FIRST_ROOT_BYTES = 16 * 2 ** 20;
/** Entries of leaf directories that are cached: 24 bytes each. */
const CACHED_ENTRIES = 2 ** 19;
/** Gzip's own bytes, and what it adds to data that it cannot compress. */
const GZIP_OVERHEAD_BYTES = 1024;

/** Ids of the tiles of zooms below `zoom` come before this. */
function firstIdOf(zoom: number): number {
  return (4 ** zoom - 1) / 3;
}

/**
 * Shared by all reads of a store. A leaf that cannot be read is read again by the next read that
 * needs it.
 */
export class StoreDirectories {
  readonly #name: string;
  readonly #header: Header;
  readonly #root: TileDirectory;
  readonly #rules: DirectoryRules;
  readonly #tileCount: number;
  /** Least recently used first. */
  readonly #leaves = new Map<number, TileDirectory>();
  #cachedEntries = 0;

  private constructor(
    name: string,
    options: {
      header: Header;
      root: TileDirectory;
      rules: DirectoryRules;
      tileCount: number;
    },
  ) {
    this.#name = name;
    this.#header = options.header;
    this.#root = options.root;
    this.#rules = { ...options.rules, leafBytes: 0 };
    this.#tileCount = options.tileCount;
  }

  /**
   * Reads the root directory.
   *
   * @throws {MalformedFileError} if it breaks a rule.
   */
  static async openDirectories(
    name: string,
    { header, root }: ArchiveStart,
    { zooms, tileCount, version, description }: ParsedMetadata,
  ): Promise<StoreDirectories> {
    const isFirst = version === 1;
    const maxEntries = Math.min(tileCount, isFirst ? Infinity : MAX_DIRECTORY_ENTRIES);
    const rules = {
      // With holes, the header may say more than the metadata; all tiles lie where it says.
      firstId: firstIdOf(header.minZoom),
      endId: firstIdOf(header.maxZoom + 1),
      maxEntries,
      maxTileBytes: storedTileBytes(description),
      tileDataBytes: header.tileDataLength,
      leafBytes: header.leafDirectoryLength,
    };
    const limitBytes = Math.min(inflatedLimit(maxEntries), MAX_FIRST_ROOT_BYTES);
    const directory = await malformedUnless(name, readDirectory(root, rules, limitBytes));
    // A tile that the header excludes is looked for as any other: if it is there, the header lies.
    const everyZoom = { ...header, minZoom: zooms.min, maxZoom: zooms.max };
    return new StoreDirectories(name, { header: everyZoom, root: directory, rules, tileCount });
  }

  /** How PMTiles' reader finds one tile. */
  cacheFor(source: CountedSource, tileId: number): Cache {
    const header = this.#header;
    const entry = (directory: TileDirectory, index: number): Entry[] =>
      index === -1 ? [] : [directory.entry(index)];
    const rootIndex = this.#root.indexOf(tileId);
    return {
      getHeader: () => Promise.resolve(header),
      // Of a directory, the reader needs the one entry that can be the tile's.
      getDirectory: async (_source, offset) => {
        if (offset === header.rootDirectoryOffset) return entry(this.#root, rootIndex);
        const leaf = await this.#leaf(source, rootIndex);
        return entry(leaf, leaf.indexOf(tileId));
      },
      invalidate: () => Promise.resolve(),
    };
  }

  /**
   * Reads every directory.
   *
   * @returns The number of tiles that they list.
   * @throws {MalformedFileError} if one breaks a rule.
   */
  async countTiles(source: CountedSource): Promise<number> {
    let tiles = this.#root.addressedTiles();
    for (let index = 0; index < this.#root.count; index++) {
      if (this.#root.entry(index).runLength > 0) continue;
      tiles += (await this.#leaf(source, index)).addressedTiles();
    }
    return tiles;
  }

  /** A leaf directory, by the number of its entry in the root. */
  async #leaf(source: CountedSource, index: number): Promise<TileDirectory> {
    const cached = this.#leaves.get(index);
    if (cached !== undefined) {
      this.#leaves.delete(index);
      this.#leaves.set(index, cached);
      return cached;
    }
    const { tileId, offset, length } = this.#root.entry(index);
    const endId = this.#root.endOf(index);
    const maxEntries = Math.min(MAX_DIRECTORY_ENTRIES, endId - tileId, this.#tileCount);
    const limitBytes = inflatedLimit(maxEntries);
    if (length > limitBytes + GZIP_OVERHEAD_BYTES) {
      throw malformed(this.#name, `a leaf directory of ${maxEntries} tiles has ${length} bytes`);
    }
    const { data } = await source.getBytes(this.#header.leafDirectoryOffset + offset, length);
    const rules = { ...this.#rules, firstId: tileId, endId, maxEntries };
    const leaf = await malformedUnless(
      this.#name,
      readDirectory(new Uint8Array(data), rules, limitBytes),
    );
    this.#keep(index, leaf);
    return leaf;
  }

  #keep(index: number, leaf: TileDirectory): void {
    // Two reads may have read the same leaf.
    this.#cachedEntries += leaf.count - (this.#leaves.get(index)?.count ?? 0);
    this.#leaves.set(index, leaf);
    for (const [oldest, { count }] of this.#leaves) {
      if (this.#cachedEntries <= CACHED_ENTRIES) break;
      this.#leaves.delete(oldest);
      this.#cachedEntries -= count;
    }
  }
}

function inflatedLimit(entries: number): number {
  return MAX_COUNT_BYTES + entries * MAX_ENTRY_BYTES;
}

async function readDirectory(
  compressed: Uint8Array<ArrayBuffer>,
  rules: DirectoryRules,
  limitBytes: number,
): Promise<TileDirectory> {
  return new TileDirectory(await inflate(compressed, { limitBytes }), rules);
}

function malformed(name: string, reason: string, options?: ErrorOptions): MalformedFileError {
  return new MalformedFileError(
    name,
    `Cannot read tile store ${name} as it is not a valid PMTiles archive: ${reason}`,
    options,
  );
}

/** Makes complaints about what is read those of a damaged file. */
async function malformedUnless<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (!(cause instanceof Complaint)) throw cause;
    throw malformed(name, cause.message, { cause });
  }
}
