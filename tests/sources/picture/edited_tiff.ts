/** Changes to small TIFF files (little-endian, not BigTIFF) as the picture encoder writes them. */

const TYPE_BYTES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4 };

/** A copy of a TIFF file whose fields can be read and written. */
export class EditedTiff {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #entries = new Map<number, number>();

  constructor(file: Uint8Array) {
    this.bytes = new Uint8Array(file);
    this.#view = new DataView(this.bytes.buffer);
    const directory = this.#view.getUint32(4, true);
    for (let i = 0; i < this.#view.getUint16(directory, true); i++) {
      const entry = directory + 2 + 12 * i;
      this.#entries.set(this.#view.getUint16(entry, true), entry);
    }
  }

  /** Number of values of a field. */
  count(tag: number): number {
    return this.#view.getUint32(this.#entries.get(tag)! + 4, true);
  }

  get(tag: number, index = 0): number {
    const { at, bytes } = this.#place(tag, index);
    return bytes === 2 ? this.#view.getUint16(at, true) : this.#view.getUint32(at, true);
  }

  set(tag: number, value: number, index = 0): this {
    const { at, bytes } = this.#place(tag, index);
    if (bytes === 2) this.#view.setUint16(at, value, true);
    else this.#view.setUint32(at, value, true);
    return this;
  }

  /** Turns a field into another one: the decoder ignores numbers that it does not know. */
  rename(tag: number, to: number): this {
    this.#view.setUint16(this.#entries.get(tag)!, to, true);
    return this;
  }

  /** Says that the values of a field lie elsewhere. */
  move(tag: number, offset: number): this {
    this.#view.setUint32(this.#entries.get(tag)! + 8, offset, true);
    return this;
  }

  /** Leaves a strip or tile out, as sparse files do. */
  leaveOut(index: number): this {
    const [offsets, bytes] = this.#entries.has(324) ? [324, 325] : [273, 279];
    return this.set(offsets!, 0, index).set(bytes!, 0, index);
  }

  #place(tag: number, index: number): { at: number; bytes: number } {
    const entry = this.#entries.get(tag)!;
    const bytes = TYPE_BYTES[this.#view.getUint16(entry + 2, true)]!;
    const isInline = bytes * this.count(tag) <= 4;
    const start = isInline ? entry + 8 : this.#view.getUint32(entry + 8, true);
    return { at: start + index * bytes, bytes };
  }
}
