/**
 * Checks that every texel of a PNG file with a palette names a colour of it (PNG, third edition:
 * W3C, 2025; section 11.2.2). The picture decoder takes others for black.
 *
 * @module
 */

import type { ByteSource } from "../../bytes/byte_source.ts";
import { pieces } from "../../bytes/pieces.ts";
import { HeaderReader } from "../headers/header_reader.ts";
import { malformedPicture } from "../headers/picture_header.ts";
import type { PngHeader, PngPalette } from "./png_header.ts";
import { type PngPass, pngPasses } from "./passes.ts";
import { unfilterRow } from "./unfilter_row.ts";

const IDAT = 0x49444154;
const PIECE_BYTES = 256 * 1024;

/** The part of a header that this depends on. */
export type PaletteHeader = Pick<PngHeader, "storedWidth" | "storedHeight"> & {
  readonly palette: PngPalette;
};

/**
 * Reads all texels. Damage of other kinds is left to the decoder.
 *
 * @param checkTime Called again and again; throws when that takes too long.
 * @throws {MalformedFileError} if one names no colour of the palette.
 */
export async function verifyPalette(
  bytes: ByteSource,
  { palette, storedWidth, storedHeight }: PaletteHeader,
  checkTime: () => void,
): Promise<void> {
  const passes = pngPasses({ width: storedWidth, height: storedHeight, ...palette });
  const { createInflate } = await import("node:zlib");
  const { Readable } = await import("node:stream");
  const stored = Readable.from(dataOf(bytes, palette.dataStart));
  const inflate = createInflate();
  stored.on("error", (error) => inflate.destroy(error));
  const reader = new RowReader(bytes.name, palette, passes);
  try {
    for await (const piece of stored.pipe(inflate)) {
      checkTime();
      if (!reader.take(piece as Uint8Array)) break;
    }
  } catch (error) {
    const isDamaged = error instanceof Error && "code" in error &&
      String(error.code).startsWith("Z_");
    if (!isDamaged) throw error;
  } finally {
    stored.destroy();
    inflate.destroy();
  }
}

/** What the chunks of texels hold, which follow one another. */
async function* dataOf(bytes: ByteSource, start: number): AsyncGenerator<Uint8Array> {
  const size = await bytes.size();
  const file = new HeaderReader(bytes, size);
  for (let at = start; at + 8 <= size;) {
    const chunk = await file.view(at, 8, "the next chunk");
    if (chunk.getUint32(4) !== IDAT) return;
    const length = Math.min(chunk.getUint32(0), size - at - 8);
    yield* pieces(bytes, { offset: at + 8, length, pieceBytes: PIECE_BYTES });
    at += 12 + length;
  }
}

/** Puts rows together from pieces, and looks at their texels. */
class RowReader {
  readonly #name: string;
  readonly #palette: PngPalette;
  readonly #passes: Iterator<PngPass>;
  #pass: PngPass | undefined;
  /** Rows of the pass that are read. */
  #row = 0;
  /** A row with its filter before it. */
  #current = new Uint8Array(0);
  #before = new Uint8Array(0);
  #filled = 0;

  constructor(name: string, palette: PngPalette, passes: Iterable<PngPass>) {
    this.#name = name;
    this.#palette = palette;
    this.#passes = passes[Symbol.iterator]();
    this.#nextPass();
  }

  #nextPass(): void {
    const next = this.#passes.next();
    this.#pass = next.done ? undefined : next.value;
    this.#row = this.#filled = 0;
    const rowBytes = 1 + (this.#pass?.rowBytes ?? 0);
    this.#current = new Uint8Array(rowBytes);
    this.#before = new Uint8Array(rowBytes);
  }

  /** Takes the next bytes; false if that was the last row, or makes no sense. */
  take(piece: Uint8Array): boolean {
    for (let at = 0; at < piece.byteLength;) {
      if (this.#pass === undefined) return false;
      const count = Math.min(this.#current.byteLength - this.#filled, piece.byteLength - at);
      this.#current.set(piece.subarray(at, at + count), this.#filled);
      this.#filled += count;
      at += count;
      if (this.#filled === this.#current.byteLength && !this.#takeRow(this.#pass)) return false;
    }
    return true;
  }

  #takeRow({ width, rows }: PngPass): boolean {
    const row = this.#current.subarray(1);
    if (!unfilterRow(this.#current[0]!, row, this.#before.subarray(1))) return false;
    const most = largestNumber(row, width, this.#palette.bits);
    if (most >= this.#palette.colors) {
      throw malformedPicture(
        this.#name,
        `its texels must name colours of its palette, which has ${this.#palette.colors}: ` +
          `one names colour ${most}`,
      );
    }
    [this.#before, this.#current] = [this.#current, this.#before];
    this.#filled = 0;
    this.#row++;
    if (this.#row === rows) this.#nextPass();
    return true;
  }
}

/** The largest of the numbers in a row, of which several may share a byte. */
function largestNumber(row: Uint8Array, width: number, bits: number): number {
  let largest = 0;
  if (bits === 8) {
    for (let i = 0; i < row.length; i++) if (row[i]! > largest) largest = row[i]!;
    return largest;
  }
  const mask = 2 ** bits - 1;
  for (let i = 0; i < width; i++) {
    const bit = i * bits;
    const number = row[bit >> 3]! >> (8 - bits - (bit & 7)) & mask;
    if (number > largest) largest = number;
  }
  return largest;
}
