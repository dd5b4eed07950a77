import assert from "node:assert/strict";
import { PMTiles, ResolvedValueCache, tileIdToZxy } from "pmtiles";
import {
  BakeError,
  InvalidArgumentError,
  MalformedFileError,
  OutOfRangeError,
  SourceReadError,
  UnsupportedError,
} from "../../../src/errors.ts";
import {
  MemorySink,
  memorySource,
  readKtx2,
  type TileStore,
  type TileStoreDescription,
  TileStoreWriter,
} from "../../../src/sources/mod.ts";
import { vkFormatOf } from "../../../src/sources/tile_store/ktx2_layout.ts";
import {
  planeBytes,
  wholeDescription,
} from "../../../src/sources/tile_store/metadata/description.ts";
import { repeatedBlock } from "../../../src/sources/tile_store/tile_file.ts";
import { formatInfo, STORED_FORMATS } from "../../../src/texels/mod.ts";
import {
  contentOf,
  EVERYTHING,
  makeArchive,
  openBytes,
  planesOfTile,
  SAMPLE_2,
  SAMPLE_2_PLANES,
  SMALL,
} from "./made_store.ts";

function evenTiles(tile: number): number | null {
  return tile % 2 === 0 ? tile : null;
}

/** What reading every tile gives, or the errors. */
async function outcomes(store: TileStore): Promise<(Uint8Array[] | Error)[]> {
  const all = [];
  for (let tile = 0; tile < store.grid.tileCount; tile++) {
    const { level, x, y } = store.grid.addressOf(tile);
    all.push(await store.readTilePlanes(level, x, y).catch((error: Error) => error));
  }
  return all;
}

/** The archive as PMTiles' own reader sees it. */
function asPmtiles(bytes: Uint8Array<ArrayBuffer>): PMTiles {
  return new PMTiles({
    getKey: () => "bytes",
    getBytes: (offset, length) =>
      Promise.resolve({ data: bytes.slice(offset, offset + length).buffer }),
  });
}

/** What a store of holes at odd tiles must hold. */
function expected(description: TileStoreDescription, tileCount: number): Uint8Array[][] {
  const bytes = planeBytes(description);
  return Array.from(
    { length: tileCount },
    (_, tile) =>
      tile % 2 === 0
        ? planesOfTile(tile, description)
        : bytes.map((length, plane) => repeatedBlock(description.holes![plane]!, length)),
  );
}

Deno.test("planes, holes, wrapping, alpha and a last level of one tile are read back", async () => {
  const store = await openBytes(await makeArchive(EVERYTHING, evenTiles));
  assert.deepEqual(store.description, wholeDescription(EVERYTHING));
  assert.deepEqual([store.version, store.planes.length, store.grid.levelCount], [2, 3, 4]);
  assert.deepEqual(await outcomes(store), expected(EVERYTHING, store.grid.tileCount));
  assert.equal((await store.readTilePlanes(0, 1, 0))[2]![0], 255, "tile 1 must be a hole");
});

Deno.test("samples of version 2 can still be read", async () => {
  const plain = await openBytes(
    await Deno.readFile(new URL("./version_2.pmtiles", import.meta.url)),
  );
  assert.deepEqual(plain.description, wholeDescription(SAMPLE_2));
  const tiles = await outcomes(plain);
  tiles.forEach((tile, index) => assert.deepEqual(tile, planesOfTile(index, SAMPLE_2)));
  const planes = await openBytes(
    await Deno.readFile(new URL("./version_2_planes.pmtiles", import.meta.url)),
  );
  assert.deepEqual(planes.description, wholeDescription(SAMPLE_2_PLANES));
  assert.deepEqual(await outcomes(planes), expected(SAMPLE_2_PLANES, planes.grid.tileCount));
});

Deno.test("a store of several planes is not read as one", async () => {
  const store = await openBytes(await makeArchive(EVERYTHING));
  await assert.rejects(
    () => store.readTile(0, 0, 0),
    (error) => error instanceof UnsupportedError && /has 3 planes/.test(error.message),
  );
});

