/**
 * Textures whose tiles the content of other textures is made from, as their supplies see them.
 *
 * @module
 */

import type { ContentListener, NeedState, TileVisits } from "../../residency/mod.ts";
import type { TileGrid } from "../../tiles/mod.ts";

/** A texture that others are made from. It stands for nothing once the texture is unloaded. */
export interface SourceTexture {
  /** Its tiles. */
  readonly grid: TileGrid;
  /** Whether the texture is still loaded. */
  readonly isLoaded: boolean;
  /** The same object for textures that share slots. */
  readonly pool: object;
  /** Tiles of the pool, but for tails, that are needed now. */
  readonly neededCount: number;
  /** How many tiles of the pool can be needed at the same time. */
  readonly room: number;
  /**
   * Through how many textures, this one included, its tiles are made from tiles of a pool, or of any for
   * null: 0 for one that is read.
   */
  depthIn(pool: object | null): number;
  /** The largest depth that any texture has in the pool, at least 1. */
  readonly poolDepth: number;
  /**
   * Keeps a tile, or asks for it before all that is only wanted, until it is released as often.
   */
  hold(tile: number): void;
  /** Needs a tile no more. */
  release(tile: number): void;
  /** Calls a function with each tile that is resident, and whether it is stale. */
  forEachResident(visit: (tile: number, isStale: boolean) => void): void;
  /** How a tile stands that is needed; a `current` one can be sampled in the next submit. */
  stateOf(tile: number): NeedState;
  /** Whether a tile could not be made when it was last asked for. */
  hasFailed(tile: number): boolean;
  /** Asks for a tile, after all that is seen, until it has come. */
  askAhead(tile: number): void;
  /** Whether better content will come by itself of a tile that was not visited before, and is up to date. */
  isImproving(tile: number, visits: TileVisits): boolean;
  /** Whether a tile was made from less than it should be, or from tiles that were, but for visited ones. */
  isImprovable(tile: number, visits: TileVisits): boolean;
  /**
   * Lets a tile that has failed be asked for at once, and tries once more what it could not be made from,
   * unless it was visited before.
   */
  retryTile(tile: number, visits: TileVisits): void;
  /** Ends following the texture. */
  close(): void;
}

/** Finds the textures that content is made from. */
export interface SourceTiles {
  /** Number of the frame of streaming; rises with each. */
  readonly frame: number;
  /**
   * Makes stale what was made from content that has changed, through any number of textures, as the next frame
   * would: until then a tile may be taken for `current` although what it was made from is not. Not to be
   * called by a producer that is asked for its stale tiles.
   */
  takeStaleTiles(): void;
  /**
   * Follows a texture; slots of its pool are kept free for what is needed from now on.
   *
   * @param texture A handle, of the same system.
   * @param listener Hears what happens to its content. It may use neither the system nor sources then.
   * @returns Null if it is not loaded.
   */
  open(texture: { readonly id: number }, listener: ContentListener): SourceTexture | null;
}
