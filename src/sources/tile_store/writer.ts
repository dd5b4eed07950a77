/**
 * Writes tile stores; see FORMAT.md beside this file.
 *
 * @module
 */

import { checkedInteger } from "../../checks.ts";
import { InvalidArgumentError } from "../../errors.ts";
import { TileGrid } from "../../tiles/mod.ts";
import type { ByteSink, Scratch } from "../bytes/byte_sink.ts";
import { buildDirectories, buildHeader, type DirectoryEntry, gzip, tileIdOf } from "./directory.ts";
import {
  CHECKSUM_BYTES,
  checkTileShape,
  metadataJson,
  type TileStoreDescription,
} from "./metadata.ts";
import { tileFilePrefix, tilePayloadBytes } from "./tile_file.ts";

/** Summary of a finished store. */
export interface TileStoreSummary {
  /** Tiles present. */
  readonly tiles: number;
  /** Distinct tiles among them; equal ones are stored once. */
  readonly contents: number;
  /** Size of the archive in bytes. */
  readonly byteLength: number;
}

/** Bytes of tiles that are collected for one write. */
const WRITE_BYTES = 4 * 2 ** 20;
const MISSING = 0xFFFFFFFF;

/**
 * Takes the tiles of a store in any order and writes the archive at the end, in the order that
 * PMTiles asks for. Until then tiles are in the sink's scratch space; memory holds a few hundred
 * bytes per tile.
 *
 * The writer owns the sink: `finish` commits it, `abort` abandons it.
 */
export class TileStoreWriter {
  /** All tiles of the texture, whether the store has their level or not. */
  readonly grid: TileGrid;
  readonly #sink: ByteSink;
  readonly #scratch: Scratch;
  readonly #description: TileStoreDescription;
  /** A tile file with the texels of the latest tile. */
  readonly #file: Uint8Array<ArrayBuffer>;
  readonly #prefix: Uint8Array;
  readonly #payloadBytes: number;
  readonly #firstTile: number;
  /** Content of each tile present. */
  readonly #contents: Uint32Array;
  readonly #checksums: Uint8Array;
  /** Contents by their SHA-256. */
  readonly #known = new Map<string, number>();
  #tiles = 0;

  private constructor(sink: ByteSink, scratch: Scratch, description: TileStoreDescription) {
    checkTileShape(description);
    this.#sink = sink;
    this.#scratch = scratch;
    this.#description = description;
    this.grid = new TileGrid(description.width, description.height, description.tileSize);
    this.#firstTile = this.grid.level(description.firstLevel).firstTile;
    this.#prefix = tileFilePrefix(description);
    this.#payloadBytes = tilePayloadBytes(description);
    this.#file = new Uint8Array(this.#prefix.byteLength + this.#payloadBytes);
    this.#file.set(this.#prefix);
    const count = this.grid.tileCount - this.#firstTile;
    this.#contents = new Uint32Array(count).fill(MISSING);
    this.#checksums = new Uint8Array(count * CHECKSUM_BYTES);
  }

  /**
   * Begins a store. If that fails, the sink is aborted.
   *
   * @throws {OutOfRangeError} if a dimension is out of range.
   */
  static async openWriter(
    sink: ByteSink,
    description: TileStoreDescription,
  ): Promise<TileStoreWriter> {
    let scratch: Scratch | null = null;
    try {
      scratch = await sink.openScratch();
      return new TileStoreWriter(sink, scratch, description);
    } catch (error) {
      await scratch?.close();
      await sink.abort();
      throw error;
    }
  }

