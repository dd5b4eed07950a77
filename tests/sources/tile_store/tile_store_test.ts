import assert from "node:assert/strict";
import fc from "fast-check";
import { read as readKtx2 } from "ktx-parse";
import { PMTiles, TileType } from "pmtiles";
import {
  DisposedError,
  InvalidArgumentError,
  MalformedFileError,
  OutOfRangeError,
  SourceReadError,
  UnsupportedError,
} from "../../../src/errors.ts";
import {
  type ByteSource,
  MemorySink,
  memorySource,
  openTileStore,
  readKtx2 as readOurKtx2,
  type TileStore,
  TileStoreWriter,
} from "../../../src/sources/mod.ts";
import { wholeDescription } from "../../../src/sources/tile_store/metadata/description.ts";
import { formatInfo, STORED_FORMATS, type TexelFormat } from "../../../src/texels/mod.ts";
import { contentOf, makeArchive, openBytes, SAMPLE, SMALL } from "./made_store.ts";

/** The archive as PMTiles' own reader sees it. */
function asPmtiles(bytes: Uint8Array<ArrayBuffer>): PMTiles {
  return new PMTiles({
    getKey: () => "bytes",
    getBytes: (offset, length) =>
      Promise.resolve({ data: bytes.slice(offset, offset + length).buffer }),
  });
}

async function readAll(store: TileStore): Promise<Uint8Array[]> {
  const tiles = [];
  const first = store.grid.level(store.description.firstLevel).firstTile;
  for (let tile = first; tile < store.grid.tileCount; tile++) {
    const { level, x, y } = store.grid.addressOf(tile);
    tiles.push(await store.readTile(level, x, y));
  }
  return tiles;
}

Deno.test("tiles are read back as they were written, for every texel format", async () => {
  for (const format of STORED_FORMATS) {
    const { colorSpace } = formatInfo(format);
    const made = { ...SMALL, tileSize: 8, border: 4, format, colorSpace };
    const store = await openBytes(await makeArchive(made));
    assert.deepEqual(store.description, wholeDescription(made));
    assert.deepEqual(
      [store.format, store.colorSpace, store.border, store.grid.tileSize, store.info],
      [format, colorSpace, 4, 8, made.info],
    );
    const tiles = await readAll(store);
    tiles.forEach((tile, index) => assert.deepEqual(tile, contentOf(index, made)));
    store.close();
  }
});

Deno.test("a store of some levels refuses the others", async () => {
  const made = { ...SMALL, firstLevel: 2 };
  const store = await openBytes(await makeArchive(made));
  assert.deepEqual(
    await store.readTile(2, 0, 0),
    contentOf(store.grid.tileIndexOf(2, 0, 0), made),
  );
  await assert.rejects(() => store.readTile(1, 0, 0), OutOfRangeError);
  await assert.rejects(() => store.readTile(2, 2, 0), OutOfRangeError);
  await assert.rejects(() => store.readTile(99, 0, 0), OutOfRangeError);
});

Deno.test("the archive is in order for PMTiles' own reader, and sparse", async () => {
  const bytes = await makeArchive(SMALL);
  const archive = asPmtiles(bytes);
  const header = await archive.getHeader();
  const tiles = 7 * 3 + 4 * 2 + 2 + 1 + 1 + 1;
  assert.equal(header.numAddressedTiles, tiles);
  assert.equal(header.clustered, true);
  assert.equal(header.tileType, TileType.Unknown);
  assert.deepEqual([header.minZoom, header.maxZoom], [0, 5]);
  assert.ok(header.minLon < header.maxLon && header.minLat < header.maxLat);
  const sections = 127 + header.rootDirectoryLength + header.jsonMetadataLength +
    header.leafDirectoryLength! + header.tileDataLength!;
  assert.equal(bytes.byteLength, sections, "sections must follow one another without gaps");
  assert.ok(await archive.getZxy(5, 6, 2));
  assert.equal(await archive.getZxy(5, 7, 0), undefined);
  assert.equal(await archive.getZxy(5, 0, 3), undefined);
});

