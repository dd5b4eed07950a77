import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { encodableFormat } from "../../../src/streaming/load/atlas_format.ts";
import { type LoadTextureOptions, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { landscapeContents, randomContents } from "../../scene/level_contents.ts";
import { fileOf, turned } from "./turned_files.ts";
import { ktx2Of, pngOf, storeOf, testWrapped, TILE_SIZE, type WrapCase } from "./wrap_cases.ts";

const CASES: Readonly<Record<string, WrapCase>> = {
  "a picture that is baked when loaded": {
    wrap: ["repeat", "repeat"],
    contents: landscapeContents(203, 131),
    input: pngOf,
    options: { preferredFormat: "RGBA8" },
    most: 2,
    info: /baked to rgba8unorm/,
  },
  "a tile store that says so itself": {
    wrap: ["repeat", "clamp"],
    contents: landscapeContents(140, 90),
    input: storeOf,
    most: 2,
    info: /baked to rgba8unorm/,
  },
  "a KTX2 file of odd size that is streamed directly": {
    wrap: ["repeat", "repeat"],
    contents: randomContents(203, 131, "rgba8unorm"),
    input: ktx2Of,
    most: 2,
    info: /^KTX2[^;]*$/,
  },
  "a KTX2 file whose rows run up and columns left": {
    wrap: ["repeat", "clamp"],
    contents: randomContents(203, 131, "rgba8unorm"),
    input: (contents) => fileOf(turned(contents, "lu"), { orientation: "lu" }),
    most: 2,
    info: /orientation lu/,
  },
};

for (const [name, one] of Object.entries(CASES)) testWrapped(name, one);

Deno.test("what a tile store says cannot be changed, and what is loaded as it says can be said", () =>
  withFolder(async (cacheFolder) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { tileSize: TILE_SIZE, cacheFolder });
    const contents = landscapeContents(70, 40);
    const store = await storeOf(contents, ["repeat", "clamp"]);
    for (const wrap of ["clamp", "repeat", ["clamp", "repeat"]] as const) {
      await assert.rejects(
        () => system.loadTexture(store, { wrap }),
        /wrap cannot change what its tiles hold beyond its edges, repeat,clamp: leave wrap out/,
      );
    }
    assert.equal(system.textures.length, 0);
    await system.loadTexture(store, { wrap: ["repeat", "clamp"] });
    await system.loadTexture(await storeOf(contents, ["clamp", "clamp"]), { wrap: "clamp" });
  }));

Deno.test("blocks that only devices decode cannot repeat where levels are not whole, by name", () => {
  const name = "a.ktx2";
  const wrap = ["repeat", "clamp"] as const;
  assert.throws(() => encodableFormat("astc-4x4-unorm", { name, wrap }), {
    name: "UnsupportedError",
    message: /^Cannot load a\.ktx2 as wrap must be clamp with astc-4x4-unorm.* is repeat,clamp$/,
  });
  assert.throws(
    () => encodableFormat("astc-4x4-unorm", { name, wrap: "clamp" }),
    /the levels that it lacks/,
  );
  assert.equal(encodableFormat("bc7-rgba-unorm", { name, wrap }), "bc7-rgba-unorm");
});

Deno.test("a picture is baked once for each wrap, and its identity tells them apart", () =>
  withFolder(async (cacheFolder) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { tileSize: TILE_SIZE, cacheFolder });
    const png = await pngOf(landscapeContents(70, 40));
    const load = (options: LoadTextureOptions) =>
      system.loadTexture(png, { preferredFormat: "RGBA8", ...options });
    const stores = () =>
      [...Deno.readDirSync(cacheFolder)].filter(({ name }) => name.endsWith(".pmtiles")).length;
    const first = await load({});
    assert.equal(stores(), 1);
    const same = await load({ wrap: ["clamp", "clamp"] });
    assert.equal(stores(), 1);
    assert.equal(same.identity, first.identity);
    const both = await load({ wrap: "repeat" });
    const along = await load({ wrap: ["repeat", "clamp"] });
    await load({ wrap: ["repeat", "repeat"] });
    assert.equal(stores(), 3);
    assert.equal(new Set([first, both, along].map(({ identity }) => identity)).size, 3);
  }));
