import assert from "node:assert/strict";
import { gridMesh, type Mesh, planeMesh } from "../../../src/geometry/mod.ts";
import {
  type ForgeDevice,
  MemoryLedger,
  requestDevice,
  type Reservation,
} from "../../../src/gpu/mod.ts";
import {
  AnimatedMeshComponent,
  LandscapeComponent,
  LandscapeSplineComponent,
  type PrimitiveComponent,
  StaticMeshComponent,
} from "../../../src/rvt/component/mod.ts";
import { expressions as e, Material } from "../../../src/rvt/material/mod.ts";
import { RuntimeVirtualTextureVolume } from "../../../src/rvt/volume/mod.ts";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import { renderScene } from "../../../src/scene/mod.ts";
import { lookDown } from "../../streaming/cameras.ts";
import { LiveGpuBytes } from "../../helpers/live_gpu_bytes.ts";
import { plainTexture } from "../material/pictures.ts";
import { AWAY, PlacedScene } from "./placed_scene.ts";

/** A material with a parameter and a texture. */
function materialOf(name: string, red = 10): Material {
  const texture = plainTexture(`texture of ${name}`, [red, 99, 99, 255]);
  const color = e.componentMask(e.textureSample(texture), "xyz");
  const baseColor = e.multiply(color, e.scalarParameter("brightness", 1));
  return new Material({
    name,
    baseColor,
    rvtOutput: e.runtimeVirtualTextureOutput({ baseColor }),
  });
}

const PLAIN = materialOf("plain");
const SIZES = { width: 5, height: 5, heights: new Float32Array(25) };

/** A scene of a single tile, with a landscape. */
async function placedScene(device: ForgeDevice): Promise<PlacedScene> {
  const placed = new PlacedScene(device, {
    asset: { sizeInTilesLog2: 0 },
    volume: { scale: [16, 16, 20] },
  });
  await placed.place([landscapeIn(placed)]);
  return placed;
}

function landscapeIn({ asset }: PlacedScene): LandscapeComponent {
  return new LandscapeComponent({
    material: PLAIN,
    ...SIZES,
    renderToVirtualTextures: [asset],
  });
}

function meshIn({ asset }: PlacedScene, mesh: Mesh | readonly Mesh[]): StaticMeshComponent {
  return new StaticMeshComponent({
    material: PLAIN,
    mesh,
    drawInMainPass: "always",
    renderToVirtualTextures: [asset],
  });
}

/** Frames of rest after which nothing is kept for more tiles. */
const RESTS = 10;

/** Renders the tile and a picture, and rests. */
async function draw(placed: PlacedScene): Promise<void> {
  await placed.renderAll();
  await renderScene(placed.scene, lookDown(0, 0, 30, [16, 16]));
  for (let frame = 0; frame < RESTS; frame++) placed.system.updateNow(AWAY);
  await placed.system.device.submits.wait();
}

/** What is on the GPU, and what the system's budget has of it. */
function held(placed: PlacedScene, live: LiveGpuBytes): unknown {
  const { usedMemory } = placed.system.getMemoryInfo();
  const objects = [...live.objects()].sort(([a], [b]) => a < b ? -1 : 1);
  return { usedMemory, objects, geometryBytes: placed.scene.geometryBytes };
}

/** Components of every kind of geometry, and an edit of each that is one of many. */
function editedComponents(placed: PlacedScene): [PrimitiveComponent, (round: number) => void][] {
  const spline = new LandscapeSplineComponent({
    material: PLAIN,
    points: [-6, 0, 6].map((x) => ({ position: [x, 0, 1], width: 1 })),
    renderToVirtualTextures: [placed.asset],
  });
  const frames = [1, 2, 3, 4].map((edge) => planeMesh({ size: [edge, edge] }));
  const animated = new AnimatedMeshComponent({
    material: PLAIN,
    frames,
    renderToVirtualTextures: [placed.asset],
  });
  const grown = meshIn(placed, planeMesh());
  return [
    [spline, (round) => spline.updatePoint(1, { position: [0, round % 7, 1], width: 1 })],
    [animated, (round) => animated.frame = round % 4],
    [grown, (round) => {
      grown.lods = gridMesh({ size: [2, 2], quads: [1 + round % 3, 1] });
    }],
  ];
}

Deno.test("200 edits of meshes leave as many buffers as there were, and none when they are gone", async () => {
  using device = await requestDevice();
  const live = new LiveGpuBytes(device);
  await using placed = await placedScene(device);
  const { scene } = placed;
  await draw(placed);
  const empty = held(placed, live);
  const edited = editedComponents(placed);
  for (const [component] of edited) scene.addComponent(component);
  await placed.renderAll();
  const first = live.objectCount;
  let made = 0;
  const { createBuffer } = device.gpu;
  device.gpu.createBuffer = (descriptor) => {
    if (/^mesh/.test(descriptor.label ?? "")) made++;
    return createBuffer.call(device.gpu, descriptor);
  };
  for (let round = 1; round <= 200; round++) {
    const [component, edit] = edited[round % 2]!;
    edit(round);
    await placed.renderAll();
    assert.equal(live.objectCount, first, `${component.label} in round ${round}`);
  }
  assert.equal(made, 0, "meshes of the same size are written into the buffers that there are");
  const [, grow] = edited[2]!;
  for (let round = 1; round <= 10; round++) {
    grow(round);
    await placed.renderAll();
    assert.equal(live.objectCount, first, `another size in round ${round}`);
  }
  assert.ok(made > 0, "negative control: another size needs other buffers");
  for (const [component] of edited) scene.removeComponent(component);
  await draw(placed);
  assert.deepEqual(held(placed, live), empty);
});