Deno.test("each plane of a tile is a valid KTX2 file, and states premultiplied alpha", async () => {
  const archive = asPmtiles(await makeArchive(EVERYTHING, evenTiles));
  // The smallest zoom is that of the last level: 70 texels have 7 levels, of which level 3 is the last.
  assert.equal((await archive.getHeader()).minZoom, 3);
  assert.equal(await archive.getZxy(6, 1, 0), undefined);
  const bytes = new Uint8Array((await archive.getZxy(6, 0, 0))!.data);
  const stated: unknown[] = [];
  for (let at = 0; at < bytes.byteLength;) {
    const view = new DataView(bytes.buffer, at);
    const end = at + Number(view.getBigUint64(80, true) + view.getBigUint64(88, true));
    const file = await readKtx2(memorySource(bytes.slice(at, end)));
    stated.push([file.texelFormat, file.premultiplied, file.width]);
    at = end;
  }
  assert.deepEqual(stated, [
    ["bc1-rgba-unorm-srgb", true, 12],
    ["bc5-rg-unorm", false, 12],
    ["r16unorm", false, 12],
  ]);
});

Deno.test("tiles outside of the header's zooms are no holes, but a header that is damaged", async () => {
  const bytes = await makeArchive(EVERYTHING, evenTiles);
  assert.deepEqual([...bytes.subarray(100, 102)], [3, 6]);
  for (const [at, zoom] of [[100, 4], [101, 5]] as const) {
    const damaged = bytes.slice();
    damaged[at] = zoom;
    await assert.rejects(
      () => openBytes(damaged),
      (error) =>
        error instanceof MalformedFileError && /must lie between|tile id/.test(error.message),
    );
  }
});

Deno.test("damage to any byte of a tile is found, and to no other tile", async () => {
  const made = { ...EVERYTHING, width: 9, height: 8, holes: null };
  const bytes = await makeArchive(made);
  const { tileDataOffset, numTileContents } = await asPmtiles(bytes).getHeader();
  assert.equal(numTileContents, 3);
  const tileBytes = (bytes.byteLength - tileDataOffset) / numTileContents;
  for (let at = tileDataOffset; at < bytes.byteLength; at++) {
    const damaged = bytes.slice();
    damaged[at]! ^= 1 << (at % 8);
    const failures = (await outcomes(await openBytes(damaged))).filter((o) => o instanceof Error);
    assert.equal(failures.length, 1, `byte ${at - tileDataOffset}`);
    const [failure] = failures;
    assert.ok(failure instanceof SourceReadError, `byte ${at - tileDataOffset}: ${failure}`);
    assert.equal(failure.length, tileBytes);
  }
});

Deno.test("tiles that changed places are found, which the archive's reader alone does not", async () => {
  const bytes = await makeArchive(SMALL);
  const { tileDataOffset, numTileContents } = await asPmtiles(bytes).getHeader();
  const tileBytes = (bytes.byteLength - tileDataOffset) / numTileContents;
  const swapped = bytes.slice();
  const places = [3, 11].map((content) => tileDataOffset + content * tileBytes) as [number, number];
  swapped.set(bytes.subarray(places[1], places[1] + tileBytes), places[0]);
  swapped.set(bytes.subarray(places[0], places[0] + tileBytes), places[1]);
  const failures = (await outcomes(await openBytes(swapped))).filter((o) => o instanceof Error);
  assert.equal(failures.length, 2);
  assert.ok(failures.every((failure) => failure instanceof SourceReadError));
  let silent = 0;
  for (let x = 0; x < 7; x++) {
    for (let y = 0; y < 3; y++) if (await asPmtiles(swapped).getZxy(5, x, y)) silent++;
  }
  assert.equal(silent, 21, "without the checksums the change goes unseen");
});

Deno.test("equal tiles of several planes are stored once", async () => {
  const { numTileContents } = await asPmtiles(await makeArchive(EVERYTHING, () => 5)).getHeader();
  assert.equal(numTileContents, 1);
  const parity = await makeArchive(EVERYTHING, (tile) => tile % 2);
  assert.equal((await asPmtiles(parity).getHeader()).numTileContents, 2);
});

Deno.test("block-compressed tiles may have any even border", async () => {
  for (const border of [0, 2, 4, 6, 8, 64]) {
    const made = { ...SMALL, format: "bc7-rgba-unorm-srgb", border } as const;
    const store = await openBytes(await makeArchive(made));
    assert.deepEqual(await store.readTile(0, 2, 1), contentOf(9, made));
  }
  await refusedDescription({ format: "bc7-rgba-unorm-srgb", border: 3 }, /border must be a mult/);
});

/** Writes a store of an unusual description. */
async function refusedDescription(
  change: Partial<TileStoreDescription>,
  message: RegExp,
): Promise<void> {
  const sink = new MemorySink("made.pmtiles");
  await assert.rejects(() => TileStoreWriter.openWriter(sink, { ...SMALL, ...change }), (error) => {
    const isTyped = error instanceof OutOfRangeError || error instanceof InvalidArgumentError;
    assert.ok(isTyped, String(error));
    assert.match((error as Error).message, message);
    return true;
  });
  await assert.rejects(() => sink.write(0, new Uint8Array(1)), /finished/);
}

