import assert from "node:assert/strict";
import { UnsupportedError } from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { inputIdentity, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { namesIn, withFolder } from "../../helpers/temporary_folder.ts";
import { madeRaster } from "../../sources/picture/made_raster.ts";
import { makeArchive, SMALL } from "../../sources/tile_store/made_store.ts";
import { mapSource } from "../sources.ts";

const SIZE = { width: 70, height: 50 };
const TEXELS = SIZE.width * SIZE.height;
const LOGGER = { debug() {}, info() {}, warn() {}, error() {} };

function infrared(): Uint8Array {
  const samples = Uint8Array.from({ length: 4 * TEXELS }, (_, i) => [10, 20, 30, 40][i % 4]!);
  return madeRaster({ samples, ...SIZE, bands: 4, extra: [0] });
}

Deno.test("chosen bands and pages have baked forms of their own, and keep their statistics", () =>
  withFolder(async (cacheFolder) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, {
      maxMemoryMb: 16,
      tileSize: 64,
      cacheFolder,
      logger: LOGGER,
    });
    const file = infrared();
    const least = async (bands?: readonly number[]) => {
      const texture = await system.loadTexture(file, bands === undefined ? {} : { bands });
      return texture.valueStatistics!.bands.map(({ min }) => min);
    };
    assert.deepEqual(await least(), [10, 20, 30]);
    assert.deepEqual(await least([3, 2, 1]), [30, 20, 10]);
    assert.deepEqual(await least([4]), [40]);
    assert.deepEqual(await least([3, 2, 1]), [30, 20, 10]);
    const stores = (await namesIn(cacheFolder)).filter((name) => name.endsWith(".pmtiles"));
    assert.equal(stores.length, 3);
    const pages = madeRaster(
      { samples: new Int16Array(TEXELS).fill(-5), ...SIZE },
      { samples: new Float32Array(64 * 64).fill(0.5), width: 64, height: 64 },
    );
    const first = await system.loadTexture(pages);
    const second = await system.loadTexture(pages, { page: 1 });
    assert.deepEqual([first.format, first.valueStatistics!.bands[0]!.max], ["r32float", -5]);
    assert.deepEqual([second.width, second.valueStatistics!.bands[0]!.max], [64, 0.5]);
    assert.match(second.info, /page 1 of 2/);
  }));

Deno.test("two bands of uint8 are kept as they are: they are no colour", () =>
  withFolder(async (cacheFolder) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, {
      maxMemoryMb: 16,
      tileSize: 64,
      cacheFolder,
      logger: LOGGER,
    });
    const texture = await system.loadTexture(infrared(), { bands: [4, 1] });
    assert.equal(texture.format, "rg8unorm");
    assert.equal(texture.colorSpace, "linear");
    assert.deepEqual([...(await texture.valueAt(7, 7))!], [40, 10]);
  }));

Deno.test("what is no picture takes no page and no bands, and a failed load changes nothing", () =>
  withFolder(async (cacheFolder) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, {
      maxMemoryMb: 16,
      tileSize: 64,
      cacheFolder,
      logger: LOGGER,
    });
    const inputs = [await makeArchive(SMALL), mapSource()];
    for (const input of inputs) {
      for (const choice of [{ page: 0 }, { bands: [1] }]) {
        await assert.rejects(() => system.loadTexture(input, choice), (error) => {
          assert.ok(error instanceof UnsupportedError);
          assert.match(error.message, /as it is no picture, so that (page|bands) must be left out/);
          return true;
        });
      }
    }
    await assert.rejects(() => system.loadTexture(infrared(), { bands: [5] }), /from 1 to 4/);
    assert.equal(system.textures.length, 0);
  }));

Deno.test("what a texture holds is told apart by its bands and page", async () => {
  const file = infrared();
  const identities = await Promise.all(
    [{}, { bands: [1] }, { bands: [2] }, { page: 0 }].map((choice) => inputIdentity(file, choice)),
  );
  assert.equal(new Set(identities).size, identities.length);
  assert.equal(await inputIdentity(file, { bands: [1] }), identities[1]);
});
