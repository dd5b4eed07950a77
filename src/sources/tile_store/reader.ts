/**
 * Reads tile stores; see FORMAT.md beside this file.
 *
 * @module
 */

import { type Header, PMTiles, ResolvedValueCache, type Source } from "npm:pmtiles@4.5.0";
import { checkedSignalOption } from "../../checks.ts";
import {
  DisposedError,
  MalformedFileError,
  OutOfRangeError,
  SourceReadError,
} from "../../errors.ts";
import type { ColorSpace, TexelFormat } from "../../texels/mod.ts";
import type { TileGrid } from "../../tiles/mod.ts";
import type { ByteSource, ReadOptions } from "../bytes/byte_source.ts";
import { wholeSource } from "../bytes/whole_source.ts";
import type { ReadCounters, TileSource } from "../tile_source.ts";
import {
  checkedDirectory,
  gunzipCapped,
  MAX_DIRECTORY_BYTES,
  MAX_METADATA_BYTES,
} from "./archive_checks.ts";
import { PMTILES_HEADER_BYTES } from "./directory.ts";
import {
  CHECKSUM_BYTES,
  type ParsedMetadata,
  parseMetadata,
  type TileStoreDescription,
} from "./metadata.ts";
import { tileChecksum, tilePayload, tilePayloadBytes } from "./tile_file.ts";

/** A texture in a tile store. */
export interface TileStore extends TileSource {
  /** The store's description. */
  readonly description: TileStoreDescription;
}

/** Leaf directories that are cached; each lists up to a few thousand tiles. */
const CACHED_DIRECTORIES = 64;
/** Bytes that PMTiles reads first, whatever the archive's size. */
const FIRST_READ_BYTES = 16384;
/** Upper bound of a tile file's bytes beside its texels. */
const TILE_FILE_OVERHEAD_BYTES = 65536;

/** Adapts a byte source to PMTiles for one operation, and counts the bytes read. */
class CountedSource implements Source {
  readonly #bytes: ByteSource;
  readonly #archiveBytes: number;
  readonly #limitBytes: number;
  readonly #signal: AbortSignal | undefined;
  /** Bytes read so far. */
  bytesRead = 0;
  /** Range that was read last. */
  last = { offset: 0, length: 0 };

  constructor(
    bytes: ByteSource,
    options: { archiveBytes: number; limitBytes: number; signal?: AbortSignal | undefined },
  ) {
    this.#bytes = bytes;
    this.#archiveBytes = options.archiveBytes;
    this.#limitBytes = options.limitBytes;
    this.#signal = options.signal;
  }

  getKey(): string {
    return this.#bytes.name;
  }

