/**
 * Levels whose tiles a file holds already, in the format that is wanted: they are stored as they are.
 *
 * @module
 */

import { checkedInstance, checkedInteger, describeValue } from "../checks.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { TileSource } from "../sources/mod.ts";
import { TileGrid, type Wrap, wrapText } from "../tiles/mod.ts";
import type { TileStoreOutput } from "./tile_store_output.ts";

/** The tiles of some levels. */
export interface StoredTiles {
  /** Gives them with the borders and in the format of the store; closed once they are stored. */
  readonly source: TileSource;
  /** It has the levels before this one. */
  readonly levelCount: number;
}

/**
 * Checks stored tiles.
 *
 * @throws {InvalidArgumentError} if they have the wrong type, or hold something else beyond the edges.
 * @throws {OutOfRangeError} if the source has no such levels.
 */
export function checkStoredTiles(
  stored: StoredTiles,
  { wrap }: { readonly wrap: Wrap | undefined },
): void {
  const failure = "Cannot bake rows";
  if (typeof stored?.source?.readTile !== "function") {
    throw new InvalidArgumentError(
      "stored",
      `${failure} as stored must be an object with source and levelCount: current value is ` +
        describeValue(stored),
    );
  }
  const { levelCount } = checkedInstance(stored.source.grid, {
    name: "stored.source.grid",
    failure,
    kind: TileGrid,
  });
  if (wrapText(stored.source.wrap) !== wrapText(wrap)) {
    throw new InvalidArgumentError(
      "stored",
      `${failure} as stored tiles must go on beyond their edges as wrap says, ${wrapText(wrap)}: ` +
        `current value is ${wrapText(stored.source.wrap)}`,
    );
  }
  checkedInteger(stored.levelCount, {
    name: "stored.levelCount",
    failure,
    range: [1, levelCount],
  });
}

/** Stores the tiles of the levels from `firstLevel` on that a source has, level by level. */
export async function putStoredTiles(
  output: TileStoreOutput,
  { source, levelCount }: StoredTiles,
  { firstLevel, signal, onProgress }: {
    readonly firstLevel: number;
    readonly signal: AbortSignal;
    /** Called with the fraction of these tiles that are stored, 0 to 1. */
    readonly onProgress: (fraction: number) => void;
  },
): Promise<void> {
  const levels = source.grid.levels.slice(firstLevel, levelCount);
  const count = levels.reduce((sum, { tilesX, tilesY }) => sum + tilesX * tilesY, 0);
  let done = 0;
  for (const { level, tilesX, tilesY } of levels) {
    for (let y = 0; y < tilesY; y++) {
      for (let x = 0; x < tilesX; x++) {
        signal.throwIfAborted();
        const tile = source.grid.tileIndexOf(level, x, y);
        await output.putTile(tile, await source.readTile(level, x, y, { signal }));
        done++;
      }
      onProgress(done / count);
    }
  }
  // It may hold a whole level, which rows are about to take once more.
  source.close();
}
