import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import type { RuntimeVirtualTextureSettings } from "../../../src/rvt/asset/mod.ts";
import { RenderRecorder } from "../../../src/rvt/tile/render_recorder.ts";
import { makeWorld } from "./edited_world.ts";
import { AWAY } from "./placed_scene.ts";
import { differingTiles, wrongTiles } from "./rebuilt_tiles.ts";
import { takeRendered } from "./rendered_tiles.ts";

/** Each of them makes the texture anew. */
const CHANGES: readonly RuntimeVirtualTextureSettings[] = [
  { tileBorder: 8 },
  { tileSize: 128 },
  { materialType: "mask4" },
  { materialType: "world_height" },
  { compressTextures: true },
  { sizeInTilesLog2: 1 },
];

Deno.test("tiles that are rendered before a texture is made anew are those of the settings before", async () => {
  using device = await requestDevice();
  await using placed = await makeWorld(device);
  for (const change of CHANGES) {
    const { texture } = placed;
    placed.system.invalidate(texture);
    placed.wantTiles([...Array(placed.grid.tileCount).keys()]);
    placed.system.updateNow(AWAY);
    takeRendered(texture);
    placed.asset.change(change);
    // Not settled: the texture is still the one before.
    placed.system.updateNow(AWAY);
    assert.ok(takeRendered(texture).length > 0);
    await placed.system.update(AWAY);
    assert.deepEqual(await wrongTiles(device, placed), [], Object.keys(change)[0]);
  }
});

Deno.test("a quality that is asked for while a texture is placed is that of its tiles", async () => {
  using device = await requestDevice();
  const asset = { compressTextures: true, sizeInTilesLog2: 0, compressionQuality: "low" } as const;
  await using other = await makeWorld(device, {
    asset: { ...asset, compressionQuality: "high" },
  });
  const wanted = await other.readTiles();
  await using placed = await makeWorld(device, { asset });
  await placed.scene.removeVolume(placed.volume);
  // As soon as its coarsest tile was recorded.
  const { record } = RenderRecorder.prototype;
  RenderRecorder.prototype.record = function (...what) {
    record.apply(this, what);
    RenderRecorder.prototype.record = record;
    queueMicrotask(() => placed.asset.change({ compressionQuality: "high" }));
  };
  try {
    await placed.scene.addVolume(placed.volume);
  } finally {
    RenderRecorder.prototype.record = record;
  }
  await placed.renderAll();
  assert.deepEqual(differingTiles(wanted, await placed.readTiles()), []);
});
