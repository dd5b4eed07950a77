import assert from "node:assert/strict";
import { OutOfRangeError } from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { type Picture, render } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { noisePng } from "../../bake/cache/made_pictures.ts";
import { namesIn, withFolder } from "../../helpers/temporary_folder.ts";
import { FORMAT_ROWS, makeKtx2, noiseLevels } from "../../sources/ktx2/make_ktx2.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";

/** Systems on one device that record their warnings and share a cache. */
function madeSystems(device: Awaited<ReturnType<typeof requestDevice>>, cacheFolder: string) {
  const warnings: string[] = [];
  const logger = {
    debug() {},
    info() {},
    warn: (message: string) => void warnings.push(message),
    error: (message: string) => void warnings.push(message),
  };
  const make = () =>
    new VirtualTextureSystem(device, { maxMemoryMb: 16, tileSize: 64, cacheFolder, logger });
  return { make, warnings };
}

const CAMERAS = [lookDown(400, 300, heightOfLevel(1)), lookDown(600, 200, heightOfLevel(0))];

async function fly(system: VirtualTextureSystem) {
  const pictures = [];
  for (const camera of CAMERAS) {
    await system.update(camera);
    await system.flush();
    pictures.push(await render(system, camera));
  }
  return pictures;
}

function worstDifference(a: Picture, b: Picture): number {
  return a.data.reduce((worst, value, at) => Math.max(worst, Math.abs(value - b.data[at]!)), 0);
}

/** A KTX2 file that holds its finest level alone: the others are baked. */
function oneLevelKtx2(): Uint8Array {
  const size = { width: 800, height: 600 };
  const row = FORMAT_ROWS["rgba8unorm"]!;
  return makeKtx2({ row, ...size, levels: noiseLevels(row, size, 1) });
}

Deno.test("a texture whose baked form is damaged while it streams shows the same pictures", () =>
  withFolder(async (folder) => {
    using device = await requestDevice();
    await Deno.writeFile(`${folder}/a.png`, await noisePng(1, 800, 600));
    await Deno.writeFile(`${folder}/a.ktx2`, oneLevelKtx2());
    for (const name of ["a.png", "a.ktx2"]) {
      const { make, warnings } = madeSystems(device, `${folder}/cache ${name}`);
      using whole = make();
      const texture = await whole.loadTexture(`${folder}/${name}`);
      assert.equal(texture.name, `${folder}/${name}`);
      const expected = await fly(whole);
      using damaged = make();
      await damaged.loadTexture(`${folder}/${name}`);
      const store = namesIn(`${folder}/cache ${name}`).find((one) => one.endsWith(".pmtiles"))!;
      const path = `${folder}/cache ${name}/${store}`;
      await Deno.truncate(path, Math.floor((await Deno.stat(path)).size / 2));
      const shown = await fly(damaged);
      // Tiles may lie in other slots, which changes how the GPU rounds.
      for (const [index, picture] of shown.entries()) {
        assert.ok(worstDifference(picture, expected[index]!) <= 2);
      }
      assert.ok(worstDifference(shown[0]!, expected[1]!) > 50, "negative control");
      assert.equal(warnings.length, 1, warnings.join("\n"));
      assert.match(warnings[0]!, new RegExp(`Baking .*${name} again as its baked form is damaged`));
    }
  }));

Deno.test("several loads of one picture in one system all succeed", () =>
  withFolder(async (folder) => {
    using device = await requestDevice();
    await Deno.writeFile(`${folder}/a.png`, await noisePng(1, 800, 600));
    const { make, warnings } = madeSystems(device, `${folder}/cache`);
    using system = make();
    const abort = new AbortController();
    const signals = [abort.signal, undefined, undefined, undefined];
    const loads = signals.map((signal) => system.loadTexture(`${folder}/a.png`, { signal }));
    setTimeout(() => abort.abort(), 20);
    const results = await Promise.allSettled(loads);
    assert.deepEqual(
      results.map(({ status }) => status),
      ["rejected", "fulfilled", "fulfilled", "fulfilled"],
    );
    assert.equal(system.textures.length, 3);
    assert.deepEqual(warnings, []);
  }));

Deno.test("a cache folder that is no path is refused at once", async () => {
  using device = await requestDevice();
  for (const cacheFolder of ["", "a\0b"]) {
    assert.throws(() => new VirtualTextureSystem(device, { cacheFolder }), (error) => {
      assert.ok(error instanceof OutOfRangeError);
      assert.match(error.message, /cacheFolder must be the path of a folder: current value is/);
      return true;
    });
  }
});

Deno.test("FORGE3D_CACHE_MAX bounds what loads leave, and is checked where it is read", () =>
  withFolder(async (folder) => {
    using device = await requestDevice();
    const { make, warnings } = madeSystems(device, `${folder}/cache`);
    using system = make();
    const before = Deno.env.get("FORGE3D_CACHE_MAX");
    try {
      Deno.env.set("FORGE3D_CACHE_MAX", "1");
      for (const seed of [1, 2, 3]) {
        await system.loadTexture(await noisePng(seed, 300, 200));
        const stores = namesIn(`${folder}/cache`).filter((name) => name.endsWith(".pmtiles"));
        assert.equal(stores.length, 1, "the one just baked");
      }
      for (const camera of CAMERAS) await system.update(camera);
      assert.equal(system.getStatistics().tilesFailed, 0, "removed textures stay readable");
      Deno.env.set("FORGE3D_CACHE_MAX", "much");
      await assert.rejects(system.loadTexture(await noisePng(1, 30)), (error) => {
        assert.ok(error instanceof OutOfRangeError);
        assert.match(error.message, /FORGE3D_CACHE_MAX must be a size.*current value is "much"/);
        return true;
      });
    } finally {
      if (before === undefined) Deno.env.delete("FORGE3D_CACHE_MAX");
      else Deno.env.set("FORGE3D_CACHE_MAX", before);
    }
    assert.deepEqual(warnings, []);
  }));
