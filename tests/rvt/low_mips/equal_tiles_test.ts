import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import type { MaterialTypeName } from "../../../src/rvt/asset/mod.ts";
import { differingTiles } from "../scene/rebuilt_tiles.ts";
import { allTiles, placeLowMips, takeRecorded } from "./low_mip_scene.ts";

/** Tiles of levels 1 and 2 of 4 × 4 tiles. */
const LOW_TILES = [16, 17, 18, 19, 20];

const KINDS: readonly { readonly type: MaterialTypeName; readonly compressTextures: boolean }[] = [
  { type: "ycocg_base_color_normal_specular_mask", compressTextures: true },
  { type: "base_color_normal_roughness_specular", compressTextures: false },
  { type: "world_height", compressTextures: true },
];

for (const { type, compressTextures } of KINDS) {
  const form = compressTextures ? "" : ", uncompressed";
  Deno.test(`${type}${form}: a baked tile is the rendered one, bit for bit`, async () => {
    using device = await requestDevice();
    await using rendered = await placeLowMips(device, {
      materialType: type,
      asset: { compressTextures },
      count: 0,
    });
    const wanted = await allTiles(rendered);
    await using placed = await placeLowMips(device, {
      materialType: type,
      asset: { compressTextures },
    });
    const [report] = await placed.scene.buildVirtualTextures();
    assert.equal(report!.tileCount, LOW_TILES.length);
    assert.equal(placed.asset.streamedLowMips, 0, "an editor renders all by default");
    placed.volume.change({ useStreamingLowMipsInEditor: true });
    await placed.scene.settled();
    assert.equal(placed.asset.streamedLowMips, 2);
    assert.deepEqual(placed.volume.warnings, []);
    const tiles = await allTiles(placed);
    assert.equal(takeRecorded(placed.texture).copied, LOW_TILES.length);
    assert.deepEqual(differingTiles(wanted, tiles), []);
  });
}
