import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import type { RuntimeVirtualTextureSettings } from "../../../src/rvt/asset/mod.ts";
import {
  DecalComponent,
  Material,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureVolume,
} from "../../../src/rvt/mod.ts";
import { AWAY, PlacedScene } from "./placed_scene.ts";

const VOLUME = { scale: [16, 16, 10] };
/** Tiles of 4 × 4, and of all coarser levels. */
const ALL_TILES = 21;

async function placedScene(
  device: ForgeDevice,
  asset: RuntimeVirtualTextureSettings,
): Promise<PlacedScene> {
  const placed = new PlacedScene(device, { asset, volume: VOLUME });
  const material = new Material({
    name: "paint",
    domain: "virtual_texture",
    baseColor: [1, 0, 0],
    mask4: 0.5,
    worldHeight: 2,
  });
  const renderToVirtualTextures = [placed.asset];
  await placed.place([new DecalComponent({ material, size: [4, 4], renderToVirtualTextures })]);
  await placed.renderAll();
  placed.takeRendered();
  return placed;
}

/** Settings of an asset, a change of them, and how many tiles of the same texture it renders again. */
const KEPT: readonly [RuntimeVirtualTextureSettings, RuntimeVirtualTextureSettings, number][] = [
  [{ materialType: "base_color" }, { customPriority: "high" }, 0],
  [{ materialType: "base_color" }, { clearBeforeRender: false }, 0],
  [{ materialType: "base_color" }, { compressionQuality: "high" }, 0],
  [{ materialType: "base_color" }, { ycocgScale: "tile" }, 0],
  [{ materialType: "ycocg_base_color_normal_specular" }, { ycocgScale: "tile" }, 0],
  [{ materialType: "world_height", compressTextures: true }, { compressTextures: false }, 0],
  [{ materialType: "world_height", compressTextures: true }, { compressionQuality: "high" }, 0],
  [{ materialType: "mask4", compressTextures: true }, { ycocgScale: "tile" }, 0],
  [{ materialType: "mask4", compressTextures: true }, { compressionQuality: "high" }, ALL_TILES],
];

Deno.test("a setting that means nothing to a texture renders nothing again, and others no more than they must", async () => {
  using device = await requestDevice();
  for (const [asset, change, rendered] of KEPT) {
    await using placed = await placedScene(device, asset);
    const { texture } = placed;
    placed.asset.change(change);
    await placed.scene.settled();
    assert.equal(placed.texture, texture, JSON.stringify([asset, change]));
    await placed.renderAll();
    assert.equal(placed.takeRendered().length, rendered, JSON.stringify([asset, change]));
  }
});

/** Changes that make tiles of another number, size or form. */
const ANEW: readonly RuntimeVirtualTextureSettings[] = [
  { materialType: "mask4" },
  { sizeInTilesLog2: 1 },
  { tileSize: 128 },
  { tileBorder: 8 },
  { removeLowMips: 1 },
  { compressTextures: true },
];

Deno.test("updates between a change of an asset and its next texture render tiles of the old one", async () => {
  using device = await requestDevice();
  for (const change of ANEW) {
    await using placed = await placedScene(device, { materialType: "base_color" });
    const { texture } = placed;
    const other = new RuntimeVirtualTexture({ sizeInTilesLog2: 1, tileSize: 64 });
    // Another volume is placed first.
    const adding = placed.scene.addVolume(new RuntimeVirtualTextureVolume(other, VOLUME));
    placed.asset.change(change);
    for (let update = 0; update < 2; update++) {
      placed.scene.invalidate({ min: [-8, -8, -5], max: [8, 8, 5] });
      placed.wantTiles([0, 1, 2]);
      await placed.system.update(AWAY);
    }
    await adding;
    await placed.scene.settled();
    assert.notEqual(placed.texture, texture, JSON.stringify(change));
    await placed.renderAll();
  }
});

Deno.test("several changes at once make one texture, and those that cancel out none", async () => {
  using device = await requestDevice();
  await using placed = await placedScene(device, { materialType: "base_color" });
  const { scene, asset, volume, system } = placed;
  let added = 0;
  const addTexture = system.addTexture.bind(system);
  system.addTexture = (...options: Parameters<typeof addTexture>) => {
    added++;
    return addTexture(...options);
  };
  asset.change({ tileBorder: 8 });
  asset.change({ tileBorder: 4 });
  scene.change({ tileCountBias: 1 });
  scene.change({ tileCountBias: 0 });
  volume.change({ position: [1, 0, 0] });
  volume.change({ position: [0, 0, 0] });
  await scene.settled();
  assert.equal(added, 0);
  asset.change({ tileBorder: 2 });
  asset.change({ tileSize: 128 });
  volume.change({ position: [1, 0, 0] });
  await scene.settled();
  assert.equal(added, 1);
  assert.deepEqual([placed.texture.border, placed.texture.tileSize], [2, 128]);
});

Deno.test("a change of the encoders' effort holds, although one of the form came to nothing", async () => {
  using device = await requestDevice();
  const settings = { materialType: "mask4", compressTextures: true } as const;
  await using placed = await placedScene(device, settings);
  const { texture } = placed;
  placed.asset.change({ compressionQuality: "high", tileBorder: 8 });
  placed.asset.change({ tileBorder: 4 });
  await placed.scene.settled();
  assert.equal(placed.texture, texture);
  await placed.renderAll();
  assert.equal(placed.takeRendered().length, ALL_TILES);
});

Deno.test("more tiles than the device or the budget can hold are refused at once, and nothing changes", async () => {
  using device = await requestDevice();
  await using placed = await placedScene(device, { materialType: "base_color" });
  const { asset, volume, scene, texture } = placed;
  const { sizeInTilesLog2 } = asset.settings;
  const { tileCountBias } = volume.settings;
  const budget = { name: "BudgetError", message: /must be >= \d+ bytes/ };
  assert.throws(() => asset.change({ sizeInTilesLog2: 12 }), budget);
  assert.throws(() => volume.change({ tileCountBias: 10 }), budget);
  assert.throws(() => volume.change({ tileCountBias: 12 }), { name: "OutOfRangeError" });
  assert.equal(asset.settings.sizeInTilesLog2, sizeInTilesLog2);
  assert.equal(volume.settings.tileCountBias, tileCountBias);
  await scene.settled();
  assert.equal(placed.texture, texture);
  asset.change({ sizeInTilesLog2: sizeInTilesLog2 + 1 });
  await scene.settled();
  assert.notEqual(placed.texture, texture, "negative control");
});
