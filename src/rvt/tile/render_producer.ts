/**
 * The producer of a runtime virtual texture: remembers which tiles are to be rendered. The work is the
 * recorder's.
 *
 * @module
 */

import type {
  FailedTile,
  RequestAnswer,
  Ticket,
  TileProducer,
  TileVisits,
} from "../../residency/mod.ts";

/** A tile that is to be rendered, as its components are when its commands are recorded. */
export interface TileToRender {
  readonly tile: number;
}

interface Request extends TileToRender {
  readonly version: number;
  priority: number;
}

/** Whether a tile can be rendered now. */
export interface TileReadiness {
  /** Whether all that a tile needs is there. Asked again whenever the tile is looked at. */
  isReady(tile: number): boolean;
}

/** Tiles of other textures that tiles are made from. */
export interface TileSources extends TileReadiness {
  /** Tiles that are asked for and wait for others. */
  readonly waitingCount: number;
  /** Resident tiles for which a better one may come. */
  readonly improvableTiles: ReadonlySet<number>;
  /** Through how many textures, this one included, tiles are made from tiles of a pool. */
  depthIn(pool: object | null): number;
  /** Notes that a tile is asked for, or asked for again. */
  noteRequest(tile: number, priority: number): void;
  /** Notes that it is not any more. */
  noteCancel(tile: number): void;
  /** Notes that a tile is rendered with the next submit; what it returns is called when that is over. */
  noteTaken(tile: number): () => void;
  /**
   * Notes that content of a tile that was taken has got its slot; whether it is better than earlier content
   * that others may be made from.
   */
  noteLanded(tile: number): boolean;
  /** Notes that a tile is not resident any more. */
  noteEvicted(tile: number): void;
  /** Whether a resident tile will be made anew by itself. */
  isImproving(tile: number, visits: TileVisits): boolean;
  /** Whether it was made from less than it samples, or from tiles that were. */
  isImprovable(tile: number, visits: TileVisits): boolean;
  /** Tries once more what a tile could not be made from. */
  improveTile(tile: number, visits: TileVisits): void;
  /** Makes what waits go on with what there is. */
  stopWaiting(): void;
  /** Hands out tiles that are to be made anew. */
  takeStaleTiles(): readonly number[];
}

const ALWAYS_READY: TileReadiness = { isReady: () => true };
const NO_SOURCES: TileSources = {
  ...ALWAYS_READY,
  waitingCount: 0,
  improvableTiles: new Set(),
  depthIn: () => 0,
  noteRequest() {},
  noteCancel() {},
  noteTaken: () => () => {},
  noteLanded: () => false,
  noteEvicted() {},
  isImproving: () => false,
  isImprovable: () => false,
  improveTile() {},
  stopWaiting() {},
  takeStaleTiles: () => [],
};

/** Tiles that may be in flight: some updates' worth. */
const MOST_REQUESTS = 256;

/** Remembers requests; the most wanted that can be rendered are handed out first. */
export class RenderProducer implements TileProducer<TileToRender> {
  readonly #tileCount: number;
  readonly #readiness: TileReadiness;
  readonly #sources: TileSources;
  readonly #requests = new Map<number, Request>();
  #notify: (() => void) | null = null;

  /**
   * Nothing is asked for.
   *
   * @param tileCount Number of tiles of the texture.
   * @param waits What tiles wait for; default nothing.
   */
  constructor(
    tileCount: number,
    waits: { readonly readiness?: TileReadiness; readonly sources?: TileSources } = {},
  ) {
    this.#tileCount = tileCount;
    this.#readiness = waits.readiness ?? ALWAYS_READY;
    this.#sources = waits.sources ?? NO_SOURCES;
  }

  #isReady({ tile, priority }: Request): boolean {
    if (!this.#readiness.isReady(tile)) return false;
    // What it has waited for may sample others, where nothing did before.
    this.#sources.noteRequest(tile, priority);
    return this.#sources.isReady(tile);
  }

  /** See {@linkcode TileProducer.request}. */
  request(tile: number, version: number, priority: number): RequestAnswer {
    if (!(tile >= 0 && tile < this.#tileCount)) return "invalid";
    const open = this.#requests.get(tile);
    if (open === undefined && this.#requests.size >= MOST_REQUESTS && priority !== Infinity) {
      return "saturated";
    }
    let request = open;
    if (request !== undefined && request.version >= version) request.priority = priority;
    else this.#requests.set(tile, request = { tile, version, priority });
    this.#sources.noteRequest(tile, priority);
    if (!this.#isReady(request)) return "pending";
    this.#notify?.();
    return "available";
  }

  /** See {@linkcode TileProducer.cancel}. */
  cancel(tile: number): void {
    const isWithdrawn = this.#requests.delete(tile);
    this.#sources.noteCancel(tile);
    if (isWithdrawn) this.#notify?.();
  }

  /** See {@linkcode TileProducer.waitingCount}. */
  get waitingCount(): number {
    return this.#sources.waitingCount;
  }

  /** See {@linkcode TileProducer.depthIn}. */
  depthIn(pool: object | null): number {
    return this.#sources.depthIn(pool);
  }

  /** Resident tiles that were made from less than they sample. */
  get improvableTiles(): ReadonlySet<number> {
    return this.#sources.improvableTiles;
  }

  /** See {@linkcode TileProducer.stopWaiting}. */
  stopWaiting(): void {
    this.#sources.stopWaiting();
  }

  /** See {@linkcode TileProducer.takeStaleTiles}. */
  takeStaleTiles(): readonly number[] {
    return this.#sources.takeStaleTiles();
  }

  /** See {@linkcode TileProducer.isImproving}. */
  isImproving(tile: number, visits: TileVisits): boolean {
    return this.#sources.isImproving(tile, visits);
  }

  /** See {@linkcode TileProducer.isImprovable}. */
  isImprovable(tile: number, visits: TileVisits): boolean {
    return this.#sources.isImprovable(tile, visits);
  }

  /** See {@linkcode TileProducer.improveTile}. */
  improveTile(tile: number, visits: TileVisits): void {
    this.#sources.improveTile(tile, visits);
  }

  /** See {@linkcode TileProducer.noteLanded}. */
  noteLanded(tile: number): boolean {
    return this.#sources.noteLanded(tile);
  }

  /** See {@linkcode TileProducer.noteEvicted}. */
  noteEvicted(tile: number): void {
    this.#sources.noteEvicted(tile);
  }

  /** Tells that tiles may have become ready. */
  noteReadiness(): void {
    if (this.finishedCount > 0) this.#notify?.();
  }

  /** Hands out tiles that can be rendered, the most wanted first. */
  takeFinishedTiles(maxTiles: number): Ticket<TileToRender>[] {
    const ready = [...this.#requests.values()].filter((request) => this.#isReady(request));
    ready.sort((a, b) => b.priority - a.priority);
    return ready.slice(0, maxTiles).map((request) => {
      this.#requests.delete(request.tile);
      const { tile, version } = request;
      return { tile, version, payload: { tile }, release: this.#sources.noteTaken(tile) };
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
    for (const request of this.#requests.values()) if (this.#isReady(request)) count++;
    return count;
  }

  /** See {@linkcode TileProducer.setListener}. */
  setListener(notify: (() => void) | null): void {
    this.#notify = notify;
  }
}
