/**
 * A TIFF writer for grey pictures of floats (TIFF 6.0; Adobe's Deflate). Compression is the platform's own, so it
 * runs in browsers too.
 *
 * @module
 */

import { InvalidArgumentError } from "../../../errors.ts";

/** What a TIFF file is made from. */
export interface FloatPixels {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** A number for each pixel, rows from the top down. */
  readonly data: Float32Array;
}

/** Bytes of a strip, which is compressed by itself, or of a row if that has more. */
const STRIP_BYTES = 2 ** 20;
const HEADER_BYTES = 8;
const ENTRY_BYTES = 12;
/** Types of fields (page 15), and how many bytes a number of each takes. */
const [SHORT, LONG] = [3, 4];

/** A field of the directory: its tag, type and numbers. */
type Field = readonly [tag: number, type: number, numbers: readonly number[]];

/**
 * A picture as the bytes of a TIFF file, which holds each number as it is.
 *
 * @throws {InvalidArgumentError} if the data has not as many numbers as the pixels, or there is none.
 */
export async function encodeFloatTiff(picture: FloatPixels): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, data } = picture;
  if (data.length !== width * height || !(data.length > 0)) {
    throw new InvalidArgumentError(
      "data",
      `Cannot encode TIFF as a picture of ${width}×${height} pixels must have ${width * height} ` +
        `numbers, and more than 0: current length is ${data.length}`,
    );
  }
  const rows = Math.max(1, Math.floor(STRIP_BYTES / (4 * width)));
  const strips: Uint8Array[] = [];
  for (let row = 0; row < height; row += rows) {
    strips.push(await deflate(data.slice(row * width, (row + rows) * width)));
  }
  let at = HEADER_BYTES;
  const offsets = strips.map(({ length }) => {
    const offset = at;
    at += length + length % 2;
    return offset;
  });
  const directory = directoryBytes([
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, [32]],
    // Adobe's Deflate; 0 is black; floats.
    [259, SHORT, [8]],
    [262, SHORT, [1]],
    [273, LONG, offsets],
    [277, SHORT, [1]],
    [278, LONG, [rows]],
    [279, LONG, strips.map(({ length }) => length)],
    [339, SHORT, [3]],
  ], at);
  const file = new Uint8Array(at + directory.length);
  const view = new DataView(file.buffer);
  file.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, at, true);
  strips.forEach((strip, i) => file.set(strip, offsets[i]));
  file.set(directory, at);
  return file;
}

/** A directory (page 14) and what does not fit into its entries, for a place in a file. */
function directoryBytes(fields: readonly Field[], start: number): Uint8Array {
  const entriesBytes = 2 + ENTRY_BYTES * fields.length + 4;
  const longBytes = fields.reduce(
    (sum, [, , { length }]) => sum + (length > 1 ? 4 * length : 0),
    0,
  );
  const bytes = new Uint8Array(entriesBytes + longBytes);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, fields.length, true);
  let free = entriesBytes;
  for (const [i, [tag, type, numbers]] of fields.entries()) {
    const entry = 2 + ENTRY_BYTES * i;
    view.setUint16(entry, tag, true);
    view.setUint16(entry + 2, type, true);
    view.setUint32(entry + 4, numbers.length, true);
    if (numbers.length === 1) {
      view.setUint32(entry + 8, numbers[0]!, true);
      continue;
    }
    view.setUint32(entry + 8, start + free, true);
    for (const number of numbers) {
      view.setUint32(free, number, true);
      free += 4;
    }
  }
  return bytes;
}

async function deflate(numbers: Float32Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([numbers]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
