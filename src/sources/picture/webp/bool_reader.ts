/**
 * The boolean entropy decoder of VP8 (RFC 6386, section 7.3), where yes and no are as likely.
 *
 * @module
 */

/** Reads the header of a partition; behind its end there are zeros. */
export class BoolReader {
  readonly #bytes: DataView;
  #at = 2;
  #value: number;
  #range = 255;
  #shifted = 0;

  /** Takes the first bytes of the partition. */
  constructor(bytes: DataView) {
    this.#bytes = bytes;
    this.#value = this.#byte(0) << 8 | this.#byte(1);
  }

  #byte(index: number): number {
    return index < this.#bytes.byteLength ? this.#bytes.getUint8(index) : 0;
  }

  /** The next yes or no. */
  flag(): boolean {
    const split = 1 + (this.#range - 1 >> 1);
    const isSet = this.#value >= split << 8;
    if (isSet) {
      this.#range -= split;
      this.#value -= split << 8;
    } else this.#range = split;
    while (this.#range < 128) {
      this.#value <<= 1;
      this.#range <<= 1;
      if (++this.#shifted === 8) {
        this.#shifted = 0;
        this.#value |= this.#byte(this.#at++);
      }
    }
    return isSet;
  }

  /** An unsigned number of some bits, the highest first. */
  bits(count: number): number {
    let number = 0;
    for (let i = 0; i < count; i++) number = 2 * number + (this.flag() ? 1 : 0);
    return number;
  }

  /** Reads bits for nothing. */
  skip(count: number): void {
    this.bits(count);
  }
}
