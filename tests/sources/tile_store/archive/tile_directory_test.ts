import assert from "node:assert/strict";
import fc from "fast-check";
import { tileIdToZxy, zxyToTileId } from "pmtiles";
import { buildDirectories } from "../../../../src/sources/tile_store/archive/directory.ts";
import { inflate } from "../../../../src/sources/tile_store/archive/inflate.ts";
import {
  layOutStore,
  NO_CONTENT,
} from "../../../../src/sources/tile_store/archive/store_layout.ts";
import {
  type DirectoryRules,
  MAX_DIRECTORY_ENTRIES,
  TileDirectory,
} from "../../../../src/sources/tile_store/archive/tile_directory.ts";
import { tilesInOrder } from "../../../../src/sources/tile_store/archive/tile_order.ts";
import { ContentTable } from "../../../../src/sources/tile_store/content_table.ts";
import { zoomsOf } from "../../../../src/sources/tile_store/metadata/metadata.ts";
import { TileGrid } from "../../../../src/tiles/mod.ts";
import { rawDirectory, type RawEntry, varint } from "../raw_archive.ts";

const RULES: DirectoryRules = {
  firstId: 5,
  endId: 1000,
  maxEntries: MAX_DIRECTORY_ENTRIES,
  maxTileBytes: 50,
  tileDataBytes: 100,
  leafBytes: 100,
};

function read(entries: readonly RawEntry[], rules: Partial<DirectoryRules> = {}): TileDirectory {
  return new TileDirectory(rawDirectory(entries), { ...RULES, ...rules });
}

function entry(change: Partial<RawEntry> = {}): RawEntry {
  return { id: 5, run: 1, length: 1, storedOffset: 1, ...change };
}

Deno.test("a directory is read as it stands, and each id is found in its entry", () => {
  const directory = read([
    entry({ run: 2, length: 40 }),
    entry({ id: 8, length: 50, storedOffset: 0 }),
    entry({ id: 20, run: 0, length: 7, storedOffset: 4 }),
  ]);
  assert.deepEqual([0, 1, 2].map((i) => directory.entry(i)), [
    { tileId: 5, offset: 0, length: 40, runLength: 2 },
    { tileId: 8, offset: 40, length: 50, runLength: 1 },
    { tileId: 20, offset: 3, length: 7, runLength: 0 },
  ]);
  assert.deepEqual([4, 5, 7, 8, 19, 20, 999].map((id) => directory.indexOf(id)), [
    -1,
    0,
    0,
    1,
    1,
    2,
    2,
  ]);
  assert.deepEqual([directory.endOf(0), directory.endOf(2)], [8, 1000]);
  assert.equal(directory.addressedTiles(), 3);
});

Deno.test("each rule of a directory is checked", () => {
  const broken: [entries: RawEntry[], message: RegExp, rules?: Partial<DirectoryRules>][] = [
    [[], /must have an entry/],
    [[entry({ id: 4 })], /between 5 and 1000/],
    [[entry({ id: 999, run: 2 })], /between 5 and 1000/],
    [[entry({ id: 1000, run: 0 })], /between 5 and 1000/],
    [[entry(), entry()], /tile id 5 occurs twice/],
    [[entry({ run: 3 }), entry({ id: 7 })], /between 5 and 7/],
    [[entry({ length: 0 })], /points to 0 bytes/],
    [[entry({ length: 51 })], /each has at most 50/],
    [[entry({ length: 50, storedOffset: 52 })], /50 bytes at 51 of 100/],
    [[entry({ run: 0, length: 90, storedOffset: 12 })], /90 bytes at 11 of 100 bytes of leaf/],
    [[entry({ run: 0 })], /leaf directories where there must be none/, { leafBytes: 0 }],
    [[entry({ storedOffset: 0 })], /the first entry of a directory has no offset/],
    [[entry({ run: 2 ** 32 })], /more than 32 bits/],
    [[entry(), entry({ id: 6 })], /cannot have 2 entries/, { maxEntries: 1 }],
  ];
  for (const [entries, message, rules] of broken) {
    assert.throws(() => read(entries, rules), message);
  }
  const whole = rawDirectory([entry()]);
  new TileDirectory(whole, RULES);
  const long = Uint8Array.from([...whole, 0]);
  assert.throws(() => new TileDirectory(long, RULES), /bytes behind its last entry/);
  const bytes = (...numbers: number[]) => () => new TileDirectory(Uint8Array.from(numbers), RULES);
  assert.throws(bytes(), /ends in the middle of an entry/);
  assert.throws(bytes(1, 5, 1, 1, 0x81), /ends in the middle of an entry/);
  assert.throws(bytes(1, ...new Array(9).fill(0xFF)), /more than 53 bits/);
  assert.throws(bytes(1, ...varint(2 ** 53), 1, 1, 1), /more than 53 bits/);
});

