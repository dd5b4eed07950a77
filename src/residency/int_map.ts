/**
 * A map from integers to integers in typed arrays: no allocation per item, memory in
 * proportion to what it holds.
 *
 * Open addressing with linear probing; removal shifts back what follows, so there are no
 * tombstones (Knuth, The Art of Computer Programming, vol. 3, 6.4, algorithm R).
 *
 * @module
 */

const EMPTY = -1;

/** Map from integers ≥ 0 to 32-bit integers. */
export class IntMap {
  #keys: Int32Array;
  #values: Int32Array;
  #mask: number;
  #size = 0;

  /**
   * An empty map.
   *
   * @param capacity How many items fit before the map grows.
   */
  constructor(capacity = 16) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(8, capacity * 2)));
    this.#keys = new Int32Array(slots).fill(EMPTY);
    this.#values = new Int32Array(slots);
    this.#mask = slots - 1;
  }

  /** Number of items. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of the arrays. */
  get byteLength(): number {
    return this.#keys.byteLength + this.#values.byteLength;
  }

  /** Value of a key, or `missing`. */
  get(key: number, missing = -1): number {
    const keys = this.#keys;
    for (let at = this.#hash(key);; at = (at + 1) & this.#mask) {
      const found = keys[at]!;
      if (found === key) return this.#values[at]!;
      if (found === EMPTY) return missing;
    }
  }

  /** Whether a key is in the map. */
  has(key: number): boolean {
    const keys = this.#keys;
    for (let at = this.#hash(key);; at = (at + 1) & this.#mask) {
      const found = keys[at]!;
      if (found === key) return true;
      if (found === EMPTY) return false;
    }
  }

  /** Sets the value of a key. */
  set(key: number, value: number): void {
    if (2 * (this.#size + 1) > this.#keys.length) this.#grow();
    const keys = this.#keys;
    let at = this.#hash(key);
    while (keys[at] !== EMPTY && keys[at] !== key) at = (at + 1) & this.#mask;
    if (keys[at] === EMPTY) this.#size++;
    keys[at] = key;
    this.#values[at] = value;
  }

  /** Removes a key; whether it was there. */
  delete(key: number): boolean {
    const keys = this.#keys;
    const values = this.#values;
    let hole = this.#hash(key);
    while (keys[hole] !== key) {
      if (keys[hole] === EMPTY) return false;
      hole = (hole + 1) & this.#mask;
    }
    for (let next = (hole + 1) & this.#mask;; next = (next + 1) & this.#mask) {
      const moved = keys[next]!;
      if (moved === EMPTY) break;
      const home = this.#hash(moved);
      if (((next - home) & this.#mask) >= ((next - hole) & this.#mask)) {
        keys[hole] = moved;
        values[hole] = values[next]!;
        hole = next;
      }
    }
    keys[hole] = EMPTY;
    this.#size--;
    return true;
  }

  /** Removes every key. */
  clear(): void {
    this.#keys.fill(EMPTY);
    this.#size = 0;
  }

  /** Calls a function with every key and value, in no order. */
  forEach(visit: (key: number, value: number) => void): void {
    for (let at = 0; at < this.#keys.length; at++) {
      if (this.#keys[at] !== EMPTY) visit(this.#keys[at]!, this.#values[at]!);
    }
  }

  #hash(key: number): number {
    // Fibonacci hashing: neighbours spread over the whole table.
    const mixed = Math.imul(key, 0x9e3779b1);
    return (mixed ^ (mixed >>> 15)) & this.#mask;
  }

  #grow(): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#keys = new Int32Array(keys.length * 2).fill(EMPTY);
    this.#values = new Int32Array(keys.length * 2);
    this.#mask = this.#keys.length - 1;
    this.#size = 0;
    for (let at = 0; at < keys.length; at++) {
      if (keys[at] !== EMPTY) this.set(keys[at]!, values[at]!);
    }
  }
}
