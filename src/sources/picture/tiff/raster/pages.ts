/**
 * The pages of a TIFF file, and which of them is read (TIFF 6.0, tags 254 and 255; TIFF Technical
 * Note 1, trees of directories).
 *
 * @module
 */

import { OutOfRangeError } from "../../../../errors.ts";
import type { HeaderReader } from "../../headers/header_reader.ts";
import { malformedPicture, unsupportedPicture } from "../../headers/picture_header.ts";
import { readTiffStart, TiffDirectory } from "../tiff_directory.ts";

/** Tags of fields. */
const TAG = { kind: 254, oldKind: 255, width: 256, height: 257, children: 330 } as const;
/** Bits of what a directory is. */
const REDUCED_BIT = 1;
const MASK_BIT = 4;
const OLD_REDUCED = 2;
/** Most directories of a file that are gone through. */
const MOST_DIRECTORIES = 16_384;
/** A first page that is this much smaller than another of its shape is a thumbnail of it. */
const THUMBNAIL_FACTOR = 2;

/** A directory of a file, as far as pages are told apart by it. */
interface Entry {
  readonly directory: TiffDirectory;
  readonly width: number;
  readonly height: number;
  readonly kind: "page" | "reduced" | "mask";
}

/** The page that is read. */
export interface TiffPage {
  readonly directory: TiffDirectory;
  /** The directory of its mask: 1 where there is data; null if it has none. */
  readonly mask: TiffDirectory | null;
  /** Its number among the pages, from 0. */
  readonly page: number;
  /** Pages of the file: pictures in full resolution, thumbnails and masks not counted. */
  readonly pages: number;
}

/**
 * Finds a page. Directories that say that they are smaller versions or masks are none; by default the
 * first page is read, or, if another one of its shape is at least twice as large, that one: then the
 * first is its thumbnail.
 *
 * @param wanted Its number from 0, or null for the default.
 * @throws {OutOfRangeError} if there is no such page.
 * @throws {MalformedFileError} if a directory does not lie in the file, or follows itself.
 * @throws {UnsupportedError} if there are too many.
 */
export async function readTiffPage(file: HeaderReader, wanted: number | null): Promise<TiffPage> {
  const entries = await readEntries(file);
  const full = entries.filter(({ kind }) => kind === "page");
  // A file of thumbnails alone has no other picture.
  const pages = full.length > 0 ? full : entries.filter(({ kind }) => kind === "reduced");
  if (pages.length === 0) pages.push(entries[0]!);
  if (wanted !== null && wanted >= pages.length) {
    const last = pages.length - 1;
    const range = last === 0 ? "0, the only page" : `an integer from 0 to ${last}`;
    throw new OutOfRangeError(
      "page",
      `Cannot read picture ${file.name} as page must be ${range}: current value is ${wanted}`,
    );
  }
  const page = wanted ?? defaultPage(pages);
  const entry = pages[page]!;
  return {
    directory: entry.directory,
    mask: maskOf(entry, entries)?.directory ?? null,
    page,
    pages: pages.length,
  };
}

async function readEntries(file: HeaderReader): Promise<Entry[]> {
  const { numbers, first } = await readTiffStart(file);
  const seen = new Set<number>();
  const entries: Entry[] = [];
  const waiting = [first];
  while (waiting.length > 0) {
    const at = waiting.shift()!;
    if (seen.has(at)) {
      throw malformedPicture(file.name, `its directory at byte ${at} must not follow itself`);
    }
    seen.add(at);
    if (seen.size > MOST_DIRECTORIES) {
      const why = `it must have at most ${MOST_DIRECTORIES} directories`;
      throw unsupportedPicture(file.name, { feature: "so many TIFF directories", why });
    }
    const directory = await TiffDirectory.readAt(file, at, numbers);
    entries.push(await describeEntry(directory));
    // What belongs to a picture comes before the next one.
    const children = directory.isOfOffsets(TAG.children)
      ? await directory.numbers(TAG.children, MOST_DIRECTORIES)
      : [];
    const nexts = directory.next === 0 ? [] : [directory.next];
    waiting.unshift(...children.filter((child) => child !== 0), ...nexts);
  }
  return entries;
}

async function describeEntry(directory: TiffDirectory): Promise<Entry> {
  const bits = await directory.number(TAG.kind, null);
  const old = bits === null ? await directory.number(TAG.oldKind, 0) : 0;
  const isReduced = ((bits ?? 0) & REDUCED_BIT) !== 0 || old === OLD_REDUCED;
  return {
    directory,
    width: await directory.number(TAG.width, 0),
    height: await directory.number(TAG.height, 0),
    kind: ((bits ?? 0) & MASK_BIT) !== 0 ? "mask" : isReduced ? "reduced" : "page",
  };
}

function defaultPage(pages: readonly Entry[]): number {
  const { width, height } = pages[0]!;
  const isThumbnailOf = (page: Entry) => {
    const factor = page.width / width;
    // The thumbnail's sides are rounded.
    const isOfItsShape = Math.abs(page.height / factor - height) <= 1;
    return factor >= THUMBNAIL_FACTOR && isOfItsShape;
  };
  return Math.max(0, pages.findIndex(isThumbnailOf));
}

/** The mask that follows a page and has its size. */
function maskOf(page: Entry, entries: readonly Entry[]): Entry | null {
  for (const entry of entries.slice(entries.indexOf(page) + 1)) {
    if (entry.kind === "page") return null;
    const isOfItsSize = entry.width === page.width && entry.height === page.height;
    if (entry.kind === "mask" && isOfItsSize) return entry;
  }
  return null;
}
