/**
 * Changes of JSON, by its values and by its text.
 *
 * @module
 */

import type { Choices } from "../inputs/mutate.ts";

type Json = Record<string, unknown>;

const VALUES: readonly unknown[] = [
  null,
  true,
  "",
  "8",
  [],
  {},
  -1,
  0,
  1,
  1.5,
  2 ** 20,
  2 ** 20 + 1,
  2 ** 32,
  2 ** 53,
  1e300,
  "rgba8unorm",
  "bc1-rgba-unorm",
  "r32float",
  "srgb",
  "linear",
  "__proto__",
];

/** Every object and list in a value. */
function holders(value: unknown, found: Json[] = []): Json[] {
  if (typeof value !== "object" || value === null) return found;
  found.push(value as Json);
  for (const part of Object.values(value)) holders(part, found);
  return found;
}

function changeOne(choices: Choices, json: Json): void {
  const holder = choices.one(holders(json));
  const keys = Object.keys(holder);
  if (keys.length === 0) {
    holder.added = structuredClone(choices.one(VALUES));
    return;
  }
  const key = choices.one(keys);
  const value = holder[key];
  const kind = choices.below(6);
  if (kind === 0) delete holder[key];
  else if (kind === 1 && typeof value === "number") holder[key] = value + choices.below(5) - 2;
  else if (kind === 2 && typeof value === "number") holder[key] = value * choices.one([2, 4, 256]);
  else if (kind === 3) holder[key] = structuredClone(holder[choices.one(keys)]);
  else if (kind === 4 && typeof value === "string") holder[key] = value.slice(choices.below(9));
  else holder[key] = structuredClone(choices.one(VALUES));
}

/** A value that takes the metadata about as far as one of its bounds, or beyond. */
function largeValue(choices: Choices): unknown {
  const depth = 12 + choices.below(6);
  const kinds: (() => unknown)[] = [
    () => JSON.parse("[".repeat(depth) + "]".repeat(depth)),
    () => new Array(choices.one([7000, 8000, 8192, 9000])).fill(0),
    () => "x".repeat(choices.one([500, 512, 520]) * 1024 + choices.below(9)),
  ];
  return choices.one(kinds)();
}

/** JSON with one to three changes; one text in five is no longer JSON. */
export function changedMetadata(choices: Choices, text: string): string {
  if (choices.chance(0.2)) {
    const at = choices.below(text.length);
    const put = choices.one([
      "",
      "{",
      "]",
      '"',
      ",",
      "\u0000",
      "\ud800",
      "1e999",
      "[".repeat(5000),
    ]);
    return text.slice(0, at) + put + text.slice(at + choices.below(4));
  }
  const json = JSON.parse(text) as Json;
  if (choices.chance(0.2)) {
    choices.one([json, json.forge3d_tile_store as Json]).added = largeValue(choices);
    return JSON.stringify(json);
  }
  for (let i = choices.below(3); i >= 0; i--) changeOne(choices, json);
  return JSON.stringify(json);
}
