import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureBuilder } from "../../../src/rvt/low_mips/mod.ts";
import type { SceneMode } from "../../../src/rvt/scene/scene_options.ts";
import type { VolumeSettings } from "../../../src/rvt/volume/mod.ts";
import { pause } from "../../streaming/sources.ts";
import type { PlacedScene } from "../scene/placed_scene.ts";
import { differingTiles } from "../scene/rebuilt_tiles.ts";
import { allTiles, builtTiles, placeLowMips, takeRecorded } from "./low_mip_scene.ts";

const GAME = { scene: { mode: "game" } } as const;

/** The tiles of the levels from one on. */
function tilesFrom({ grid }: PlacedScene, level: number): number[] {
  const { firstTile } = grid.level(level);
  return Array.from({ length: grid.tileCount - firstTile }, (_, i) => firstTile + i);
}

Deno.test("from the transition level on a game copies tiles, and renders the others", async () => {
  using device = await requestDevice();
  const builder = await builtTiles(device);
  await using placed = await placeLowMips(device, { ...GAME, builder });
  assert.equal(placed.asset.streamedLowMips, 2);
  const before = takeRecorded(placed.texture);
  assert.deepEqual(before, { copied: 1, rendered: [] }, "the coarsest comes with the volume");
  await placed.renderAll();
  const { copied, rendered } = takeRecorded(placed.texture);
  assert.equal(copied, 4);
  assert.deepEqual(rendered, [...Array(16).keys()]);
  const { bytesRead, bytesUsed } = placed.system.getStatistics();
  assert.ok(bytesRead > 0 && bytesUsed > 0);
  placed.volume.change({ streamingLowMips: 1 });
  await placed.scene.settled();
  assert.equal(placed.asset.streamedLowMips, 1, "fewer of those that were built");
  placed.volume.change({ streamingLowMips: 0 });
  await placed.scene.settled();
  assert.equal(placed.asset.streamedLowMips, 0);
});

Deno.test("what a game reads is counted apart, and limited as what is streamed: only where that is said", async () => {
  using device = await requestDevice();
  const builder = await builtTiles(device);
  const readWith = async (streamingCountsIn: readonly SceneMode[]) => {
    const scene = { mode: "game", maxUploadsPerFrame: 1, streamingCountsIn } as const;
    await using placed = await placeLowMips(device, { scene, builder });
    const { system, texture } = placed;
    const { bytesUploaded } = system.getStatistics();
    system.tuning.measureUpdates(true);
    const { width, height } = placed.grid.level(1);
    system.prefetchRegion(texture, { x: 0, y: 0, width, height, level: 1 });
    for (let frame = 0; frame < 12; frame++) {
      system.updateNow({ position: [0, 0, 1e6] });
      await pause(4);
    }
    const { most, mean, updates } = system.tuning.updateProfile!;
    assert.equal(Math.round(mean.tilesUploaded * updates), 4);
    assert.equal(most.tilesDrawn, 0);
    return {
      most: most.tilesUploaded,
      bytes: system.getStatistics().bytesUploaded - bytesUploaded,
    };
  };
  const free = await readWith([]);
  assert.ok(free.most > 1 && free.bytes > 0, JSON.stringify(free));
  assert.deepEqual(await readWith(["game"]), { most: 1, bytes: free.bytes });
});

Deno.test("an editor renders all, unless the volume says to use low mips there", async () => {
  using device = await requestDevice();
  const builder = await builtTiles(device);
  await using placed = await placeLowMips(device, { builder });
  const { texture } = placed;
  placed.takeRendered();
  await placed.renderAll();
  assert.equal(placed.takeRendered().length, placed.grid.tileCount - 1);
  assert.deepEqual(placed.volume.warnings, []);
  placed.volume.change({ buildDebug: true, useStreamingLowMipsInEditor: true });
  await placed.scene.settled();
  assert.notEqual(placed.texture, texture);
  await placed.renderAll();
  assert.equal(takeRecorded(placed.texture).copied, 5);
  placed.scene.change({ mode: "game" });
  await placed.scene.settled();
  assert.equal(placed.asset.streamedLowMips, 2);
});

const SHAPES: readonly (VolumeSettings & { readonly name: string; readonly removed?: number })[] = [
  { name: "with twice the tiles", tileCountBias: 1 },
  { name: "with half the tiles", tileCountBias: -1 },
  { name: "with the tiles of one level", tileCountBias: -2 },
  { name: "of another shape", scale: [16, 7, 20] },
  { name: "that leaves out its coarsest level", removed: 1 },
];

for (const { name, removed = 0, ...volume } of SHAPES) {
  Deno.test(`a texture ${name} has the low mips that it would render`, async () => {
    using device = await requestDevice();
    const asset = { removeLowMips: removed };
    const { tileCountBias: _, ...built } = volume;
    const builder = await builtTiles(device, { asset, volume: built, count: 2 + removed });
    await using placed = await placeLowMips(device, {
      ...GAME,
      asset,
      volume,
      builder,
      count: 2 + removed,
    });
    assert.deepEqual(placed.volume.warnings, []);
    const tiles = await allTiles(placed);
    await using rendered = await placeLowMips(device, { asset, volume, count: 0 });
    assert.deepEqual(differingTiles(await allTiles(rendered), tiles), []);
    const wanted = tilesFrom(placed, Math.max(0, placed.grid.levelCount - 2));
    assert.equal(placed.asset.streamedLowMips, Math.min(2, placed.grid.levelCount));
    assert.equal(takeRecorded(placed.texture).copied, wanted.length);
  });
}

Deno.test("few tiles of another shape than those that were built are rendered, with a warning", async () => {
  using device = await requestDevice();
  const volume = { scale: [32, 4, 20] };
  const builder = await builtTiles(device, { volume, count: 4, asset: { sizeInTilesLog2: 3 } });
  // 8 × 1 tiles, so that 4 × 1 and 2 × 1 have another shape than its levels of half a tile.
  await using placed = await placeLowMips(device, {
    ...GAME,
    asset: { sizeInTilesLog2: 3 },
    volume: { ...volume, tileCountBias: -1 },
    builder,
  });
  assert.equal(placed.asset.streamedLowMips, 0);
  assert.match(placed.volume.warnings.join(), /are rendered: .*of the texture's shape/);
  await placed.renderAll();
});

Deno.test("a lost device: low mips are read again on the next one", async () => {
  using device = await requestDevice();
  const builder = await builtTiles(device);
  await using placed = await placeLowMips(device, { ...GAME, builder });
  const before = await allTiles(placed);
  device.gpu.destroy();
  await placed.system.renewed();
  await placed.renderAll();
  assert.deepEqual(differingTiles(before, await placed.readTiles()), []);
  assert.equal(takeRecorded(placed.texture).copied, 5);
});

Deno.test("what a builder keeps in memory is a builder's again", async () => {
  using device = await requestDevice();
  const { bytes } = await builtTiles(device);
  const builder = new VirtualTextureBuilder({ bytes: bytes! });
  await using placed = await placeLowMips(device, { ...GAME, builder });
  assert.equal(placed.asset.streamedLowMips, 2);
});
