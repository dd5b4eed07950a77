import assert from "node:assert/strict";
import { planeMesh } from "../../../src/geometry/mod.ts";
import {
  expressions as e,
  FoliageComponent,
  InstancedStaticMeshComponent,
  Material,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureScene,
  RuntimeVirtualTextureVolume,
  runtimeVirtualTextureWgsl,
  StaticMeshComponent,
} from "../../../src/rvt/mod.ts";
import { renderScene } from "../../../src/scene/mod.ts";
import {
  fromAbove,
  NOON,
  PictureScene,
  pixelAt,
  plainAsset,
  WORLD,
} from "../pictures/picture_scene.ts";
import { QUIET } from "./placed_scene.ts";

const BOUNDS = { min: [0, 0, 0], max: [1, 1, 1] } as const;
const PLACE = { position: [8, 8, 0], scale: [WORLD, WORLD, 4] };
const CAMERA = fromAbove(16);

/** A component that writes red to an asset and shows what the asset holds. */
function writer(asset: RuntimeVirtualTexture, name = "ground"): StaticMeshComponent {
  return new StaticMeshComponent({
    name,
    material: new Material({
      name,
      baseColor: e.runtimeVirtualTextureSample(asset).baseColor,
      specular: 0,
      rvtOutput: e.runtimeVirtualTextureOutput({ baseColor: [0.8, 0.02, 0.02] }),
    }),
    mesh: planeMesh({ size: [WORLD, WORLD] }),
    transform: { position: [8, 8, 0] },
    renderToVirtualTextures: [asset],
  });
}

/** A scene with a texture, its volume and what is rendered to it. */
async function openWorld() {
  const shown = await PictureScene.open({ logger: QUIET });
  const asset = plainAsset();
  const ground = writer(asset);
  const volume = new RuntimeVirtualTextureVolume(asset, { name: "ground volume", ...PLACE });
  shown.scene.addComponent(ground);
  await shown.scene.addVolume(volume);
  return { shown, asset, ground, volume };
}
type World = Awaited<ReturnType<typeof openWorld>>;

/** Fails unless the scene settles and shows what it holds. */
async function assertGoesOn({ shown }: World, what: string): Promise<void> {
  const [r, g, , a] = pixelAt(await shown.draw(CAMERA, NOON), 8, 8);
  assert.ok(r! > 100 && g! < 60 && a === 255, `${what}: ${[r, g, a]}`);
}

/** A component with no place, so that it has no bounds. */
function withoutBounds(asset: RuntimeVirtualTexture): InstancedStaticMeshComponent {
  return new InstancedStaticMeshComponent({
    name: "nothing",
    material: new Material({ name: "nothing" }),
    mesh: planeMesh(),
    renderToVirtualTextures: [asset],
  });
}

/** What must be refused: the error's name, and what its message says. */
type Refused = readonly [what: string, call: () => unknown, name: string, says: RegExp];

async function assertRefused(world: World, refused: readonly Refused[]): Promise<void> {
  for (const [what, call, name, says] of refused) {
    await assert.rejects(async () => await call(), (error: Error) => {
      assert.equal(error.name, name, `${what}: ${error}`);
      assert.match(error.message, says, what);
      return true;
    }, what);
    await assertGoesOn(world, what);
  }
}

Deno.test("what does not belong to a scene is refused by its name, and the scene goes on", async () => {
  const world = await openWorld();
  await using shown = world.shown;
  const { scene, system } = shown;
  const { asset, ground, volume } = world;
  const strange = new RuntimeVirtualTextureVolume(plainAsset(), { name: "elsewhere" });
  const other = writer(asset, "stranger");
  const sampler = new Material({
    name: "itself",
    domain: "virtual_texture",
    baseColor: e.runtimeVirtualTextureSample(asset).baseColor,
  });
  const loop = writer(asset, "loop");
  loop.material = sampler;
  const texture = scene.textureOf(asset)!;
  const huge = new RuntimeVirtualTexture({ name: "huge", tileSize: 1024 });
  await assertRefused(world, [
    ["a component twice", () => scene.addComponent(ground), "InvalidArgumentError", /"ground"/],
    ["a volume twice", () => scene.addVolume(volume), "InvalidArgumentError", /"ground volume"/],
    [
      "a second volume of a texture",
      () => scene.addVolume(new RuntimeVirtualTextureVolume(asset, { name: "two" })),
      "InvalidArgumentError",
      /"two" .* placed by "ground volume"/,
    ],
    [
      "bounds of a volume that is not in the scene",
      () => scene.setBounds(strange, ground),
      "InvalidArgumentError",
      /^Cannot set bounds of volume "elsewhere" .*: add it first$/,
    ],
    [
      "bounds from a component that is not in the scene",
      () => scene.setBounds(volume, other),
      "InvalidArgumentError",
      /^Cannot set bounds of volume "ground volume" as .*static mesh "stranger".*: add it first$/,
    ],
    [
      "a cycle",
      () => scene.addComponent(loop),
      "OutOfRangeError",
      /^Cannot add static mesh "loop" as the fill of ground would depend on itself: ground → ground$/,
    ],
    [
      "a cycle by another material",
      () => ground.material = sampler,
      "OutOfRangeError",
      /^Cannot change static mesh "ground" as the fill of ground would depend on itself: ground → ground$/,
    ],
    [
      "a texture that a volume places",
      () => system.unloadTexture(texture),
      "InvalidArgumentError",
      /^Cannot unload texture "ground" as volume "ground volume" places it: remove/,
    ],
    [
      "a texture that does not fit",
      () => scene.addVolume(new RuntimeVirtualTextureVolume(huge, { name: "huge volume" })),
      "BudgetError",
      /^Cannot fit texture "huge" into the memory budget as it must be >= \d+ bytes/,
    ],
  ]);
  assert.deepEqual(scene.components, [ground]);
  assert.deepEqual(scene.volumes, [volume]);
  await scene.removeVolume(volume);
  assert.equal(system.textures.length, 0, "volumes unload their textures");
});

