import assert from "node:assert/strict";
import { gridMesh } from "../../../src/geometry/mod.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import type { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import {
  AnimatedMeshComponent,
  DecalComponent,
  FoliageComponent,
  InstancedStaticMeshComponent,
  LandscapeComponent,
  LandscapeSplineComponent,
  type PrimitiveComponent,
  SkeletalMeshComponent,
  StaticMeshComponent,
} from "../../../src/rvt/component/mod.ts";
import { DRAW_IN_MAIN_PASS_CHOICES as CHOICES } from "../../../src/rvt/component/component_options.ts";
import { Material } from "../../../src/rvt/material/mod.ts";
import { RuntimeVirtualTextureVolume } from "../../../src/rvt/volume/mod.ts";
import { makeAsset, SampledScene } from "../source/sampled_scene.ts";

/** Edge of a volume in the world; its middle is at half of it. */
const EDGE = 16;
const MIDDLE = EDGE / 2;
/** Texels of a tile with its borders. */
const SLOT = 72;
/** World length of a texel of the coarsest tile. */
const TEXEL = EDGE / 64;

/** A scene with a volume of 2 × 2 tiles. */
async function openScene(device: ForgeDevice) {
  const made = new SampledScene(device);
  const asset = makeAsset("ground", { sizeInTilesLog2: 1 });
  const [position, scale] = [[MIDDLE, MIDDLE, 0], [EDGE, EDGE, 8]] as const;
  await made.scene.addVolume(new RuntimeVirtualTextureVolume(asset, { position, scale }));
  /** Texels of each tile that are red. */
  const redTexels = async () => {
    const texture = made.textureOf(asset);
    await made.load(texture);
    const tiles = await made.read(texture);
    return [...Array(5).keys()].map((tile) => {
      const bytes = tiles.get(tile)!;
      return [...Array(SLOT * SLOT).keys()].filter((texel) => bytes[4 * texel]! > 128).length;
    });
  };
  return { made, asset, scene: made.scene, redTexels };
}

const RED = new Material({ name: "red", domain: "virtual_texture", baseColor: [1, 0, 0] });
/** About as many texels of the coarsest tile as a square of the world covers. */
const texelsOf = (edge: number) => (edge / TEXEL) ** 2;

/** Components of every kind that cover a square of 4 in the middle of the world. */
function everyKind(asset: RuntimeVirtualTexture): Record<string, () => PrimitiveComponent> {
  const drawn = { material: RED, renderToVirtualTextures: [asset] };
  const mesh = gridMesh({ size: [4, 4] });
  const transform = { position: [MIDDLE, MIDDLE, 0] } as const;
  const corner = { position: [MIDDLE - 2, MIDDLE - 2, 0] } as const;
  const ground = { width: 5, height: 5, heights: new Float32Array(25), transform: corner };
  return {
    landscape: () => new LandscapeComponent({ ...drawn, ...ground }),
    landscapeSpline: () =>
      new LandscapeSplineComponent({
        ...drawn,
        landscape: new LandscapeComponent({ ...drawn, ...ground }),
        points: [-2, 2].map((x) => ({ position: [MIDDLE + x, MIDDLE, 0], width: 4 })),
      }),
    staticMesh: () => new StaticMeshComponent({ ...drawn, mesh, transform }),
    instancedStaticMesh: () =>
      new InstancedStaticMeshComponent({ ...drawn, mesh, instances: [transform] }),
    foliage: () =>
      new FoliageComponent({
        ...drawn,
        mesh,
        scatter: { seed: 1, count: 1, region: { min: [7.9, 7.9], max: [8.1, 8.1] } },
      }),
    skeletalMesh: () => new SkeletalMeshComponent({ ...drawn, mesh, transform }),
    animatedMesh: () => {
      const frames = [gridMesh({ size: [8, 8] }), mesh];
      const component = new AnimatedMeshComponent({ ...drawn, frames, transform });
      component.frame = 1;
      return component;
    },
    decal: () => new DecalComponent({ ...drawn, size: [4, 4], transform }),
  };
}

Deno.test("components of every kind are rendered to a texture, however the main pass draws them", async () => {
  using device = await requestDevice();
  const { made, scene, asset, redTexels } = await openScene(device);
  assert.deepEqual(await redTexels(), [0, 0, 0, 0, 0], "negative control: none without components");
  const wanted = texelsOf(4);
  for (const [kind, make] of Object.entries(everyKind(asset))) {
    for (const mode of kind === "staticMesh" ? CHOICES : CHOICES.slice(0, 1)) {
      const component = make();
      component.drawInMainPass = mode;
      scene.addComponent(component);
      const counts = await redTexels();
      const coarsest = counts.at(-1)!;
      assert.ok(Math.abs(coarsest - wanted) <= 4 * Math.sqrt(wanted) + 4, `${kind} ${coarsest}`);
      assert.ok(counts.every((count) => count > wanted / 2), `${kind} ${mode} ${counts}`);
      scene.removeComponent(component);
    }
  }
  await scene.close();
  made[Symbol.dispose]();
});