  async getBytes(offset: number, wanted: number): Promise<{ data: ArrayBuffer }> {
    const isFirst = offset === 0 && wanted === FIRST_READ_BYTES;
    const length = isFirst ? Math.min(wanted, this.#archiveBytes) : wanted;
    if (!(length <= this.#limitBytes && offset >= 0 && offset + length <= this.#archiveBytes)) {
      throw new MalformedFileError(
        this.#bytes.name,
        `Cannot read tile store ${this.#bytes.name} as a directory entry points outside of its ` +
          `${this.#archiveBytes} bytes: byte ${offset}, length ${length}`,
      );
    }
    this.last = { offset, length };
    const bytes = await this.#bytes.read(offset, length, signalOption(this.#signal));
    this.bytesRead += length;
    const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
    return { data: (whole ? bytes : bytes.slice()).buffer as ArrayBuffer };
  }
}

function signalOption(signal: AbortSignal | undefined): ReadOptions {
  return signal === undefined ? {} : { signal };
}

class PmtilesTileStore implements TileStore {
  readonly name: string;
  readonly grid: TileGrid;
  readonly description: TileStoreDescription;
  readonly counters: ReadCounters = { bytesRead: 0, bytesUsed: 0 };
  readonly #bytes: ByteSource;
  readonly #archiveBytes: number;
  readonly #checksums: Uint8Array;
  /**
   * Shared by all reads. PMTiles' cache of promises would keep a failed read for ever, and so
   * lose every tile of that leaf directory.
   */
  readonly #directories: ResolvedValueCache;
  #closed = false;

  constructor(
    bytes: ByteSource,
    archiveBytes: number,
    rest: { parsed: ParsedMetadata; directories: ResolvedValueCache },
  ) {
    this.name = bytes.name;
    this.#bytes = bytes;
    this.#archiveBytes = archiveBytes;
    this.description = rest.parsed.description;
    this.grid = rest.parsed.grid;
    this.#checksums = rest.parsed.checksums;
    this.#directories = rest.directories;
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

  get info(): string {
    return this.description.info;
  }

  async readTile(
    level: number,
    x: number,
    y: number,
    { signal }: ReadOptions = {},
  ): Promise<Uint8Array> {
    if (this.#closed) {
      throw new DisposedError(
        this.name,
        `Cannot read tile of ${this.name} as it was closed: open it again`,
      );
    }
    this.#assertPresent(level, x, y);
    const source = new CountedSource(this.#bytes, {
      archiveBytes: this.#archiveBytes,
      limitBytes: Math.max(
        MAX_DIRECTORY_BYTES,
        tilePayloadBytes(this.description) + TILE_FILE_OVERHEAD_BYTES,
      ),
      signal,
    });
    const zoom = this.grid.levelCount - 1 - level;
    try {
      const archive = new PMTiles(source, this.#directories);
      const found = await malformedUnlessTyped(this.name, archive.getZxy(zoom, x, y), signal);
      signal?.throwIfAborted();
      if (found === undefined) {
        throw new MalformedFileError(
          this.name,
          `Cannot read tile (${x}, ${y}) of level ${level} of ${this.name}: the store lacks it`,
        );
      }
      const file = new Uint8Array(found.data);
      await this.#assertChecksum(file, { level, x, y, range: source.last });
      const payload = tilePayload(file, this.description);
      if (typeof payload === "string") {
        throw new MalformedFileError(
          this.name,
          `Cannot read tile (${x}, ${y}) of level ${level} of ${this.name} as ${payload}`,
        );
      }
      this.counters.bytesUsed += payload.byteLength;
      return payload;
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

  async #assertChecksum(
    file: Uint8Array<ArrayBuffer>,
    tile: {
      level: number;
      x: number;
      y: number;
      range: { offset: number; length: number };
    },
  ): Promise<void> {
    const { level, x, y, range } = tile;
    const first = this.grid.level(this.description.firstLevel).firstTile;
    const at = (this.grid.tileIndexOf(level, x, y) - first) * CHECKSUM_BYTES;
    const wanted = this.#checksums.subarray(at, at + CHECKSUM_BYTES);
    const current = await tileChecksum(file);
    if (current.every((byte, i) => byte === wanted[i])) return;
    throw new SourceReadError(
      this.name,
      range.offset,
      range.length,
      `Cannot read tile (${x}, ${y}) of level ${level} of ${this.name} as its checksum must be ` +
        `${hex(wanted)}: current value is ${hex(current)}`,
    );
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#bytes.close();
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Converts errors of the PMTiles reader to errors of this library; those that are pass through. */
async function malformedUnlessTyped<T>(
  name: string,
  work: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof Error && "code" in cause) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MalformedFileError(
      name,
      `Cannot read tile store ${name} as it is not a valid PMTiles archive: ${reason}`,
      { cause },
    );
  }
}

/**
 * Opens a tile store for reading tile by tile. The store owns the source from then on: closing the
 * store closes it, and so does a failure to open.
 *
 * Every tile is checked against its checksum. A tile that fails the check is a `SourceReadError`,
 * since the bytes may have been damaged in transit and not in the store.
 *
 * @throws {InvalidArgumentError} if it is not a byte source, or an option does not exist.
 * @throws {MalformedFileError} if it is not a tile store, or damaged.
 * @throws {UnsupportedError} if it is a store of a later version or of an unknown texel format.
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
    const { name } = bytes;
    const archiveBytes = await bytes.size();
    if (archiveBytes < PMTILES_HEADER_BYTES) {
      throw new MalformedFileError(
        name,
        `Cannot read tile store ${name} as it must have a header of ${PMTILES_HEADER_BYTES} ` +
          `bytes: it is ${archiveBytes} bytes long`,
      );
    }
    const source = new CountedSource(bytes, {
      archiveBytes,
      limitBytes: MAX_METADATA_BYTES,
      signal,
    });
    const directories = new ResolvedValueCache(CACHED_DIRECTORIES, undefined, checkedDirectory);
    const archive = new PMTiles(source, directories, gunzipCapped);
    const header = await malformedUnlessTyped(name, archive.getHeader(), signal);
    checkHeader(name, header, archiveBytes);
    const parsed = parseMetadata(
      name,
      await malformedUnlessTyped(name, archive.getMetadata(), signal),
    );
    const top = parsed.grid.levelCount - 1;
    const maxZoom = top - parsed.description.firstLevel;
    if (header.minZoom !== 0 || header.maxZoom !== maxZoom) {
      throw new MalformedFileError(
        name,
        `Cannot read tile store ${name} as its zooms must be 0 to ${maxZoom}: ` +
          `current values are ${header.minZoom} to ${header.maxZoom}`,
      );
    }
    const store = new PmtilesTileStore(bytes, archiveBytes, { parsed, directories });
    store.counters.bytesRead = source.bytesRead;
    return store;
  } catch (error) {
    bytes.close();
    throw error;
  }
}

/** PMTiles' compression numbers: 1 none, 2 gzip. */
function checkHeader(name: string, header: Header, archiveBytes: number): void {
  const wanted = [
    ["version", header.specVersion, 3],
    ["internal compression", header.internalCompression, 2],
    ["tile compression", header.tileCompression, 1],
    ["tile type", header.tileType, 0],
  ] as const;
  for (const [field, current, value] of wanted) {
    if (current === value) continue;
    throw new MalformedFileError(
      name,
      `Cannot read tile store ${name} as its ${field} must be ${value}: ` +
        `current value is ${current}`,
    );
  }
  const end = header.tileDataOffset + (header.tileDataLength ?? 0);
  if (end > archiveBytes) {
    throw new MalformedFileError(
      name,
      `Cannot read tile store ${name} as it must be ${end} bytes long: it is cut off at ${archiveBytes}`,
    );
  }
}
