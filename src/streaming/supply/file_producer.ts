/**
 * The producer of a streamed texture: reads tiles from its source.
 *
 * @module
 */

import { describeValue } from "../../checks.ts";
import { MalformedFileError } from "../../errors.ts";
import type { FailedTile, RequestAnswer, Ticket, TileProducer } from "../../residency/mod.ts";
import type { TileSource } from "../../sources/mod.ts";
import type { InFlightBudget } from "./in_flight_budget.ts";
import { asTileError } from "./tile_error.ts";

/** Content of one tile: block bytes for each plane. */
export type TilePayload = readonly Uint8Array[];

/** A tile that is being read or waits to be handed out. */
interface Read {
  readonly tile: number;
  readonly version: number;
  readonly abort: AbortController;
  /** Null until the read has ended. */
  bytes: Uint8Array | null;
}

function describeBytes(bytes: unknown): string {
  return bytes instanceof Uint8Array ? `${bytes.byteLength}` : describeValue(bytes);
}

/** Reads tiles as they are asked for, as far as there is memory for them. Owns no source. */
export class FileProducer implements TileProducer<TilePayload> {
  readonly #source: TileSource;
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
   * @param tileBytes Bytes of every tile.
   * @param inFlight Shared by all producers of a system.
   */
  constructor(source: TileSource, tileBytes: number, inFlight: InFlightBudget) {
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
      if (running.version >= version) return running.bytes === null ? "pending" : "available";
      this.cancel(tile);
    }
    if (!this.#inFlight.tryHold(this.#tileBytes, priority === Infinity)) return "saturated";
    const read: Read = { tile, version, abort: new AbortController(), bytes: null };
    this.#reads.set(tile, read);
    this.#readTile(read)
      .then((bytes) => this.#finish(read, bytes))
      .catch((thrown) => this.#fail(read, thrown));
    return "pending";
  }

  /** Reads a tile; a source that throws at once fails like one that rejects. */
  async #readTile({ tile, abort: { signal } }: Read): Promise<Uint8Array> {
    const { level, x, y } = this.#source.grid.addressOf(tile);
    return await this.#source.readTile(level, x, y, { signal });
  }

  #finish(read: Read, bytes: Uint8Array): void {
    if (this.#reads.get(read.tile) !== read) return;
    if (!(bytes instanceof Uint8Array) || bytes.byteLength !== this.#tileBytes) {
      const { name } = this.#source;
      const message = `Cannot use tile ${read.tile} of ${name} as it must have ` +
        `${this.#tileBytes} bytes: current value is ${describeBytes(bytes)}`;
      return this.#fail(read, new MalformedFileError(name, message));
    }
    read.bytes = bytes;
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
    if (read.bytes === null) read.abort.abort();
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

  #ticketOf({ tile, version, bytes }: Read): Ticket<TilePayload> {
    let held = this.#tileBytes;
    const release = () => {
      this.#inFlight.giveBack(held);
      held = 0;
    };
    return { tile, version, payload: [bytes!], release };
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
