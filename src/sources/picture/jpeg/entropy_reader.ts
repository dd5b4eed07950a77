/**
 * Reads the entropy-coded data of a scan without keeping what it says (ITU-T T.81, annex F).
 *
 * @module
 */

import type { HuffmanTable } from "./huffman_table.ts";

/** The tables of one block. */
export interface BlockTables {
  readonly dc: HuffmanTable;
  readonly ac: HuffmanTable;
}

/** Bytes that one block takes at most: 64 codes of 16 bits, each with 16 more. */
export const MOST_BLOCK_BYTES = 64 * 4;

/** Fills an array with what follows what it was filled with before; returns how many bytes. */
export type ReadOn = (into: Uint8Array) => Promise<number>;

/** Where a stretch of data ends. */
export interface ScanMarker {
  /** Bytes of data that were not read before it. */
  readonly left: number;
  /** Its number, 0 to 7, if data goes on behind it; else null. */
  readonly restart: number | null;
  /** Byte of the scan at which it lies. */
  readonly position: number;
}

const BUFFER_BYTES = 512 * 1024;
const MARKER = 0xff;
/** In data, a byte FF is followed by 0. */
const STUFFED = 0;

/** The bits of one scan. */
export class EntropyReader {
  readonly #readOn: ReadOn;
  /** Bytes of the file. */
  readonly #stored: Uint8Array;
  #storedAt = 0;
  #storedEnd = 0;
  /** Bytes of the scan before what is stored. */
  #before = 0;
  /** Bytes of data: those of the file without what is stuffed in, up to the next marker. */
  readonly #data: Uint8Array;
  #dataEnd = 0;
  #isAtMarker = false;
  /** The next bit of the data. */
  #bit = 0;

  /** Takes how many bytes there are at most, and what reads them. */
  constructor(mostBytes: number, readOn: ReadOn) {
    this.#readOn = readOn;
    this.#stored = new Uint8Array(Math.min(BUFFER_BYTES, mostBytes));
    this.#data = new Uint8Array(2 * this.#stored.byteLength);
  }

  /** Makes sure that some bytes of data are in memory, if there are so many before a marker. */
  async fill(bytes: number): Promise<void> {
    if (this.#dataEnd - (this.#bit >> 3) >= bytes || this.#isAtMarker) return;
    const used = this.#bit >> 3;
    this.#data.copyWithin(0, used, this.#dataEnd);
    this.#dataEnd -= used;
    this.#bit -= 8 * used;
    while (!this.#isAtMarker && this.#dataEnd < bytes) {
      // A pair of bytes may lie on both sides of the end.
      if (this.#storedEnd - this.#storedAt < 2 && !await this.#readStored()) {
        this.#isAtMarker = true;
        break;
      }
      this.#takeData();
    }
  }

  /** Reads blocks. Returns false if there are codes of no block. */
  skipBlocks(blocks: readonly BlockTables[]): boolean {
    for (const { dc, ac } of blocks) {
      const data = this.#data;
      let bit = this.#bit;
      const difference = lookUp(dc, data, bit);
      if (difference === 0) return false;
      bit += (difference >> 8) + (difference & 0xff);
      for (let k = 1; k < 64; k++) {
        const entry = lookUp(ac, data, bit);
        const size = entry & 15;
        const run = entry >> 4 & 15;
        bit += (entry >> 8) + size;
        if (size === 0 && run < 15) {
          if (entry === 0) return false;
          break;
        }
        k += run;
        if (k > 63) return false;
      }
      this.#bit = bit;
    }
    return true;
  }

  /** Whether more bits were read than there are. */
  get isExhausted(): boolean {
    return this.#bit > 8 * this.#dataEnd;
  }

  /** Goes on to the next marker, and begins anew behind it if it is one that restarts. */
  async nextMarker(): Promise<ScanMarker> {
    let left = 0;
    for (;;) {
      await this.fill(this.#data.byteLength >> 1);
      left += Math.max(0, this.#dataEnd - ((this.#bit + 7) >> 3));
      this.#bit = this.#dataEnd = 0;
      if (this.#isAtMarker) break;
    }
    const position = this.#before + this.#storedAt;
    const marker = this.#stored[this.#storedAt + 1] ?? 0;
    const isThere = this.#storedEnd - this.#storedAt >= 2;
    const isRestart = isThere && marker >= 0xd0 && marker <= 0xd7;
    if (isRestart) {
      this.#storedAt += 2;
      this.#isAtMarker = false;
    }
    return { left, restart: isRestart ? marker & 7 : null, position };
  }

  /** Reads more of the file; false at its end. */
  async #readStored(): Promise<boolean> {
    this.#stored.copyWithin(0, this.#storedAt, this.#storedEnd);
    this.#before += this.#storedAt;
    this.#storedEnd -= this.#storedAt;
    this.#storedAt = 0;
    const count = await this.#readOn(this.#stored.subarray(this.#storedEnd));
    this.#storedEnd += count;
    return count > 0;
  }

  /** Turns what is stored into data, up to a marker. */
  #takeData(): void {
    const stored = this.#stored;
    while (this.#storedEnd - this.#storedAt >= 2) {
      const found = stored.indexOf(MARKER, this.#storedAt);
      const end = found < 0 || found > this.#storedEnd - 2 ? this.#storedEnd - 1 : found;
      const room = this.#data.byteLength - this.#dataEnd;
      const count = Math.min(end - this.#storedAt, room);
      this.#data.set(stored.subarray(this.#storedAt, this.#storedAt + count), this.#dataEnd);
      this.#dataEnd += count;
      this.#storedAt += count;
      if (this.#storedAt < end || this.#dataEnd === this.#data.byteLength) return;
      if (end !== found) return;
      const next = stored[end + 1];
      if (next === STUFFED) {
        this.#data[this.#dataEnd++] = MARKER;
        this.#storedAt += 2;
      } else if (next === MARKER) this.#storedAt++;
      else {
        this.#isAtMarker = true;
        return;
      }
    }
  }
}

/** The table's entry for the 16 bits from one on; 0 if they are no code. */
function lookUp(table: HuffmanTable, data: Uint8Array, bit: number): number {
  const at = bit >> 3;
  const bits = data[at]! << 16 | data[at + 1]! << 8 | data[at + 2]!;
  const code = bits >> (8 - (bit & 7)) & 0xffff;
  const short = table.short[code >> 6]!;
  return short === 0 ? table.long[code]! : short;
}
