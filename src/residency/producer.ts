/**
 * The contract between residency and whatever makes the content of a texture's tiles.
 *
 * A supply has two halves. This one, the producer, is pure: it is asked for tiles and hands back
 * finished work as tickets. The other half, `TileRecorder` in `gpu/`, puts the payloads of tickets
 * into slots of the atlas. Neither touches the page table.
 *
 * @module
 */

import type { TileVisits } from "./tile_visits.ts";

/**
 * What a producer answers to a request.
 *
 * - `available`: the work is finished and will be handed out by the next `takeFinishedTiles`;
 * - `pending`: in flight;
 * - `saturated`: no room now, ask again in the next update;
 * - `invalid`: this tile can never be made (it does not exist or its content is broken).
 */
export type RequestAnswer = "available" | "pending" | "saturated" | "invalid";

/** Finished work: the content of one tile of the producer's texture. */
export interface Ticket<Payload> {
  /** Index of the tile in its texture's `TileGrid`. */
  readonly tile: number;
  /** Version of the content that was asked for. */
  readonly version: number;
  /** What the recorder needs: block bytes for a file, a draw list for a runtime texture. */
  readonly payload: Payload;
  /**
   * Gives back what the payload holds. Called once, when the content is in the atlas for good or is
   * not wanted.
   */
  release(): void;
}

/** A tile that could not be made this time. */
export interface FailedTile {
  /** Index of the tile in its texture's `TileGrid`. */
  readonly tile: number;
  /** Version that was asked for. */
  readonly version: number;
  /** Why. */
  readonly error: Error;
}

/** The pure half of one texture's supply. */
export interface TileProducer<Payload> {
  /**
   * Asks for a tile; a higher priority is served first. Asking again for a tile in flight, with the
   * same version, renews its priority; with a newer version, replaces the request.
   */
  request(tile: number, version: number, priority: number): RequestAnswer;
  /** Withdraws a request; finished work that was not handed out is dropped. */
  cancel(tile: number): void;
  /** Hands out finished work, in the order in which it finished, at most so many tiles. */
  takeFinishedTiles(maxTiles: number): Ticket<Payload>[];
  /** Hands out what has failed since the last call. */
  takeFailures(): FailedTile[];
  /** Number of tiles that were asked for and neither handed out nor withdrawn. */
  readonly pendingCount: number;
  /** Number of finished tiles and failures that wait to be handed out. */
  readonly finishedCount: number;
  /**
   * Number of tiles that were asked for and wait for tiles of other textures; left out for none. They are
   * handed out once those are there, or cannot come.
   */
  readonly waitingCount?: number;
  /**
   * Through how many textures, this one included, its tiles are made from tiles of a pool, or of any for
   * null; left out for none.
   */
  depthIn?(pool: object | null): number;
  /** Makes what waits for tiles of other textures go on without them. */
  stopWaiting?(): void;
  /**
   * Hands out tiles whose content is to be made anew, as what it was made from has changed, or better can
   * be made. Asked at the beginning of each frame.
   */
  takeStaleTiles?(): readonly number[];
  /**
   * Whether a tile that is up to date will be made anew by itself, as not all that it is made from was up to
   * date; left out for never. False if nothing more has come in some tries, or the tile was visited before.
   */
  isImproving?(tile: number, visits: TileVisits): boolean;
  /**
   * Whether a tile that is up to date was made from less than it should be, or from tiles that were; left
   * out for never. False if the tile was visited before.
   */
  isImprovable?(tile: number, visits: TileVisits): boolean;
  /**
   * Tries once more what a tile could not be made from, and makes the tile anew with it, unless it was
   * visited before.
   */
  improveTile?(tile: number, visits: TileVisits): void;
  /**
   * Notes that content of a tile that was handed out has got its slot; left out by producers whose tiles are
   * not made from others.
   *
   * @returns Whether it is better than earlier content that other textures' may be made from, although
   * that was up to date.
   */
  noteLanded?(tile: number): boolean;
  /** Notes that a tile is not resident any more, and content of no other texture is made from its. */
  noteEvicted?(tile: number): void;
  /**
   * Whether a tile, if it is asked for now, is uploaded although others of the texture are drawn; left out for
   * never.
   */
  isUploaded?(tile: number): boolean;
  /**
   * Number of finished tiles that are uploaded although others of the texture are drawn, while there are any of
   * which `takeFinishedTiles` hands out no others; left out for none.
   */
  readonly finishedUploads?: number;
  /** Names the function to call whenever a tile has finished or failed; null for none. */
  setListener(notify: (() => void) | null): void;
}

/** What putting one tile into the atlas costs. */
export interface TileCost {
  /** Bytes that are uploaded. */
  readonly uploadBytes: number;
  /** Bytes of staging or scratch memory, until the GPU is done with it. */
  readonly scratchBytes: number;
  /** Estimated time on the GPU in milliseconds; 0 for a copy. */
  readonly gpuMs: number;
}

/** What a tile takes of a budget. */
export interface TileExpense {
  /** Its bytes, and time on the GPU. */
  readonly cost: TileCost;
  /** Whether it is drawn instead of uploaded. */
  readonly isDrawn: boolean;
}

/** Priority of requests for what other tiles wait for: above all that are only wanted. */
export const NEED_PRIORITY: number = 2 ** 42;
