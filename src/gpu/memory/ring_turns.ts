/**
 * Which buffer of a ring takes the next bytes. Pure: no GPU, no clock.
 *
 * @module
 */

/** Room in one buffer of a ring. */
export interface RingPlace {
  /** Which buffer. */
  readonly index: number;
  /** First byte in it. */
  readonly offsetBytes: number;
}

/** When bytes are placed. */
export interface RingMoment {
  /** Number of the submit that will read them. */
  readonly serial: number;
  /** Number of the newest submit that is known to be done. */
  readonly completed: number;
}

/**
 * The turns of a ring's buffers. A buffer takes bytes of one submit, and is empty again once that
 * submit is known to be done; the buffers take turns in their order.
 */
export class RingTurns {
  /** Bytes of each buffer. */
  readonly bufferBytes: number;
  /** The submit that reads each buffer; 0 for none. */
  readonly #serials: number[];
  readonly #usedBytes: number[];
  #current = 0;

  /** Begins with empty buffers. */
  constructor(count: number, bufferBytes: number) {
    this.bufferBytes = bufferBytes;
    this.#serials = new Array(count).fill(0);
    this.#usedBytes = new Array(count).fill(0);
  }

  /** The buffer that was filled last. */
  get currentIndex(): number {
    return this.#current;
  }

  get #next(): number {
    const current = this.#current;
    return this.#serials[current] === 0 ? current : (current + 1) % this.#serials.length;
  }

  /** The submit that reads the buffer whose turn is next; 0 for none. */
  get nextSerial(): number {
    return this.#serials[this.#next]!;
  }

  /** Takes room for bytes; null if the next buffer is still read, or they exceed any buffer. */
  place(bytes: number, { serial, completed }: RingMoment): RingPlace | null {
    if (bytes > this.bufferBytes) return null;
    const current = this.#current;
    const isOpen = this.#serials[current] === serial &&
      this.#usedBytes[current]! + bytes <= this.bufferBytes;
    if (!isOpen) {
      const next = this.#next;
      if (this.#serials[next]! > completed) return null;
      this.#current = next;
      this.#serials[next] = serial;
      this.#usedBytes[next] = 0;
    }
    const index = this.#current;
    const offsetBytes = this.#usedBytes[index]!;
    this.#usedBytes[index] = offsetBytes + bytes;
    return { index, offsetBytes };
  }

  /** Takes back what was placed for a submit that never came. */
  drop(serial: number): void {
    for (const [index, one] of this.#serials.entries()) {
      if (one !== serial) continue;
      this.#serials[index] = 0;
      this.#usedBytes[index] = 0;
    }
  }

  /** Bytes that submits read, as far as is known, or will read. */
  bytesInFlight(completed: number): number {
    let bytes = 0;
    for (const [index, serial] of this.#serials.entries()) {
      if (serial > completed) bytes += this.#usedBytes[index]!;
    }
    return bytes;
  }
}
