import assert from "node:assert/strict";
import { UnsupportedError } from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { type Picture, render } from "../../../src/scene/mod.ts";
import { repeatedBlock } from "../../../src/sources/tile_store/tile_file.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { makeArchive, openBytes, SMALL } from "../../sources/tile_store/made_store.ts";
import {
  MemorySink,
  type TileStoreDescription,
  TileStoreWriter,
} from "../../../src/sources/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";

const EVEN = Uint8Array.of(10, 90, 200, 255);
const ODD = Uint8Array.of(240, 60, 20, 255);
const LOADABLE: TileStoreDescription = { ...SMALL, width: 200, tileSize: 64, border: 4 };

Deno.test("tile stores that cannot be streamed are refused by name, opened by the caller or not", async () => {
  const kinds: [change: Partial<TileStoreDescription>, reason: RegExp][] = [
    [{ furtherPlanes: [{ format: "r8unorm", colorSpace: "linear" }] }, /has 2 planes/],
    [{ firstLevel: 1 }, /lacks the levels before 1/],
    [{ border: 3 }, /border must be one of 0, 2, 4, 6, 8/],
  ];
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { tileSize: 64, maxMemoryMb: 16 });
  for (const [change, reason] of kinds) {
    const bytes = await makeArchive({ ...LOADABLE, ...change });
    await assert.rejects(
      () => system.loadTexture(bytes),
      (error) => error instanceof UnsupportedError && reason.test(error.message),
    );
    if (change.border !== undefined) continue;
    const store = await openBytes(bytes);
    await assert.rejects(
      () => system.loadTexture(store),
      (error) => error instanceof UnsupportedError && reason.test(error.message),
    );
    store.close();
  }
});

/** A texture of one colour whose tile (1, 1) of level 0 is of another, and how it looks. */
async function pictureOf(change: Partial<TileStoreDescription>): Promise<Picture> {
  const description = { ...LOADABLE, width: 256, height: 256, ...change };
  const grid = new TileGrid(256, 256, 64, { lastLevel: description.lastLevel ?? "texel" });
  const bytes = (description.tileSize + 2 * description.border) ** 2;
  const odd = grid.tileIndexOf(0, 1, 1);
  const sink = new MemorySink("made.pmtiles");
  const writer = await TileStoreWriter.openWriter(sink, description);
  for (let tile = 0; tile < grid.tileCount; tile++) {
    if (tile === odd && description.holes) continue;
    const color = tile === odd ? ODD : EVEN;
    await writer.putTile(tile, repeatedBlock(color, 4 * bytes));
  }
  await writer.finish();
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { tileSize: 64, maxMemoryMb: 16 });
  await system.loadTexture(sink.bytes!);
  const camera = lookDown(128, 128, heightOfLevel(0));
  await system.update(camera);
  assert.equal(await system.flush(), true);
  return await render(system, camera);
}

Deno.test("a last level of one tile, an even border and holes look like what they replace", async () => {
  const plain = await pictureOf({});
  const holes = [ODD];
  const same = await pictureOf({ lastLevel: "tile", border: 2, holes });
  assert.deepEqual(same.data, plain.data);
  const other = await pictureOf({ lastLevel: "tile", border: 2, holes: [EVEN] });
  assert.notDeepEqual(other.data, plain.data, "negative control: the hole must be in view");
});
