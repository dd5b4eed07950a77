/**
 * Tile stores of several kinds, some of them changed inside their compressed sections.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { memorySource, openTileStore } from "../../../src/sources/mod.ts";
import { makeArchive, SAMPLE, SMALL } from "../../sources/tile_store/made_store.ts";
import { fieldRow, type Sample } from "../inputs/fields.ts";
import type { Choices } from "../inputs/mutate.ts";
import { changedTiles } from "./change_tiles.ts";
import { changedMetadata } from "./change_metadata.ts";
import {
  directoryBytes,
  gzipped,
  HEADER_BYTES,
  type ModelEntry,
  type PmtilesModel,
  putTogether,
  takeApart,
} from "./pmtiles_model.ts";

/** A store that was written by the library, with its content. */
export interface MadeStore {
  readonly name: string;
  readonly archive: Uint8Array;
  readonly model: PmtilesModel;
  /** Planes of every tile. */
  readonly tiles: readonly (readonly Uint8Array[])[];
}

async function madeStore(name: string, archive: Uint8Array): Promise<MadeStore> {
  const store = await openTileStore(memorySource(archive, name));
  const tiles: Uint8Array[][] = [];
  for (let tile = 0; tile < store.grid.tileCount; tile++) {
    const { level, x, y } = store.grid.addressOf(tile);
    if (level < store.description.firstLevel) continue;
    tiles.push(await store.readTilePlanes(level, x, y));
  }
  store.close();
  return { name, archive, model: takeApart(archive), tiles };
}

const BC7 = { ...SMALL, tileSize: 16, border: 4, format: "bc7-rgba-unorm-srgb" } as const;

function keptStore(file: string): Uint8Array {
  return new Uint8Array(
    readFileSync(new URL(`../../sources/tile_store/${file}`, import.meta.url)),
  );
}

/** The stores that inputs are made from. */
export const STORES: readonly MadeStore[] = [
  await madeStore("rgba8", await makeArchive(SMALL)),
  await madeStore("grey", await makeArchive(SAMPLE)),
  await madeStore("shared tiles", await makeArchive(SAMPLE, () => 0)),
  await madeStore("bc7", await makeArchive(BC7)),
  await madeStore("from level 1", await makeArchive({ ...SMALL, firstLevel: 1 })),
  await madeStore("version 1", keptStore("version_1.pmtiles")),
  await madeStore("planes and holes", keptStore("version_2_planes.pmtiles")),
];

const HEADER_FIELDS = [
  ...fieldRow(
    [
      "root offset",
      "root length",
      "metadata offset",
      "metadata length",
      "leaves offset",
      "leaves length",
      "tiles offset",
      "tiles length",
      "addressed tiles",
      "tile entries",
      "tile contents",
    ],
    8,
    8,
  ),
  ...fieldRow(["version"], 7, 1),
  ...fieldRow(
    ["clustered", "internal compression", "tile compression", "tile type", "minZoom", "maxZoom"],
    96,
    1,
  ),
];

function changedEntries(choices: Choices, entries: readonly ModelEntry[]): ModelEntry[] {
  const changed = entries.map((entry) => ({ ...entry }));
  for (let i = choices.below(3); i >= 0 && changed.length > 0; i--) {
    const entry = choices.one(changed);
    const other = choices.one(changed);
    const large = choices.one([0, 1, 2 ** 31, 2 ** 32, 2 ** 52, choices.below(5000)]);
    const changes: (() => void)[] = [
      () => entry.offset = other.offset,
      () => entry.offset += choices.below(9) - 4,
      () => entry.offset = large,
      () => entry.length = other.length + choices.below(3) - 1,
      () => entry.length = large,
      () => entry.run = choices.one([0, 2, 3, 1000, large]),
      () => entry.id = choices.one([other.id, entry.id + 1, large]),
      () => changed.splice(choices.below(changed.length), 1),
      () => changed.push({ ...other }),
      // A leaf directory that is the root again, or nothing at all.
      () => Object.assign(entry, { run: 0, offset: 0, length: choices.one([0, 64, 1000]) }),
    ];
    choices.one(changes)();
  }
  return changed.sort((a, b) => a.id - b.id);
}

