import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { DecalComponent } from "../../../src/rvt/component/mod.ts";
import { BASE, makeWorld } from "./edited_world.ts";
import { differences, HeldObjectsCount } from "./held_objects.ts";
import { soak } from "./held_objects_soak.ts";

Deno.test("after random edits a scene holds as much as one that is made from scratch", async () => {
  await soak(5, { edits: 8, rounds: 2 });
});

Deno.test("negative control: a component that is still there is counted", async () => {
  using device = await requestDevice();
  const counter = new HeldObjectsCount(device);
  await using placed = await makeWorld(device);
  const before = await counter.countAtRest(placed);
  placed.scene.addComponent(
    new DecalComponent({ material: BASE, renderToVirtualTextures: [placed.asset] }),
  );
  const more = differences(before, await counter.countAtRest(placed));
  assert.equal(more["subscriptions"], 2, "the scene's, and the component's to its material");
  assert.equal(more["mesh vertices"], 1);
  assert.equal(more['material "base" parameters'], 1);
});
