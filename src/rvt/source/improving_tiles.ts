/**
 * Whether something better is to come of tiles that were made from less than they sample.
 *
 * @module
 */

import type { MadeTiles } from "./made_tiles.ts";
import type { OpenSources } from "./open_sources.ts";
import type { StalledTiles } from "./stalled_tiles.ts";

/** What {@linkcode ImprovingTiles} works with; all of it is borrowed. */
export interface ImprovingTilesParts {
  readonly made: MadeTiles;
  readonly stalls: StalledTiles;
  readonly sources: Pick<OpenSources, "sourceOf">;
}

/** Follows what tiles were made from, through all that was made from others in turn. */
export class ImprovingTiles {
  readonly #parts: ImprovingTilesParts;
  /** Textures that sample each other in a circle, as edits may leave them for a moment, end here. */
  #isFollowing = false;

  constructor(parts: ImprovingTilesParts) {
    this.#parts = parts;
  }

  /** Whether a tile will be made anew by itself, or one that it was made from. */
  isImproving(tile: number): boolean {
    if (this.#parts.stalls.isTriedSoon(tile)) return true;
    let isAny = false;
    this.#forEachUsed(tile, (source, used) => isAny ||= source.isImproving(used));
    return isAny;
  }

  /** Whether a tile was made from less than it samples, or one that it was made from was. */
  isImprovable(tile: number): boolean {
    if (this.#parts.made.improvable.has(tile)) return true;
    let isAny = false;
    this.#forEachUsed(tile, (source, used) => isAny ||= source.isImprovable(used));
    return isAny;
  }

  /**
   * Tries once more what a tile lacks, and what the tiles that it was made from lack.
   *
   * @param wouldFit Whether a tile can be made so many levels coarser than it samples by now.
   */
  improve(tile: number, wouldFit: (tile: number, coarser: number) => boolean): void {
    const { made, stalls } = this.#parts;
    stalls.delete(tile);
    const { coarser = 0, lacking, isUnheld = false } = made.get(tile) ?? {};
    const isOnlyCoarser = coarser > 0 && lacking?.size === 0 && !isUnheld;
    const isBetterMade = !isOnlyCoarser || wouldFit(tile, coarser - 1);
    if (made.improvable.has(tile) && isBetterMade) made.makeStale(tile);
    this.#forEachUsed(tile, (source, used) => source.retryTile(used));
  }

  #forEachUsed(
    tile: number,
    visit: (source: NonNullable<ReturnType<OpenSources["sourceOf"]>>, used: number) => void,
  ): void {
    const made = this.#parts.made.get(tile);
    if (made === undefined || this.#isFollowing) return;
    this.#isFollowing = true;
    try {
      for (const [object, tiles] of made.used) {
        const source = this.#parts.sources.sourceOf(object);
        if (source !== null) { for (const used of tiles) visit(source, used); }
      }
    } finally {
      this.#isFollowing = false;
    }
  }
}