Deno.test("what came and went leaves nothing on the GPU", async () => {
  using device = await requestDevice();
  const live = new LiveGpuBytes(device);
  await using placed = await placedScene(device);
  const { scene, asset } = placed;
  await draw(placed);
  const before = held(placed, live);
  const changes: Record<string, () => Promise<() => unknown>> = {
    async mesh() {
      const component = meshIn(placed, [planeMesh(), planeMesh({ size: [3, 3] })]);
      scene.addComponent(component);
      await draw(placed);
      return () => scene.removeComponent(component);
    },
    async landscape() {
      const component = landscapeIn(placed);
      scene.addComponent(component);
      await draw(placed);
      return () => scene.removeComponent(component);
    },
    async material() {
      const [land] = scene.components;
      land!.material = materialOf("other", 77);
      await draw(placed);
      return () => land!.material = PLAIN;
    },
    async volume() {
      const other = new RuntimeVirtualTexture({ materialType: "mask4", sizeInTilesLog2: 0 });
      const [land] = scene.components;
      land!.renderToVirtualTextures = [asset, other];
      const volume = new RuntimeVirtualTextureVolume(other, { scale: [16, 16, 20] });
      await scene.addVolume(volume);
      const { baseColor } = e.runtimeVirtualTextureSample(other, {});
      const shown = meshIn(placed, planeMesh());
      shown.material = new Material({ name: "showing", baseColor });
      scene.addComponent(shown);
      await draw(placed);
      return async () => {
        land!.renderToVirtualTextures = [asset];
        scene.removeComponent(shown);
        await scene.removeVolume(volume);
      };
    },
  };
  for (const [what, change] of Object.entries(changes)) {
    const undo = await change();
    assert.notDeepEqual(held(placed, live), before, `negative control: ${what} is there`);
    await undo();
    await draw(placed);
    assert.deepEqual(held(placed, live), before, what);
  }
});

Deno.test("all that a scene has on the GPU is in the system's budget, but for its geometry", async () => {
  using device = await requestDevice();
  const live = new LiveGpuBytes(device);
  const reservations: Reservation[] = [];
  const { reserve } = MemoryLedger.prototype;
  MemoryLedger.prototype.reserve = function (part, bytes) {
    reservations.push(reserve.call(this, part, bytes));
    return reservations.at(-1)!;
  };
  await using placed = await placedScene(device);
  const { system, scene, asset } = placed;
  const other = new RuntimeVirtualTexture({ sizeInTilesLog2: 0, tileSize: 64 });
  const { baseColor } = e.runtimeVirtualTextureSample(asset, {});
  const component = new StaticMeshComponent({
    material: new Material({ name: "copying", domain: "virtual_texture", baseColor }),
    mesh: planeMesh(),
    renderToVirtualTextures: [other],
  });
  scene.addComponent(component);
  await scene.addVolume(new RuntimeVirtualTextureVolume(other, { scale: [16, 16, 20] }));
  await placed.renderAll();
  for (let round = 0; round < 3; round++) {
    component.transform = { position: [round, 0, 0] };
    await system.update(AWAY);
    await device.submits.wait();
    const cpuBytes = reservations.reduce((sum, { bytes }) => sum + bytes, 0);
    const counted = system.getMemoryInfo().usedMemory - cpuBytes + scene.geometryBytes;
    assert.equal(counted, live.bytes, `round ${round}: ${[...live.objects()]}`);
  }
  assert.ok(live.objects().has("place of runtime virtual texture"), "negative control");
  MemoryLedger.prototype.reserve = reserve;
});

Deno.test("scratch memory is kept from batch to batch, and freed when nothing is rendered any more", async () => {
  using device = await requestDevice();
  await using placed = await placedScene(device);
  const { system, scene } = placed;
  const [land] = scene.components;
  const kept: number[] = [];
  const made: number[] = [];
  const live = new LiveGpuBytes(device, { counts: (label) => /^tile target|^texels/.test(label) });
  for (let round = 0; round < 5; round++) {
    land!.translucencySortPriority = round;
    await placed.renderAll();
    kept.push(system.getMemoryInfo().scratchMemory);
    made.push(live.objectCount);
  }
  assert.ok(kept[0]! > 0);
  assert.deepEqual(made, made.map(() => made[0]));
  for (let frame = 0; frame < RESTS; frame++) system.updateNow(AWAY);
  await device.submits.wait();
  await system.update(AWAY);
  assert.equal(system.getMemoryInfo().scratchMemory, 0);
  assert.deepEqual([...live.objects().keys()].filter((label) => /^tile target/.test(label)), []);
});
