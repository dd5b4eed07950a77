/**
 * Where the contents of a store lie in its archive, and which tiles show them.
 *
 * @module
 */

import type { TileGrid } from "../../../tiles/mod.ts";
import type { DirectoryEntry } from "./directory_columns.ts";
import type { Zooms } from "../metadata/metadata.ts";
import { zoomOf } from "./directory.ts";
import { tilesInOrder } from "./tile_order.ts";

/** Stands for the content of a tile that has none. */
export const NO_CONTENT = 0xFFFFFFFF;

/** The tiles of a store. */
export interface StoredTiles {
  readonly grid: TileGrid;
  readonly firstLevel: number;
  readonly zooms: Zooms;
  /** Number of each tile's content, or {@linkcode NO_CONTENT}, from the first level's tiles on. */
  readonly contents: Uint32Array;
  /** Distinct contents. */
  readonly contentCount: number;
  /** Bytes of each content in the archive. */
  readonly contentBytes: number;
}

/** A layout: PMTiles asks for contents in the order in which tile ids first show them. */
export interface StoreLayout {
  /** The contents in the order in which they lie in the archive; those that no tile shows are not. */
  readonly order: Uint32Array;
  /** Number of directory entries. */
  readonly entryCount: number;
  /** Tiles that have a content. */
  readonly tileCount: number;
  /** Zooms of the coarsest and the finest of them. */
  readonly zooms: { readonly min: number; readonly max: number };
  /** The directory entries; each changes when the next is asked for. */
  entries(): Iterable<DirectoryEntry>;
}

/** Lays out a store. It takes 8 bytes a content, and a few passes over the tiles. */
export function layOutStore(tiles: StoredTiles): StoreLayout {
  const ranks = new Uint32Array(tiles.contentCount).fill(NO_CONTENT);
  const order = new Uint32Array(tiles.contentCount);
  let ranked = 0;
  for (const { content } of shownContents(tiles)) {
    if (ranks[content] !== NO_CONTENT) continue;
    ranks[content] = ranked;
    order[ranked++] = content;
  }
  let entryCount = 0;
  let tileCount = 0;
  let firstId = 0;
  let lastId = 0;
  for (const { tileId, runLength } of entriesOf(tiles, ranks)) {
    if (entryCount++ === 0) firstId = tileId;
    lastId = tileId + runLength - 1;
    tileCount += runLength;
  }
  return {
    order: order.subarray(0, ranked),
    entryCount,
    tileCount,
    zooms: { min: zoomOf(firstId), max: zoomOf(lastId) },
    entries: () => entriesOf(tiles, ranks),
  };
}

/** The tiles that have a content, by their ids; one object whose values change. */
function* shownContents(
  { grid, firstLevel, zooms, contents }: StoredTiles,
): Generator<{ tileId: number; content: number }, void, undefined> {
  const shown = { tileId: 0, content: 0 };
  const firstTile = grid.level(firstLevel).firstTile;
  for (const level of grid.levels.slice(firstLevel).reverse()) {
    for (const { tileId, index } of tilesInOrder(level, zooms.top - level.level)) {
      shown.tileId = tileId;
      shown.content = contents[level.firstTile - firstTile + index]!;
      if (shown.content !== NO_CONTENT) yield shown;
    }
  }
}

/** Joins tiles of consecutive ids that show one content. */
function* entriesOf(
  tiles: StoredTiles,
  ranks: Uint32Array,
): Generator<DirectoryEntry, void, undefined> {
  const byteLength = tiles.contentBytes;
  const entry = { tileId: 0, offset: 0, byteLength, runLength: 0 };
  for (const { tileId, content } of shownContents(tiles)) {
    const offset = ranks[content]! * byteLength;
    if (offset === entry.offset && tileId === entry.tileId + entry.runLength) {
      entry.runLength++;
      continue;
    }
    if (entry.runLength > 0) yield entry;
    entry.tileId = tileId;
    entry.offset = offset;
    entry.runLength = 1;
  }
  if (entry.runLength > 0) yield entry;
}
