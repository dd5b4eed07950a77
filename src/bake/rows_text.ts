/**
 * Names formats of decoded rows as people do: by bands and types of numbers.
 *
 * @module
 */

import type { PictureInfo, RowFormat } from "../sources/mod.ts";
import { formatInfo } from "../texels/mod.ts";

const COUNTS = ["no", "one", "two", "three", "four"];
const TYPES: readonly (readonly [ending: RegExp, name: string])[] = [
  [/8unorm$/, "uint8"],
  [/8snorm$/, "int8"],
  [/16unorm$/, "uint16"],
  [/16float$/, "float16"],
  [/32float$/, "float32"],
];

/** What rows hold, such as `four bands of uint8`. */
export function rowsText(format: RowFormat): string {
  return `${bandsText(formatInfo(format).channels)} of ${typeOf(format)}`;
}

/** What rows may hold, such as `one or four bands of uint8 or uint16`. */
export function rowsListText(formats: readonly RowFormat[]): string {
  const counts = [...new Set(formats.map((format) => formatInfo(format).channels))];
  const types = [...new Set(formats.map(typeOf))];
  if (counts.length * types.length !== formats.length) return listText(formats.map(rowsText));
  const bands = [...counts.slice(0, -1).map((count) => COUNTS[count]!), bandsText(counts.at(-1)!)];
  return `${listText(bands)} of ${listText(types)}`;
}

/** What of a picture is read. */
export type PictureSamples = Pick<PictureInfo, "sampleType" | "valueBands" | "hasAlpha">;

/** What a picture holds in the words of its file, and as what rows it is read if they hold another type. */
export function samplesText(
  { sampleType, valueBands, hasAlpha }: PictureSamples,
  rows: RowFormat,
): string {
  const held = `${bandsText(valueBands)} of ${sampleType}${hasAlpha ? " with transparency" : ""}`;
  return typeOf(rows) === sampleType ? held : `${held}, read as ${rowsText(rows)}`;
}

function bandsText(count: number): string {
  return `${COUNTS[count] ?? count} ${count === 1 ? "band" : "bands"}`;
}

function typeOf(format: RowFormat): string {
  return TYPES.find(([ending]) => ending.test(format))?.[1] ?? format;
}

function listText(names: readonly string[]): string {
  if (names.length < 2) return names.join();
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
