/**
 * A cached tile store that is replaced when it turns out to be damaged.
 *
 * @module
 */

import { checkedSignalOption } from "../../checks.ts";
import {
  DisposedError,
  MalformedFileError,
  SourceChangedError,
  SourceReadError,
} from "../../errors.ts";
import type { ReadCounters, ReadOptions, TileStore } from "../../sources/mod.ts";
import type { Appearance, ColorSpace, TexelFormat } from "../../texels/mod.ts";
import { type TileGrid, type WrapModes, wrapModes } from "../../tiles/mod.ts";
import { unlessAborted } from "../../waiting.ts";

/** How a store is replaced. */
export interface Healing {
  /** What the texture was baked from, in messages. */
  readonly name: string;
  /** Opens a whole store in place of the damaged one. */
  readonly reopen: (damage: Error, signal: AbortSignal) => Promise<TileStore>;
}

/** After a store in whose place no tile could be read either: time until the next is made. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Reads tiles from a store that it owns. When one cannot be read because the store's file is damaged,
 * cut off or was replaced, a whole store takes its place, and the tile is read again, once.
 */
export class HealingTileStore implements TileStore {
  /** What the texture was baked from. */
  readonly name: string;
  readonly #healing: Healing;
  readonly #closing = new AbortController();
  #store: TileStore;
  #replacing: Promise<void> | null = null;
  /** Replacements in a row from which no tile could be read. */
  #fruitless = 0;
  #nextReplacementMs = -Infinity;
  /** Why the last replacement failed, if it did. */
  #failure: Error | null = null;
  #countersBefore: ReadCounters = { bytesRead: 0, bytesUsed: 0 };

  /** @param store Owned from now on. */
  constructor(store: TileStore, healing: Healing) {
    this.name = healing.name;
    this.#store = store;
    this.#healing = healing;
  }

  /** See {@linkcode TileStore.description}. */
  get description(): TileStore["description"] {
    return this.#store.description;
  }

  /** See {@linkcode TileStore.version}. */
  get version(): number {
    return this.#store.version;
  }

  /** See {@linkcode TileStore.planes}. */
  get planes(): TileStore["planes"] {
    return this.#store.planes;
  }

  /** See {@linkcode TileStore.grid}. */
  get grid(): TileGrid {
    return this.#store.grid;
  }

  /** See {@linkcode TileStore.border}. */
  get border(): number {
    return this.#store.border;
  }

  /** See {@linkcode TileStore.format}. */
  get format(): TexelFormat {
    return this.#store.format;
  }

  /** See {@linkcode TileStore.colorSpace}. */
  get colorSpace(): ColorSpace {
    return this.#store.colorSpace;
  }

  /** See {@linkcode TileStore.appearance}. */
  get appearance(): Appearance {
    return this.#store.appearance ?? {};
  }

  /** See {@linkcode TileStore.wrap}. */
  get wrap(): WrapModes {
    return wrapModes(this.#store.wrap);
  }

  /** See {@linkcode TileStore.info}. */
  get info(): string {
    return this.#store.info;
  }

  /** See {@linkcode TileStore.valueStatistics}. */
  get valueStatistics(): NonNullable<TileStore["valueStatistics"]> | null {
    return this.#store.valueStatistics ?? null;
  }

  /** What reading cost so far, from all the stores. */
  get counters(): Readonly<ReadCounters> {
    const { bytesRead, bytesUsed } = this.#store.counters;
    const before = this.#countersBefore;
    return { bytesRead: before.bytesRead + bytesRead, bytesUsed: before.bytesUsed + bytesUsed };
  }

  /**
   * Reads one tile; see {@linkcode TileStore.readTile}.
   *
   * @throws {SourceChangedError} if the store is damaged and what it was baked from has changed.
   * @throws {FileError} if the store is damaged and what it was baked from is gone.
   */
  async readTile(
    level: number,
    x: number,
    y: number,
    options: ReadOptions = {},
  ): Promise<Uint8Array> {
    const signal = checkedSignalOption(options, `Cannot read tile of ${this.name}`);
    return await this.#readHealed((store) => store.readTile(level, x, y, options), signal);
  }

  /** Reads every plane of one tile; see {@linkcode TileStore.readTilePlanes} and `readTile`. */
  async readTilePlanes(
    level: number,
    x: number,
    y: number,
    options: ReadOptions = {},
  ): Promise<Uint8Array[]> {
    const signal = checkedSignalOption(options, `Cannot read tile of ${this.name}`);
    return await this.#readHealed((store) => store.readTilePlanes(level, x, y, options), signal);
  }

  async #readHealed<T>(
    read: (store: TileStore) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const store = this.#openStore();
    try {
      const content = await read(store);
      if (store === this.#store) this.#fruitless = 0;
      return content;
    } catch (error) {
      signal?.throwIfAborted();
      // Reads in flight while the store is replaced fail too.
      if (store === this.#openStore()) {
        if (!isDamage(error)) throw error;
        if (!this.#mayReplace()) throw this.#failure ?? error;
        this.#replacing ??= this.#replace(error).finally(() => this.#replacing = null);
        await unlessAborted(this.#replacing, signal);
      }
    }
    const content = await read(this.#openStore());
    this.#fruitless = 0;
    return content;
  }

  #openStore(): TileStore {
    this.#closing.signal.throwIfAborted();
    return this.#store;
  }

  #mayReplace(): boolean {
    return this.#replacing !== null || this.#fruitless === 0 ||
      performance.now() >= this.#nextReplacementMs;
  }

  async #replace(damage: Error): Promise<void> {
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#fruitless++);
    this.#failure = null;
    try {
      const { signal } = this.#closing;
      const store = await this.#healing.reopen(damage, signal);
      if (signal.aborted) {
        store.close();
        throw signal.reason;
      }
      this.#countersBefore = this.counters;
      this.#store.close();
      this.#store = store;
    } catch (error) {
      if (error instanceof Error) this.#failure = error;
      throw error;
    } finally {
      this.#nextReplacementMs = performance.now() + pauseMs;
    }
  }

  /** Closes the store; one that is being made is abandoned. */
  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(
      new DisposedError(
        this.name,
        `Cannot read tile of ${this.name} as it was closed: load it again`,
      ),
    );
    this.#store.close();
  }
}

/** Whether a failure to read says that the file is not what was written. */
function isDamage(error: unknown): error is Error {
  return error instanceof MalformedFileError || error instanceof SourceReadError ||
    error instanceof SourceChangedError;
}
