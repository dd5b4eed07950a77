/**
 * One directory of a PMTiles archive that was read, after the PMTiles specification, version 3.
 *
 * @module
 */

import type { Entry } from "npm:pmtiles@4.5.0";
import { Complaint } from "../complaint.ts";

/** Most entries of a directory of version 2, and of a leaf directory of version 1. */
export const MAX_DIRECTORY_ENTRIES = 65536;
/** Most bytes that an entry takes: its id, run, length and offset as variable-length integers. */
export const MAX_ENTRY_BYTES = 24;
/** Most bytes of the number of entries. */
export const MAX_COUNT_BYTES = 8;
/** An entry is four integers of a byte each at least. */
const LEAST_ENTRY_BYTES = 4;
const MAX_UINT32 = 2 ** 32 - 1;

/** What the entries of a directory must be. */
export interface DirectoryRules {
  /** Ids are at least this. */
  readonly firstId: number;
  /** Ids, and all tiles of a run, lie before this. */
  readonly endId: number;
  readonly maxEntries: number;
  /** Most bytes of a tile. */
  readonly maxTileBytes: number;
  /** Size of the tile data. */
  readonly tileDataBytes: number;
  /** Size of the leaf directories; 0 where entries must be tiles. */
  readonly leafBytes: number;
}

/** Reads variable-length integers (LEB128) of up to 53 bits. */
class VarintReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.byteLength;
  }

  read(): number {
    const first = this.#bytes[this.#at];
    if (first !== undefined && first < 0x80) {
      this.#at++;
      return first;
    }
    let value = 0;
    for (let scale = 1; this.#at < this.#bytes.byteLength; scale *= 128) {
      const byte = this.#bytes[this.#at++]!;
      value += (byte & 0x7F) * scale;
      if (!Number.isSafeInteger(value) || scale > 2 ** 49) {
        throw new Complaint("a directory holds a number of more than 53 bits");
      }
      if (byte < 0x80) return value;
    }
    throw new Complaint("a directory ends in the middle of an entry");
  }
}

/** A directory in columns: 24 bytes an entry, whereas an object takes several times as many. */
export class TileDirectory {
  /** Number of entries. */
  readonly count: number;
  readonly #rules: DirectoryRules;
  readonly #ids: Float64Array;
  readonly #runs: Uint32Array;
  readonly #lengths: Uint32Array;
  readonly #offsets: Float64Array;

  /**
   * Reads and checks a directory.
   *
   * @param bytes Decompressed.
   * @throws {Complaint} naming the rule that is broken.
   */
  constructor(bytes: Uint8Array, rules: DirectoryRules) {
    const reader = new VarintReader(bytes);
    const count = reader.read();
    if (count === 0) throw new Complaint("a directory must have an entry");
    if (count > rules.maxEntries || count * LEAST_ENTRY_BYTES >= bytes.byteLength) {
      throw new Complaint(`a directory of ${bytes.byteLength} bytes cannot have ${count} entries`);
    }
    this.count = count;
    this.#rules = rules;
    this.#ids = new Float64Array(count);
    this.#runs = new Uint32Array(count);
    this.#lengths = new Uint32Array(count);
    this.#offsets = new Float64Array(count);
    this.#readIds(reader);
    for (let i = 0; i < count; i++) this.#runs[i] = checkedUint32(reader.read());
    for (let i = 0; i < count; i++) this.#lengths[i] = checkedUint32(reader.read());
    this.#readOffsets(reader);
    if (!reader.isAtEnd) throw new Complaint("a directory has bytes behind its last entry");
    for (let i = 0; i < count; i++) this.#checkEntry(i);
  }

  #readIds(reader: VarintReader): void {
    let id = reader.read();
    for (let i = 0; i < this.count; i++) {
      if (i > 0) {
        const step = reader.read();
        if (step === 0) throw new Complaint(`tile id ${id} occurs twice in a directory`);
        id += step;
      }
      this.#ids[i] = id;
    }
  }

  #readOffsets(reader: VarintReader): void {
    for (let i = 0; i < this.count; i++) {
      const value = reader.read();
      // 0 stands for "right after the entry before".
      if (value === 0 && i === 0) {
        throw new Complaint("the first entry of a directory has no offset");
      }
      this.#offsets[i] = value === 0 ? this.#offsets[i - 1]! + this.#lengths[i - 1]! : value - 1;
    }
  }

  #checkEntry(index: number): void {
    const { firstId, leafBytes, tileDataBytes, maxTileBytes } = this.#rules;
    const tileId = this.#ids[index]!;
    const offset = this.#offsets[index]!;
    const length = this.#lengths[index]!;
    const runLength = this.#runs[index]!;
    const isLeaf = runLength === 0;
    if (isLeaf && leafBytes === 0) {
      throw new Complaint("a directory points to leaf directories where there must be none");
    }
    if (tileId < firstId || tileId + Math.max(1, runLength) > this.endOf(index)) {
      throw new Complaint(
        `a directory's entry of ${runLength} tiles from tile id ${tileId} on must lie between ` +
          `${firstId} and ${this.endOf(index)}`,
      );
    }
    const end = isLeaf ? leafBytes : tileDataBytes;
    if (length === 0 || offset + length > end || (!isLeaf && length > maxTileBytes)) {
      throw new Complaint(
        `a directory entry points to ${length} bytes at ${offset} of ${end} bytes of ` +
          `${isLeaf ? "leaf directories" : `tiles, of which each has at most ${maxTileBytes}`}`,
      );
    }
  }

  /** The id before which the tiles of an entry, or of its leaf directory, end. */
  endOf(index: number): number {
    return index + 1 < this.count ? this.#ids[index + 1]! : this.#rules.endId;
  }

  /** An entry. */
  entry(index: number): Entry {
    return {
      tileId: this.#ids[index]!,
      offset: this.#offsets[index]!,
      length: this.#lengths[index]!,
      runLength: this.#runs[index]!,
    };
  }

  /** Number of the only entry that can hold a tile or name its leaf directory, or -1. */
  indexOf(tileId: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ids[middle]! <= tileId) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Tiles that the entries show, without those of leaf directories. */
  addressedTiles(): number {
    return this.#runs.reduce((sum, run) => sum + run, 0);
  }
}

function checkedUint32(value: number): number {
  if (value > MAX_UINT32) {
    throw new Complaint("a directory holds a run or length of more than 32 bits");
  }
  return value;
}
