/**
 * A PNG writer for pictures of 8-bit RGBA, and grey ones of 8 or 16 bits (W3C Portable Network Graphics, third edition). Compression
 * is the platform's own, so it runs in browsers too.
 *
 * @module
 */

import { InvalidArgumentError } from "../../../errors.ts";
import { paeth } from "./paeth.ts";

/** What a PNG file is made from. */
export interface PngPixels {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** What a pixel is; default `"rgba8"`. */
  readonly layout?: PngLayout;
  /**
   * Rows from the top down: of `"rgba8"` four bytes a pixel, alpha not premultiplied; of `"grey8"` one; of
   * `"grey16"` two, the high byte first.
   */
  readonly data: Uint8Array;
}

/** What a pixel of a PNG file is. */
export type PngLayout = "rgba8" | "grey8" | "grey16";

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);

/** Bytes of a pixel, bits of a sample, and colour type (section 11.2.1) of each layout. */
const LAYOUTS: Readonly<Record<PngLayout, { bytes: number; depth: number; type: number }>> = {
  rgba8: { bytes: 4, depth: 8, type: 6 },
  grey8: { bytes: 1, depth: 8, type: 0 },
  grey16: { bytes: 2, depth: 16, type: 0 },
};

/** Filter types that are tried for each row (section 9.2): none, sub, up, Paeth. */
const FILTERS = [0, 1, 2, 4] as const;

const CRC_TABLE = crcTable();

function crcTable(): Uint32Array {
  const table = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) {
      value = (value & 1) ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    }
    table[byte] = value;
  }
  return table;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(content, 8);
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)));
  return bytes;
}

/** Filters a row into `out` (after the type's byte); returns the sum of absolute differences. */
function filterRow(
  type: number,
  { row, above, pixelBytes }: {
    readonly row: Uint8Array;
    readonly above: Uint8Array;
    readonly pixelBytes: number;
  },
  out: Uint8Array,
): number {
  out[0] = type;
  let sum = 0;
  for (let i = 0; i < row.length; i++) {
    const left = i < pixelBytes ? 0 : row[i - pixelBytes]!;
    let guess = 0;
    if (type === 1) guess = left;
    else if (type === 2) guess = above[i]!;
    else if (type === 4) {
      guess = paeth(left, above[i]!, i < pixelBytes ? 0 : above[i - pixelBytes]!);
    }
    const difference = (row[i]! - guess) & 0xff;
    out[i + 1] = difference;
    sum += difference < 128 ? difference : 256 - difference;
  }
  return sum;
}

/** Every row by the filter whose differences are smallest (the heuristic of section 12.7). */
function filterRows(picture: PngPixels, pixelBytes: number): Uint8Array<ArrayBuffer> {
  const rowBytes = picture.width * pixelBytes;
  const filtered = new Uint8Array(picture.height * (rowBytes + 1));
  const candidate = new Uint8Array(rowBytes + 1);
  let above: Uint8Array = new Uint8Array(rowBytes);
  for (let y = 0; y < picture.height; y++) {
    const row = picture.data.subarray(y * rowBytes, (y + 1) * rowBytes);
    let least = Infinity;
    for (const type of FILTERS) {
      const sum = filterRow(type, { row, above, pixelBytes }, candidate);
      if (sum >= least) continue;
      least = sum;
      filtered.set(candidate, y * (rowBytes + 1));
    }
    above = row;
  }
  return filtered;
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * A picture as the bytes of a PNG file.
 *
 * @throws {InvalidArgumentError} if the data has not as many bytes as the pixels, or there is none.
 */
export async function encodePng(picture: PngPixels): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, data, layout = "rgba8" } = picture;
  const { bytes: pixelBytes, depth, type } = LAYOUTS[layout];
  const bytes = width * height * pixelBytes;
  if (data.length !== bytes || !(bytes > 0)) {
    throw new InvalidArgumentError(
      "data",
      `Cannot encode PNG as a picture of ${width}×${height} pixels must have ${bytes} bytes, and ` +
        `more than 0: current length is ${data.length}`,
    );
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = depth;
  header[9] = type;
  const parts = [
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", await deflate(filterRows(picture, pixelBytes))),
    chunk("IEND", new Uint8Array(0)),
  ];
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}
