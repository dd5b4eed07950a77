import assert from "node:assert/strict";
import { MalformedFileError } from "../../../src/errors.ts";
import { adoptDevice, requestDevice } from "../../../src/gpu/mod.ts";
import {
  ktx2TileSource,
  memorySource,
  openFileSource,
  openTileStore,
  readKtx2,
} from "../../../src/sources/mod.ts";
import { transcoders } from "../../../src/sources/ktx2/basis/transcoder_pool.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { encodeBasis, MODES, psnr } from "../../sources/ktx2/basis/encode_basis.ts";
import { COLOR, drawn, inFolder, LIKENESS, PICTURE, shown, TILE } from "./draw_basis.ts";

Deno.test.afterEach(() => transcoders.endIdleWorkers());

Deno.test("a GPU gets BC7, a CPU and a device without BC get RGBA8, without being asked", async () => {
  const file = await encodeBasis(PICTURE, { mode: MODES.UASTC, mips: false });
  const adapter = await navigator.gpu.requestAdapter();
  const without = adoptDevice(await adapter!.requestDevice());
  const owner = await requestDevice();
  await inFolder(async (cacheFolder) => {
    try {
      const made = [await drawn(without, file, { cacheFolder })];
      for (const isFallbackAdapter of [true, false]) {
        Object.defineProperty(owner.gpu, "adapterInfo", {
          value: { isFallbackAdapter },
          configurable: true,
        });
        using device = adoptDevice(owner.gpu);
        made.push(await drawn(device, file, { cacheFolder }));
      }
      const formats = ["rgba8unorm-srgb", "rgba8unorm-srgb", "bc7-rgba-unorm-srgb"];
      assert.deepEqual(made.map(({ format }) => format), formats);
      for (const { near } of made) assert.ok(psnr(near, shown(PICTURE), COLOR) > LIKENESS.UASTC);
    } finally {
      without.close();
      without.gpu.destroy();
      owner.close();
    }
  });
});

Deno.test("the cache holds the transcoded blocks bit for bit, once", async () => {
  using device = await requestDevice();
  const bytes = await encodeBasis(PICTURE, { mode: MODES.ETC1S });
  await inFolder(async (cacheFolder) => {
    for (let time = 0; time < 2; time++) {
      await drawn(device, bytes, { cacheFolder, load: { preferredFormat: "BC7" } });
    }
    const stores = [...Deno.readDirSync(cacheFolder)].filter(({ name }) => /pmtiles$/.test(name));
    assert.equal(stores.length, 1);
    const store = await openTileStore(await openFileSource(`${cacheFolder}/${stores[0]!.name}`));
    const source = memorySource(bytes);
    const format = "bc7-rgba-unorm-srgb";
    const tiles = ktx2TileSource(source, await readKtx2(source), { ...TILE, format });
    for (const { level, tilesX, tilesY } of tiles.grid.levels) {
      for (let y = 0; y < tilesY; y++) {
        for (let x = 0; x < tilesX; x++) {
          assert.deepEqual(await store.readTile(level, x, y), await tiles.readTile(level, x, y));
        }
      }
    }
    tiles.close();
    store.close();
  });
});

Deno.test("a damaged file leaves the system and the cache as they were", async () => {
  using device = await requestDevice();
  const bytes = await encodeBasis(PICTURE, { mode: MODES.ETC1S });
  const { supercompressionGlobalData } = (await readKtx2(memorySource(bytes))).header;
  // Behind the table of images, in the code books.
  bytes.fill(255, supercompressionGlobalData.offset + 20 + 20 * 7, -1);
  await inFolder(async (cacheFolder) => {
    using system = new VirtualTextureSystem(device, { maxMemoryMb: 16, ...TILE, cacheFolder });
    const before = system.getMemoryInfo();
    await assert.rejects(system.loadTexture(bytes), MalformedFileError);
    assert.deepEqual(system.getMemoryInfo(), before);
    assert.equal([...system.textures].length, 0);
    assert.deepEqual([...Deno.readDirSync(cacheFolder)], []);
  });
});

Deno.test("a load that is cancelled while it transcodes rejects with the signal's reason", async () => {
  using device = await requestDevice();
  const bytes = await encodeBasis(PICTURE, { mode: MODES.UASTC });
  await inFolder(async (cacheFolder) => {
    using system = new VirtualTextureSystem(device, { maxMemoryMb: 16, ...TILE, cacheFolder });
    const abort = new AbortController();
    const reason = new Error("no longer wanted");
    const onProgress = () => abort.abort(reason);
    await assert.rejects(system.loadTexture(bytes, { signal: abort.signal, onProgress }), reason);
    assert.equal([...system.textures].length, 0);
  });
});
