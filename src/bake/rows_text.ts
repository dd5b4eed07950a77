/**
 * Names formats of decoded rows as people do: by bands and types of numbers.
 *
 * @module
 */

import type { RowFormat } from "../sources/mod.ts";
import { formatInfo } from "../texels/mod.ts";

const BANDS: Readonly<Record<number, string>> = { 1: "one band", 2: "two bands", 4: "four bands" };
const TYPES: readonly (readonly [ending: RegExp, name: string])[] = [
  [/8unorm$/, "uint8"],
  [/8snorm$/, "int8"],
  [/16unorm$/, "uint16"],
  [/16float$/, "float16"],
  [/32float$/, "float32"],
];

/** What rows hold, such as `four bands of uint8`. */
export function rowsText(format: RowFormat): string {
  const type = TYPES.find(([ending]) => ending.test(format))?.[1] ?? format;
  return `${BANDS[formatInfo(format).channels]} of ${type}`;
}
