import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { bakeSettings, lowMipLevels, SceneIdentities } from "../../../src/rvt/low_mips/mod.ts";
import { settingDifferences } from "../../../src/rvt/low_mips/bake_settings.ts";
import { componentIdentity } from "../../../src/rvt/low_mips/component_identity.ts";
import { ContentHash } from "../../../src/rvt/low_mips/content_hash.ts";
import { levelOffset } from "../../../src/rvt/low_mips/low_mip_levels.ts";
import { textureIdentity } from "../../../src/rvt/low_mips/material_identity.ts";
import {
  type DrawnTiles,
  firstIdentifiedLevel,
  identifiedTile,
  MOST_IDENTITIES,
  TileIdentities,
} from "../../../src/rvt/low_mips/tile_identities.ts";
import { DEFAULT_SETTINGS, RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import { LandscapeComponent, StaticMeshComponent } from "../../../src/rvt/component/mod.ts";
import { expressions as e, Material, MaterialTexture } from "../../../src/rvt/material/mod.ts";
import { TileContents } from "../../../src/rvt/scene/tile_content.ts";
import { volumeView } from "../../../src/rvt/tile/tile_view.ts";
import { boxMesh } from "../../../src/geometry/mod.ts";
import { identifyContent, WHOLE_HASH_BYTES } from "../../../src/bake/mod.ts";
import { inputIdentity } from "../../../src/streaming/load/input_identity.ts";
import {
  type LoadTextureOptions,
  type TextureInput,
  VirtualTextureSystem,
} from "../../../src/streaming/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { makeKtx2, noiseLevels } from "../../sources/ktx2/make_ktx2.ts";
import { RGBA8, SIZE } from "../../sources/ktx2/sample_parts.ts";
import { EditedSource } from "../source/sampled_scene.ts";
import { QUIET } from "../scene/placed_scene.ts";

Deno.test("low mips are counted from the level of one tile, whatever the bias", () => {
  for (const log2 of [0, 1, 3, 6]) {
    const texture = new TileGrid(64 << log2, 64 << log2, 64, { lastLevel: "tile" });
    const { grid, firstLevel } = lowMipLevels(texture, 3);
    assert.equal(grid.levelCount, Math.min(3, log2 + 1));
    assert.equal(firstLevel, Math.max(0, log2 - 2));
    assert.equal(grid.width, texture.level(firstLevel).width);
    assert.equal(levelOffset(texture, grid), firstLevel);
    const coarser = new TileGrid(64 << 1, 64 << 1, 64, { lastLevel: "tile" });
    assert.equal(levelOffset(coarser, grid), 2 - grid.levelCount);
  }
  const long = new TileGrid(512, 64, 64, { lastLevel: "tile" });
  assert.equal(levelOffset(new TileGrid(256, 64, 64, { lastLevel: "tile" }), long), null);
  assert.equal(levelOffset(new TileGrid(512, 512, 128, { lastLevel: "tile" }), long), null);
  const shortened = new TileGrid(512, 512, 64, { lastLevel: "tile", removedLevels: 2 });
  assert.deepEqual(lowMipLevels(shortened, 3).firstLevel, 1);
});

Deno.test("contents that differ in a bit, in order or in length have other hashes", () => {
  const hashes = new Set<string>();
  const note = (hash: ContentHash) => {
    assert.match(hash.digits, /^[0-9a-f]{16}$/);
    hashes.add(hash.digits);
  };
  for (let bit = 0; bit < 88; bit++) {
    const bytes = new Uint8Array(11);
    bytes[bit >> 3] = 1 << (bit & 7);
    note(new ContentHash().addBytes(bytes));
  }
  for (let length = 0; length < 20; length++) {
    note(new ContentHash().addBytes(new Uint8Array(length)));
  }
  for (const parts of [["ab", "c"], ["a", "bc"], ["abc"], ["c", "ab"]]) {
    note(parts.reduce((hash, text) => hash.addText(text), new ContentHash()));
  }
  for (let i = 1; i <= 20_000; i++) note(new ContentHash().addNumbers([i / 7]));
  assert.equal(hashes.size, 88 + 20 + 4 + 20_000);
  assert.equal(new ContentHash().addText("a").digits, new ContentHash().addText("a").digits);
});

Deno.test("each setting that tiles depend on is named where it differs", () => {
  const transform = { position: [0, 0, 0], rotation: [0, 0, 0, 1], scale: [1, 1, 1] } as const;
  const form = {
    settings: DEFAULT_SETTINGS,
    transform,
    formats: ["bc3-rgba-unorm", "bc3-rgba-unorm"] as const,
    isCompressed: true,
  };
  const wanted = bakeSettings(form);
  const read = JSON.parse(JSON.stringify(wanted));
  assert.deepEqual(settingDifferences(read, wanted), []);
  for (const name of Object.keys(wanted)) {
    const [difference, ...others] = settingDifferences({ ...read, [name]: "other" }, wanted);
    assert.ok(difference!.startsWith(`${name} is `) && others.length === 0);
  }
  for (const strange of [[], {}]) {
    assert.equal(settingDifferences(strange, wanted).length, Object.keys(wanted).length);
  }
  const plain = bakeSettings({ ...form, isCompressed: false, formats: ["r16uint"] });
  assert.deepEqual([plain.compressionQuality, plain.formats], [null, ["r16unorm"]]);
});

Deno.test("the coarsest tiles of a large bake stand for those below them", () => {
  const grid = new TileGrid(64 * 256, 64 * 256, 64, { lastLevel: "tile" });
  const first = firstIdentifiedLevel(grid);
  const { firstTile } = grid.level(first);
  assert.ok(grid.tileCount - firstTile <= MOST_IDENTITIES);
  assert.ok(grid.tileCount - grid.level(first - 1).firstTile > MOST_IDENTITIES);
  for (const [level, x, y] of [[0, 255, 3], [1, 17, 90], [first, 5, 6], [8, 0, 0]] as const) {
    const own = Math.max(level, first);
    const shift = own - level;
    assert.equal(
      identifiedTile(grid, grid.tileIndexOf(level, x, y)),
      grid.tileIndexOf(own, x >> shift, y >> shift),
    );
  }
});

Deno.test("components are told apart by what they draw: meshes, heights, weights, graphs and textures", () => {
  const texels = (red: number) =>
    new MaterialTexture({ name: "t", width: 1, height: 1, texels: Uint8Array.of(red, 2, 3, 4) });
  const material = (color: number, red = 1) =>
    new Material({
      name: "m",
      domain: "virtual_texture",
      baseColor: e.multiply(
        e.componentMask(e.textureSample(texels(red)), "xyz"),
        e.vectorParameter("color", [color, 1, 1]),
      ),
    });
  const box = (size: number, made = material(1)) =>
    new StaticMeshComponent({ mesh: boxMesh({ size: [size, 1, 1] }), material: made });
  const painted = new Material({
    name: "m",
    domain: "virtual_texture",
    baseColor: e.layerWeight("grass"),
  });
  const land = (height: number, weight: number, unread = 0) =>
    new LandscapeComponent({
      material: painted,
      width: 2,
      height: 2,
      heights: [0, 0, 0, height],
      layers: { grass: Uint8Array.of(0, 0, 0, weight), moss: Uint8Array.of(0, 0, 0, unread) },
    });
  const digits = [
    box(1),
    box(2),
    box(1, material(2)),
    box(1, material(1, 9)),
    land(0, 0),
    land(1, 0),
    land(0, 1),
  ].map((one) => componentIdentity(one, "base_color").digits);
  assert.equal(new Set(digits).size, digits.length);
  assert.equal(componentIdentity(box(1), "base_color").digits, digits[0], "made anew");
  assert.equal(
    componentIdentity(land(0, 1, 1), "base_color").digits,
    digits[6],
    "a layer that is not read",
  );
  assert.notEqual(componentIdentity(box(1), "mask4").digits, digits[0], "another type");
  const ground = land(0, 0);
  ground.setHeights({ x: 1, y: 1, width: 1, height: 1 }, [1]);
  assert.equal(componentIdentity(ground, "base_color").digits, digits[5]);
});

Deno.test("what a texture holds counts through any number of textures that sample each other", () => {
  const assets = ["a", "b", "c"].map((name) =>
    new RuntimeVirtualTexture({ name, materialType: "base_color" })
  );
  const [a, b, c] = assets as [typeof assets[0], typeof assets[0], typeof assets[0]];
  const writerOf = (baseColor: Parameters<typeof e.add>[0]) =>
    new StaticMeshComponent({
      mesh: boxMesh(),
      material: new Material({ name: "m", domain: "virtual_texture", baseColor }),
    });
  const shows = (asset: RuntimeVirtualTexture) =>
    writerOf(e.runtimeVirtualTextureSample(asset).baseColor!);
  const digitsOf = (last: Map<object, StaticMeshComponent>, place = "") =>
    new SceneIdentities({
      writersOf: (asset) => [last.get(asset)!],
      deferredOf: () => [],
      placeOf: (asset) => asset === c ? place : "",
      tilesOf: () => null,
    }).assetDigits(a);
  const chain = (color: number) => new Map([[a, shows(b)], [b, shows(c)], [c, writerOf(color)]]);
  assert.equal(digitsOf(chain(1)), digitsOf(chain(1)));
  assert.notEqual(digitsOf(chain(1)), digitsOf(chain(2)));
  assert.notEqual(digitsOf(chain(1)), digitsOf(chain(1), "elsewhere"));
  // A circle, whose samples the scene cuts, has an identity, too.
  const circle = new Map([[a, shows(b)], [b, shows(c)], [c, shows(a)]]);
  assert.match(digitsOf(circle), /^[0-9a-f]{16}$/);
});

/** The identities of the tiles of a texture of so many levels that shows a component over all of it. */
function tilesShowing(component: StaticMeshComponent, levels: number): TileIdentities {
  const grid = new TileGrid(64 << levels, 64 << levels, 64, { lastLevel: "tile" });
  const place = { position: [0, 0, 0], rotation: [0, 0, 0, 1], scale: [1, 1, 1] } as const;
  const contents = new TileContents(volumeView(place, { grid, border: 4 }));
  contents.add(component);
  const drawn: DrawnTiles = {
    materialType: "base_color",
    view: volumeView(place, { grid, border: 4 }),
    ground: "",
    form: "",
    version: 0,
    drawsIn: (tile) => contents.componentDrawsIn(tile),
    allDrawsIn: (tile) => contents.allDrawsIn(tile),
    isCutByDepth: () => false,
    deferredIn: () => [],
  };
  const scene = { version: 0, versionOf: () => 0 } as unknown as SceneIdentities;
  return new TileIdentities(drawn, scene);
}

Deno.test("a tile that stands for finer ones counts what those alone show, others do not", () => {
  const material = new Material({ name: "a", domain: "virtual_texture", baseColor: 1 });
  const digits = (size: number, settings = {}, options = {}) => {
    const mesh = [boxMesh({ size: [size, size, size] }), boxMesh({ size: [0.3, 0.3, 0.3] })];
    const component = new StaticMeshComponent({ mesh, material, ...settings });
    return tilesShowing(component, 2).digitsOf(20, options);
  };
  const finer = { withFiner: true };
  const biased = { virtualTextureLodBias: 1 };
  assert.equal(digits(0.4, biased), digits(0.5, biased), "drawn at the other level of detail");
  assert.notEqual(digits(0.4, biased, finer), digits(0.5, biased, finer));
  const skipped = { virtualTextureSkipMips: 1 };
  assert.equal(digits(0.4, skipped), digits(0.5, skipped), "left out");
  assert.notEqual(digits(0.4, skipped, finer), digits(0.5, skipped, finer));
  assert.notEqual(digits(0.4, skipped, finer), digits(0.4, {}, finer));
});

Deno.test("only what reads the number of a level depends on how many levels there are", () => {
  const tilesOf = (material: Material, levels: number) => {
    const component = new StaticMeshComponent({ mesh: boxMesh(), material });
    const tiles = tilesShowing(component, levels);
    return tiles.digitsOf(levels === 2 ? 20 : 84);
  };
  const flat = new Material({ name: "a", domain: "virtual_texture", baseColor: 1 });
  assert.equal(tilesOf(flat, 2), tilesOf(flat, 3));
  const level = e.viewProperty("virtual_texture_output_level");
  const deep = new Material({ name: "a", domain: "virtual_texture", baseColor: level });
  assert.notEqual(tilesOf(deep, 2), tilesOf(deep, 3));
});

Deno.test("a streaming texture is known by its content, not by where it lies or when it was written", () =>
  withFolder(async (folder) => {
    const file = (lastByte: number) => {
      const bytes = makeKtx2({ row: RGBA8, ...SIZE, levels: noiseLevels(RGBA8, SIZE, 5) });
      bytes[bytes.length - 1] = lastByte;
      return bytes;
    };
    const write = async (name: string, bytes: Uint8Array) => {
      await Deno.writeFile(`${folder}/${name}`, bytes);
      await Deno.utime(`${folder}/${name}`, 1000, 1000);
      return `${folder}/${name}`;
    };
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { tileSize: 64, logger: QUIET });
    const identityOf = async (input: TextureInput, options: LoadTextureOptions = {}) =>
      textureIdentity(await system.loadTexture(input, options));
    const path = await write("a.ktx2", file(5));
    const first = await identityOf(path);
    await Deno.utime(path, 2000, 2000);
    assert.equal(await identityOf(path), first, "touched");
    assert.equal(await identityOf(await write("b.ktx2", file(5))), first, "copied");
    assert.equal(await identityOf(file(5)), first, "bytes");
    assert.notEqual(await identityOf(await write("a.ktx2", file(6))), first, "same size and time");
    assert.notEqual(await identityOf(file(6)), first, "other bytes");
    assert.notEqual(
      await inputIdentity(file(5), { preferredFormat: "BC7" }),
      await inputIdentity(file(5), {}),
      "other texels",
    );
    // Of tiles nothing is known but what is said.
    const tiles = () => new EditedSource().tiles();
    const said = await identityOf(tiles(), { identity: "hills, version 3" });
    assert.equal(await identityOf(tiles(), { identity: "hills, version 3" }), said);
    assert.notEqual(await identityOf(tiles(), { identity: "hills, version 4" }), said);
    assert.notEqual(await identityOf(tiles()), await identityOf(tiles()));
  }));

Deno.test("a large file is known by its size and samples of its content", () =>
  withFolder(async (folder) => {
    const bytes = new Uint8Array(WHOLE_HASH_BYTES + 2 ** 20);
    const identityOf = async (name: string) => {
      await Deno.writeFile(`${folder}/${name}`, bytes);
      return await identifyContent(`${folder}/${name}`);
    };
    const first = await identityOf("a");
    assert.equal(await identityOf("b"), first);
    bytes.fill(1, 5 * 2 ** 20, 5 * 2 ** 20 + 32 * 1024);
    assert.notEqual(await identityOf("a"), first);
  }));
