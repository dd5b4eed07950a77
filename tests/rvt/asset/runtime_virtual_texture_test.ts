import assert from "node:assert/strict";
import fc from "fast-check";
import { assetGrid } from "../../../src/rvt/asset/asset_grid.ts";
import {
  type AssetChange,
  MATERIAL_TYPES,
  RuntimeVirtualTexture,
  type RuntimeVirtualTextureSettings,
} from "../../../src/rvt/asset/mod.ts";
import { slotBytes } from "../../../src/gpu/mod.ts";

Deno.test("defaults are the specification's", () => {
  const { settings, name } = new RuntimeVirtualTexture();
  assert.equal(name, "runtime virtual texture");
  assert.deepEqual(settings, {
    materialType: "base_color_normal_roughness_specular",
    sizeInTilesLog2: 8,
    tileSize: 256,
    tileBorder: 4,
    compressTextures: true,
    compressionQuality: "low",
    ycocgScale: "block",
    clearBeforeRender: true,
    continuousUpdate: false,
    removeLowMips: 0,
    customPriority: "normal",
  });
});

Deno.test("the removed type Base Color, Normal is read as the one that took its place", () => {
  const asset = new RuntimeVirtualTexture({ materialType: "base_color_normal" });
  assert.equal(asset.materialType, "base_color_normal_roughness_specular");
  assert.equal(asset.change({ materialType: "base_color_normal" }), "none");
});

Deno.test("the seven types have the specification's compressed formats", () => {
  const formats = Object.values(MATERIAL_TYPES).map(({ label, compressedFormats }) => [
    label,
    compressedFormats.map((format) => format.replace(/-.*/, "")).join(" + "),
  ]);
  assert.deepEqual(formats, [
    ["Base Color", "bc1"],
    ["Base Color, Normal, Roughness, Specular", "bc3 + bc3"],
    ["YCoCg Base Color, Normal, Specular", "bc3 + bc5 + bc1"],
    ["YCoCg Base Color, Normal, Specular, Mask", "bc3 + bc5 + bc3"],
    ["World Height", "r16unorm"],
    ["Displacement", "bc4"],
    ["Mask4", "bc3"],
  ]);
});

Deno.test("the longer axis gets the size in tiles, the shorter the nearest power of two", () => {
  const lengths = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
  fc.assert(fc.property(lengths, lengths, fc.integer({ min: 0, max: 10 }), (x, y, log2) => {
    const { settings } = new RuntimeVirtualTexture({ sizeInTilesLog2: log2, tileSize: 64 });
    const { width, height } = assetGrid(settings, { extent: [x, y], failure: "" });
    const [longer, shorter] = x >= y ? [width, height] : [height, width];
    assert.equal(longer, 64 * 2 ** log2);
    // No other power of two makes tiles nearer to square.
    const ratio = Math.max(x, y) / Math.min(x, y);
    const stretch = (tiles: number) => Math.abs(Math.log2(ratio * tiles / 2 ** log2));
    const tiles = shorter / 64;
    assert.ok(Number.isInteger(Math.log2(tiles)));
    for (let other = 1; other <= 2 ** log2; other *= 2) {
      assert.ok(stretch(tiles) <= stretch(other) + 1e-9);
    }
  }));
});

Deno.test("levels end at one tile: 9 of them by default, fewer where low mips are removed", () => {
  const { settings } = new RuntimeVirtualTexture();
  const grid = assetGrid(settings, { extent: [100, 100], failure: "" });
  assert.equal(grid.levelCount, 9);
  assert.deepEqual([grid.levels.at(-1)!.tilesX, grid.levels.at(-1)!.tilesY], [1, 1]);
  const fewer = new RuntimeVirtualTexture({ removeLowMips: 2 });
  const short = assetGrid(fewer.settings, { extent: [100, 100], failure: "" });
  assert.equal(short.levelCount, 7);
  assert.equal(short.tailTileCount, 16, "the coarsest that remains is pinned as a whole");
});

Deno.test("a tile count bias doubles or halves the size, down to one tile", () => {
  const { settings } = new RuntimeVirtualTexture({ sizeInTilesLog2: 4, tileSize: 128 });
  const widthAt = (tileCountBias: number) =>
    assetGrid(settings, { extent: [1, 1], tileCountBias, failure: "" }).width / 128;
  assert.deepEqual([-9, -4, -1, 0, 1, 3].map(widthAt), [1, 1, 8, 16, 32, 128]);
});

Deno.test("tiles × tile size is at most 2^20 texels, after the bias", () => {
  const { settings } = new RuntimeVirtualTexture({ sizeInTilesLog2: 12, tileSize: 256 });
  assert.equal(assetGrid(settings, { extent: [1, 1], failure: "" }).width, 2 ** 20);
  assert.throws(
    () => assetGrid(settings, { extent: [1, 1], tileCountBias: 1, failure: "Cannot place it" }),
    { name: "OutOfRangeError", message: /Cannot place it .* <= 1048576 .* 8192 × 256 = 2097152/ },
  );
});

