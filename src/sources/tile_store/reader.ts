/**
 * Reads tile stores; see FORMAT.md beside this file.
 *
 * @module
 */

import { PMTiles } from "npm:pmtiles@4.5.0";
import { checkedSignalOption } from "../../checks.ts";
import {
  DisposedError,
  MalformedFileError,
  OutOfRangeError,
  SourceReadError,
  UnsupportedError,
} from "../../errors.ts";
import type { Appearance, ColorSpace, TexelFormat } from "../../texels/mod.ts";
import type { TileGrid, WrapModes } from "../../tiles/mod.ts";
import type { ByteSource, ReadOptions } from "../bytes/byte_source.ts";
import { wholeSource } from "../bytes/whole_source.ts";
import { checkedTileRequest } from "../tile_request.ts";
import type { ReadCounters, TileSource } from "../tile_source.ts";
import { openArchive, type OpenedArchive } from "./archive/open_archive.ts";
import { CountedSource } from "./archive/counted_source.ts";
import {
  planeBytes,
  planesOf,
  type TilePlane,
  type WholeDescription,
} from "./metadata/description.ts";
import type { ValueStatistics } from "./metadata/value_statistics.ts";
import { tileIdOf } from "./archive/directory.ts";
import { CHECKSUM_BYTES } from "./metadata/parse_metadata.ts";
import { readPlainTile, readSealedTile, repeatedBlock } from "./tile_file.ts";

/** A texture in a tile store. Format, colour space and `readTile` are those of its only plane. */
export interface TileStore extends TileSource {
  /** Version of the store's format. */
  readonly version: number;
  /** The store's description, defaults filled in. */
  readonly description: WholeDescription;
  /** Content of each plane, 1 to 3. */
  readonly planes: readonly Required<TilePlane>[];
  /**
   * Reads one tile of every plane, as `readTile` does of one. A tile that is absent, where the
   * description has `holes`, is made of their blocks.
   *
   * @throws {OutOfRangeError} if the store has no such tile.
   * @throws {MalformedFileError} if the store breaks its format there.
   * @throws {SourceReadError} if the bytes cannot be read now or fail their checksum; a later
   * attempt may succeed.
   */
  readTilePlanes(
    level: number,
    x: number,
    y: number,
    options?: ReadOptions,
  ): Promise<Uint8Array[]>;
}

class PmtilesTileStore implements TileStore {
  readonly name: string;
  readonly version: number;
  readonly grid: TileGrid;
  readonly description: WholeDescription;
  readonly planes: readonly Required<TilePlane>[];
  readonly counters: ReadCounters = { bytesRead: 0, bytesUsed: 0 };
  readonly #bytes: ByteSource;
  readonly #archive: OpenedArchive;
  #closed = false;

  constructor(bytes: ByteSource, archive: OpenedArchive) {
    const { version, description, grid } = archive.metadata;
    this.name = bytes.name;
    this.#bytes = bytes;
    this.#archive = archive;
    this.version = version;
    this.description = description;
    this.grid = grid;
    this.planes = planesOf(description);
    this.counters.bytesRead = archive.source.bytesRead;
  }

  get border(): number {
    return this.description.border;
  }

  get format(): TexelFormat {
    return this.description.format;
  }

  get colorSpace(): ColorSpace {
    return this.description.colorSpace;
  }

  get appearance(): Appearance {
    const { appearance, premultipliedAlpha } = this.description;
    return premultipliedAlpha ? { ...appearance, premultiplied: true } : appearance;
  }

  get wrap(): WrapModes {
    const { x, y } = this.description.wrap;
    return [x, y];
  }

  get info(): string {
    return this.description.info;
  }

  get valueStatistics(): ValueStatistics | null {
    return this.description.valueStatistics;
  }

  async readTile(
    level: number,
    x: number,
    y: number,
    options: ReadOptions = {},
  ): Promise<Uint8Array> {
    if (this.planes.length > 1) {
      throw new UnsupportedError(
        "several planes",
        `Cannot read tile of ${this.name} as one plane, as it has ${this.planes.length} planes: ` +
          `call readTilePlanes`,
      );
    }
    const [texels] = await this.readTilePlanes(level, x, y, options);
    return texels!;
  }

