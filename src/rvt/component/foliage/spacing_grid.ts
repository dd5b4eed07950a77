/**
 * Points of a plane that keep their distance.
 *
 * @module
 */

/** No point. */
const NONE = -1;

/** Points, found by the square of a grid that they lie in. Squares share lists by a hash of their place. */
export class SpacingGrid {
  readonly #minDistance: number;
  readonly #mask: number;
  /** The last point of each list, and the one before each point. */
  readonly #last: Int32Array;
  readonly #before: Int32Array;
  readonly #points: Float64Array;
  #count = 0;

  /**
   * No points yet.
   *
   * @param minDistance The least distance between two; 0 lets them lie anywhere.
   * @param mostPoints How many there may be, above 0.
   */
  constructor(minDistance: number, mostPoints: number) {
    this.#minDistance = minDistance;
    const kept = minDistance === 0 ? 0 : mostPoints;
    const lists = 2 ** Math.ceil(Math.log2(2 * kept + 1));
    this.#mask = lists - 1;
    this.#last = new Int32Array(lists).fill(NONE);
    this.#before = new Int32Array(kept);
    this.#points = new Float64Array(2 * kept);
  }

  /** Adds a point, unless another is too near; says whether it did. */
  add(x: number, y: number): boolean {
    const distance = this.#minDistance;
    if (distance === 0) return true;
    const [column, row] = [Math.floor(x / distance), Math.floor(y / distance)];
    // By offsets: so far from 0 that one more is the same number, counting on would never end.
    for (let down = -1; down <= 1; down++) {
      for (let across = -1; across <= 1; across++) {
        if (this.#hasNear(this.#listOf(column + across, row + down), x, y)) return false;
      }
    }
    const list = this.#listOf(column, row);
    const point = this.#count++;
    this.#points[2 * point] = x;
    this.#points[2 * point + 1] = y;
    this.#before[point] = this.#last[list]!;
    this.#last[list] = point;
    return true;
  }

  #hasNear(list: number, x: number, y: number): boolean {
    const points = this.#points;
    for (let at = this.#last[list]!; at !== NONE; at = this.#before[at]!) {
      const [dx, dy] = [points[2 * at]! - x, points[2 * at + 1]! - y];
      if (Math.hypot(dx, dy) < this.#minDistance) return true;
    }
    return false;
  }

  /** Of "Optimized Spatial Hashing for Collision Detection of Deformable Objects" (Teschner et al., 2003). */
  #listOf(column: number, row: number): number {
    return (Math.imul(column, 73856093) ^ Math.imul(row, 19349663)) & this.#mask;
  }
}
