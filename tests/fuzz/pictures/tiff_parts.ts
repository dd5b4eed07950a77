/**
 * The structure of TIFF files (revision 6.0, section 2).
 *
 * @module
 */

import type { Field } from "../inputs/fields.ts";

const WIDTH = 256;
const HEIGHT = 257;
const ORIENTATION = 274;
const SHORT = 3;
const TYPE_BYTES: Readonly<Record<number, 1 | 2 | 4 | 8>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 12: 8 };
/** Types of integers, and of bytes without meaning (7). */
const NUMBER_BYTES: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 3: 2, 4: 4, 7: 1 };
/** Numbers of one list that are fields. */
const MOST_OF_LIST = 6;

interface Entry {
  readonly at: number;
  readonly tag: number;
  readonly type: number;
  readonly count: number;
}

function viewOf(bytes: Uint8Array): { view: DataView; isBig: boolean } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { view, isBig: bytes[0] === 0x4d };
}

/** The entries of every directory, and where the next one is named. */
function directoriesOf(bytes: Uint8Array): { entries: Entry[]; at: number; next: number }[] {
  const { view, isBig } = viewOf(bytes);
  const found: { entries: Entry[]; at: number; next: number }[] = [];
  if (bytes.length < 8) return found;
  let at = view.getUint32(4, !isBig);
  while (at > 0 && at + 2 <= bytes.length && found.length < 8) {
    const count = view.getUint16(at, !isBig);
    const next = at + 2 + 12 * count;
    if (next + 4 > bytes.length) break;
    const entries = Array.from({ length: count }, (_, i) => {
      const place = at + 2 + 12 * i;
      return {
        at: place,
        tag: view.getUint16(place, !isBig),
        type: view.getUint16(place + 2, !isBig),
        count: view.getUint32(place + 4, !isBig),
      };
    });
    found.push({ entries, at, next });
    at = view.getUint32(next, !isBig);
  }
  return found;
}

/** Numbers of all directories and of the lists that they name. */
export function tiffFields(bytes: Uint8Array): Field[] {
  const { view, isBig } = viewOf(bytes);
  const fields: Field[] = [{ name: "first directory", at: 4, bytes: 4, isBigEndian: isBig }];
  for (const { entries, at, next } of directoriesOf(bytes)) {
    fields.push({ name: "entries", at, bytes: 2, isBigEndian: isBig });
    fields.push({ name: "next directory", at: next, bytes: 4, isBigEndian: isBig });
    for (const { at, tag, type, count } of entries) {
      fields.push(
        { name: `tag ${tag}`, at, bytes: 2, isBigEndian: isBig },
        { name: `type of ${tag}`, at: at + 2, bytes: 2, isBigEndian: isBig },
        { name: `count of ${tag}`, at: at + 4, bytes: 4, isBigEndian: isBig },
        { name: `value of ${tag}`, at: at + 8, bytes: type === SHORT ? 2 : 4, isBigEndian: isBig },
      );
      const size = TYPE_BYTES[type] ?? 1;
      if (size * count <= 4) continue;
      const list = view.getUint32(at + 8, !isBig);
      for (let i = 0; i < Math.min(count, MOST_OF_LIST); i++) {
        fields.push({
          name: `${i} of ${tag}`,
          at: list + i * size,
          bytes: size,
          isBigEndian: isBig,
        });
      }
    }
  }
  return fields;
}

/** Size in the first directory, as seen; null where it has none, or more than one. */
export function tiffSize(bytes: Uint8Array): readonly [number, number] | null {
  const first = directoriesOf(bytes)[0];
  if (first === undefined) return null;
  const { view, isBig } = viewOf(bytes);
  const [width, height, orientation] = [WIDTH, HEIGHT, ORIENTATION].map((tag) => {
    const entries = first.entries.filter((entry) => entry.tag === tag);
    const entry = entries[0];
    if (entries.length !== 1 || entry!.count !== 1 || ![3, 4].includes(entry!.type)) return null;
    return entry!.type === SHORT
      ? view.getUint16(entry!.at + 8, !isBig)
      : view.getUint32(entry!.at + 8, !isBig);
  });
  if (width == null || height == null) return null;
  // From 5 to 8, rows run along what is seen as columns.
  const isTurned = orientation != null && orientation >= 5 && orientation <= 8;
  return isTurned ? [height, width] : [width, height];
}

