/**
 * Opens and examines the stores of the cache.
 *
 * @module
 */

import {
  FileError,
  MalformedFileError,
  SourceChangedError,
  SourceReadError,
  UnsupportedError,
} from "../../errors.ts";
import {
  openFileSource,
  openTileStore,
  type SourceIdentity,
  type TileStore,
} from "../../sources/mod.ts";
import { isSameSource } from "./source_identity.ts";

/** A store that was looked for. */
export type FoundStore =
  | { readonly store: TileStore }
  /** `fault` says why it cannot be used; null if there is none. */
  | { readonly store: null; readonly fault: string | null };

/** What a store has to be. */
export interface WantedStore {
  /** Path of the store's file. */
  readonly path: string;
  /** What it was baked from, in messages. */
  readonly name: string;
  /** Identity of that. */
  readonly identity: SourceIdentity;
}

/** Opens a store, unless it is missing, damaged, unreadable or of another source. */
export async function openBaked(wanted: WantedStore, signal?: AbortSignal): Promise<FoundStore> {
  const { path, name, identity } = wanted;
  try {
    const bytes = await openFileSource(path, { name: `baked form of ${name}` });
    const store = await openTileStore(bytes, signal === undefined ? {} : { signal });
    if (isSameSource(store.description.source, identity)) return { store };
    store.close();
    return { store: null, fault: "It was made from something else" };
  } catch (error) {
    if (!isFault(error)) throw error;
    const isMissing = error instanceof FileError && error.code === "file-not-found";
    return { store: null, fault: isMissing ? null : error.message };
  }
}

/** Whether every tile of a store can be read. */
export async function isSound(store: TileStore, signal: AbortSignal): Promise<boolean> {
  try {
    for (const { level, tilesX, tilesY } of store.grid.levels) {
      if (level < store.description.firstLevel) continue;
      for (let y = 0; y < tilesY; y++) {
        for (let x = 0; x < tilesX; x++) await store.readTile(level, x, y, { signal });
      }
    }
    return true;
  } catch (error) {
    if (!isFault(error)) throw error;
    return false;
  }
}

/** Whether an error is one of a file that cannot be used, which a new one replaces. */
function isFault(error: unknown): error is Error {
  return error instanceof MalformedFileError || error instanceof UnsupportedError ||
    error instanceof FileError || error instanceof SourceReadError ||
    error instanceof SourceChangedError;
}
