/**
 * Writes tile stores; see FORMAT.md beside this file.
 *
 * @module
 */

import { checkedInteger } from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import type { TileGrid } from "../../tiles/mod.ts";
import type { ByteSink, Scratch } from "../bytes/byte_sink.ts";
import { checkStoreDescription } from "./metadata/check_description.ts";
import { ContentTable } from "./content_table.ts";
import {
  gridOf,
  planeBytes,
  type SourceIdentity,
  type TileStoreDescription,
  type WholeDescription,
  wholeDescription,
} from "./metadata/description.ts";
import type { ValueStatistics } from "./metadata/value_statistics.ts";
import { checkMetadataSize, verifyStore } from "./verify_store.ts";
import { NO_CONTENT } from "./archive/store_layout.ts";
import { filePrefixes } from "./tile_file.ts";
import { type ArchiveSummary, writeArchive } from "./archive/write_archive.ts";

/** Summary of a finished store. */
export type TileStoreSummary = ArchiveSummary;

/** Most tiles of a store that is written, holes included: 4 bytes of memory each. */
export const MAX_STORE_TILES: number = 2 ** 26;

/**
 * Takes the tiles of a store in any order and writes the archive at the end, in the order that
 * PMTiles asks for. Until then tiles are in the sink's scratch space; memory holds 4 bytes for each
 * tile and some 50 for each distinct one.
 *
 * The writer owns the sink: `finish` commits it, once the store has been opened as a reader does,
 * and `abort` abandons it.
 */
export class TileStoreWriter {
  /** All tiles of the texture, whether the store has their level or not. */
  readonly grid: TileGrid;
  readonly #sink: ByteSink;
  readonly #scratch: Scratch;
  readonly #description: WholeDescription;
  readonly #planeBytes: readonly number[];
  readonly #firstTile: number;
  /** Content of each tile present. */
  readonly #contents: Uint32Array;
  readonly #known = new ContentTable();
  /** The texels of all planes of the tile that was put last, and its content. */
  readonly #latest: Uint8Array<ArrayBuffer>;
  #latestContent = NO_CONTENT;

  private constructor(sink: ByteSink, scratch: Scratch, description: WholeDescription) {
    this.#sink = sink;
    this.#scratch = scratch;
    this.#description = description;
    this.grid = gridOf(description);
    this.#firstTile = this.grid.level(description.firstLevel).firstTile;
    this.#planeBytes = planeBytes(description);
    this.#latest = new Uint8Array(this.#planeBytes.reduce((sum, bytes) => sum + bytes, 0));
    const count = this.grid.tileCount - this.#firstTile;
    if (count > MAX_STORE_TILES) {
      throw new OutOfRangeError(
        "tileSize",
        `Cannot write tile store ${sink.name} as it must have at most ${MAX_STORE_TILES} tiles: ` +
          `it has ${count} of ${description.tileSize} × ${description.tileSize} texels, so choose ` +
          `a larger tileSize`,
      );
    }
    this.#contents = new Uint32Array(count).fill(NO_CONTENT);
  }

  /**
   * Begins a store. If that fails, the sink is aborted.
   *
   * @throws {InvalidArgumentError} if a part of the description has the wrong type.
   * @throws {OutOfRangeError} if a part is out of range, or a reader would refuse the store's size.
   */
  static async openWriter(
    sink: ByteSink,
    description: TileStoreDescription,
  ): Promise<TileStoreWriter> {
    let scratch: Scratch | null = null;
    try {
      const whole = wholeDescription(description);
      checkStoreDescription(whole);
      checkMetadataSize(sink.name, whole);
      scratch = await sink.openScratch();
      return new TileStoreWriter(sink, scratch, whole);
    } catch (error) {
      await scratch?.close();
      await sink.abort();
      throw error;
    }
  }

  /**
   * Takes a tile of a store of one plane: rows of blocks, tight, borders included.
   *
   * @throws {OutOfRangeError} if the store has no such tile.
   * @throws {InvalidArgumentError} if the number of bytes is not that of a tile.
   */
  async putTile(tile: number, payload: Uint8Array): Promise<void> {
    await this.putTilePlanes(tile, [payload]);
  }

