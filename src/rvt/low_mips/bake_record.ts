/**
 * What a bake says of itself in its tile store; see `src/sources/tile_store/FORMAT.md`.
 *
 * @module
 */

import { OutOfRangeError } from "../../errors.ts";
import type { SourceIdentity, TileStore } from "../../sources/mod.ts";
import { type BakeSettings, shortened } from "./bake_settings.ts";
import { areIncompleteDigits, incompleteDigits } from "./incomplete_tiles.ts";
import { firstIdentifiedLevel, IDENTITY_DIGITS } from "./tile_identities.ts";

const KIND = "low mips of a runtime virtual texture";

/** Increased when a bake of the same scene would give other texels or identities. */
const BAKER_VERSION = 2;

/** What was baked. */
export interface BakeRecord {
  /** Of the asset, for display. */
  readonly name: string;
  /** What the tiles depend on: an object of anything, if it was read. */
  readonly settings: object;
  /** Identities of the coarsest tiles when they were baked, in the order of their tile indices. */
  readonly identities: string;
  /** Which of those tiles, or finer ones that they tell of, lack something of what their materials sample. */
  readonly incomplete: string;
  /** Whether base colours are tinted. */
  readonly isTinted: boolean;
}

/** Writes a record as what a store was made from. */
export function writeRecord(
  { name, settings, identities, incomplete, isTinted }: BakeRecord & {
    readonly settings: BakeSettings;
  },
): SourceIdentity {
  return {
    name,
    kind: KIND,
    baker: BAKER_VERSION,
    settings: JSON.stringify(settings),
    identities,
    incomplete,
    tinted: isTinted ? 1 : 0,
  };
}

/**
 * Reads the record of a store; null if it holds something else, or lacks a part.
 *
 * @throws {OutOfRangeError} if it was built by another version.
 */
export function readRecord(store: TileStore): BakeRecord | null {
  const { description: { source }, grid } = store;
  const {
    name,
    kind,
    baker,
    settings,
    identities,
    incomplete = incompleteDigits(grid, []),
    tinted,
  } = source;
  if (kind !== KIND) return null;
  if (baker !== BAKER_VERSION) {
    throw new OutOfRangeError(
      "virtualTextureBuilder",
      `${store.name} was built of "${shortened(name)}" by version ${
        typeof baker === "number" ? baker : "unknown"
      } of the baker, and must be of version ${BAKER_VERSION}. Build it again`,
    );
  }
  if (tinted !== 0 && tinted !== 1) return null;
  const count = grid.tileCount - grid.level(firstIdentifiedLevel(grid)).firstTile;
  if (typeof identities !== "string" || identities.length !== count * IDENTITY_DIGITS) return null;
  if (!/^[0-9a-f]*$/.test(identities)) return null;
  if (typeof incomplete !== "string" || !areIncompleteDigits(grid, incomplete)) return null;
  const known = typeof settings === "string" ? objectOf(settings) : null;
  return known === null ? null : {
    name,
    settings: known,
    identities,
    incomplete,
    isTinted: tinted === 1,
  };
}

/** The object that a JSON text holds; null if it holds something else. */
function objectOf(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** The asset that a store holds low mips of, in whatever version; null if it holds something else. */
export function bakedAssetName(
  { description: { source: { kind, name } } }: TileStore,
): string | null {
  return kind === KIND ? name : null;
}
