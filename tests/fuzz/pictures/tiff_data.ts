/**
 * A judge of the compressed data of TIFF files that decodes each strip or tile by itself.
 *
 * @module
 */

import sharp from "sharp";
import { inflateSync } from "node:zlib";
import { tiffNumbers } from "./tiff_parts.ts";

const TAG = {
  width: 256,
  height: 257,
  compression: 259,
  planar: 284,
  jpegTables: 347,
} as const;
const PLACES = {
  strip: { offsets: 273, bytes: 279, width: 256, height: 278 },
  tile: { offsets: 324, bytes: 325, width: 322, height: 323 },
} as const;
const JPEG = 7;
const ADOBE_DEFLATE = 8;
const MOST_INFLATED_BYTES = 2 ** 26;
const MOST_CHUNKS = 256;
/** A file of tables alone begins with SOI and ends with EOI, two bytes each. */
const MARKER_BYTES = 2;
const END_OF_IMAGE = 0xd9;

/** What is wrong with the data of some strip or tile; null if nothing is, or it cannot be told. */
export async function tiffDataFault(bytes: Uint8Array): Promise<string | null> {
  const number = (tag: number) => tiffNumbers(bytes, tag)?.[0] ?? null;
  const compression = number(TAG.compression);
  if (compression !== JPEG && compression !== ADOBE_DEFLATE) return null;
  const [width, height] = [number(TAG.width), number(TAG.height)];
  if (width === null || height === null || (number(TAG.planar) ?? 1) !== 1) return null;
  const what = tiffNumbers(bytes, PLACES.tile.width) === null ? "strip" : "tile";
  const place = PLACES[what];
  const [offsets, sizes] = [tiffNumbers(bytes, place.offsets), tiffNumbers(bytes, place.bytes)];
  const chunkWidth = number(place.width) ?? 0;
  const chunkHeight = number(place.height) ?? height;
  const count = Math.ceil(width / chunkWidth) * Math.ceil(height / chunkHeight);
  if (offsets === null || sizes === null || !(count <= MOST_CHUNKS)) return null;
  for (let i = 0; i < Math.min(count, offsets.length, sizes.length); i++) {
    if (sizes[i] === 0) continue;
    const data = bytes.subarray(offsets[i]!, offsets[i]! + sizes[i]!);
    const fault = compression === JPEG
      ? await jpegFault(bytes, data, { width: chunkWidth, isTile: what === "tile" })
      : inflateFault(data);
    if (fault !== null) return `${what} ${i} alone: ${fault}`;
  }
  return null;
}

async function jpegFault(
  bytes: Uint8Array,
  data: Uint8Array,
  { width, isTile }: { width: number; isTile: boolean },
): Promise<string | null> {
  const tables = tiffNumbers(bytes, TAG.jpegTables);
  const alone = tables === null
    ? data
    : Uint8Array.from([...tables.slice(0, endOfTables(tables)), ...data.subarray(MARKER_BYTES)]);
  try {
    const { info } = await sharp(alone, { failOn: "warning" }).raw().toBuffer({
      resolveWithObject: true,
    });
    return isTile && info.width !== width ? `${info.width} texels wide` : null;
  } catch (error) {
    return (error as Error).message.split("\n")[0]!;
  }
}

/** Where the marker of their end lies: bytes may follow. */
function endOfTables(tables: readonly number[]): number {
  let at = MARKER_BYTES;
  while (at + 4 <= tables.length && tables[at + 1] !== END_OF_IMAGE) {
    at += MARKER_BYTES + (tables[at + 2]! << 8 | tables[at + 3]!);
  }
  return at;
}

function inflateFault(data: Uint8Array): string | null {
  try {
    inflateSync(data, { maxOutputLength: MOST_INFLATED_BYTES });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
