import assert from "node:assert/strict";
import { lookAt, perspective, planeMesh } from "../../../src/geometry/mod.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import { DecalComponent, InstancedStaticMeshComponent } from "../../../src/rvt/component/mod.ts";
import { Material } from "../../../src/rvt/material/mod.ts";
import { RuntimeVirtualTextureScene } from "../../../src/rvt/scene/rvt_scene.ts";
import { RenderRecorder } from "../../../src/rvt/tile/render_recorder.ts";
import { RuntimeVirtualTextureVolume } from "../../../src/rvt/volume/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { checkMemory } from "../../streaming/checks.ts";
import { PlacedScene } from "./placed_scene.ts";
import { takeBatches } from "./rendered_tiles.ts";

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

/** Tiles that a batch has at most, of a texture with 20,000 instances, in a budget of 24 MiB. */
async function largestBatch(device: ForgeDevice): Promise<number> {
  await using placed = new PlacedScene(device, {
    asset: { sizeInTilesLog2: 3 },
    volume: { scale: [100, 100, 100] },
    system: { maxMemoryMb: 24 },
  });
  await placed.place([
    new InstancedStaticMeshComponent({
      mesh: planeMesh({ size: [0.3, 0.3] }),
      material: new Material({ name: "leaf", domain: "virtual_texture", baseColor: [1, 0, 0] }),
      instances: Array.from({ length: 20_000 }, (_, i) => ({
        position: [(i % 200) / 2 - 50, Math.floor(i / 200) - 50, 0],
      })),
      renderToVirtualTextures: [placed.asset],
    }),
  ]);
  takeBatches(placed.texture);
  const position = [0, 0, 90] as const;
  await placed.system.update({
    position,
    view: lookAt(position, [0, 0, 0], { up: [0, 1, 0] }),
    projection: perspective({ fovYDegrees: 60, aspect: 1, near: 1, far: 1000 }),
    viewport: [640, 640],
  });
  checkMemory(placed.system);
  return Math.max(...takeBatches(placed.texture).map(({ length }) => length));
}

Deno.test("tiles that show few of many instances share a batch", async () => {
  using device = await requestDevice();
  const tiles = await largestBatch(device);
  assert.ok(tiles >= 16, `${tiles} tiles`);
});

Deno.test("negative control: batches are small if each tile counts as all instances", async () => {
  using device = await requestDevice();
  const { scratchBytesOf } = RenderRecorder.prototype;
  RenderRecorder.prototype.scratchBytesOf = function () {
    return this.cost.scratchBytes;
  };
  try {
    const tiles = await largestBatch(device);
    assert.ok(tiles <= 8, `${tiles} tiles`);
  } finally {
    RenderRecorder.prototype.scratchBytesOf = scratchBytesOf;
  }
});
