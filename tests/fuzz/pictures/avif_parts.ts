/**
 * The structure of AVIF files (ISO/IEC 14496-12 and 23008-12).
 *
 * @module
 */

import { type Field, fieldRow } from "../inputs/fields.ts";

const BOXES = ["ftyp", "meta", "hdlr", "pitm", "iloc", "iinf", "infe", "iprp", "ipco", "ispe"];
const MORE = ["pixi", "av1C", "auxC", "colr", "ipma", "iref", "mdat"];

/** Where a word lies, each time. */
function placesOf(bytes: Uint8Array, word: string): number[] {
  const text = String.fromCharCode(...bytes);
  const places: number[] = [];
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) places.push(at);
  return places;
}

/** Lengths of boxes, their types, and the first numbers in each. */
export function avifFields(bytes: Uint8Array): Field[] {
  return [...BOXES, ...MORE].flatMap((box) =>
    placesOf(bytes, box).flatMap((at) => [
      ...fieldRow([`length of ${box}`, `type ${box}`], at - 4, 4, true),
      ...fieldRow(Array.from({ length: 12 }, (_, i) => `byte ${i} of ${box}`), at + 4, 1),
    ])
  );
}

/** Size of the only picture; null if there is none, or several, or it is turned. */
export function avifSize(bytes: Uint8Array): readonly [number, number] | null {
  const places = placesOf(bytes, "ispe");
  const at = places[0];
  if (places.length !== 1 || at === undefined || at + 16 > bytes.length) return null;
  if (placesOf(bytes, "irot").length > 0) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [view.getUint32(at + 8), view.getUint32(at + 12)];
}
