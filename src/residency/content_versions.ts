/**
 * Which version of each tile's content is wanted.
 *
 * Every invalidation has a number, and content is as new as the last invalidation before it was
 * asked for. Invalidating everything is one number, not a list.
 *
 * @module
 */

import { IntMap } from "./int_map.ts";

/** The versions of one texture's tiles. */
export class ContentVersions {
  #newest: number;
  #epoch = 0;
  readonly #ofTile = new IntMap(8);

  /**
   * Versions of tiles of which none is stale.
   *
   * @param newest Version of content that is asked for until something is invalidated.
   */
  constructor(newest = 0) {
    this.#newest = newest;
  }

  /** Version of content that is asked for now; 0 until something was invalidated. */
  get newest(): number {
    return this.#newest;
  }

  /** Number of tiles with a version of their own. */
  get size(): number {
    return this.#ofTile.size;
  }

  /** Bytes of CPU memory. */
  get byteLength(): number {
    return this.#ofTile.byteLength;
  }

  /** Begins an invalidation, of which {@linkcode invalidateTile} then names the tiles. */
  beginInvalidation(): void {
    this.#newest++;
  }

  /** Makes older content of a tile stale, as part of the invalidation that was begun last. */
  invalidateTile(tile: number): void {
    this.#ofTile.set(tile, this.#newest);
  }

  /** Makes the content of every tile stale. */
  invalidateAll(): void {
    this.#epoch = ++this.#newest;
    this.#ofTile.clear();
  }

  /** Version below which a tile's content is stale. */
  wantedVersion(tile: number): number {
    if (this.#ofTile.size === 0) return this.#epoch;
    return Math.max(this.#epoch, this.#ofTile.get(tile, 0));
  }

  /** Drops the version of a tile that has no content any more: its next one is new anyway. */
  forgetTile(tile: number): void {
    if (this.#ofTile.size > 0) this.#ofTile.delete(tile);
  }
}
