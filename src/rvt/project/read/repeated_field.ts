/**
 * Finds fields that stand twice in an object of JSON, of which `JSON.parse` would keep the last. Pure.
 *
 * @module
 */

import type { Place } from "../schema/mod.ts";

/** No shape of a project nests as deep, so that what does is refused anyway. */
const MOST_DEEP = 64;

/** Where the search stands in an object, or in a list. */
interface Open {
  /** Names of fields that were seen; null before the first. */
  names: Set<string> | null;
  /** The field or element that is looked at. */
  step: string | number;
  /** Whether the next string is the name of a field. */
  isNameNext: boolean;
}

/**
 * The first field that stands twice in its object. Takes time in proportion to the text, and memory to the
 * fields of the objects that are open at once.
 *
 * @param json Text that `JSON.parse` accepts.
 * @param place Of all of it.
 * @returns The place of the field; null if there is none, or something nests deeper than any project does.
 */
export function repeatedField(json: string, place: Place): Place | null {
  const open: Open[] = [];
  for (let at = 0; at < json.length; at++) {
    if (open.length > MOST_DEEP) return null;
    const top = open.at(-1);
    switch (json[at]) {
      case "{":
        open.push({ names: null, step: "", isNameNext: true });
        break;
      case "[":
        open.push({ names: null, step: 0, isNameNext: false });
        break;
      case "}":
      case "]":
        open.pop();
        break;
      case ",":
        if (typeof top!.step === "number") top!.step++;
        else top!.isNameNext = true;
        break;
      case '"': {
        const end = endOfString(json, at);
        if (top?.isNameNext === true) {
          const text = json.slice(at, end + 1);
          const name: string = text.includes("\\") ? JSON.parse(text) : text.slice(1, -1);
          top.step = name;
          top.names ??= new Set();
          if (top.names.has(name)) return open.reduce((inner, { step }) => inner.at(step), place);
          top.names.add(name);
          top.isNameNext = false;
        }
        at = end;
      }
    }
  }
  return null;
}

/** Where the string that begins at a quote ends: at a quote that no odd number of backslashes precedes. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1);; end = json.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (json[end - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return end;
  }
}
