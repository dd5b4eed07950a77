/**
 * Headers of AVIF files (AV1 Image File Format 1.1; HEIF: ISO/IEC 23008-12).
 *
 * @module
 */

import type { HeaderReader } from "../headers/header_reader.ts";
import {
  malformedPicture,
  MOST_PARTS,
  type PictureHeader,
  unsupportedPicture,
} from "../headers/picture_header.ts";
import { type Box, BOX_HEAD_BYTES, boxAt, boxesIn, BoxReader } from "./boxes.ts";
import { checkItemsInFile } from "./item_locations.ts";

const FULL_BOX_BYTES = 4;
/** Colour profiles and the like lie among the properties; texels do not. */
const MOST_META_BYTES = 16 * 2 ** 20;
/** Where the first brand ends, in the first box. */
const BRAND_END = 12;
/** `avis`. */
const FILM_BRAND = 0x61766973;
const ALPHA_KIND = /alpha|:aux:1|auxid:1/;

/**
 * Reads what the file says of its primary picture: size, turns, bits, alpha. All boxes, and the data of
 * all items, must lie in the file.
 *
 * @throws {MalformedFileError} if the file breaks the format or is cut off.
 * @throws {UnsupportedError} if it holds no picture but films alone, or one that is to be cropped.
 */
export async function readAvifHeader(file: HeaderReader): Promise<PictureHeader> {
  const { name } = file;
  const { meta, isFilm } = await readFile(file);
  // The decoder knows files by their first brand, and does not take this one.
  if (await isOfFilmBrand(file)) throw filmError(name, "it says that it is a film (avis)");
  const boxes = boxesIn(name, meta, FULL_BOX_BYTES);
  const primary = primaryItem(name, boxes);
  checkItemsInFile(name, boxNamed(name, boxes, "iloc"), file.size);
  const properties = boxesIn(name, boxNamed(name, boxes, "iprp").view);
  const all = boxesIn(name, boxNamed(name, properties, "ipco").view);
  const own = propertiesOf(name, { all, associations: properties, item: primary });
  const size = boxNamed(name, own, "ispe").view;
  if (size.byteLength < FULL_BOX_BYTES + 8) {
    throw malformedPicture(name, "its property ispe must have a width and a height");
  }
  const [width, height] = [size.getUint32(FULL_BOX_BYTES), size.getUint32(FULL_BOX_BYTES + 4)];
  if (width === 0 || height === 0) {
    throw malformedPicture(name, `it must have texels: it has ${width}×${height}`);
  }
  if (own.some(({ type }) => type === "clap")) {
    const why =
      "its texels must all be seen: it is to be cropped (clap). To load it, convert it to PNG";
    throw unsupportedPicture(name, { feature: "AVIF with clap", why });
  }
  const turns = own.filter(({ type }) => type === "irot")
    .map(({ view }) => view.byteLength > 0 ? view.getUint8(0) & 3 : 0);
  // The decoder turns and mirrors by itself, whatever EXIF says besides (HEIF, section 6.5.10).
  const isTurned = turns.reduce((sum, turn) => sum + turn, 0) % 2 === 1;
  const hasAlpha = all.some(({ type, view }) => type === "auxC" && ALPHA_KIND.test(textOf(view)));
  return {
    container: "avif",
    storedWidth: isTurned ? height : width,
    storedHeight: isTurned ? width : height,
    orientation: 1,
    isGrey: false,
    channels: hasAlpha ? 4 : 3,
    hasAlpha,
    sample: { bits: bitsOf(own) > 8 ? 16 : 8, type: "unsigned" },
    heldWholeAs: "AVIF",
    notes: isFilm ? ["the picture of a film"] : [],
  };
}

async function isOfFilmBrand(file: HeaderReader): Promise<boolean> {
  const start = await file.view(0, BRAND_END, "the first box");
  return start.getUint32(BRAND_END - 4) === FILM_BRAND;
}

/** Goes through the boxes of the file, which must all be whole, and reads the one of descriptions. */
async function readFile(file: HeaderReader): Promise<{ meta: DataView; isFilm: boolean }> {
  const { name, size } = file;
  let meta: DataView | null = null;
  let isFilm = false;
  let at = 0;
  for (let count = 0; at < size; count++) {
    const left = size - at;
    const head = await file.view(at, Math.min(BOX_HEAD_BYTES, left), "the next box");
    const start = boxAt(head, left);
    if (start === null || count === MOST_PARTS) {
      throw malformedPicture(
        name,
        `its boxes must lie in the file: the one at byte ${at} ends behind the ${size} bytes of the file`,
      );
    }
    const { type, headBytes, length } = start;
    isFilm ||= type === "moov";
    if (type === "meta" && meta === null) {
      if (length > MOST_META_BYTES || length < headBytes + FULL_BOX_BYTES) {
        throw malformedPicture(name, `its box meta must have less than ${MOST_META_BYTES} bytes`);
      }
      const content = await file.read(at + headBytes, length - headBytes, "the box meta");
      meta = new DataView(content.slice().buffer);
    }
    at += length;
  }
  if (meta !== null) return { meta, isFilm };
  if (!isFilm) throw malformedPicture(name, "it must have a box meta: it has none");
  throw filmError(name, "it holds a film alone");
}

function filmError(name: string, what: string): Error {
  const why = `it must hold a picture: ${what}. To load it, write a frame to a PNG`;
  return unsupportedPicture(name, { feature: "AVIF film", why });
}

function boxNamed(name: string, boxes: readonly Box[], type: string): Box {
  const box = boxes.find((other) => other.type === type);
  if (box !== undefined) return box;
  throw malformedPicture(name, `it must have a box ${type}: it has none`);
}

function primaryItem(name: string, boxes: readonly Box[]): number {
  const reader = new BoxReader(name, boxNamed(name, boxes, "pitm").view);
  return reader.number(reader.version() === 0 ? 2 : 4);
}

/** The properties of an item, in their order (HEIF, section 9.3). */
function propertiesOf(
  name: string,
  { all, associations, item }: {
    all: readonly Box[];
    associations: readonly Box[];
    item: number;
  },
): Box[] {
  for (const { type, view } of associations) {
    if (type !== "ipma") continue;
    const reader = new BoxReader(name, view);
    const version = reader.number(1);
    const isWide = (reader.number(3) & 1) === 1;
    const count = reader.number(4);
    for (let i = 0; i < count; i++) {
      const id = reader.number(version === 0 ? 2 : 4);
      const own: Box[] = [];
      for (let left = reader.number(1); left > 0; left--) {
        const index = reader.number(isWide ? 2 : 1) & (isWide ? 0x7fff : 0x7f);
        const property = all[index - 1];
        if (index > 0 && property === undefined) {
          throw malformedPicture(name, `its properties must exist: there is no property ${index}`);
        }
        if (property !== undefined) own.push(property);
      }
      if (id === item) return own;
    }
  }
  throw malformedPicture(name, `its picture, item ${item}, must have properties: it has none`);
}

/** The most bits of a channel; 8 if the file does not say. */
function bitsOf(own: readonly Box[]): number {
  const pixels = own.find(({ type }) => type === "pixi")?.view;
  if (pixels === undefined || pixels.byteLength <= FULL_BOX_BYTES) return 8;
  const bits = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  return Math.max(8, ...bits.subarray(FULL_BOX_BYTES + 1));
}

function textOf(view: DataView): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, Math.min(view.byteLength, 128));
  return String.fromCharCode(...bytes);
}
