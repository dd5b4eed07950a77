/**
 * The tiles of a grid in the order of PMTiles' tile ids: zoom by zoom, along Hilbert curves.
 *
 * @module
 */

import type { LevelGrid } from "../../../tiles/mod.ts";

/** A tile of a level and its id. */
export interface OrderedTile {
  tileId: number;
  /** Index in its level: row by row. */
  index: number;
}

/**
 * How a square of the curve lies, as bits: 1 transposed, 2 transposed at the other diagonal, both:
 * turned by half. Squares inside one another combine by exclusive or.
 */
type Turn = number;

/** Turns of the four quarters of a square, in the order of the curve. */
const QUARTER_TURNS: readonly Turn[] = [1, 0, 0, 2];

/**
 * Column and row of the quarters, in the order of the curve, for each turn. From the specification's
 * curve, which begins at the top left, goes down and ends at the top right.
 */
const QUARTERS: readonly (readonly (readonly [x: number, y: number])[])[] = [
  [[0, 0], [0, 1], [1, 1], [1, 0]],
  [[0, 0], [1, 0], [1, 1], [0, 1]],
  [[1, 1], [0, 1], [0, 0], [1, 0]],
  [[1, 1], [1, 0], [0, 0], [0, 1]],
];

/**
 * The tiles of one level in the order of their ids. Quarters of the zoom's square that the level
 * does not reach are left out, so the work is in proportion to the level's tiles.
 *
 * @param zoom Zoom of the level; its square has 2^zoom tiles on a side.
 * @returns One object whose values change.
 */
export function* tilesInOrder(
  { tilesX, tilesY }: Pick<LevelGrid, "tilesX" | "tilesY">,
  zoom: number,
): Generator<Readonly<OrderedTile>, void, undefined> {
  const tile: OrderedTile = { tileId: 0, index: 0 };
  // Squares that are still to be visited, the next one last: x, y, log2 of the size, turn, id.
  const stack: number[] = [0, 0, zoom, 0, (4 ** zoom - 1) / 3];
  while (stack.length > 0) {
    const firstId = stack.pop()!;
    const turn = stack.pop()!;
    const log2Size = stack.pop()!;
    const top = stack.pop()!;
    const left = stack.pop()!;
    if (log2Size === 0) {
      tile.tileId = firstId;
      tile.index = top * tilesX + left;
      yield tile;
      continue;
    }
    const half = 2 ** (log2Size - 1);
    for (let quarter = 3; quarter >= 0; quarter--) {
      const [column, row] = QUARTERS[turn]![quarter]!;
      const x = left + column * half;
      const y = top + row * half;
      if (x >= tilesX || y >= tilesY) continue;
      const id = firstId + quarter * half * half;
      stack.push(x, y, log2Size - 1, turn ^ QUARTER_TURNS[quarter]!, id);
    }
  }
}
