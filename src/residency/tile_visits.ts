/**
 * Which tiles were looked at while what tiles are made from is followed.
 *
 * @module
 */

/**
 * Notes each tile that is looked at: one that many others are made from is followed once, or a chain of
 * textures would take time that grows with the product of what tiles of each are made from.
 */
export interface TileVisits {
  /**
   * Notes that a tile is looked at.
   *
   * @param owner An object that stands for its texture.
   * @returns Whether it was not before.
   */
  noteVisit(owner: object, tile: number): boolean;
}

/** Remembers the tiles of one walk. */
export class VisitedTiles implements TileVisits {
  readonly #visited = new Map<object, Set<number>>();

  /** See {@linkcode TileVisits.noteVisit}. */
  noteVisit(owner: object, tile: number): boolean {
    let tiles = this.#visited.get(owner);
    if (tiles === undefined) this.#visited.set(owner, tiles = new Set());
    if (tiles.has(tile)) return false;
    tiles.add(tile);
    return true;
  }
}
