/**
 * Huffman tables of JPEG (ITU-T T.81, annex C and section F.2.2.3), for looking up 16 bits at once.
 *
 * @module
 */

/**
 * Codes by the bits that they begin with: the length of the code, times 256, plus its symbol; 0 if
 * the bits are no code.
 */
export interface HuffmanTable {
  /** For each 10 bits; 0 if the code is longer. It is small enough for the fastest memory. */
  readonly short: Uint16Array;
  /** For each 16 bits. */
  readonly long: Uint16Array;
}

const LONGEST = 16;
const SHORT = 10;
/** Bytes of the numbers of codes of each length. */
const COUNTS = 16;

/** The tables of a scan: four of each class (DC and AC), as far as they are defined. */
export class HuffmanTables {
  readonly #tables: (HuffmanTable | undefined)[] = [];
  /** What each was defined by: the strips and tiles of a TIFF file often repeat the same tables. */
  readonly #definitions: (Uint8Array | undefined)[] = [];

  /** A table of class 0 (DC) or 1 (AC). */
  table(tableClass: 0 | 1, index: number): HuffmanTable | undefined {
    return this.#tables[4 * tableClass + index];
  }

  /**
   * Defines the tables of a segment DHT.
   *
   * @param segment What follows the segment's length.
   * @returns False if the segment breaks the format.
   */
  define(segment: Uint8Array): boolean {
    for (let at = 0; at + 17 <= segment.byteLength;) {
      const tableClass = segment[at]! >> 4;
      const index = segment[at]! & 15;
      const counts = segment.subarray(at + 1, at + 17);
      const symbols = counts.reduce((sum, count) => sum + count, 0);
      at += 17;
      if (tableClass > 1 || index > 3 || at + symbols > segment.byteLength) return false;
      const slot = 4 * tableClass + index;
      const definition = segment.subarray(at - COUNTS, at + symbols);
      if (!areSame(definition, this.#definitions[slot])) {
        const table = huffmanTable(counts, segment.subarray(at, at + symbols));
        if (table === null) return false;
        this.#tables[slot] = table;
        this.#definitions[slot] = definition.slice();
      }
      at += symbols;
    }
    return true;
  }
}

function areSame(bytes: Uint8Array, others: Uint8Array | undefined): boolean {
  return bytes.length === others?.length && bytes.every((byte, i) => byte === others[i]);
}

/** Null if there are more codes of a length than there can be. */
function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable | null {
  const table = new Uint16Array(1 << LONGEST);
  let code = 0;
  let next = 0;
  for (let length = 1; length <= LONGEST; length++) {
    const span = 1 << (LONGEST - length);
    for (let i = 0; i < counts[length - 1]!; i++) {
      const first = code * span;
      if (first + span > table.length) return null;
      table.fill(length << 8 | symbols[next++]!, first, first + span);
      code++;
    }
    code <<= 1;
  }
  const short = Uint16Array.from(
    { length: 1 << SHORT },
    (_, bits) => table[bits << (LONGEST - SHORT)]!,
  );
  // Longer codes that begin with the same bits differ.
  return { short: short.map((entry) => entry >> 8 > SHORT ? 0 : entry), long: table };
}