Deno.test("a change asks for no more than it must", () => {
  const asset = new RuntimeVirtualTexture({ name: "Ground" });
  const heard: AssetChange[] = [];
  const end = asset.subscribe((change) => heard.push(change));
  assert.equal(asset.change({ continuousUpdate: true, customPriority: "high" }), "none");
  assert.equal(asset.change({ compressionQuality: "high" }), "content");
  assert.equal(asset.change({ compressionQuality: "low", tileBorder: 8 }), "texture");
  assert.equal(asset.change({ tileBorder: 8 }), "none", "it is what it was");
  assert.deepEqual(heard, ["none", "content", "texture"], "nobody hears of what does not change");
  end();
  asset.change({ tileSize: 64 });
  assert.equal(heard.length, 3);
});

Deno.test("settings that mean nothing beside the others ask for nothing", () => {
  const cases: [RuntimeVirtualTextureSettings, RuntimeVirtualTextureSettings][] = [
    [{ materialType: "world_height" }, { compressTextures: false }],
    [{ materialType: "world_height" }, { compressionQuality: "high" }],
    [{ materialType: "mask4" }, { ycocgScale: "tile" }],
    [{ compressTextures: false }, { compressionQuality: "high" }],
    [{ materialType: "ycocg_base_color_normal_specular", compressTextures: false }, {
      ycocgScale: "tile",
    }],
  ];
  for (const [settings, change] of cases) {
    const asset = new RuntimeVirtualTexture(settings);
    let heard = 0;
    asset.subscribe(() => heard++);
    assert.equal(asset.change(change), "none");
    assert.equal(heard, 1, "listeners hear of it");
  }
  const asset = new RuntimeVirtualTexture({ materialType: "world_height", ycocgScale: "tile" });
  assert.equal(asset.change({ materialType: "ycocg_base_color_normal_specular" }), "texture");
});

Deno.test("a change with something wrong in it changes nothing, and names the asset", () => {
  const asset = new RuntimeVirtualTexture({ name: "Ground" });
  const before = asset.settings;
  const wrong: [Record<string, unknown>, RegExp][] = [
    [{ tileSize: 100 }, /"Ground" as tileSize must be a power of/],
    [{ tileSize: 2048 }, /tileSize/],
    [{ tileBorder: 3 }, /tileBorder must be one of 0, 2, 4, 6, 8: current value is 3/],
    [{ sizeInTilesLog2: 13 }, /sizeInTilesLog2 must be .* 0 to 12: current value is 13/],
    [{ sizeInTilesLog2: Number.NaN }, /sizeInTilesLog2/],
    [{ materialType: "base_colour" }, /materialType must be one of base_color, /],
    [{ materialType: 3 }, /materialType/],
    [{ compressTextures: 1 }, /compressTextures/],
    [{ removeLowMips: -1 }, /removeLowMips/],
    [{ customPriority: "urgent" }, /customPriority must be one of lowest, /],
    [{ compressionQuality: "best" }, /compressionQuality/],
    [{ size: 3 }, /size/],
  ];
  for (const [settings, message] of wrong) {
    assert.throws(() => asset.change({ tileBorder: 8, ...settings }), { message });
    assert.equal(asset.settings, before);
    assert.throws(() => new RuntimeVirtualTexture({ name: "Ground", ...settings }), { message });
  }
  assert.throws(() => asset.change(null as never), { name: "InvalidArgumentError" });
  assert.throws(() => new RuntimeVirtualTexture({ name: 3 as never }), { message: /name/ });
});

Deno.test("memory is estimated from tiles with their borders, of every plane and level", () => {
  const asset = new RuntimeVirtualTexture({ sizeInTilesLog2: 1, tileSize: 128 });
  const { tileBytes, physicalBytes, pageTableBytes } = asset.estimateMemory([10, 10]);
  assert.equal(tileBytes, 2 * 136 * 136, "two planes of a byte a texel");
  assert.equal(physicalBytes, 5 * tileBytes, "four tiles and one");
  assert.ok(pageTableBytes >= 20);
  asset.change({ compressTextures: false });
  const formats = ["rgba8unorm-srgb", "rgba8unorm"] as const;
  assert.equal(asset.estimateMemory([10, 10]).tileBytes, slotBytes(formats, 136));
});

Deno.test("memory is estimated after a tile count bias, and wrong options are refused", () => {
  const asset = new RuntimeVirtualTexture({ name: "Ground", sizeInTilesLog2: 1, tileSize: 128 });
  const tiles = (tileCountBias: number) => {
    const { physicalBytes, tileBytes } = asset.estimateMemory([10, 10], { tileCountBias });
    return physicalBytes / tileBytes;
  };
  assert.deepEqual([-24, -1, 0, 1].map(tiles), [1, 1, 5, 21]);
  const wrong: [Record<string, unknown>, string, RegExp][] = [
    [{ bias: 1 }, "InvalidArgumentError", /estimate memory of .* "Ground" .*bias/],
    [{ device: {} }, "InvalidArgumentError", /"Ground" as device must be .*ForgeDevice/],
    [{ tileCountBias: "1" }, "InvalidArgumentError", /"Ground" as tileCountBias must be a/],
    [{ tileCountBias: 0.5 }, "OutOfRangeError", /"Ground" as tileCountBias must be .*-24 to 24/],
    [{ tileCountBias: 25 }, "OutOfRangeError", /"Ground" as tileCountBias must be .*-24 to 24/],
    [{ tileCountBias: 13 }, "OutOfRangeError", /"Ground" as tiles × tile size must be <= 1048576/],
  ];
  for (const [options, name, message] of wrong) {
    assert.throws(() => asset.estimateMemory([1, 1], options), { name, message });
  }
});