Deno.test("the writer refuses each wrong part of a description by name", async () => {
  const bc4 = { format: "bc4-r-unorm", colorSpace: "linear" } as const;
  await refusedDescription({ furtherPlanes: [bc4, bc4, bc4] }, /furtherPlanes\.length must be/);
  await refusedDescription({ furtherPlanes: [bc4], border: 3 }, /border must be/);
  await refusedDescription(
    { ...bc4, premultipliedAlpha: true },
    /premultipliedAlpha must be false/,
  );
  await refusedDescription({ colorSpace: "linear" }, /colorSpace of rgba8unorm-srgb must be/);
  await refusedDescription({ format: "rgba8unorm" }, /colorSpace of rgba8unorm must be/);
  await refusedDescription({ lastLevel: "page" as "tile" }, /lastLevel must be/);
  await refusedDescription({ wrap: { x: "clamp", y: "mirror" as "repeat" } }, /wrap\.y must be/);
  await refusedDescription({ holes: [] }, /holes must be null or one block for each plane, of 4/);
  await refusedDescription({ holes: [new Uint8Array(3)] }, /holes must be/);
  await refusedDescription(
    { holes: [new Uint8Array(4)], tileSize: 2048 },
    /at most 8388608 bytes where holes are allowed: current values are 16842816/,
  );
  await refusedDescription({ firstLevel: 6 }, /firstLevel must be/);
  await refusedDescription({ lastLevel: "tile", firstLevel: 4 }, /firstLevel must be/);
  await refusedDescription({ source: { name: "x", size: NaN } }, /source must be/);
  await refusedDescription({ info: 3 as unknown as string }, /info must be/);
});

Deno.test("a store that a reader would refuse is refused before any tile is made", async () => {
  await refusedDescription(
    { info: "x".repeat(300_000) },
    /too large for its metadata.*524288 bytes/,
  );
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i]));
  await refusedDescription({ source: { name: "x", ...many } }, /at most 16384 tokens/);
  await refusedDescription(
    { width: 2 ** 20, height: 2 ** 20, tileSize: 64 },
    /at most 67108864 tiles: it has 357913947 of 64 × 64/,
  );
});

Deno.test("a store that cannot be read as it was written is never committed", async () => {
  const whole = await makeArchive(SMALL);
  const { jsonMetadataOffset, tileDataOffset } = await asPmtiles(whole).getHeader();
  for (const at of [0, 40, 140, jsonMetadataOffset + 30, tileDataOffset + 500, -1]) {
    const sink = new MemorySink("made.pmtiles");
    const write = sink.write.bind(sink);
    // A disk that changes one byte.
    sink.write = (offset, bytes) => {
      const damaged = bytes.slice();
      if (at >= offset && at < offset + bytes.byteLength) damaged[at - offset]! ^= 1;
      return write(offset, damaged);
    };
    const writer = await TileStoreWriter.openWriter(sink, SMALL);
    for (let tile = 0; tile < writer.grid.tileCount; tile++) {
      await writer.putTile(tile, contentOf(tile, SMALL));
    }
    if (at === -1) {
      await writer.finish();
      assert.deepEqual(sink.bytes, whole);
    } else {
      await assert.rejects(() => writer.finish(), BakeError, `byte ${at}`);
      assert.equal(sink.bytes, null);
    }
  }
});

Deno.test("without holes an absent tile is an error; a store of nothing but holes is none", async () => {
  const sink = new MemorySink("made.pmtiles");
  const writer = await TileStoreWriter.openWriter(sink, EVERYTHING);
  await assert.rejects(() => writer.finish(), /a tile must be put: 67 are missing/);
  const bytes = await makeArchive(
    { ...EVERYTHING, lastLevel: "texel" },
    (tile) => tile % 2 === 0 ? null : tile,
  );
  const header = await asPmtiles(bytes).getHeader();
  // The header says that tiles are missing, and the metadata that none may be.
  const { jsonMetadataOffset: from, jsonMetadataLength: length } = header;
  const json = await new Response(
    new Blob([bytes.slice(from, from + length)]).stream().pipeThrough(
      new DecompressionStream("gzip"),
    ),
  ).text();
  const gzipped = new Uint8Array(
    await new Response(
      new Blob([json.replace('"holes"', '"other"')]).stream().pipeThrough(
        new CompressionStream("gzip"),
      ),
    ).arrayBuffer(),
  );
  assert.ok(gzipped.byteLength <= length);
  bytes.set(gzipped, from);
  new DataView(bytes.buffer).setBigUint64(32, BigInt(gzipped.byteLength), true);
  await assert.rejects(() => openBytes(bytes), /must have 70 tiles: its header says 35/);
  new DataView(bytes.buffer).setBigUint64(72, 0n, true);
  const store = await openBytes(bytes);
  await assert.rejects(() => store.readTilePlanes(0, 0, 0), MalformedFileError);
});

