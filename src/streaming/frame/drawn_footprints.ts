/**
 * The footprints of the cameras that were updated for, until what they drew is read back.
 *
 * Feedback of a view is late, and by then the camera may be elsewhere. What the footprint of its view
 * named says nothing new: the footprint of the present view takes its place. Only what was drawn
 * beyond it, such as by geometry that the system knows nothing of, stays wanted.
 *
 * @module
 */

import { IntMap } from "../../residency/mod.ts";
import type { TileList } from "../../tiles/mod.ts";

/** Footprints that are kept at most; what was drawn for older ones counts as beyond. */
const MOST_FOOTPRINTS = 32;

/** The footprints of one texture since feedback was last recorded. */
export class DrawnFootprints {
  #footprints: Int32Array[] = [];

  /** Notes the tiles that an update's footprint samples: the first `count` on a list, but what only stands in. */
  noteFootprint({ tiles, standIns }: TileList, count: number): void {
    this.#footprints.push(tiles.slice(0, count).filter((_, i) => standIns[i] === 0));
    if (this.#footprints.length > MOST_FOOTPRINTS) this.#footprints.shift();
  }

  /**
   * Takes the tiles of all footprints. The last footprint stays. Tiles above them are not among them: what is
   * sampled coarser, by a level that a shader gives or on a slope, is shown by no tile that the footprint
   * wants.
   */
  takeTiles(): IntMap {
    const covered = new IntMap(64);
    for (const tiles of this.#footprints) {
      for (const tile of tiles) covered.set(tile, 1);
    }
    this.#footprints = this.#footprints.slice(-1);
    return covered;
  }
}
