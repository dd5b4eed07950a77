import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  VirtualTextureBuilder,
  type VirtualTextureBuilderOptions,
} from "../../../src/rvt/low_mips/mod.ts";
import { SourceReadError } from "../../../src/errors.ts";
import {
  MemorySink,
  memorySource,
  openTileStore,
  type TileStoreDescription,
  TileStoreWriter,
} from "../../../src/sources/mod.ts";
import { differingTiles } from "../scene/rebuilt_tiles.ts";
import { allTiles, builtTiles, placeLowMips, takeRecorded } from "./low_mip_scene.ts";

const STORES = new URL("../../sources/tile_store/", import.meta.url);

Deno.test("what cannot be read is rendered, and warnings name the store and what is wrong with it", async () => {
  using device = await requestDevice();
  await using rendered = await placeLowMips(device, { count: 0 });
  const wanted = await allTiles(rendered);
  const bytes = (await builtTiles(device)).bytes!;
  const other = (await builtTiles(device, { materialType: "mask4" })).bytes!;
  const namesake = await retold(bytes, ({ source }) => ({ source: { ...source, name: "Sea" } }));
  const foreign = new URL("version_2.pmtiles", STORES).pathname;
  const cases: readonly (readonly [VirtualTextureBuilderOptions, RegExp])[] = [
    [{}, /none are built: build them/],
    [{ path: "nowhere/a.pmtiles" }, /nowhere\/a\.pmtiles/],
    [{ path: foreign }, /version_2\.pmtiles must hold low mips of a runtime virtual texture: it/],
    [{ bytes: new Uint8Array(5) }, /virtual texture builder/],
    [{ bytes: bytes.slice(0, bytes.length >> 1) }, /virtual texture builder/],
    [{ bytes: other }, /was built of .* with other settings: materialType is "base_color" and was/],
    [{ bytes: namesake }, /builder holds low mips of "Sea" and must hold those of ".+": give/],
    [{ open: () => Promise.reject(new SourceReadError("net", 0, 1, "no net")) }, /no net/],
    [{ open: () => Promise.resolve(null as never) }, /none are built/],
    [{ open: () => Promise.resolve({} as never) }, /byte source|must be/i],
  ];
  for (const [place, warning] of cases) {
    const messages: string[] = [];
    const logger = { warn: (message: string) => void messages.push(message) };
    const builder = new VirtualTextureBuilder(place);
    await using placed = await placeLowMips(device, { builder, scene: { mode: "game", logger } });
    assert.match(placed.volume.warnings.join(), warning, JSON.stringify(Object.keys(place)));
    assert.deepEqual(messages, placed.volume.warnings, "a game says so at once");
    assert.equal(placed.asset.streamedLowMips, 0);
    assert.equal(placed.texture.grid.tileCount, wanted.size);
  }
  const builder = new VirtualTextureBuilder({ path: foreign });
  await using placed = await placeLowMips(device, { builder, scene: { mode: "game" } });
  assert.deepEqual(differingTiles(wanted, await allTiles(placed)), []);
});

/** A store with the same tiles that says something else of itself. */
async function retold(
  bytes: Uint8Array,
  change: (description: TileStoreDescription) => Partial<TileStoreDescription>,
): Promise<Uint8Array> {
  const store = await openTileStore(memorySource(bytes));
  const sink = new MemorySink();
  const description = { ...store.description, ...change(store.description) };
  const writer = await TileStoreWriter.openWriter(sink, description);
  for (let tile = 0; tile < store.grid.tileCount; tile++) {
    const { level, x, y } = store.grid.addressOf(tile);
    await writer.putTilePlanes(tile, await store.readTilePlanes(level, x, y));
  }
  await writer.finish();
  store.close();
  return sink.bytes!;
}

Deno.test("a store that says something strange of itself is refused", async () => {
  using device = await requestDevice();
  const bytes = (await builtTiles(device)).bytes!;
  const deep = `{"scale":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
  const sources: readonly (readonly [Record<string, string | number>, RegExp])[] = [
    [{ kind: "a picture" }, /must hold low mips of a runtime virtual texture/],
    [{ baker: 1 }, /was built of .* by version 1 of the baker, .* 2\. Build it again$/],
    [{ baker: "x" }, /by version unknown of the baker/],
    [{ identities: "0123456789abcdef" }, /must hold low mips/],
    [{ settings: "{" }, /must hold low mips/],
    [{ settings: "null" }, /must hold low mips/],
    [{ settings: "{}" }, /other settings: materialType is "base_color" and was unknown/],
    [{ tinted: 2 }, /must hold low mips/],
    [{ settings: deep }, /are rendered: /],
  ];
  const stores = await Promise.all(sources.map(async ([part, warning]) =>
    [
      await retold(bytes, ({ source }) => ({ source: { ...source, ...part } as never })),
      warning,
    ] as const
  ));
  const format = "rgba8unorm" as const;
  const linear = await retold(bytes, () => ({ format, colorSpace: "linear" }));
  const builder = new VirtualTextureBuilder({ bytes });
  await using placed = await placeLowMips(device, { builder });
  for (const [store, warning] of [...stores, [linear, /must be of rgba8unorm-srgb/] as const]) {
    placed.volume.change({ virtualTextureBuilder: new VirtualTextureBuilder({ bytes: store }) });
    await placed.scene.settled();
    assert.match(placed.volume.warnings.join(), warning);
  }
  const same = await retold(bytes, () => ({}));
  placed.volume.change({ virtualTextureBuilder: new VirtualTextureBuilder({ bytes: same }) });
  await placed.scene.settled();
  assert.deepEqual(placed.volume.warnings, [], "negative control: told as it was");
});

Deno.test("a tile whose bytes are damaged is rendered, the others are read", async () => {
  using device = await requestDevice();
  const bytes = (await builtTiles(device)).bytes!;
  await using plain = await placeLowMips(device, { count: 0 });
  const wanted = await allTiles(plain);
  // Of the coarsest tile, which comes with the volume, and of one that ends the archive.
  const firstTile = Number(new DataView(bytes.buffer).getBigUint64(56, true));
  for (const at of [firstTile + 5000, bytes.length - 1000]) {
    const damaged = bytes.slice();
    damaged[at]! ^= 1;
    const messages: string[] = [];
    const logger = { warn: (text: string) => void messages.push(text) };
    const builder = new VirtualTextureBuilder({ bytes: damaged });
    await using placed = await placeLowMips(device, { builder, scene: { mode: "game", logger } });
    const tiles = await allTiles(placed);
    const { copied, rendered } = takeRecorded(placed.texture);
    assert.equal(copied, 4);
    assert.equal(rendered.filter((tile) => tile >= 16).length, 1);
    assert.deepEqual(differingTiles(wanted, tiles), []);
    assert.match(placed.volume.warnings.join(), /^1 of 5 baked tiles .* checksum/);
    assert.equal(messages.length, 1);
    assert.match(messages[0]!, /are rendered, where they cannot be read: .* checksum/);
  }
});
