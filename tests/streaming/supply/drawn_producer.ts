/**
 * A producer that only remembers what to draw: all the work is the recorder's.
 *
 * @module
 */

import type {
  FailedTile,
  RequestAnswer,
  Ticket,
  TileProducer,
} from "../../../src/residency/mod.ts";
import type { DrawnWorld } from "./drawn_world.ts";

/** What is to be drawn of a tile, as it was when the tile was asked for. */
export interface DrawnTile {
  readonly tile: number;
  readonly changes: number;
}

interface Request extends DrawnTile {
  readonly version: number;
  /** Frame in which it is ready. */
  readonly readyFrame: number;
}

/** Remembers what is asked for, and hands it out some frames later. */
export class DrawnProducer implements TileProducer<DrawnTile> {
  /** Frames that a tile takes. */
  delayFrames = 0;
  /** Tickets that were handed out and not given back. */
  heldTickets = 0;
  readonly #world: DrawnWorld;
  readonly #mostTiles: number;
  readonly #requests = new Map<number, Request>();
  #frame = 0;
  #notify: (() => void) | null = null;

  /** @param mostTiles Tiles that may be in flight. */
  constructor(world: DrawnWorld, mostTiles: number) {
    this.#world = world;
    this.#mostTiles = mostTiles;
  }

  /** Lets time pass; tiles that are late by now are ready. */
  beginFrame(): void {
    this.#frame++;
    if (this.finishedCount > 0) this.#notify?.();
  }

  #isReady({ readyFrame }: Request): boolean {
    return readyFrame <= this.#frame || this.delayFrames === 0;
  }

  request(tile: number, version: number): RequestAnswer {
    if (!(tile >= 0 && tile < this.#world.grid.tileCount)) return "invalid";
    const open = this.#requests.get(tile);
    if (open !== undefined && open.version >= version) {
      return this.#isReady(open) ? "available" : "pending";
    }
    if (open === undefined && this.#requests.size >= this.#mostTiles) return "saturated";
    const request = {
      tile,
      version,
      changes: this.#world.changes[tile]!,
      readyFrame: this.#frame + this.delayFrames,
    };
    this.#requests.delete(tile);
    this.#requests.set(tile, request);
    if (!this.#isReady(request)) return "pending";
    this.#notify?.();
    return "available";
  }

  cancel(tile: number): void {
    this.#requests.delete(tile);
  }

  takeFinishedTiles(maxTiles: number): Ticket<DrawnTile>[] {
    const taken: Ticket<DrawnTile>[] = [];
    for (const request of this.#requests.values()) {
      if (taken.length === maxTiles) break;
      if (!this.#isReady(request)) continue;
      this.#requests.delete(request.tile);
      this.heldTickets++;
      const { tile, version } = request;
      taken.push({ tile, version, payload: request, release: () => this.heldTickets-- });
    }
    return taken;
  }

  takeFailures(): FailedTile[] {
    return [];
  }

  get pendingCount(): number {
    return this.#requests.size;
  }

  get finishedCount(): number {
    let count = 0;
    for (const request of this.#requests.values()) if (this.#isReady(request)) count++;
    return count;
  }

  setListener(notify: (() => void) | null): void {
    this.#notify = notify;
  }
}