  /**
   * Takes a tile: rows of blocks, tight, borders included.
   *
   * @throws {OutOfRangeError} if the store has no such tile.
   * @throws {InvalidArgumentError} if the number of bytes is not that of a tile.
   */
  async putTile(tile: number, payload: Uint8Array): Promise<void> {
    checkedInteger(tile, {
      name: "tile",
      failure: "Cannot store tile",
      range: [this.#firstTile, this.grid.tileCount - 1],
    });
    const index = tile - this.#firstTile;
    if (payload.byteLength !== this.#payloadBytes) {
      throw new InvalidArgumentError(
        "payload",
        `Cannot store tile as payload must be ${this.#payloadBytes} bytes: ` +
          `current value is ${payload.byteLength}`,
      );
    }
    this.#file.set(payload, this.#prefix.byteLength);
    // The digest is of a copy that is made before this waits.
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", this.#file));
    this.#checksums.set(digest.subarray(0, CHECKSUM_BYTES), index * CHECKSUM_BYTES);
    const key = String.fromCharCode(...digest);
    let content = this.#known.get(key);
    if (content === undefined) {
      content = this.#known.size;
      this.#known.set(key, content);
      await this.#scratch.append(payload);
    }
    if (this.#contents[index] === MISSING) this.#tiles++;
    this.#contents[index] = content;
  }

  /**
   * Writes the archive and makes it visible under its name.
   *
   * @param options `signal` cancels, which aborts the sink; `onProgress` is given the fraction of
   * the tiles that are written, 0 to 1.
   * @throws {InvalidArgumentError} if a tile is missing.
   */
  async finish(
    { signal, onProgress }: {
      readonly signal?: AbortSignal;
      readonly onProgress?: (fraction: number) => void;
    } = {},
  ): Promise<TileStoreSummary> {
    try {
      const missing = this.#contents.length - this.#tiles;
      if (missing > 0) {
        throw new InvalidArgumentError(
          "tiles",
          `Cannot finish tile store ${this.#sink.name} as every tile must be put: ` +
            `${missing} are missing`,
        );
      }
      const byteLength = await this.#write(signal, onProgress);
      await this.#scratch.close();
      signal?.throwIfAborted();
      await this.#sink.commit();
      return { tiles: this.#tiles, contents: this.#known.size, byteLength };
    } catch (error) {
      await this.abort();
      throw error;
    }
  }

  /** Leaves nothing behind. */
  async abort(): Promise<void> {
    try {
      await this.#scratch.close();
    } finally {
      await this.#sink.abort();
    }
  }

  async #write(
    signal: AbortSignal | undefined,
    onProgress: ((fraction: number) => void) | undefined,
  ): Promise<number> {
    const { entries, order } = this.#layOut();
    const { root, leaves } = await buildDirectories(entries);
    const metadata = await gzip(new TextEncoder().encode(JSON.stringify(
      metadataJson(this.#description, { grid: this.grid, checksums: this.#checksums }),
    )));
    const header = buildHeader({
      rootBytes: root.byteLength,
      metadataBytes: metadata.byteLength,
      leafBytes: leaves.byteLength,
      tileBytes: order.length * this.#file.byteLength,
      addressedTiles: this.#tiles,
      tileEntries: entries.length,
      tileContents: order.length,
      maxZoom: this.grid.levelCount - 1 - this.#description.firstLevel,
    });
    const head = concatenate([header, root, metadata, leaves]);
    await this.#sink.write(0, head);
    let offset = head.byteLength;
    const perWrite = Math.max(1, Math.floor(WRITE_BYTES / this.#payloadBytes));
    for (let first = 0; first < order.length; first += perWrite) {
      signal?.throwIfAborted();
      const parts: Uint8Array[] = [];
      for (const content of order.slice(first, first + perWrite)) {
        const at = content * this.#payloadBytes;
        parts.push(this.#prefix, await this.#scratch.read(at, this.#payloadBytes));
      }
      const bytes = concatenate(parts);
      await this.#sink.write(offset, bytes);
      offset += bytes.byteLength;
      onProgress?.(Math.min(1, (first + perWrite) / order.length));
    }
    return offset;
  }

  /** Directory entries by tile id, and the contents in the order in which they first appear. */
  #layOut(): { entries: DirectoryEntry[]; order: number[] } {
    const tiles: { tileId: number; content: number }[] = [];
    const top = this.grid.levelCount - 1;
    for (const { level, tilesX, tilesY, firstTile } of this.grid.levels) {
      if (level < this.#description.firstLevel) continue;
      for (let y = 0, index = firstTile - this.#firstTile; y < tilesY; y++) {
        for (let x = 0; x < tilesX; x++, index++) {
          tiles.push({ tileId: tileIdOf(top - level, x, y), content: this.#contents[index]! });
        }
      }
    }
    tiles.sort((a, b) => a.tileId - b.tileId);
    const { byteLength } = this.#file;
    const order: number[] = [];
    const rankOf = new Map<number, number>();
    const entries: { tileId: number; offset: number; byteLength: number; runLength: number }[] = [];
    for (const { tileId, content } of tiles) {
      let rank = rankOf.get(content);
      if (rank === undefined) {
        rank = order.push(content) - 1;
        rankOf.set(content, rank);
      }
      const offset = rank * byteLength;
      const last = entries.at(-1);
      if (last?.offset === offset && last.tileId + last.runLength === tileId) last.runLength++;
      else entries.push({ tileId, offset, byteLength, runLength: 1 });
    }
    return { entries, order };
  }
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}
