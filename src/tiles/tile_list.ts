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
  /** 1 for a tile that nothing samples and that stands in for finer ones, 2 for one that was promoted. */
  standIns = new Uint8Array(256);
  /** Number of those that stand in. */
  standInCount = 0;
  /** Tile and reason of each tile that is put last. */
  #moved = new Int32Array(0);

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

  /** Makes a tile that stands in one that is wanted by itself. */
  promoteStandIn(index: number): void {
    if (this.standIns[index] !== 1) return;
    this.standIns[index] = 2;
    this.standInCount--;
  }

  /**
   * Puts tiles that only stand in behind all others, the first ones of them, and drops the rest. They count as
   * if they covered nothing: nobody sees one while the tiles that it stands in for are there.
   */
  putStandInsLast(kept: number): void {
    if (this.#moved.length < 2 * this.standInCount) {
      this.#moved = new Int32Array(4 * this.standInCount);
    }
    const moved = this.#moved;
    let end = 0;
    let movedCount = 0;
    for (let i = 0; i < this.count; i++) {
      if (this.standIns[i] === 1) {
        if (movedCount === kept) continue;
        moved[2 * movedCount] = this.tiles[i]!;
        moved[2 * movedCount++ + 1] = this.reasons[i]!;
      } else {
        this.tiles[end] = this.tiles[i]!;
        this.coverage[end] = this.coverage[i]!;
        this.reasons[end] = this.reasons[i]!;
        this.standIns[end++] = 0;
      }
    }
    this.count = end;
    this.standInCount = 0;
    for (let i = 0; i < movedCount; i++) {
      this.pushStandIn(moved[2 * i]!, 0, moved[2 * i + 1] as TileReasonValue);
    }
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
