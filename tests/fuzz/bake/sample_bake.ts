/**
 * A bake of low mips that needs no device, and changes of what it says of itself.
 *
 * @module
 */

import { writeRecord } from "../../../src/rvt/low_mips/bake_record.ts";
import { incompleteDigits } from "../../../src/rvt/low_mips/incomplete_tiles.ts";
import {
  type BakeSettings,
  identitiesOf,
  lowMipLevels,
  type TileIdentities,
} from "../../../src/rvt/low_mips/mod.ts";
import type { TileStoreDescription } from "../../../src/sources/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { makeArchive, SMALL } from "../../sources/tile_store/made_store.ts";
import { Choices } from "../inputs/mutate.ts";
import { changedMetadata } from "../store/change_metadata.ts";
import { directoryBytes, putTogether, takeApart } from "../store/pmtiles_model.ts";

/** Settings that the bake was made with, and is read for. */
export const SETTINGS: BakeSettings = {
  materialType: "base_color",
  tileSize: 4,
  tileBorder: 2,
  sizeInTilesLog2: 3,
  removeLowMips: 0,
  formats: ["rgba8unorm-srgb"],
  compressionQuality: null,
  ycocgScale: null,
  position: [0.5, -3, 1e-7],
  rotation: [0, 0, 0, 1],
  scale: [100, 50, 10],
};

/** The texture that is read. */
export const TEXTURE = {
  name: "Ground",
  grid: new TileGrid(32, 16, 4, { lastLevel: "tile" }),
  border: 2,
  formats: ["rgba8unorm-srgb"],
  count: 3,
} as const;

/** The identity of a tile of the texture. */
export function digitsOf(tile: number): string {
  return Math.imul(tile + 1, 0x9e3779b1).toString(16).replace("-", "").padStart(16, "0f1e2d3c");
}

/** Identities of the texture's tiles, as they are now. */
export const IDENTITIES = { digitsOf } as unknown as TileIdentities;

/** The levels that are baked. */
export const LEVELS = lowMipLevels(TEXTURE.grid, TEXTURE.count);

const { width, height } = LEVELS.grid;
const DESCRIPTION: TileStoreDescription = {
  ...SMALL,
  ...{ width, height },
  tileSize: 4,
  border: 2,
  lastLevel: "tile",
  source: writeRecord({
    name: "Ground",
    settings: SETTINGS,
    identities: identitiesOf(IDENTITIES, { levels: LEVELS, grid: TEXTURE.grid }),
    incomplete: incompleteDigits(LEVELS.grid, [1, 4, 9]),
    isTinted: false,
  }),
};

const MODEL = takeApart(await makeArchive(DESCRIPTION));

type Json = Record<string, unknown>;

const VALUES: readonly unknown[] = [
  ...[null, true, "", "1", [], {}, -1, 0, 1, 2, 0.5, 1e300, "mask4", "rgba8unorm", "__proto__"],
  ...[[0, 0, 0], [0, 0, 0, 1], ["rgba8unorm-srgb"]],
];
/** Values that a source may have: strings and numbers. */
const TEXTS: readonly unknown[] = ["", "0", "1", 0, 1, 2, -1, 0.5, "low mips", "null", "{}", "[]"];
const LENGTHS = [10, 100, 5000, 100_000, 400_000];

/** Settings with a change of their values, or of their text. */
function changedSettings(choices: Choices, text: string): string {
  const settings = JSON.parse(text) as Json;
  const key = choices.one(Object.keys(settings));
  const value = settings[key];
  const length = choices.one(LENGTHS);
  const kinds: (() => string)[] = [
    () => text.slice(0, choices.below(text.length)),
    () => text + choices.one(["x", " ", "}", "\u0000"]),
    () => text.replace(",", `,"${choices.one(["added", "__proto__", key])}":1,`),
    () => JSON.stringify(Object.fromEntries(Object.entries(settings).reverse())),
    () => `{"${key}":${"[".repeat(length)}${"]".repeat(length)}}`,
    () => JSON.stringify({ ...settings, [key]: "x".repeat(length) }),
    () => JSON.stringify({ ...settings, [key]: choices.one(VALUES) }),
    () => JSON.stringify(choices.one(VALUES)),
    () => text.replaceAll(/,/g, " ,\n"),
    () => text.replace("100", choices.one(["1e2", "100.0", "100.00000000000001", "0x64"])),
    () => {
      if (typeof value === "number") settings[key] = value + choices.one([-1, 1, 2 ** -50]);
      if (Array.isArray(value)) value.push(...value.splice(choices.below(value.length), 1));
      return JSON.stringify(settings);
    },
    () => {
      delete settings[key];
      return JSON.stringify(settings);
    },
  ];
  return choices.one(kinds)();
}

function changedIdentities(choices: Choices, digits: string): string {
  const at = choices.below(digits.length);
  const put = choices.one(["0", "f", "F", "x", "", "00", "\u0130", "0".repeat(16)]);
  const kinds: (() => string)[] = [
    () => digits.slice(0, at) + put + digits.slice(at + 1),
    () => digits.slice(0, at) + put + digits.slice(at + put.length),
    () => digits.slice(0, at - (at % 16)),
    () => digits.repeat(1 + choices.below(3)),
    () => digits.toUpperCase(),
    () => "0".repeat(choices.one([digits.length, 16, ...LENGTHS])),
  ];
  return choices.one(kinds)();
}

function changedIncomplete(choices: Choices, digits: string): string {
  const at = choices.below(digits.length);
  const put = choices.one(["0", "1", "8", "f", "F", "g", "", "00", "\u0130"]);
  return digits.slice(0, at) + put + digits.slice(at + 1);
}

/** What a bake says of itself, with one or two changes. */
function changedSource(choices: Choices, source: Json): Json {
  const changed = { ...source };
  for (let i = choices.below(2); i >= 0; i--) {
    const key = choices.one(Object.keys(source));
    const kind = choices.below(9);
    if (kind <= 3) changed.settings = changedSettings(choices, source.settings as string);
    else if (kind <= 5) {
      changed.identities = changedIdentities(choices, source.identities as string);
    } else if (kind === 6) {
      changed.incomplete = changedIncomplete(choices, source.incomplete as string);
    } else if (choices.chance(0.2)) changed[key] = "x".repeat(choices.one(LENGTHS));
    else if (choices.chance(0.3)) delete changed[key];
    else changed[key] = choices.one(TEXTS);
  }
  return changed;
}

/** The bytes of the bake, as they are or with other metadata. */
export function makeBake(choices: Choices): { what: string; bytes: Uint8Array } {
  const json = JSON.parse(MODEL.metadata) as { forge3d_tile_store: { source: Json } };
  const store = json.forge3d_tile_store;
  let what = "as it is";
  let metadata = MODEL.metadata;
  if (choices.chance(0.8)) {
    what = "source changed";
    store.source = changedSource(choices, store.source);
    metadata = JSON.stringify(json);
  } else if (choices.chance(0.5)) {
    what = "metadata changed";
    metadata = changedMetadata(choices, metadata);
  }
  const bytes = putTogether({
    header: MODEL.header,
    root: directoryBytes(MODEL.entries),
    metadata: new TextEncoder().encode(metadata),
    leaves: new Uint8Array(0),
    tiles: MODEL.tiles,
  });
  return { what, bytes };
}