Deno.test("tiles come in the order of PMTiles' tile ids, each once", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 6, max: 20 }),
      (tilesX, tilesY, zoom) => {
        const seen = new Set<number>();
        let last = -1;
        for (const { tileId, index } of tilesInOrder({ tilesX, tilesY }, zoom)) {
          assert.ok(tileId > last);
          last = tileId;
          assert.equal(tileId, zxyToTileId(zoom, index % tilesX, Math.floor(index / tilesX)));
          seen.add(index);
        }
        assert.equal(seen.size, tilesX * tilesY);
      },
    ),
  );
});

Deno.test("contents are numbered as a map numbers them", () => {
  const table = new ContentTable();
  const numbers = new Map<string, number>();
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32, max: 2 }), (digest) => {
      // Few different digests, whose first words are often the same.
      digest.fill(0, 3, 15);
      digest.fill(0, 16);
      const key = String(digest);
      const expected = numbers.get(key) ?? numbers.size;
      numbers.set(key, expected);
      assert.equal(table.add(digest), expected);
      assert.equal(table.count, numbers.size);
    }),
    { numRuns: 2000 },
  );
});

/** Every tile of directories, by its id. */
async function listed(
  { root, leaves }: { root: Uint8Array; leaves: Uint8Array },
): Promise<Map<number, number>> {
  const rules = { ...RULES, firstId: 0, endId: 2 ** 45, leafBytes: leaves.byteLength };
  const sizes = { maxTileBytes: 1000, tileDataBytes: 2 ** 52 };
  const open = async (bytes: Uint8Array) =>
    new TileDirectory(await inflate(bytes.slice(), { limitBytes: 2 ** 24 }), {
      ...rules,
      ...sizes,
    });
  const tiles = new Map<number, number>();
  const take = async (directory: TileDirectory): Promise<void> => {
    for (let i = 0; i < directory.count; i++) {
      const { tileId, offset, length, runLength } = directory.entry(i);
      if (runLength === 0) await take(await open(leaves.subarray(offset, offset + length)));
      for (let tile = 0; tile < runLength; tile++) tiles.set(tileId + tile, offset);
    }
  };
  await take(await open(root));
  return tiles;
}

Deno.test("directories list each tile with its content, with and without leaves", async () => {
  const grid = new TileGrid(700, 300, 2);
  const zooms = zoomsOf(grid, { firstLevel: 1 });
  const firstTile = grid.level(1).firstTile;
  for (const contentCount of [1, 7, 12000]) {
    const contents = new Uint32Array(grid.tileCount - firstTile);
    contents.forEach((_, i) =>
      contents[i] = i % 11 === 3 ? NO_CONTENT : (i * 2654435761 >>> 9) % contentCount
    );
    const layout = layOutStore({
      grid,
      firstLevel: 1,
      zooms,
      contents,
      contentCount,
      contentBytes: 100,
    });
    const tiles = await listed(await buildDirectories(layout.entries(), layout.entryCount));
    assert.equal(tiles.size, layout.tileCount);
    let absent = 0;
    for (let tile = firstTile; tile < grid.tileCount; tile++) {
      const { level, x, y } = grid.addressOf(tile);
      const offset = tiles.get(zxyToTileId(zooms.top - level, x, y));
      const content = contents[tile - firstTile]!;
      if (content === NO_CONTENT) absent++;
      assert.equal(
        offset === undefined ? NO_CONTENT : layout.order[offset / 100],
        content,
      );
    }
    assert.equal(absent + tiles.size, contents.length);
    const [zoom] = tileIdToZxy(Math.min(...tiles.keys()));
    assert.equal(zoom, 0);
  }
});