  /**
   * Takes a tile, as `putTile` does, with the texels of every plane.
   *
   * @throws {OutOfRangeError} if the store has no such tile.
   * @throws {InvalidArgumentError} if there are not as many planes and bytes as a tile has.
   */
  async putTilePlanes(tile: number, payloads: readonly Uint8Array[]): Promise<void> {
    checkedInteger(tile, {
      name: "tile",
      failure: "Cannot store tile",
      range: [this.#firstTile, this.grid.tileCount - 1],
    });
    this.#checkPayloads(payloads);
    this.#contents[tile - this.#firstTile] = await this.#contentOf(payloads);
  }

  #checkPayloads(payloads: readonly Uint8Array[]): void {
    const wanted = this.#planeBytes.join(", ");
    const current = payloads.map(({ byteLength }) => byteLength).join(", ");
    if (current === wanted) return;
    throw new InvalidArgumentError(
      "payload",
      `Cannot store tile as payload must be ${wanted} bytes: current value is ${current}`,
    );
  }

  /** Number of a content, which is stored if it is new. */
  async #contentOf(payloads: readonly Uint8Array[]): Promise<number> {
    // Empty areas come in runs: their tiles need no digest.
    if (this.#latestContent !== NO_CONTENT && isConcatenation(this.#latest, payloads)) {
      return this.#latestContent;
    }
    const texels = concatenate(payloads);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", texels));
    const known = this.#known.count;
    const content = this.#known.add(digest);
    this.#latest.set(texels);
    this.#latestContent = content;
    if (content === known) await this.#scratch.append(texels);
    return content;
  }

  /**
   * Writes the archive, opens it as a reader does, and makes it visible under its name.
   *
   * @param options `signal` cancels, which aborts the sink; `onProgress` is given the fraction of
   * the tiles that are written, 0 to 1; `source` and `valueStatistics` take the place of what the
   * description says.
   * @throws {InvalidArgumentError} if a tile is missing from a store without holes, or all are.
   * @throws {BakeError} if the store cannot be written, or opened once it is written.
   */
  async finish(
    { signal, onProgress, source, valueStatistics }: {
      readonly signal?: AbortSignal;
      readonly onProgress?: (fraction: number) => void;
      readonly source?: SourceIdentity;
      readonly valueStatistics?: ValueStatistics;
    } = {},
  ): Promise<TileStoreSummary> {
    try {
      this.#assertComplete();
      const description = {
        ...this.#description,
        ...(source === undefined ? {} : { source }),
        ...(valueStatistics === undefined ? {} : { valueStatistics }),
      };
      if (source !== undefined) checkMetadataSize(this.#sink.name, description);
      const summary = await writeArchive(this.#sink, {
        description,
        grid: this.grid,
        contents: this.#contents,
        contentCount: this.#known.count,
        prefixes: filePrefixes(this.#description),
        planeBytes: this.#planeBytes,
        scratch: this.#scratch,
        signal,
        onProgress,
      });
      await this.#scratch.close();
      await verifyStore(this.#sink, summary, signal);
      signal?.throwIfAborted();
      await this.#sink.commit();
      return summary;
    } catch (error) {
      await this.abort();
      throw error;
    }
  }

  #assertComplete(): void {
    let missing = 0;
    for (const content of this.#contents) if (content === NO_CONTENT) missing++;
    const hasHoles = this.#description.holes !== null;
    if (missing === 0 || (hasHoles && missing < this.#contents.length)) return;
    throw new InvalidArgumentError(
      "tiles",
      `Cannot finish tile store ${this.#sink.name} as ${hasHoles ? "a" : "every"} tile must be ` +
        `put: ${missing} are missing`,
    );
  }

  /** Leaves nothing behind. */
  async abort(): Promise<void> {
    try {
      await this.#scratch.close();
    } finally {
      await this.#sink.abort();
    }
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

/** Whether bytes are those of some parts, one after the other. */
function isConcatenation(bytes: Uint8Array, parts: readonly Uint8Array[]): boolean {
  let at = 0;
  for (const part of parts) {
    if (!isEqual(bytes.subarray(at, at + part.byteLength), part)) return false;
    at += part.byteLength;
  }
  return true;
}

/** Compares bytes of equal length, by words where both begin at a multiple of 4. */
function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  const isAligned = a.byteOffset % 4 === 0 && b.byteOffset % 4 === 0;
  const words = isAligned ? a.byteLength >>> 2 : 0;
  const wordsOfA = new Uint32Array(a.buffer, isAligned ? a.byteOffset : 0, words);
  const wordsOfB = new Uint32Array(b.buffer, isAligned ? b.byteOffset : 0, words);
  for (let i = 0; i < words; i++) if (wordsOfA[i] !== wordsOfB[i]) return false;
  for (let i = words * 4; i < a.byteLength; i++) if (a[i] !== b[i]) return false;
  return true;
}
