import assert from "node:assert/strict";
import { MalformedFileError } from "../../../../src/errors.ts";
import { memorySource, openTileStore, type TileStore } from "../../../../src/sources/mod.ts";
import { TileGrid } from "../../../../src/tiles/mod.ts";
import { openBytes } from "../made_store.ts";
import {
  firstMetadataText,
  gz,
  metadataText,
  rawArchive,
  rawDirectory,
  uniformDirectory,
} from "../raw_archive.ts";

const HUGE = { width: 2 ** 20, height: 2 ** 20, tileSize: 256, border: 0 } as const;
const FIRST_ID = (4 ** 20 - 1) / 3;
const FIRST_ID_9 = (4 ** 9 - 1) / 3;
/** Tiles of a leaf directory: a square of 256 × 256 along the curve. */
const LEAF_TILES = 65536;

/** A store of so many leaf directories, each as large as may be. */
function manyLeaves(count: number): Uint8Array {
  const leaves = Array.from(
    { length: count },
    (_, i) =>
      gz(uniformDirectory(LEAF_TILES, { firstId: FIRST_ID + i * LEAF_TILES, run: 1, length: 1 })),
  );
  return rawArchive({
    root: gz(rawDirectory(leaves.map(({ byteLength }, i) => ({
      id: FIRST_ID + i * LEAF_TILES,
      run: 0,
      length: byteLength,
      storedOffset: i === 0 ? 1 : 0,
    })))),
    metadata: gz(metadataText(HUGE)),
    leaves: new Uint8Array(leaves.flatMap((leaf) => [...leaf])),
    maxZoom: 20,
  });
}

/** Bytes that are read for a tile of the leaf directory of a square. */
async function costOf(store: TileStore, column: number): Promise<number> {
  const before = store.counters.bytesRead;
  await assert.rejects(() => store.readTile(0, column * 256, 0), /checksum cannot be found/);
  return store.counters.bytesRead - before;
}

Deno.test("leaf directories are cached by the number of their entries", async () => {
  // The first quarter of the curve is 2^k squares wide and high: 8 columns are 64 squares.
  const store = await openBytes(manyLeaves(64));
  const first = await costOf(store, 0);
  assert.ok(first > 100, "a leaf directory must be read");
  assert.equal(await costOf(store, 0), 1, "it must be cached");
  // 2^19 entries are eight leaves of 2^16.
  for (let column = 1; column < 8; column++) await costOf(store, column);
  assert.equal(await costOf(store, 0), 1, "eight must fit");
  const before = store.counters.bytesRead;
  await assert.rejects(() => store.readTile(0, 0, 256));
  assert.ok(store.counters.bytesRead - before > 100);
  assert.equal(await costOf(store, 0), 1, "the one that was used last must stay");
  assert.ok(await costOf(store, 1) > 100, "the one that was not used for longest must be gone");
});

Deno.test("version 1 may have a root directory of more entries than version 2", async () => {
  const small = { width: 600, height: 600, tileSize: 2, border: 0, format: "r8unorm" } as const;
  const { tileCount } = new TileGrid(small.width, small.height, small.tileSize);
  assert.ok(tileCount > LEAF_TILES);
  const root = gz(uniformDirectory(LEAF_TILES + 1, { firstId: FIRST_ID_9, run: 1, length: 1 }), 9);
  const checksums = new Uint8Array(tileCount * 8).toBase64();
  const metadata = gz(firstMetadataText(small, checksums));
  const store = await openTileStore(memorySource(rawArchive({ root, metadata, maxZoom: 9 })));
  await assert.rejects(() => store.readTile(0, 0, 0), /checksum must be 0000000000000000/);
  await assert.rejects(
    () => openBytes(rawArchive({ root, metadata: gz(metadataText(small)), maxZoom: 9 })),
    MalformedFileError,
  );
});
