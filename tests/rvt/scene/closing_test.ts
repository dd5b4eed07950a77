import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import type { MaterialInstance } from "../../../src/rvt/material/mod.ts";

import { LiveGpuBytes } from "../../helpers/live_gpu_bytes.ts";
import { makeWorld, rebuilt } from "./edited_world.ts";
import { AWAY } from "./placed_scene.ts";
import { RandomEdits } from "./random_edits.ts";

Deno.test("a closed scene is empty, its textures are gone, and the system goes on without it", async () => {
  using device = await requestDevice();
  await using placed = await makeWorld(device);
  await placed.renderAll();
  const { scene, system, asset, volume } = placed;
  const [land] = scene.components;
  await scene.close();
  assert.equal(scene.components.length + scene.volumes.length + system.textures.length, 0);
  assert.equal(scene.textureOf(asset), null);
  assert.equal(system.getMemoryInfo().activeTiles, 0);
  // Nothing listens any more.
  land!.translucencySortPriority = 5;
  asset.change({ tileBorder: 2 });
  volume.change({ position: [1, 2, 3] });
  await scene.settled();
  await system.update(AWAY);
  assert.equal(system.textures.length, 0);
  await scene.close();
});

Deno.test("closed, a scene and its system leave no object on the GPU, whatever was edited", async () => {
  using device = await requestDevice();
  const live = new LiveGpuBytes(device);
  const edits = new RandomEdits(6);
  for (let round = 0; round < 2; round++) {
    const placed = await makeWorld(device);
    for (let i = 0; i < 12; i++) {
      edits.edit(placed);
      await placed.scene.settled();
      await placed.renderAll();
    }
    assert.ok(live.objectCount > 0);
    // In either order.
    if (round === 1) placed.system.close();
    await placed.scene.close();
    placed.system.close();
    await device.submits.wait();
    assert.deepEqual([...live.objects().keys()], [], `round ${round}`);
  }
});

Deno.test("what shares materials with a scene of a closed system can be edited", async () => {
  using device = await requestDevice();
  await using placed = await makeWorld(device);
  const other = await rebuilt(device, placed);
  await other.renderAll();
  other.system.close();
  placed.takeRendered();
  const { material } = placed.scene.components[0]!;
  (material as MaterialInstance).setScalar("roughness", 0.9);
  await placed.renderAll();
  assert.equal(placed.takeRendered().length, placed.grid.tileCount);
  // Nor is it an error to edit the other scene itself, or to close it.
  other.scene.components[3]!.transform = { position: [1, 1, 1] };
  other.asset.change({ compressionQuality: "medium", customPriority: "high" });
  await other.scene.close();
});
