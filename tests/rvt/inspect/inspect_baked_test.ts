import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { DecalComponent, DeferredComponent, inspectTile, Material } from "../../../src/rvt/mod.ts";
import { inspectionText } from "../../../src/cli/vt/rvt/rvt_inspect.ts";
import { placeLowMips } from "../low_mips/low_mip_scene.ts";

const COARSEST = { level: 2, x: 0, y: 0 };

Deno.test("a tile tells whether it comes from a bake, is stale there, and what it waits for", async () => {
  using device = await requestDevice();
  await using placed = await placeLowMips(device);
  const { scene, volume, asset } = placed;
  const material = new Material({ name: "m", domain: "virtual_texture", baseColor: 1 });
  const options = { material, renderToVirtualTextures: [asset], size: [2, 2] } as const;
  let isBroken = false;
  scene.addDeferredComponent(
    new DeferredComponent({
      name: "rock",
      bounds: { min: [-1, -1, -1], max: [1, 1, 1] },
      identity: "rock 1",
      renderToVirtualTextures: [asset],
      load: () =>
        isBroken
          ? Promise.reject(new Error("gone"))
          : Promise.resolve(new DecalComponent({ name: "rock", ...options })),
    }),
  );
  const [rock] = scene.deferredComponents;
  await scene.build(volume);
  const before = await inspectTile(scene, asset, COARSEST);
  const bake = {
    builder: volume.settings.virtualTextureBuilder!.name,
    isUsed: false,
    isStale: false,
    isIncomplete: false,
  };
  assert.deepEqual(before.bake, bake, "rendered in the editor");
  assert.equal((await inspectTile(scene, asset, { level: 0, x: 0, y: 0 })).bake, null);
  scene.change({ mode: "game" });
  await scene.settled();
  rock!.unload();
  const fresh = await inspectTile(scene, asset, COARSEST);
  assert.deepEqual(fresh.bake, { ...bake, isUsed: true });
  assert.deepEqual(fresh.deferred, [{ component: "rock", isLoaded: false, failure: null }]);
  assert.ok(!fresh.writers.some(({ component }) => component === "rock"));
  assert.match(
    inspectionText(fresh),
    /\nbaked: read from low mips of volume "volume"\nwritten by, .*\n {2}rock: not loaded, and no need to/s,
  );
  const far = { min: [-100, -100, 0], max: [-90, -90, 0] } as const;
  scene.invalidate(far);
  assert.ok(!(await inspectTile(scene, asset, COARSEST)).bake!.isStale, "negative control");
  scene.addComponent(new DecalComponent({ name: "new", ...options }));
  const stale = await inspectTile(scene, asset, COARSEST);
  assert.deepEqual(stale.bake, { ...bake, isUsed: true, isStale: true });
  assert.match(inspectionText(stale), /, stale there\nwould be written now by, /);
  isBroken = true;
  await assert.rejects(rock!.load());
  const failed = await inspectTile(scene, asset, COARSEST);
  assert.deepEqual(failed.deferred, [{ component: "rock", isLoaded: false, failure: "gone" }]);
  scene.change({ mode: "editor" });
  volume.change({ useStreamingLowMipsInEditor: true });
  await scene.settled();
  assert.deepEqual((await inspectTile(scene, asset, COARSEST)).bake, { ...bake, isStale: true });
});