/** A directory with bytes behind its last entry. */
function withBytesBehind(choices: Choices, directory: Uint8Array): Uint8Array {
  const longer = new Uint8Array(directory.length + 1 + choices.below(4));
  longer.set(directory);
  return longer;
}

/** Leaf directories of a few entries each, and the root that names them. */
function withLeaves(choices: Choices, entries: readonly ModelEntry[]) {
  const count = choices.one([1, 2, 5, entries.length]);
  const leaves: Uint8Array[] = [];
  const root: ModelEntry[] = [];
  let offset = 0;
  for (let first = 0; first < entries.length; first += count) {
    const bytes = directoryBytes(entries.slice(first, first + count));
    const leaf = gzipped(choices.chance(0.02) ? withBytesBehind(choices, bytes) : bytes);
    root.push({ id: entries[first]!.id, run: 0, length: leaf.length, offset });
    leaves.push(leaf);
    offset += leaf.length;
  }
  return { root, leaves: Uint8Array.from(leaves.flatMap((leaf) => [...leaf])) };
}

/** Directory or metadata that is much larger than it is stored. */
function swollen(choices: Choices, text: string): Uint8Array {
  const count = choices.one([1000, 100_000, 3_000_000, 16_000_000, 60_000_000]);
  return new TextEncoder().encode(text.repeat(Math.ceil(count / text.length)));
}

const SWOLLEN = ["[", "{}", '{"a":', " ", "0", '"', "[],", "\u0000"];

/** A sample, and the store that it comes from. */
export function storeSample(choices: Choices): { sample: Sample; store: MadeStore } {
  const store = choices.one(STORES);
  const { header, metadata } = store.model;
  let { tiles } = store.model;
  const what: string[] = [];
  const note = (text: string) => what.push(text);
  let entries: readonly ModelEntry[] = store.model.entries;
  const text = new TextEncoder();
  let meta = text.encode(metadata);
  if (choices.chance(0.3)) {
    entries = changedEntries(choices, entries);
    note("entries changed");
  }
  if (choices.chance(0.4)) {
    meta = text.encode(changedMetadata(choices, metadata));
    note("metadata changed");
  } else if (choices.chance(0.01)) {
    meta = swollen(choices, choices.one(SWOLLEN)) as typeof meta;
    note("metadata swollen");
  }
  let root = directoryBytes(entries);
  let leaves: Uint8Array = new Uint8Array(0);
  if (choices.chance(0.3)) {
    const split = withLeaves(choices, entries);
    const rooted = choices.chance(0.5) ? changedEntries(choices, split.root) : split.root;
    root = directoryBytes(rooted);
    leaves = split.leaves;
    note("with leaves");
  }
  if (choices.chance(0.05)) {
    root = directoryBytes(entries, choices.one([0, 1, entries.length + 1, 10_000, 2 ** 40]));
    note("another count of entries");
  } else if (choices.chance(0.005)) {
    root = swollen(choices, choices.one(["\u0001", "\u0000"]));
    note("root swollen");
  }
  if (choices.chance(0.02)) {
    root = withBytesBehind(choices, root);
    note("bytes behind the root");
  }
  if (choices.chance(0.1) && store.tiles[0]!.length === 1) {
    tiles = changedTiles(choices, store.model);
    note("tile changed");
  }
  const bytes = what.length === 0
    ? store.archive
    : putTogether({ header, root, metadata: meta, leaves, tiles });
  const name = [store.name, ...what].join(", ");
  return { sample: { name, bytes, fields: HEADER_FIELDS, headerBytes: HEADER_BYTES }, store };
}
