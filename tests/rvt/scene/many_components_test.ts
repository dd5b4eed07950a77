import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import { DecalComponent } from "../../../src/rvt/component/mod.ts";
import { Material } from "../../../src/rvt/material/mod.ts";
import { RuntimeVirtualTextureScene } from "../../../src/rvt/scene/rvt_scene.ts";
import { RuntimeVirtualTextureVolume } from "../../../src/rvt/volume/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";

Deno.test("adding, moving and removing a component takes as long among thousands as among few", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 32 });
  const asset = new RuntimeVirtualTexture({ name: "ground", sizeInTilesLog2: 3, tileSize: 64 });
  const material = new Material({ name: "leaf", domain: "virtual_texture", baseColor: [1, 0, 0] });
  const msAmong = async (count: number) => {
    await using scene = new RuntimeVirtualTextureScene(system);
    await scene.addVolume(new RuntimeVirtualTextureVolume(asset, { scale: [100, 100, 100] }));
    const addOne = (i: number) => {
      const component = new DecalComponent({
        material,
        size: [1, 1],
        transform: { position: [(i % 97) - 48, (i % 89) - 44, 0] },
        renderToVirtualTextures: [asset],
      });
      scene.addComponent(component);
      return component;
    };
    for (let i = 0; i < count; i++) addOne(i);
    let least = Infinity;
    for (let attempt = 0; attempt < 5; attempt++) {
      const start = performance.now();
      const added = Array.from({ length: 100 }, (_, i) => addOne(i));
      for (const component of added) component.transform = { position: [3, 3, 0] };
      for (const component of added) scene.removeComponent(component);
      least = Math.min(least, performance.now() - start);
    }
    return least;
  };
  await msAmong(10);
  const few = await msAmong(10);
  const many = await msAmong(3000);
  // Looking at each of the others would take hundreds of times as long.
  assert.ok(many < 20 * few + 2, `${many} ms among 3,000, ${few} ms among 10`);
});
