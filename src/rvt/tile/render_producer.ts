/**
 * The producer of a runtime virtual texture: remembers which tiles are to be rendered. The work is the
 * recorder's.
 *
 * @module
 */

import type { FailedTile, RequestAnswer, Ticket, TileProducer } from "../../residency/mod.ts";

/** A tile that is to be rendered, as its components are when its commands are recorded. */
export interface TileToRender {
  readonly tile: number;
}

interface Request extends TileToRender {
  readonly version: number;
  priority: number;
}

/** Whether a tile can be rendered now, for those that sample other virtual textures. */
export interface TileReadiness {
  /** Whether all that a tile samples is there. Asked again whenever the tile is looked at. */
  isReady(tile: number): boolean;
}

const ALWAYS_READY: TileReadiness = { isReady: () => true };

/** Tiles that may be in flight: some updates' worth. */
const MOST_REQUESTS = 256;

/** Remembers requests; the most wanted that can be rendered are handed out first. */
export class RenderProducer implements TileProducer<TileToRender> {
  readonly #tileCount: number;
  readonly #readiness: TileReadiness;
  readonly #requests = new Map<number, Request>();
  #notify: (() => void) | null = null;

  /** @param tileCount Number of tiles of the texture. */
  constructor(tileCount: number, readiness: TileReadiness = ALWAYS_READY) {
    this.#tileCount = tileCount;
    this.#readiness = readiness;
  }

  /** See {@linkcode TileProducer.request}. */
  request(tile: number, version: number, priority: number): RequestAnswer {
    if (!(tile >= 0 && tile < this.#tileCount)) return "invalid";
    const open = this.#requests.get(tile);
    if (open === undefined && this.#requests.size >= MOST_REQUESTS && priority !== Infinity) {
      return "saturated";
    }
    if (open !== undefined && open.version >= version) open.priority = priority;
    else this.#requests.set(tile, { tile, version, priority });
    if (!this.#readiness.isReady(tile)) return "pending";
    this.#notify?.();
    return "available";
  }

  /** See {@linkcode TileProducer.cancel}. */
  cancel(tile: number): void {
    if (this.#requests.delete(tile)) this.#notify?.();
  }

  /** Tells that tiles may have become ready. */
  noteReadiness(): void {
    if (this.finishedCount > 0) this.#notify?.();
  }

  /** Hands out tiles that can be rendered, the most wanted first. */
  takeFinishedTiles(maxTiles: number): Ticket<TileToRender>[] {
    const ready = [...this.#requests.values()].filter(({ tile }) => this.#readiness.isReady(tile));
    ready.sort((a, b) => b.priority - a.priority);
    return ready.slice(0, maxTiles).map((request) => {
      this.#requests.delete(request.tile);
      const { tile, version } = request;
      return { tile, version, payload: { tile }, release() {} };
    });
  }

  /** Nothing fails here: what cannot be rendered fails when it is recorded. */
  takeFailures(): FailedTile[] {
    return [];
  }

  /** See {@linkcode TileProducer.pendingCount}. */
  get pendingCount(): number {
    return this.#requests.size;
  }

  /** See {@linkcode TileProducer.finishedCount}. */
  get finishedCount(): number {
    let count = 0;
    for (const { tile } of this.#requests.values()) if (this.#readiness.isReady(tile)) count++;
    return count;
  }

  /** See {@linkcode TileProducer.setListener}. */
  setListener(notify: (() => void) | null): void {
    this.#notify = notify;
  }
}
