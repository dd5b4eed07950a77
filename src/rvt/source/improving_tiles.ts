/**
 * Whether something better is to come of tiles that were made from less than they sample.
 *
 * @module
 */

import type { TileVisits } from "../../residency/mod.ts";
import type { SourceTexture } from "../../streaming/mod.ts";
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

  constructor(parts: ImprovingTilesParts) {
    this.#parts = parts;
  }

  /** Whether a tile will be made anew by itself, or one that it was made from, but for visited ones. */
  isImproving(tile: number, visits: TileVisits): boolean {
    if (!visits.noteVisit(this, tile)) return false;
    if (this.#parts.stalls.isTriedSoon(tile)) return true;
    return this.#someUsed(tile, (source, used) => source.isImproving(used, visits));
  }

  /** Whether a tile was made from less than it samples, or one that it was made from, but for visited ones. */
  isImprovable(tile: number, visits: TileVisits): boolean {
    if (!visits.noteVisit(this, tile)) return false;
    if (this.#parts.made.improvable.has(tile)) return true;
    return this.#someUsed(tile, (source, used) => source.isImprovable(used, visits));
  }

  /**
   * Tries once more what a tile lacks, and what the tiles that it was made from lack, but for visited ones.
   *
   * @param wouldFit Whether a tile can be made so many levels coarser than it samples by now.
   */
  improve(
    tile: number,
    visits: TileVisits,
    wouldFit: (tile: number, coarser: number) => boolean,
  ): void {
    if (!visits.noteVisit(this, tile)) return;
    const { made, stalls } = this.#parts;
    stalls.delete(tile);
    const { coarser = 0, lacking, isUnheld = false } = made.get(tile) ?? {};
    const isOnlyCoarser = coarser > 0 && lacking?.size === 0 && !isUnheld;
    const isBetterMade = !isOnlyCoarser || wouldFit(tile, coarser - 1);
    if (made.improvable.has(tile) && isBetterMade) made.makeStale(tile);
    this.#someUsed(tile, (source, used) => {
      source.retryTile(used, visits);
      return false;
    });
  }

  /** Whether a test holds for one of the tiles that a tile was made from; none is tested after it. */
  #someUsed(tile: number, test: (source: SourceTexture, used: number) => boolean): boolean {
    for (const [object, tiles] of this.#parts.made.get(tile)?.used ?? []) {
      const source = this.#parts.sources.sourceOf(object);
      if (source !== null && tiles.some((used) => test(source, used))) return true;
    }
    return false;
  }
}
