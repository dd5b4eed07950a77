import assert from "node:assert/strict";
import { planeMesh } from "../../../src/geometry/mod.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { StaticMeshComponent } from "../../../src/rvt/component/mod.ts";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import { expressions as e, Material } from "../../../src/rvt/material/mod.ts";
import { RuntimeVirtualTextureScene } from "../../../src/rvt/scene/rvt_scene.ts";
import { RuntimeVirtualTextureVolume } from "../../../src/rvt/volume/mod.ts";
import { pause } from "../../streaming/sources.ts";
import { differences, HeldObjectsCount } from "./held_objects.ts";
import { AWAY, PlacedScene, QUIET } from "./placed_scene.ts";
import { takeRendered } from "./rendered_tiles.ts";

const material = new Material({
  name: "grey",
  domain: "virtual_texture",
  baseColor: e.vectorParameter("tint", [0.5, 0.5, 0.5]),
});
const SETTINGS = { sizeInTilesLog2: 0, tileSize: 64 } as const;

/** Two scenes on one system, each with a volume of its own, and a component in both. */
async function twoScenes(device: ForgeDevice) {
  const placed = new PlacedScene(device, { asset: SETTINGS, volume: { scale: [8, 8, 8] } });
  const other = new RuntimeVirtualTextureScene(placed.system, { mode: "editor", logger: QUIET });
  const asset = new RuntimeVirtualTexture(SETTINGS);
  const component = new StaticMeshComponent({
    material,
    mesh: planeMesh({ size: [2, 2] }),
    renderToVirtualTextures: [placed.asset, asset],
  });
  await placed.place([component]);
  other.addComponent(component);
  await other.addVolume(new RuntimeVirtualTextureVolume(asset, { scale: [8, 8, 8] }));
  return { placed, other, asset, component };
}

Deno.test("a component in two scenes of one system is rendered in both, and leaves each alone", async () => {
  using device = await requestDevice();
  const { placed, other, asset, component } = await twoScenes(device);
  const { system, scene } = placed;
  const rendered = async () => {
    await system.update(AWAY);
    await system.update(AWAY);
    return [placed.texture, other.textureOf(asset)!].map((one) => takeRendered(one).length);
  };
  await rendered();
  component.transform = { position: [1, 1, 0] };
  assert.deepEqual(await rendered(), [1, 1]);
  assert.equal(scene.geometryBytes, other.geometryBytes);
  assert.ok(scene.geometryBytes > 0);
  scene.removeComponent(component);
  assert.deepEqual(await rendered(), [1, 0]);
  await device.submits.wait();
  assert.equal(scene.geometryBytes, 0);
  assert.ok(other.geometryBytes > 0);
  component.lods = planeMesh({ size: [3, 3] });
  assert.deepEqual(await rendered(), [0, 1]);
  await scene.close();
  component.transform = { position: [-1, 1, 0] };
  await system.update(AWAY);
  assert.equal(takeRendered(other.textureOf(asset)!).length, 1);
  await other.close();
  system.close();
});

Deno.test("scenes of one system render all again on another device, with what they keep", async () => {
  using device = await requestDevice();
  const counter = new HeldObjectsCount(device);
  const { placed, other } = await twoScenes(device);
  const { system, scene } = placed;
  await system.update(AWAY);
  assert.ok(system.getMemoryInfo().scratchMemory > 0);
  device.gpu.destroy();
  await device.gpu.lost;
  await pause();
  await system.renewed();
  await system.update(AWAY);
  assert.ok(scene.geometryBytes > 0 && other.geometryBytes > 0);
  assert.equal(counter.count().get("tile target 0"), undefined, "what the lost device had is gone");
  for (const one of [scene, other]) await one.close();
  await device.submits.wait();
  await system.update(AWAY);
  const { scratchMemory, cacheMemory } = system.getMemoryInfo();
  assert.deepEqual([scratchMemory, cacheMemory], [0, 0]);
  system.close();
  const { subscriptions = 0 } = differences(new Map(), counter.count());
  assert.equal(subscriptions, 0);
});

Deno.test("a volume and a component that go together leave nothing, whatever is drawn meanwhile", async () => {
  using device = await requestDevice();
  const counter = new HeldObjectsCount(device);
  const { placed, other, component } = await twoScenes(device);
  const { system, scene, volume } = placed;
  await system.update(AWAY);
  await other.close();
  const { texture } = placed;
  takeRendered(texture);
  component.transform = { position: [1, 1, 0] };
  const removed = scene.removeVolume(volume);
  scene.removeComponent(component);
  for (let frame = 0; frame < 3; frame++) system.updateNow(AWAY);
  assert.equal(takeRendered(texture).length, 1, "the tile was still drawn");
  await removed;
  await device.submits.wait();
  assert.equal(scene.geometryBytes, 0);
  const names = [...counter.count().keys()];
  assert.deepEqual(names.filter((name) => name.startsWith("material")), []);
  await scene.close();
  system.close();
});

Deno.test("a preload that waits while its scene is closed comes to an end", async () => {
  using device = await requestDevice();
  const { placed, other } = await twoScenes(device);
  const box = { min: [-4, -4, -4], max: [4, 4, 4] } as const;
  placed.scene.invalidate(box);
  const preload = placed.scene.requestPreload(box);
  await placed.scene.close();
  await preload;
  await other.close();
  placed.system.close();
});
