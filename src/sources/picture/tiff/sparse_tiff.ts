/**
 * Strips and tiles that a TIFF file leaves out (GDAL's sparse files): they hold no data.
 *
 * The decoder would warn of them as of damage. So they are made to name the data of another strip
 * or tile in the copy that is decoded, and overwritten in what was decoded.
 *
 * @module
 */

import type { DenoFile } from "../../../deno_runtime.ts";
import type { UnsupportedError } from "../../../errors.ts";
import { writeFully } from "../../bytes/scratch_file.ts";
import { unsupportedPicture } from "../headers/picture_header.ts";
import { chunkTexelBytes, type TiffChunk, type TiffLayout } from "./tiff_chunks.ts";
import type { TiffDirectory, TiffValueAt } from "./tiff_directory.ts";

const EDIT_BYTES = 64 * 1024;

/** A rectangle of texels. */
export interface TexelRectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A number to be written into the copy of a file. */
export interface TiffEdit {
  readonly at: TiffValueAt;
  readonly value: number;
}

/** Gathers the chunks that are left out, while a file's chunks are gone through in order. */
export class SparseChunks {
  readonly #name: string;
  readonly #layout: TiffLayout;
  readonly #missing: number[] = [];
  /** A chunk that is there, for each uncompressed size. */
  readonly #present = new Map<number, TiffChunk>();

  /** Takes the file's name, for messages, and how it is cut. */
  constructor(name: string, layout: TiffLayout) {
    this.#name = name;
    this.#layout = layout;
  }

  /** Notes a chunk. */
  add(chunk: TiffChunk): void {
    if (chunk.bytes === 0) {
      this.#missing.push(chunk.index);
      return;
    }
    const texelBytes = chunkTexelBytes(this.#layout, chunk.index);
    if (!this.#present.has(texelBytes)) this.#present.set(texelBytes, chunk);
  }

  /** Whether any chunk is left out. */
  get isSparse(): boolean {
    return this.#missing.length > 0;
  }

  /** Whether no chunk is there. */
  get isEmpty(): boolean {
    return this.#present.size === 0;
  }

  /**
   * What to write so that each chunk that is left out names another's data.
   *
   * @throws {UnsupportedError} if there is none of its size, or its place is too small a number.
   */
  *edits(directory: TiffDirectory): Generator<TiffEdit> {
    const { offsetsTag, bytesTag } = this.#layout;
    for (const [tag, field] of [[offsetsTag, "offset"], [bytesTag, "bytes"]] as const) {
      for (const index of this.#missing) {
        const at = directory.valueAt(tag, index);
        const value = this.#donorOf(index)[field];
        if (value >= 2 ** (8 * at.bytes)) throw this.#withoutDonor(index);
        yield { at, value };
      }
    }
  }

  #donorOf(index: number): TiffChunk {
    const donor = this.#present.get(chunkTexelBytes(this.#layout, index));
    if (donor !== undefined) return donor;
    throw this.#withoutDonor(index);
  }

  #withoutDonor(index: number): UnsupportedError {
    const { what } = this.#layout;
    const why = `its ${what} ${index} is left out, and none of the same size is there`;
    return unsupportedPicture(this.#name, { feature: `sparse ${what}s`, why });
  }

  /**
   * The texels, as stored, that are left out; neighbours in a row together.
   *
   * @throws {UnsupportedError} if the planes of the samples leave out different ones.
   */
  rectangles(): TexelRectangle[] {
    const { columns, rows, planes, chunkWidth, chunkHeight, width, height, what } = this.#layout;
    const perPlane = columns * rows;
    const missing = new Set(this.#missing);
    const first = this.#missing.filter((index) => index < perPlane);
    const isSame = first.length * planes === missing.size && first.every((index) => {
      for (let plane = 1; plane < planes; plane++) {
        if (!missing.has(index + plane * perPlane)) return false;
      }
      return true;
    });
    if (!isSame) {
      const why = `all samples must leave out the same ${what}s`;
      throw unsupportedPicture(this.#name, { feature: `sparse ${what}s of some samples`, why });
    }
    const runs: TexelRectangle[] = [];
    for (const index of first) {
      const left = index % columns * chunkWidth;
      const top = Math.floor(index / columns) * chunkHeight;
      const last = runs.at(-1);
      const right = Math.min(left + chunkWidth, width);
      if (last?.top === top && last.left + last.width === left) {
        runs[runs.length - 1] = { ...last, width: right - last.left };
      } else {
        runs.push({ left, top, width: right - left, height: Math.min(chunkHeight, height - top) });
      }
    }
    return runs;
  }
}

/** Writes numbers into a file; those that follow each other, together. */
export async function applyEdits(file: DenoFile, edits: Iterable<TiffEdit>): Promise<void> {
  const block = new DataView(new ArrayBuffer(EDIT_BYTES));
  let start = 0;
  let filled = 0;
  const write = () => writeFully(file, new Uint8Array(block.buffer, 0, filled), start);
  for (const { at, value } of edits) {
    if (at.offset !== start + filled || filled + at.bytes > EDIT_BYTES) {
      await write();
      start = at.offset;
      filled = 0;
    }
    setNumber(block, filled, { at, value });
    filled += at.bytes;
  }
  await write();
}

function setNumber(view: DataView, index: number, { at: { bytes, isLittle }, value }: TiffEdit) {
  if (bytes === 8) view.setBigUint64(index, BigInt(value), isLittle);
  else if (bytes === 4) view.setUint32(index, value, isLittle);
  else if (bytes === 2) view.setUint16(index, value, isLittle);
  else view.setUint8(index, value);
}