/** The integers or bytes of a field of the first directory; null if it is not there exactly once. */
export function tiffNumbers(bytes: Uint8Array, tag: number): number[] | null {
  const entries = directoriesOf(bytes)[0]?.entries.filter((entry) => entry.tag === tag) ?? [];
  const [entry] = entries;
  const size = entry === undefined ? undefined : NUMBER_BYTES[entry.type];
  if (entries.length !== 1 || entry === undefined || size === undefined) return null;
  const { view, isBig } = viewOf(bytes);
  const length = size * entry.count;
  const start = length <= 4 ? entry.at + 8 : view.getUint32(entry.at + 8, !isBig);
  if (start + length > bytes.length) return null;
  return Array.from({ length: entry.count }, (_, i) => {
    const at = start + i * size;
    return size === 1
      ? view.getUint8(at)
      : size === 2
      ? view.getUint16(at, !isBig)
      : view.getUint32(at, !isBig);
  });
}

const COMPRESSION = 259;
const NO_COMPRESSION = 1;
const ADOBE_DEFLATE = 8;

/**
 * Whether texels lie in the file as they are, or under a checksum: then none of them are made up.
 */
export function isStoredExactly(bytes: Uint8Array): boolean {
  const { view, isBig } = viewOf(bytes);
  const entry = directoriesOf(bytes)[0]?.entries.find(({ tag }) => tag === COMPRESSION);
  if (entry === undefined) return false;
  const compression = view.getUint16(entry.at + 8, !isBig);
  return compression === NO_COMPRESSION || compression === ADOBE_DEFLATE;
}

function hasField(bytes: Uint8Array, tag: number): boolean {
  return directoriesOf(bytes)[0]?.entries.some((entry) => entry.tag === tag) ?? false;
}

/**
 * Whether the picture encoder's own decoder sees the same texels: it keeps no numbers but unsigned
 * ones and single floats, takes any fourth sample for alpha, and knows of no value for no data.
 */
export function isComparable(bytes: Uint8Array, format: string): boolean {
  const first = (tag: number) => tiffNumbers(bytes, tag)?.[0] ?? null;
  const [bits, samples] = [first(258), first(277) ?? 1];
  const kind = first(339) ?? 1;
  // Nor is its own doubt of the range that a file names one of the texels.
  if ([42113, 280, 281].some((tag) => hasField(bytes, tag))) return false;
  // Numbers of several bands are values here, whatever shade 0 is.
  const known = samples === 1 ? [1, 3] : [2, 6];
  if (!known.includes(first(262) ?? -1)) return false;
  if (format === "r32float") return bits === 32 && kind === 3 && samples === 1;
  if (format === "r16unorm") return bits === 16 && kind === 1 && samples === 1;
  if (bits !== 8 || kind !== 1) return false;
  if (format === "r8unorm") return samples === 1;
  const hasAlpha = first(338) === 2;
  return format === "rgba8unorm" && (samples === 3 || (samples === 4 && hasAlpha));
}

/** A little-endian file of one uncompressed strip of grey, which the encoder does not write. */
export function plainTiff(
  data: Uint8Array,
  { width, bits, sampleFormat }: { width: number; bits: number; sampleFormat: 1 | 3 },
): Uint8Array {
  const height = data.length / (width * bits / 8);
  const tags = [
    [WIDTH, 4, width],
    [HEIGHT, 4, height],
    [258, SHORT, bits],
    [259, SHORT, 1],
    [262, SHORT, 1],
    [273, 4, 8],
    [277, SHORT, 1],
    [278, 4, height],
    [279, 4, data.length],
    [339, SHORT, sampleFormat],
  ] as const;
  const bytes = new Uint8Array(8 + data.length + 2 + 12 * tags.length + 4);
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, 8 + data.length, true);
  bytes.set(data, 8);
  view.setUint16(8 + data.length, tags.length, true);
  tags.forEach(([tag, type, value], i) => {
    const at = 10 + data.length + 12 * i;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, 1, true);
    view.setUint32(at + 8, value, true);
  });
  return bytes;
}