  async readTilePlanes(
    level: number,
    x: number,
    y: number,
    options: ReadOptions = {},
  ): Promise<Uint8Array[]> {
    const signal = checkedTileRequest(this.name, { level, x, y, options });
    if (this.#closed) {
      throw new DisposedError(
        this.name,
        `Cannot read tile of ${this.name} as it was closed: open it again`,
      );
    }
    this.#assertPresent(level, x, y);
    const { archiveBytes } = this.#archive.source;
    const source = new CountedSource(this.#bytes, { archiveBytes, signal });
    try {
      const planes = await this.#read(source, { level, x, y, signal });
      for (const { byteLength } of planes) this.counters.bytesUsed += byteLength;
      return planes;
    } finally {
      this.counters.bytesRead += source.bytesRead;
    }
  }

  #assertPresent(level: number, x: number, y: number): void {
    const { firstLevel } = this.description;
    if (level < firstLevel || !this.grid.has(level, x, y)) {
      throw new OutOfRangeError(
        level < firstLevel ? "level" : "tile",
        `Cannot read tile (${x}, ${y}) of level ${level} of ${this.name} as it has levels ` +
          `${firstLevel} to ${
            this.grid.levelCount - 1
          } of ${this.grid.width}×${this.grid.height} ` +
          `texels in tiles of ${this.grid.tileSize}`,
      );
    }
  }

  async #read(
    source: CountedSource,
    { level, x, y, signal }: {
      level: number;
      x: number;
      y: number;
      signal: AbortSignal | undefined;
    },
  ): Promise<Uint8Array[]> {
    const { directories, metadata, header } = this.#archive;
    const zoom = metadata.zooms.top - level;
    const cache = directories.cacheFor(source, tileIdOf(zoom, x, y));
    const found = await new PMTiles(source, cache).getZxy(zoom, x, y);
    signal?.throwIfAborted();
    const failure = `Cannot read tile (${x}, ${y}) of level ${level} of ${this.name}`;
    if (found === undefined) {
      const { holes } = this.description;
      if (holes !== null) {
        return planeBytes(this.description).map((bytes, i) => repeatedBlock(holes[i]!, bytes));
      }
      throw new MalformedFileError(this.name, `${failure}: the store lacks it`);
    }
    const file = new Uint8Array(found.data);
    const { offset, length } = source.last;
    const checksum = this.#checksumOf(level, x, y);
    const store = this.description;
    const result = checksum === null
      ? await readSealedTile(file, { store, position: offset - header.tileDataOffset })
      : await readPlainTile(file, { store, checksum });
    if (!("isDamage" in result)) return result;
    const message = `${failure} as ${result.reason}`;
    if (result.isDamage) throw new SourceReadError(this.name, offset, length, message);
    throw new MalformedFileError(this.name, message);
  }

  /** The checksum that the metadata has of a tile, or null where tiles hold their own. */
  #checksumOf(level: number, x: number, y: number): Uint8Array | null {
    const { checksums } = this.#archive;
    if (checksums === null) return null;
    const first = this.grid.level(this.description.firstLevel).firstTile;
    const at = (this.grid.tileIndexOf(level, x, y) - first) * CHECKSUM_BYTES;
    return checksums.subarray(at, at + CHECKSUM_BYTES);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#bytes.close();
  }
}

/**
 * Opens a tile store for reading tile by tile. The store owns the source from then on: closing the
 * store closes it, and so does a failure to open.
 *
 * Every tile is checked against its checksum. A tile that fails the check is a `SourceReadError`,
 * since the bytes may have been damaged in transit and not in the store.
 *
 * Memory and time are bounded whatever the file holds: nothing is decompressed beyond what the
 * format allows, and at most some 12 MiB of directories are cached.
 *
 * @throws {InvalidArgumentError} if it is not a byte source, or an option does not exist.
 * @throws {MalformedFileError} if it is not a tile store, or damaged.
 * @throws {UnsupportedError} if it is a store of a later version or of a texel format that is not
 * supported.
 * @throws {SourceReadError} if the bytes cannot be read.
 *
 * @example Read the coarsest tile
 * ```ts ignore
 * import { openFileSource, openTileStore } from "@forge3d/forge3d";
 *
 * const store = await openTileStore(await openFileSource("earth.pmtiles"));
 * const blocks = await store.readTile(store.grid.levelCount - 1, 0, 0);
 * store.close();
 * ```
 */
export async function openTileStore(
  bytes: ByteSource,
  options: ReadOptions = {},
): Promise<TileStore> {
  const failure = "Cannot open tile store";
  bytes = wholeSource(bytes, failure);
  const signal = checkedSignalOption(options, failure);
  try {
    return new PmtilesTileStore(bytes, await openArchive(bytes, { signal }));
  } catch (error) {
    bytes.close();
    throw error;
  }
}
