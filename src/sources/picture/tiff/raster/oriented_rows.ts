/**
 * Where stored rows lie in the picture that is seen (EXIF 2.3, orientation).
 *
 * @module
 */

/** Bytes for a place in the rows of the seen picture. */
export interface PlacedBytes {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** The stored picture: what of its header says how it is seen. */
export interface StoredPicture {
  readonly storedWidth: number;
  readonly storedHeight: number;
  readonly orientation: number;
}

/** Turns rows as they come. A picture whose rows are seen as columns is held as a whole. */
export class OrientedRows {
  readonly #stored: StoredPicture;
  readonly #texelBytes: number;
  readonly #whole: Uint8Array | null;

  constructor(stored: StoredPicture, texelBytes: number) {
    this.#stored = stored;
    this.#texelBytes = texelBytes;
    const bytes = stored.storedWidth * stored.storedHeight * texelBytes;
    this.#whole = stored.orientation > 4 ? new Uint8Array(bytes) : null;
  }

  /** Takes stored rows from one on; gives those that have their place. The bytes may be changed. */
  *place(firstRow: number, rows: Uint8Array): Generator<PlacedBytes> {
    const { storedWidth, storedHeight, orientation } = this.#stored;
    const rowBytes = storedWidth * this.#texelBytes;
    const count = rows.byteLength / rowBytes;
    if (this.#whole !== null) return this.#turn(firstRow, rows);
    if (orientation === 2 || orientation === 3) this.#mirror(rows);
    if (orientation < 3) {
      yield { at: firstRow * rowBytes, bytes: rows };
      return;
    }
    const reversed = new Uint8Array(rows.byteLength);
    for (let row = 0; row < count; row++) {
      reversed.set(
        rows.subarray(row * rowBytes, (row + 1) * rowBytes),
        (count - 1 - row) * rowBytes,
      );
    }
    yield { at: (storedHeight - firstRow - count) * rowBytes, bytes: reversed };
  }

  /** What was held, after the last rows. */
  *rest(): Generator<PlacedBytes> {
    if (this.#whole !== null) yield { at: 0, bytes: this.#whole };
  }

  /** Reverses the texels of each row. */
  #mirror(rows: Uint8Array): void {
    const size = this.#texelBytes;
    const rowBytes = this.#stored.storedWidth * size;
    for (let row = 0; row < rows.byteLength; row += rowBytes) {
      const stored = rows.slice(row, row + rowBytes);
      for (let from = 0; from < rowBytes; from += size) {
        rows.set(stored.subarray(from, from + size), row + rowBytes - size - from);
      }
    }
  }

  /** Writes rows as columns. */
  #turn(firstRow: number, rows: Uint8Array): void {
    const { storedWidth, storedHeight, orientation } = this.#stored;
    const size = this.#texelBytes;
    const whole = this.#whole!;
    const isRight = orientation === 6 || orientation === 7;
    const isUp = orientation === 7 || orientation === 8;
    for (let i = 0; i * size < rows.byteLength; i++) {
      const x = i % storedWidth;
      const y = firstRow + Math.floor(i / storedWidth);
      const column = isRight ? storedHeight - 1 - y : y;
      const row = isUp ? storedWidth - 1 - x : x;
      const to = (row * storedHeight + column) * size;
      for (let byte = 0; byte < size; byte++) whole[to + byte] = rows[i * size + byte]!;
    }
  }
}
