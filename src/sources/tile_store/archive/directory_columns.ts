/**
 * A directory of a PMTiles archive that is being made, after the PMTiles specification, version 3.
 *
 * @module
 */

/** One entry of a directory: a run of tile ids with one content, or (run 0) a leaf directory. */
export interface DirectoryEntry {
  readonly tileId: number;
  /** Relative to the tile data, or to the leaf directories. */
  readonly offset: number;
  readonly byteLength: number;
  readonly runLength: number;
}

/** Most bytes of a number of 53 bits. */
const MAX_VARINT_BYTES = 8;

/** Entries in columns, of which there are as many as a directory takes. */
export class DirectoryColumns {
  readonly #ids: Float64Array;
  readonly #runs: Float64Array;
  readonly #lengths: Float64Array;
  readonly #offsets: Float64Array;
  #count = 0;

  constructor(capacity: number) {
    this.#ids = new Float64Array(capacity);
    this.#runs = new Float64Array(capacity);
    this.#lengths = new Float64Array(capacity);
    this.#offsets = new Float64Array(capacity);
  }

  /** Entries so far. */
  get count(): number {
    return this.#count;
  }

  /** Id of the first entry. */
  get firstId(): number {
    return this.#ids[0]!;
  }

  push({ tileId, offset, byteLength, runLength }: DirectoryEntry): void {
    const i = this.#count++;
    this.#ids[i] = tileId;
    this.#runs[i] = runLength;
    this.#lengths[i] = byteLength;
    this.#offsets[i] = offset;
  }

  /** Columns of variable-length integers: ids as differences, runs, lengths, offsets. */
  serialize(): Uint8Array<ArrayBuffer> {
    const count = this.#count;
    const out = new VarintWriter((4 * count + 1) * MAX_VARINT_BYTES);
    out.write(count);
    for (let i = 0, last = 0; i < count; i++) {
      out.write(this.#ids[i]! - last);
      last = this.#ids[i]!;
    }
    for (let i = 0; i < count; i++) out.write(this.#runs[i]!);
    for (let i = 0; i < count; i++) out.write(this.#lengths[i]!);
    let expectedOffset = -1;
    for (let i = 0; i < count; i++) {
      const offset = this.#offsets[i]!;
      // 0 stands for "right after the entry before"; the first entry has none before it.
      out.write(offset === expectedOffset ? 0 : offset + 1);
      expectedOffset = offset + this.#lengths[i]!;
    }
    return out.bytes();
  }
}

/** Writes LEB128. */
class VarintWriter {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #at = 0;

  constructor(capacityBytes: number) {
    this.#bytes = new Uint8Array(capacityBytes);
  }

  /** The values exceed 32 bits, so no bit operators on the high part. */
  write(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#at++] = rest;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#at);
  }
}
