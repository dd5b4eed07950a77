/**
 * Fuzzer of tile stores: header, directories, metadata and tiles.
 *
 * @module
 */

import { Finding, type Fuzzer } from "../../src/cli/fuzz/fuzzer.ts";
import { MalformedFileError, SourceReadError, UnsupportedError } from "../../src/errors.ts";
import { memorySource, openTileStore, type TileStore } from "../../src/sources/mod.ts";
import { Choices, mutate } from "./inputs/mutate.ts";
import { sameBytes } from "./ktx2/expected_tile.ts";
import { STORES, storeSample } from "./store/samples.ts";

/** Tiles that are read of a store. */
const MOST_TILES = 40;
/** What opening may take beside the file: inflated directories and metadata. */
const OPEN_BYTES = 32 * 1024 * 1024;

function isRefusal(error: unknown): boolean {
  return error instanceof MalformedFileError || error instanceof UnsupportedError;
}

/** Checks that what a store gives of its tiles is the content of the store that it was made from. */
async function checkTiles(store: TileStore): Promise<void> {
  const { grid, description: { firstLevel } } = store;
  const top = grid.levelCount - 1;
  let read = 0;
  for (let level = top; level >= firstLevel && read < MOST_TILES; level--) {
    const { tilesX, tilesY } = grid.level(level);
    for (let i = 0; i < tilesX * tilesY && read < MOST_TILES; i++, read++) {
      const [x, y] = [i % tilesX, Math.floor(i / tilesX)];
      let tile: Uint8Array;
      try {
        tile = await store.readTile(level, x, y);
      } catch (error) {
        if (isRefusal(error) || error instanceof SourceReadError) continue;
        throw error;
      }
      // Which address shows which content is what the directory says, which inputs change.
      const isKnown = STORES.some(({ tiles }) => tiles.some((content) => sameBytes(content, tile)));
      if (!isKnown) {
        throw new Finding("wrong texels", `tile (${x}, ${y}) of level ${level} is of no store`);
      }
    }
  }
}

/** A fuzzer of a function that opens stores. */
export function storeFuzzer(open: typeof openTileStore): Fuzzer {
  return {
    name: "store",
    description: "tile stores: header, directories, metadata and tiles",
    makeInput(seed, index) {
      const choices = new Choices(seed, index);
      const { sample } = storeSample(choices);
      // Some inputs are as they were put together.
      if (choices.chance(0.3)) return { sample: sample.name, bytes: sample.bytes, edits: [] };
      return mutate(choices, sample, storeSample(choices).sample);
    },
    async tryBytes(bytes) {
      let store: TileStore;
      try {
        store = await open(memorySource(bytes, "fuzz.pmtiles"));
      } catch (error) {
        if (isRefusal(error)) return "refused";
        throw error;
      }
      try {
        await checkTiles(store);
      } finally {
        store.close();
      }
      return "accepted";
    },
    allowedBytes: (bytes) => OPEN_BYTES + 16 * bytes.length,
  };
}

/** The fuzzer of the library's reader. */
export const fuzzer: Fuzzer = storeFuzzer(openTileStore);
