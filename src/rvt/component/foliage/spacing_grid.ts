/**
 * Points of a plane that keep their distance.
 *
 * @module
 */

/** Points, found by the square of a grid that they lie in. */
export class SpacingGrid {
  readonly #minDistance: number;
  readonly #squares = new Map<string, (readonly [number, number])[]>();

  /** Takes the least distance between two points; 0 lets them lie anywhere. */
  constructor(minDistance: number) {
    this.#minDistance = minDistance;
  }

  /** Adds a point, unless another is too near; says whether it did. */
  add(x: number, y: number): boolean {
    const distance = this.#minDistance;
    if (distance === 0) return true;
    const [column, row] = [Math.floor(x / distance), Math.floor(y / distance)];
    for (let r = row - 1; r <= row + 1; r++) {
      for (let c = column - 1; c <= column + 1; c++) {
        const square = this.#squares.get(`${c},${r}`) ?? [];
        if (square.some((other) => Math.hypot(other[0] - x, other[1] - y) < distance)) return false;
      }
    }
    const key = `${column},${row}`;
    this.#squares.set(key, [...this.#squares.get(key) ?? [], [x, y]]);
    return true;
  }
}