Deno.test("volumes and components have bounds that shaders can hold", async () => {
  const world = await openWorld();
  await using shown = world.shown;
  const { scene } = shown;
  const { asset, ground, volume } = world;
  const made = (settings: object) => new RuntimeVirtualTextureVolume(asset, settings);
  const limits = /as its transform and the inverse of that must be finite in 32 bits/;
  await assertRefused(world, [
    ["a flat volume", () => made({ scale: [1, 1, 0] }), "OutOfRangeError", /no scale may be 0/],
    ["a mirrored volume", () => made({ scale: [-1, 1, 1] }), "OutOfRangeError", /scale\[0\] .*> 0/],
    ["a tiny volume", () => made({ scale: [1e-300, 1, 1] }), "OutOfRangeError", limits],
    ["a huge volume", () => volume.change({ scale: [1, 1e300, 1] }), "OutOfRangeError", limits],
    [
      "a volume far away",
      () => volume.change({ position: [1e300, 0, 0] }),
      "OutOfRangeError",
      /^Cannot change volume "ground volume" as its transform/,
    ],
    [
      "a huge component",
      () => ground.transform = { scale: [1e300, 1, 1] },
      "OutOfRangeError",
      /^Cannot change static mesh "ground" as its bounds must be finite in float32/,
    ],
    [
      "no rotation",
      () => ground.transform = { rotation: [0, 0, 0, NaN] },
      "OutOfRangeError",
      /"ground" as rotation/,
    ],
  ]);
  const nothing = withoutBounds(asset);
  scene.addComponent(nothing);
  await assertGoesOn(world, "a component without bounds");
  scene.setBounds(volume, nothing);
  assert.deepEqual(volume.transform.scale.slice(0, 2), [WORLD, WORLD], "those of the writers");
  await assertGoesOn(world, "a source without bounds");
  scene.removeComponent(ground);
  const before = volume.settings;
  assert.throws(() => scene.setBounds(volume, nothing), {
    name: "OutOfRangeError",
    message: 'Cannot set bounds of volume "ground volume" as neither instanced static mesh ' +
      '"nothing" nor anything that is rendered to "ground" has bounds',
  });
  assert.equal(volume.settings, before);
});

Deno.test("what is missing is named, with what there is or what to do", async () => {
  const { shown: opened } = await openWorld();
  await using shown = opened;
  const lone = new RuntimeVirtualTexture({ name: "lone" });
  const cases: Readonly<Record<string, readonly [() => unknown, string]>> = {
    "a texture that no volume places": [
      () => shown.scene.samplingOf(lone).wgsl({ group: 0 }),
      'Cannot make WGSL of runtime virtual texture "lone" as no volume places it: add one to the ' +
      "scene, with virtual texturing, and await its settled()",
    ],
    "a format of each plane": [
      () =>
        runtimeVirtualTextureWgsl({
          materialType: "ycocg_base_color_normal_specular",
          compressed: true,
          formats: ["bc3-rgba-unorm"],
        }, { group: 0 }),
      "Cannot make WGSL of runtime virtual texture as formats of ycocg_base_color_normal_specular " +
      "must be 3 texel formats, one for each plane: current value is [bc3-rgba-unorm]",
    ],
    "how foliage is scattered": [
      () => new FoliageComponent({ name: "leaves", material: null } as never),
      'Cannot make foliage "leaves" as scatter must be an object: current value is undefined',
    ],
    "a pin that materials have": [
      () => new Material({ name: "paint", opacity: 1, mask: 1 }),
      'Cannot make material "paint" as there is no pin of a surface mask: there are baseColor, ' +
      "specular, roughness, normal, opacity, rvtOutput",
    ],
  };
  for (const [what, [call, message]] of Object.entries(cases)) {
    assert.throws(call, { name: "InvalidArgumentError", message }, what);
  }
});

Deno.test("a closed scene says so, and its system goes on", async () => {
  const { shown: opened, ground, asset, volume } = await openWorld();
  await using shown = opened;
  const { scene, system } = shown;
  await scene.close();
  await scene.close();
  const calls: Record<string, () => unknown> = {
    addComponent: () => scene.addComponent(ground),
    addVolume: () => scene.addVolume(volume),
    change: () => scene.change({ mode: "game" }),
    setBounds: () => scene.setBounds(volume, ground),
    invalidate: () => scene.invalidate(BOUNDS),
    requestPreload: () => scene.requestPreload(BOUNDS),
    samplingOf: () => scene.samplingOf(asset),
    assertOpen: () => scene.assertOpen(),
    renderScene: () => renderScene(scene, CAMERA),
  };
  for (const [name, call] of Object.entries(calls)) {
    await assert.rejects(
      async () => await call(),
      { name: "DisposedError", message: "Cannot use scene as it was closed: make another one" },
      name,
    );
  }
  assert.equal(scene.removeComponent(ground), false);
  assert.equal(await scene.removeVolume(volume), false);
  assert.equal(system.textures.length, 0);
  await using next = new RuntimeVirtualTextureScene(system, { logger: QUIET });
  next.addComponent(ground);
  await next.addVolume(volume);
  assert.equal(system.textures.length, 1);
});
