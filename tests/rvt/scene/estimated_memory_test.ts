import assert from "node:assert/strict";
import { adoptDevice, type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { MATERIAL_TYPE_NAMES } from "../../../src/rvt/asset/mod.ts";
import { insideOf } from "../../streaming/inside.ts";
import { PlacedScene } from "./placed_scene.ts";

/** Material types whose estimates for the device are those for none. */
async function typesAsByDefault(device: ForgeDevice): Promise<string[]> {
  const same: string[] = [];
  for (const [i, materialType] of MATERIAL_TYPE_NAMES.entries()) {
    await using placed = new PlacedScene(device, {
      asset: { materialType, compressTextures: true },
      volume: { scale: [16, 8, 20], tileCountBias: 1 },
      scene: { tileCountBias: i % 2 },
    });
    await placed.place();
    const { asset, grid, texture } = placed;
    const { pool, table } = insideOf(texture);
    const tileCountBias = 1 + i % 2;
    const estimate = asset.estimateMemory([16, 8], { device, tileCountBias });
    assert.equal(estimate.tileBytes, pool.tileBytes, materialType);
    assert.equal(estimate.physicalBytes, grid.tileCount * pool.tileBytes, materialType);
    const { width, height } = table.texture;
    assert.equal(estimate.pageTableBytes, 4 * width * height, materialType);
    const byDefault = asset.estimateMemory([16, 8], { tileCountBias });
    if (byDefault.tileBytes === estimate.tileBytes) same.push(materialType);
  }
  return same;
}

Deno.test("estimated memory is that of the placed texture, on a device with BC formats", async () => {
  await using device = await requestDevice();
  assert.deepEqual(await typesAsByDefault(device), [...MATERIAL_TYPE_NAMES]);
});

Deno.test("estimated memory is that of the placed texture, on a device without BC formats", async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const device = adoptDevice(await adapter!.requestDevice());
  try {
    assert.deepEqual(await typesAsByDefault(device), ["world_height"], "all others take more");
  } finally {
    device.gpu.destroy();
  }
});