Deno.test("each tile is a valid KTX2 file, for every texel format", async () => {
  const vkFormats: Partial<Record<TexelFormat, number>> = {
    "r8unorm": 9,
    "r16unorm": 70,
    "r32float": 100,
    "bc7-rgba-unorm-srgb": 146,
  };
  for (const format of STORED_FORMATS) {
    const { colorSpace } = formatInfo(format);
    const archive = asPmtiles(await makeArchive({ ...SMALL, border: 4, format, colorSpace }));
    const bytes = new Uint8Array((await archive.getZxy(0, 0, 0))!.data);
    const checked = await readOurKtx2(memorySource(bytes));
    assert.deepEqual([checked.texelFormat, checked.colorSpace], [format, colorSpace]);
    const file = readKtx2(bytes);
    if (vkFormats[format] !== undefined) assert.equal(file.vkFormat, vkFormats[format]);
    assert.deepEqual([file.pixelWidth, file.pixelHeight, file.levels.length], [16, 16, 1]);
  }
});

Deno.test("tiles of gamma-encoded grey state their transfer function", async () => {
  const made = { ...SMALL, format: "r8unorm", colorSpace: "srgb" } as const;
  const archive = asPmtiles(await makeArchive(made));
  const bytes = new Uint8Array((await archive.getZxy(0, 0, 0))!.data);
  assert.equal(readKtx2(bytes).vkFormat, 15);
  assert.equal((await readOurKtx2(memorySource(bytes))).colorSpace, "srgb");
});

Deno.test("the sample of version 1 can still be read", async () => {
  const sample = new URL("./version_1.pmtiles", import.meta.url);
  const bytes = await Deno.readFile(sample);
  const store = await openBytes(bytes);
  assert.deepEqual(store.description, wholeDescription(SAMPLE));
  const tiles = await readAll(store);
  tiles.forEach((tile, index) => assert.deepEqual(tile, contentOf(index, SAMPLE)));
  store.close();
});

Deno.test("equal tiles are stored once, and a run of them takes one directory entry", async () => {
  const made = { ...SMALL, width: 128, height: 128, tileSize: 8, border: 0 };
  const varied = await makeArchive(made);
  const flat = await makeArchive(made, () => 7);
  assert.ok(flat.byteLength < varied.byteLength / 100);
  const header = await asPmtiles(flat).getHeader();
  assert.equal(header.numTileContents, 1);
  // Tile ids run on within a zoom only, since the picture does not fill its zoom levels.
  assert.ok(header.numTileEntries <= 8);
  for (const tile of await readAll(await openBytes(flat))) {
    assert.deepEqual(tile, contentOf(7, made));
  }
});

Deno.test("many tiles spill into leaf directories, and all are found", async () => {
  const made = {
    ...SMALL,
    width: 220,
    height: 220,
    tileSize: 2,
    border: 0,
    format: "r8unorm" as const,
    colorSpace: "linear" as const,
  };
  // A few contents in an irregular order, so that runs do not shrink the directories.
  const share = (tile: number) => ((tile * 2654435761) >>> 7) % 4001;
  const bytes = await makeArchive(made, share);
  const header = await asPmtiles(bytes).getHeader();
  assert.ok(header.leafDirectoryLength! > 0);
  const store = await openBytes(bytes);
  for (let tile = 0; tile < store.grid.tileCount; tile += 13) {
    const { level, x, y } = store.grid.addressOf(tile);
    assert.deepEqual(await store.readTile(level, x, y), contentOf(share(tile), made));
  }
});

Deno.test("bytes read and bytes used are counted", async () => {
  const bytes = await makeArchive(SMALL);
  const store = await openBytes(bytes);
  const before = { ...store.counters };
  const tile = await store.readTile(0, 1, 1);
  assert.equal(store.counters.bytesUsed - before.bytesUsed, tile.byteLength);
  const cost = store.counters.bytesRead - before.bytesRead;
  assert.ok(cost > tile.byteLength && cost < tile.byteLength + 400, `${cost} bytes read`);
});

Deno.test("a damaged tile fails its checksum, which the archive's reader alone does not notice", async () => {
  const bytes = await makeArchive(SMALL);
  const at = bytes.byteLength - 20; // in the texels of the last tile of the highest zoom
  bytes[at]! ^= 1;
  const store = await openBytes(bytes);
  const failures: unknown[] = [];
  for (let tile = 0; tile < store.grid.tileCount; tile++) {
    const { level, x, y } = store.grid.addressOf(tile);
    await store.readTile(level, x, y).catch((error) => failures.push(error));
  }
  assert.equal(failures.length, 1);
  const [failure] = failures;
  assert.ok(failure instanceof SourceReadError);
  assert.match(
    failure.message,
    /as its checksum must be [0-9a-f]{16}: current value is [0-9a-f]{16}$/,
  );
  assert.ok(failure.offset <= at && at < failure.offset + failure.length);
  let silent = 0;
  for (let x = 0; x < 7; x++) {
    for (let y = 0; y < 3; y++) if (await asPmtiles(bytes).getZxy(5, x, y)) silent++;
  }
  assert.equal(silent, 21, "without the checksum the damage goes unseen");
});

