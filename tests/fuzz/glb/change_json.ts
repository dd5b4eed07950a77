/**
 * Changes of glTF's JSON, by its values and by its text.
 *
 * @module
 */

import type { Choices } from "../inputs/mutate.ts";

type Json = Record<string, unknown>;

const VALUES: readonly unknown[] = [
  null,
  true,
  "",
  "SCALAR",
  "VEC2",
  "VEC3",
  "__proto__",
  [],
  {},
  [0],
  [0, 1, 0],
  -1,
  0,
  1,
  2,
  3,
  4,
  1.5,
  12,
  16,
  36,
  5120,
  5121,
  5123,
  5125,
  5126,
  2 ** 32,
  2 ** 53,
  1e300,
];

/** Names that files may have and the samples lack. */
const NAMES = ["byteStride", "byteOffset", "sparse", "uri", "extensions", "children", "matrix"];

function holders(value: unknown, found: Json[] = []): Json[] {
  if (typeof value !== "object" || value === null) return found;
  found.push(value as Json);
  for (const part of Object.values(value)) holders(part, found);
  return found;
}

function changeOne(choices: Choices, json: Json): void {
  const holder = choices.one(holders(json));
  const keys = Object.keys(holder);
  const kind = choices.below(8);
  const value = structuredClone(choices.one(VALUES));
  if (keys.length === 0 || kind === 0) {
    if (!Array.isArray(holder)) holder[choices.one(NAMES)] = value;
    return;
  }
  const key = choices.one(keys);
  const current = holder[key];
  if (kind === 1) delete holder[key];
  else if (kind <= 4 && typeof current === "number") holder[key] = current + choices.below(5) - 2;
  else if (kind === 5) holder[key] = structuredClone(holder[choices.one(keys)]);
  else if (kind === 6 && Array.isArray(current)) current.push(structuredClone(current[0]));
  else holder[key] = value;
}

/** JSON with one to three changes; one text in ten is no longer JSON. */
export function changedJson(choices: Choices, text: string): string {
  if (choices.chance(0.1)) return text.slice(0, choices.below(text.length));
  const json = JSON.parse(text);
  for (let i = choices.below(3); i >= 0; i--) changeOne(choices, json);
  return JSON.stringify(json);
}
