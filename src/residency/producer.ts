/**
 * The contract between residency and whatever makes a tile's texels.
 *
 * A producer has two halves. This one is pure: it is asked for tiles and hands back finished work
 * as tickets. The other half, `TileRecorder` in `gpu/`, puts the payloads of tickets into slots of
 * the atlas. A producer never touches the page table.
 *
 * @module
 */

/**
 * What a producer answers to a request.
 *
 * - `available`: the work is finished and will be handed out by the next `take`;
 * - `pending`: under way;
 * - `saturated`: no room now, ask again in the next update;
 * - `invalid`: this tile can never be made (it does not exist or its content is broken).
 */
export type RequestAnswer = "available" | "pending" | "saturated" | "invalid";

/** Finished work: the texels of one tile, identified by texture, tile and version. */
export interface Ticket<Payload> {
  /** Number of the texture, unique within a system and never used again. */
  readonly textureId: number;
  /** Number of the tile in its texture's `TileGrid`. */
  readonly tile: number;
  /** Version of the content that was asked for. */
  readonly version: number;
  /** What the recorder needs: block bytes for a file, a draw list for a runtime texture. */
  readonly payload: Payload;
  /** Bytes that recording will upload. */
  readonly byteLength: number;
}

/** A tile that could not be made this time. */
export interface FailedTile {
  /** Number of the texture. */
  readonly textureId: number;
  /** Number of the tile among all of the texture. */
  readonly tile: number;
  /** Version that was asked for. */
  readonly version: number;
  /** Why. */
  readonly error: Error;
}

/** The pure half of a producer. */
export interface TileProducer<Payload> {
  /** Asks for a tile; a higher priority is served first. Asking again renews the priority. */
  request(textureId: number, tile: number, version: number, priority: number): RequestAnswer;
  /** Withdraws a request; work that is already finished is dropped. */
  cancel(textureId: number, tile: number): void;
  /** Hands out finished work, at most so many tiles and bytes (at least one tile if any waits). */
  take(maxTiles: number, maxBytes: number): Ticket<Payload>[];
  /** Hands out what has failed since the last call. */
  takeFailures(): FailedTile[];
  /** Number of tiles that were asked for and not yet handed out. */
  readonly pendingCount: number;
  /** Number of finished tiles and failures that wait to be handed out. */
  readonly finishedCount: number;
  /** Resolves when anything has finished or failed since it was last called, at once if so. */
  settled(signal?: AbortSignal): Promise<void>;
}