Deno.test("whatever byte is damaged, tiles are right or the error has a type", async () => {
  const bytes = await makeArchive(SMALL);
  const whole = await readAll(await openBytes(bytes));
  const head = bytes.byteLength - whole.length * (whole[0]!.byteLength + 200);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.nat(head), fc.nat(bytes.byteLength - 1)),
      fc.integer({ min: 1, max: 255 }),
      async (at, change) => {
        const damaged = bytes.slice();
        damaged[at]! ^= change;
        try {
          const tiles = await readAll(await openBytes(damaged));
          // Some bytes say nothing about texels: bounds, counts, the free text.
          if (tiles.length === whole.length) assert.deepEqual(tiles, whole);
        } catch (error) {
          assert.ok(
            error instanceof MalformedFileError || error instanceof SourceReadError ||
              error instanceof UnsupportedError,
            `byte ${at} ^ ${change}: ${error}`,
          );
        }
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("a cut-off archive is refused when it is opened", async () => {
  const bytes = await makeArchive(SMALL);
  for (const length of [0, 1, 126, 127, 150, 400, bytes.byteLength >> 1, bytes.byteLength - 1]) {
    await assert.rejects(() => openBytes(bytes.subarray(0, length)), MalformedFileError);
  }
});

Deno.test("files that are not tile stores are refused by name", async () => {
  await assert.rejects(
    () => openBytes(new Uint8Array(500)),
    /Cannot read tile store made\.pmtiles/,
  );
  await assert.rejects(
    () => openBytes(crypto.getRandomValues(new Uint8Array(5000))),
    MalformedFileError,
  );
});

Deno.test("a directory that claims more entries than it has bytes for is refused", async () => {
  const bytes = await makeArchive(SMALL);
  // A root directory of one gzip member that decompresses to a huge count and nothing else.
  const count = Uint8Array.of(0xFF, 0xFF, 0xFF, 0xFF, 0x7F);
  const stream = new Blob([count]).stream().pipeThrough(new CompressionStream("gzip"));
  const root = new Uint8Array(await new Response(stream).arrayBuffer());
  bytes.set(root, 127);
  new DataView(bytes.buffer).setBigUint64(16, BigInt(root.byteLength), true);
  await assert.rejects(() => openBytes(bytes), /cannot have 34359738367 entries/);
});

Deno.test("a read that fails once succeeds when it is tried again", async () => {
  const inner = memorySource(await makeArchive({ ...SMALL, width: 400, height: 400, tileSize: 4 }));
  let failing = false;
  const flaky: ByteSource = {
    name: "flaky",
    size: () => inner.size(),
    read: (offset, length, options) =>
      failing
        ? Promise.reject(new SourceReadError("flaky", offset, length, "Cannot read flaky just now"))
        : inner.read(offset, length, options),
    close: () => inner.close(),
  };
  const store = await openTileStore(flaky);
  failing = true;
  await assert.rejects(() => store.readTile(0, 50, 50), SourceReadError);
  failing = false;
  assert.ok(await store.readTile(0, 50, 50));
});

Deno.test("a read is cancelled by its signal, and refused after closing", async () => {
  const store = await openBytes(await makeArchive(SMALL));
  const reason = new Error("enough");
  const signal = AbortSignal.abort(reason);
  await assert.rejects(() => store.readTile(0, 0, 0, { signal }), reason);
  store.close();
  store.close();
  await assert.rejects(() => store.readTile(0, 0, 0), DisposedError);
});

Deno.test("the writer refuses wrong tiles and leaves nothing", async () => {
  const sink = new MemorySink("made.pmtiles");
  const writer = await TileStoreWriter.openWriter(sink, SMALL);
  const tiny = { ...SMALL, tileSize: 1 };
  await assert.rejects(() => TileStoreWriter.openWriter(new MemorySink(), tiny), OutOfRangeError);
  await assert.rejects(() => writer.putTile(-1, contentOf(0, SMALL)), OutOfRangeError);
  await assert.rejects(() => writer.putTile(34, contentOf(0, SMALL)), OutOfRangeError);
  await assert.rejects(() => writer.putTile(0, new Uint8Array(3)), InvalidArgumentError);
  await writer.putTile(0, contentOf(0, SMALL));
  await assert.rejects(() => writer.finish(), /33 are missing/);
  assert.equal(sink.bytes, null);
});