Deno.test("the formats that FORMAT.md lists are those that are written", async () => {
  const page = await Deno.readTextFile(
    new URL("../../../src/sources/tile_store/FORMAT.md", import.meta.url),
  );
  const rows = page.split("\n").filter((line) => /^\| `[a-z0-9-]+`.*\| \d+/.test(line));
  const numbers = new Map<string, number>();
  for (const row of rows) {
    const cells = row.split("|").slice(1, -1);
    // One column of formats with colour spaces, or two without.
    const pairs = cells.length === 3 ? [[cells[0], cells[2]]] : [cells.slice(0, 2), cells.slice(2)];
    for (const [names = "", written = ""] of pairs) {
      const formats = [...names.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
      const found = [...written.matchAll(/\b(\d+)\b(?! *_)/g)].map((match) => Number(match[1]));
      formats.forEach((format, i) => numbers.set(format, found[i]!));
    }
  }
  for (const format of STORED_FORMATS) {
    // The page gives the first and the last size of each kind of ASTC.
    if (format.startsWith("astc-8x8")) continue;
    const { colorSpace } = formatInfo(format);
    assert.equal(numbers.get(format), vkFormatOf(format, colorSpace), format);
  }
});

/** What `pmtiles verify`, of the format's authors, would find wrong. */
async function verifyFaults(bytes: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const header = await asPmtiles(bytes).getHeader();
  const sections = header.rootDirectoryLength + header.jsonMetadataLength +
    header.leafDirectoryLength! + header.tileDataLength!;
  const contents = new Set<number>();
  const ids: number[] = [];
  let entries = 0;
  let isInOrder = true;
  let end = 0;
  const cache = new ResolvedValueCache();
  const source = asPmtiles(bytes).source;
  const take = async (offset: number, length: number): Promise<void> => {
    for (const entry of await cache.getDirectory(source, offset, length, header)) {
      if (entry.runLength === 0) {
        await take(header.leafDirectoryOffset + entry.offset, entry.length);
        continue;
      }
      entries++;
      for (let i = 0; i < entry.runLength; i++) ids.push(entry.tileId + i);
      if (!contents.has(entry.offset)) {
        isInOrder &&= entry.offset === end;
        end = entry.offset + entry.length;
      }
      contents.add(entry.offset);
    }
  };
  await take(header.rootDirectoryOffset, header.rootDirectoryLength);
  const facts = {
    "length": bytes.byteLength === 127 + sections,
    "clustered": header.clustered && isInOrder && end === header.tileDataLength,
    "addressed tiles": header.numAddressedTiles === ids.length,
    "entries": header.numTileEntries === entries,
    "contents": header.numTileContents === contents.size,
    "min zoom": header.minZoom === tileIdToZxy(Math.min(...ids))[0],
    "max zoom": header.maxZoom === tileIdToZxy(Math.max(...ids))[0],
    "centre": header.centerZoom >= header.minZoom && header.centerZoom <= header.maxZoom,
    "bounds": header.minLon < header.maxLon && header.minLat < header.maxLat,
  };
  return Object.entries(facts).filter(([, holds]) => !holds).map(([fact]) => fact);
}

Deno.test("every kind of store is in order for the tools of the archive's format", async () => {
  const leaves = {
    ...SMALL,
    width: 400,
    height: 300,
    tileSize: 2,
    border: 0,
    format: "r8unorm",
  } as const;
  for (
    const [description, share] of [
      [SMALL, (tile: number) => tile % 7],
      [EVERYTHING, evenTiles],
      // Neither the coarsest nor the finest level has a tile.
      [EVERYTHING, (tile: number) => tile === 50 ? 1 : null],
      [{ ...SMALL, firstLevel: 2 }, (tile: number) => tile],
      [leaves, (tile: number) => (tile * 2654435761 >>> 9) % 5000],
    ] as const
  ) {
    const bytes = await makeArchive(description, share);
    assert.deepEqual(await verifyFaults(bytes), []);
    (await openBytes(bytes)).close();
    bytes[72]! ^= 1;
    assert.deepEqual(await verifyFaults(bytes), ["addressed tiles"], "negative control");
  }
});
