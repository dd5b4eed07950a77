/**
 * Finds contents that are stored already.
 *
 * @module
 */

/** 32-bit words of a digest that are kept: 128 bits, so equal ones are of equal contents. */
const WORDS = 4;
const FREE = 0xFFFFFFFF;
const FIRST_CAPACITY = 1024;

/**
 * Numbers contents by the digests of their bytes, from 0 on. It takes 24 to 48 bytes a content, and
 * any number of them, where a `Map` holds 2^24 at most.
 */
export class ContentTable {
  /** Open addressing: numbers of contents, at most two thirds of the places. */
  #places = new Uint32Array(FIRST_CAPACITY).fill(FREE);
  #digests = new Uint32Array(FIRST_CAPACITY * WORDS);
  #count = 0;

  /** Distinct contents so far. */
  get count(): number {
    return this.#count;
  }

  /**
   * The number of a content; a new one is the count before.
   *
   * @param digest SHA-256 of its bytes.
   */
  add(digest: Uint8Array): number {
    const view = new DataView(digest.buffer, digest.byteOffset, WORDS * 4);
    let place = this.#placeOf(view.getUint32(0));
    for (;; place = (place + 1) % this.#places.length) {
      const content = this.#places[place]!;
      if (content === FREE) break;
      if (this.#holds(content, view)) return content;
    }
    const content = this.#count++;
    this.#places[place] = content;
    if (this.#count * WORDS > this.#digests.length) this.#growDigests();
    for (let i = 0; i < WORDS; i++) this.#digests[content * WORDS + i] = view.getUint32(4 * i);
    if (this.#count * 3 > this.#places.length * 2) this.#growPlaces();
    return content;
  }

  #holds(content: number, digest: DataView): boolean {
    for (let i = 0; i < WORDS; i++) {
      if (this.#digests[content * WORDS + i] !== digest.getUint32(4 * i)) return false;
    }
    return true;
  }

  #placeOf(word: number): number {
    return word % this.#places.length;
  }

  #growDigests(): void {
    const larger = new Uint32Array(this.#digests.length * 2);
    larger.set(this.#digests);
    this.#digests = larger;
  }

  #growPlaces(): void {
    this.#places = new Uint32Array(this.#places.length * 2).fill(FREE);
    for (let content = 0; content < this.#count; content++) {
      let place = this.#placeOf(this.#digests[content * WORDS]!);
      while (this.#places[place] !== FREE) place = (place + 1) % this.#places.length;
      this.#places[place] = content;
    }
  }
}
