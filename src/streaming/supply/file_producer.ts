/**
 * The producer of a streamed texture: reads tiles from its source.
 *
 * @module
 */

import { describeValue } from "../../checks.ts";
import { MalformedFileError } from "../../errors.ts";
import type { FailedTile, RequestAnswer, Ticket, TileProducer } from "../../residency/mod.ts";
import type { ReadOptions, TileSource } from "../../sources/mod.ts";
import type { TileAddress, TileGrid } from "../../tiles/mod.ts";
import type { InFlightBudget } from "./in_flight_budget.ts";
import { asTileError } from "./tile_error.ts";

/** Content of one tile: block bytes for each plane. */
export type TilePayload = readonly Uint8Array[];

/** Reads tiles, all planes of one at a time. */
export interface PlaneReader {
  /** Name of the texture in messages. */
  readonly name: string;
  /** The tiles that are asked for. */
  readonly grid: TileGrid;
  /** Reads the planes of a tile: tight rows of blocks of a whole slot each. */
  readPlanes(address: TileAddress, options: ReadOptions): Promise<TilePayload>;
}

/** Reads the tiles of a source, which have one plane. */
export function sourceReader(source: TileSource): PlaneReader {
  return {
    name: source.name,
    grid: source.grid,
    readPlanes: async ({ level, x, y }, options) => [await source.readTile(level, x, y, options)],
  };
}

/** A tile that is being read or waits to be handed out. */
interface Read {
  readonly tile: number;
  readonly version: number;
  readonly abort: AbortController;
  /** Null until the read has ended. */
  planes: TilePayload | null;
}

/** Bytes of all planes together, or what there is instead. */
function describePlanes(planes: TilePayload): string {
  const odd = planes.findIndex((bytes) => !(bytes instanceof Uint8Array));
  return odd === -1 ? `${bytesOf(planes)}` : describeValue(planes[odd]);
}

function bytesOf(planes: TilePayload): number {
  return planes.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Reads tiles as they are asked for, as far as there is memory for them. Owns no source. */
export class FileProducer implements TileProducer<TilePayload> {
  readonly #source: PlaneReader;
  readonly #tileBytes: number;
  readonly #inFlight: InFlightBudget;
  readonly #reads = new Map<number, Read>();
  /** Reads that have ended, in the order in which they did; withdrawn ones stay until their turn. */
  #finished: Read[] = [];
  #finishedCount = 0;
  #failures: FailedTile[] = [];
  #notify: (() => void) | null = null;
  #isClosed = false;

  /**
   * A producer without requests.
   *
   * @param source Where tiles come from; borrowed.
   * @param tileBytes Bytes of every tile, all planes together.
   * @param inFlight Shared by all producers of a system.
   */
  constructor(source: PlaneReader, tileBytes: number, inFlight: InFlightBudget) {
    this.#source = source;
    this.#tileBytes = tileBytes;
    this.#inFlight = inFlight;
  }

  /** Tiles that were asked for and neither handed out nor withdrawn. */
  get pendingCount(): number {
    return this.#reads.size;
  }

  /** Number of finished tiles and failures that wait to be handed out. */
  get finishedCount(): number {
    return this.#finishedCount + this.#failures.length;
  }

  /** See {@linkcode TileProducer.setListener}. */
  setListener(notify: (() => void) | null): void {
    this.#notify = notify;
  }

  /** Starts to read a tile; see {@linkcode TileProducer.request}. */
  request(tile: number, version: number, priority: number): RequestAnswer {
    const { grid } = this.#source;
    if (this.#isClosed || !Number.isInteger(tile) || tile < 0 || tile >= grid.tileCount) {
      return "invalid";
    }
    const running = this.#reads.get(tile);
    if (running !== undefined) {
      if (running.version >= version) return running.planes === null ? "pending" : "available";
      this.cancel(tile);
    }
    if (!this.#inFlight.tryHold(this.#tileBytes, priority === Infinity)) return "saturated";
    const read: Read = { tile, version, abort: new AbortController(), planes: null };
    this.#reads.set(tile, read);
    this.#readTile(read)
      .then((planes) => this.#finish(read, planes))
      .catch((thrown) => this.#fail(read, thrown));
    return "pending";
  }

  /** Reads a tile; a source that throws at once fails like one that rejects. */
  async #readTile({ tile, abort: { signal } }: Read): Promise<TilePayload> {
    return await this.#source.readPlanes(this.#source.grid.addressOf(tile), { signal });
  }

  #finish(read: Read, planes: TilePayload): void {
    if (this.#reads.get(read.tile) !== read) return;
    const areBytes = planes.every((bytes) => bytes instanceof Uint8Array);
    if (!areBytes || bytesOf(planes) !== this.#tileBytes) {
      const { name } = this.#source;
      const message = `Cannot use tile ${read.tile} of ${name} as it must have ` +
        `${this.#tileBytes} bytes: current value is ${describePlanes(planes)}`;
      return this.#fail(read, new MalformedFileError(name, message));
    }
    read.planes = planes;
    this.#finished.push(read);
    this.#finishedCount++;
    this.#notify?.();
  }

  #fail(read: Read, cause: unknown): void {
    const { tile, version } = read;
    if (this.#reads.get(tile) !== read) return;
    this.#reads.delete(tile);
    this.#inFlight.giveBack(this.#tileBytes);
    const error = asTileError(cause, this.#source.name, tile);
    this.#failures.push({ tile, version, error });
    this.#notify?.();
  }

  /** Withdraws a request; see {@linkcode TileProducer.cancel}. */
  cancel(tile: number): void {
    if (this.#failures.length > 0) {
      this.#failures = this.#failures.filter((failure) => failure.tile !== tile);
    }
    const read = this.#reads.get(tile);
    if (read === undefined) return;
    this.#reads.delete(tile);
    this.#inFlight.giveBack(this.#tileBytes);
    if (read.planes === null) read.abort.abort();
    else this.#finishedCount--;
    this.#notify?.();
  }

  /** Hands out finished tiles in the order in which they finished. */
  takeFinishedTiles(maxTiles: number): Ticket<TilePayload>[] {
    const taken: Ticket<TilePayload>[] = [];
    let next = 0;
    while (next < this.#finished.length && taken.length < maxTiles) {
      const read = this.#finished[next++]!;
      if (this.#reads.get(read.tile) !== read) continue;
      this.#reads.delete(read.tile);
      this.#finishedCount--;
      taken.push(this.#ticketOf(read));
    }
    this.#finished = this.#finished.slice(next);
    return taken;
  }

  #ticketOf({ tile, version, planes }: Read): Ticket<TilePayload> {
    let held = this.#tileBytes;
    const release = () => {
      this.#inFlight.giveBack(held);
      held = 0;
    };
    return { tile, version, payload: planes!, release };
  }

  /** Hands out failures. */
  takeFailures(): FailedTile[] {
    return this.#failures.splice(0);
  }

  /** Withdraws every request, and takes no more. */
  close(): void {
    this.#isClosed = true;
    this.#notify = null;
    for (const tile of [...this.#reads.keys()]) this.cancel(tile);
    this.#failures = [];
  }
}
