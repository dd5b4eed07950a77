/**
 * A growable list of tiles in typed arrays: filled and emptied every frame without allocating.
 *
 * @module
 */

/** Why a tile is on a list; a larger number is the stronger reason. */
export const TileReason = {
  /** Prefetched, or along the camera's motion. */
  prefetch: 0,
  /** Close to what is visible. */
  margin: 1,
  /** Seen. */
  visible: 2,
} as const;

/** One of the values of {@linkcode TileReason}. */
export type TileReasonValue = (typeof TileReason)[keyof typeof TileReason];

/** Tiles of one texture with the pixels they cover and the reason they are wanted. */
export class TileList {
  /** Number of tiles on the list; elements of the arrays from there on mean nothing. */
  count = 0;
  /** Tile index of each tile. */
  tiles = new Int32Array(256);
  /** Pixels that each tile covers on the screen, at least 0. */
  coverage = new Float32Array(256);
  /** {@linkcode TileReason} of each tile. */
  reasons = new Uint8Array(256);
  /** 1 for a tile that nothing samples and that stands in for finer ones. */
  standIns = new Uint8Array(256);
  /** Number of those. */
  standInCount = 0;

  /** Empties the list. */
  clear(): void {
    this.count = 0;
    this.standInCount = 0;
  }

  /** Appends a tile. */
  push(tile: number, coverage: number, reason: TileReasonValue): void {
    if (this.count === this.tiles.length) this.#grow();
    this.tiles[this.count] = tile;
    this.coverage[this.count] = coverage;
    this.standIns[this.count] = 0;
    this.reasons[this.count++] = reason;
  }

  /** Appends a tile that only stands in for finer ones. */
  pushStandIn(tile: number, coverage: number, reason: TileReasonValue): void {
    this.push(tile, coverage, reason);
    this.standIns[this.count - 1] = 1;
    this.standInCount++;
  }

  /** Drops tiles that only stand in, but for the first ones. */
  dropStandIns(kept: number): void {
    let end = 0;
    let left = kept;
    for (let i = 0; i < this.count; i++) {
      const standsIn = this.standIns[i]!;
      if (standsIn === 1 && left-- <= 0) continue;
      this.tiles[end] = this.tiles[i]!;
      this.coverage[end] = this.coverage[i]!;
      this.reasons[end] = this.reasons[i]!;
      this.standIns[end++] = standsIn;
    }
    this.count = end;
    this.standInCount = Math.min(this.standInCount, Math.max(0, kept));
  }

  #grow(): void {
    const size = 2 * this.tiles.length;
    const { tiles, coverage, reasons, standIns } = this;
    this.tiles = new Int32Array(size);
    this.tiles.set(tiles);
    this.coverage = new Float32Array(size);
    this.coverage.set(coverage);
    this.reasons = new Uint8Array(size);
    this.reasons.set(reasons);
    this.standIns = new Uint8Array(size);
    this.standIns.set(standIns);
  }
}
