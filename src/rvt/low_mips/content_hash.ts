/**
 * Short texts that differ where contents do. Pure.
 *
 * Two lanes of 32 bits, mixed word by word as MurmurHash3 does (A. Appleby, 2011) with other constants in
 * each: contents that differ by accident have different hashes but once in 2^64 pairs.
 *
 * @module
 */

/** Adds up contents in the order in which they are given. */
export class ContentHash {
  #first = 0x9747b28c | 0;
  #second = 0x3c6ef372 | 0;
  #count = 0;

  #addWord(word: number): void {
    this.#first = mixedIn(
      this.#first,
      Math.imul(rotated(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593),
    );
    this.#second = mixedIn(
      this.#second,
      Math.imul(rotated(Math.imul(word, 0xab0e9789), 15), 0x38b34ae5),
    );
    this.#count++;
  }

  /** Adds bytes, and how many there are. */
  addBytes(view: ArrayBufferView): this {
    const { buffer, byteOffset, byteLength } = view;
    const data = new DataView(buffer, byteOffset, byteLength);
    this.#addWord(byteLength);
    const whole = byteLength - byteLength % 4;
    for (let at = 0; at < whole; at += 4) this.#addWord(data.getInt32(at, true));
    for (let at = whole; at < byteLength; at++) this.#addWord(data.getUint8(at));
    return this;
  }

  /** Adds numbers, and how many there are. */
  addNumbers(numbers: ArrayLike<number>): this {
    return this.addBytes(numbers instanceof Float64Array ? numbers : Float64Array.from(numbers));
  }

  /** Adds a text. */
  addText(text: string): this {
    return this.addBytes(new TextEncoder().encode(text));
  }

  /** The hash: 16 hexadecimal digits. */
  get digits(): string {
    return [this.#first, this.#second].map((lane) =>
      (finished(lane ^ this.#count) >>> 0).toString(16).padStart(8, "0")
    ).join("");
  }
}

function mixedIn(lane: number, mixed: number): number {
  return (Math.imul(rotated(lane ^ mixed, 13), 5) + 0xe6546b64) | 0;
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** The final mix of MurmurHash3: a small difference becomes one of about half of all bits. */
export function finished(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
