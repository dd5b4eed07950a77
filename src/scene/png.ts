/**
 * A PNG writer for 8-bit RGBA pictures (W3C Portable Network Graphics, third edition). Compression
 * is the platform's own, so it runs in browsers too.
 *
 * @module
 */

import { InvalidArgumentError } from "../errors.ts";
import { paeth } from "../sources/mod.ts";

/** A picture in memory. */
export interface RgbaPixels {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Rows from the top down, four bytes a pixel, alpha not premultiplied. */
  readonly data: Uint8Array;
}

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);

const COLOR_TYPE_RGBA = 6;
const PIXEL_BYTES = 4;

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
function filterRow(type: number, row: Uint8Array, above: Uint8Array, out: Uint8Array): number {
  out[0] = type;
  let sum = 0;
  for (let i = 0; i < row.length; i++) {
    const left = i < PIXEL_BYTES ? 0 : row[i - PIXEL_BYTES]!;
    let guess = 0;
    if (type === 1) guess = left;
    else if (type === 2) guess = above[i]!;
    else if (type === 4) {
      guess = paeth(left, above[i]!, i < PIXEL_BYTES ? 0 : above[i - PIXEL_BYTES]!);
    }
    const difference = (row[i]! - guess) & 0xff;
    out[i + 1] = difference;
    sum += difference < 128 ? difference : 256 - difference;
  }
  return sum;
}

/** Every row by the filter whose differences are smallest (the heuristic of section 12.7). */
function filterRows(picture: RgbaPixels): Uint8Array<ArrayBuffer> {
  const rowBytes = picture.width * PIXEL_BYTES;
  const filtered = new Uint8Array(picture.height * (rowBytes + 1));
  const candidate = new Uint8Array(rowBytes + 1);
  let above: Uint8Array = new Uint8Array(rowBytes);
  for (let y = 0; y < picture.height; y++) {
    const row = picture.data.subarray(y * rowBytes, (y + 1) * rowBytes);
    let least = Infinity;
    for (const type of FILTERS) {
      const sum = filterRow(type, row, above, candidate);
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
 * @throws {InvalidArgumentError} if the data is not `width * height * 4` bytes, or there is none.
 */
export async function encodePng(picture: RgbaPixels): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, data } = picture;
  const bytes = width * height * PIXEL_BYTES;
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
  header[8] = 8;
  header[9] = COLOR_TYPE_RGBA;
  const parts = [
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", await deflate(filterRows(picture))),
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