Deno.test("a mesh has the LOD of what it covers in tiles, and Virtual Texture LOD Bias is added", async () => {
  using device = await requestDevice();
  const { made, scene, asset, redTexels } = await openScene(device);
  const component = new StaticMeshComponent({
    material: RED,
    // Each LOD is half as large, so that it can be told in tiles.
    mesh: [8, 4, 2].map((edge) => gridMesh({ size: [edge, edge] })),
    transform: { position: [MIDDLE, MIDDLE, 0] },
    renderToVirtualTextures: [asset],
  });
  scene.addComponent(component);
  const edgesAt = async (bias: number) => {
    component.virtualTextureLodBias = bias;
    const counts = await redTexels();
    // A tile of level 0 shows a quarter of the mesh, and a little beyond that.
    const fine = 2 * (Math.sqrt(counts[0]!) - 4) * TEXEL / 2;
    return [Math.round(Math.sqrt(counts.at(-1)!) * TEXEL), Math.round(fine)];
  };
  // It covers half of the coarsest tile, and all of a tile of level 0.
  assert.deepEqual(await edgesAt(0), [4, 8]);
  assert.deepEqual(await edgesAt(1), [2, 4]);
  assert.deepEqual(await edgesAt(-1), [8, 8]);
  assert.deepEqual(await edgesAt(2), [2, 2]);
  await scene.close();
  made[Symbol.dispose]();
});

Deno.test("From Virtual Texture asks one of the assets that are placed, and one of their volumes", async () => {
  using device = await requestDevice();
  using made = new SampledScene(device);
  const { scene } = made;
  scene.change({ mode: "game" });
  const assets = ["one", "other", "third"].map((name) => makeAsset(name, { sizeInTilesLog2: 0 }));
  const component = new StaticMeshComponent({
    material: new Material({ name: "plain", baseColor: [1, 0, 0] }),
    mesh: gridMesh({ size: [4, 4] }),
    drawInMainPass: "from_virtual_texture",
    renderToVirtualTextures: assets,
  });
  scene.addComponent(component);
  const [one, other] = assets.map((asset) =>
    new RuntimeVirtualTextureVolume(asset, { scale: [EDGE, EDGE, 8] })
  );
  assert.equal(scene.drawsInMainPass(component), true, "none is placed");
  await scene.addVolume(one!);
  assert.equal(scene.drawsInMainPass(component), true, "the volume does not hide primitives");
  other!.change({ hidePrimitivesInGame: true });
  await scene.addVolume(other!);
  assert.equal(scene.drawsInMainPass(component), false, "one of two volumes does, of three assets");
  other!.change({ hidePrimitivesInGame: false });
  assert.equal(scene.drawsInMainPass(component), true);
  one!.change({ hidePrimitivesInEditor: true });
  assert.equal(scene.drawsInMainPass(component), true, "not in the game");
  await scene.close();
});

Deno.test("Set Bounds takes the rotation of its source, not snapped to a landscape either", async () => {
  using device = await requestDevice();
  using made = new SampledScene(device);
  const { scene } = made;
  const asset = makeAsset("turned", { sizeInTilesLog2: 0 });
  const half = Math.PI / 12;
  const rotation = [0, 0, Math.sin(half), Math.cos(half)] as const;
  const component = new StaticMeshComponent({
    material: RED,
    mesh: gridMesh({ size: [10, 4] }),
    transform: { position: [3, 4, 1], rotation, scale: [2, 1, 1] },
    renderToVirtualTextures: [asset],
  });
  scene.addComponent(component);
  const volume = new RuntimeVirtualTextureVolume(asset);
  await scene.addVolume(volume);
  scene.setBounds(volume, component);
  const { transform } = volume;
  rotation.forEach((part, i) => assert.ok(Math.abs(transform.rotation[i]! - part) < 1e-6));
  [3, 4].forEach((part, i) => assert.ok(Math.abs(transform.position[i]! - part) < 1e-6));
  [20, 4].forEach((part, i) => assert.ok(Math.abs(transform.scale[i]! - part) < 1e-3));
  await scene.close();
});

Deno.test("tiles are blended by opacity in the order of priorities, whatever lies higher", async () => {
  using device = await requestDevice();
  const { made, scene, asset } = await openScene(device);
  const decal = (name: string, baseColor: readonly number[], z: number) =>
    new DecalComponent({
      material: new Material({ name, domain: "virtual_texture", baseColor, opacity: 0.5 }),
      size: [EDGE, EDGE],
      transform: { position: [MIDDLE, MIDDLE, z] },
      renderToVirtualTextures: [asset],
    });
  const [red, green] = [decal("red", [1, 0, 0], 2), decal("green", [0, 1, 0], -2)];
  scene.addComponent(red);
  scene.addComponent(green);
  for (
    const [redPriority, greenPriority, wanted] of [[0, 1, [137, 188]], [1, 0, [188, 137]]] as const
  ) {
    red.translucencySortPriority = redPriority;
    green.translucencySortPriority = greenPriority;
    const texture = made.textureOf(asset);
    await made.load(texture);
    const texels = (await made.read(texture)).get(4)!;
    // A quarter and a half of the light, in sRGB.
    const middle = texels.subarray(4 * (36 * SLOT + 36));
    wanted.forEach((value, i) => assert.ok(Math.abs(middle[i]! - value) <= 1, `${middle[i]}`));
  }
  await scene.close();
  made[Symbol.dispose]();
});
