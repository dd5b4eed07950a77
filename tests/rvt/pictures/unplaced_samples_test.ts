import assert from "node:assert/strict";
import {
  type Expression,
  expressions as e,
  gridMesh,
  Material,
  MaterialInstance,
  type MeshComponentOptions,
  renderScene,
  type RenderSceneOptions,
  type RuntimeVirtualTexture,
  RuntimeVirtualTextureVolume,
  type SceneOptions,
  StaticMeshComponent,
} from "../../../src/mod.ts";
import { fromAbove, PictureScene, plainAsset, WORLD } from "./picture_scene.ts";

const MESH = gridMesh({ size: [WORLD, WORLD] });
const MIDDLE = [WORLD / 2, WORLD / 2, 0] as const;
const PLACE = { position: MIDDLE, scale: [WORLD, WORLD, 4] } as const;
const CAMERA = fromAbove(16);

/** A scene, and the warnings that it has given since they were last taken. */
async function openScene(options: SceneOptions = {}) {
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const pictures = await PictureScene.open({ logger: { warn }, ...options });
  const draw = (options: RenderSceneOptions = {}) => pictures.draw(CAMERA, options);
  const taken = async (options: RenderSceneOptions = {}) => {
    await draw(options);
    return warnings.splice(0).toSorted();
  };
  return {
    scene: pictures.scene,
    taken,
    [Symbol.asyncDispose]: () => pictures[Symbol.asyncDispose](),
  };
}

function meshOf(
  material: MeshComponentOptions["material"],
  options: Partial<MeshComponentOptions> = {},
) {
  return new StaticMeshComponent({
    material,
    mesh: MESH,
    transform: { position: MIDDLE },
    ...options,
  });
}

function writerOf(asset: RuntimeVirtualTexture, baseColor: Expression | number) {
  const material = new Material({
    name: `${asset.name} writer`,
    domain: "virtual_texture",
    baseColor,
  });
  return meshOf(material, { drawInMainPass: "never", renderToVirtualTextures: [asset] });
}

function samplerOf(asset: RuntimeVirtualTexture, name = "screen") {
  return new Material({ name, baseColor: e.runtimeVirtualTextureSample(asset).baseColor });
}

const told = (material: string, asset: string) =>
  `Material "${material}" samples runtime virtual texture "${asset}", which no volume of the scene ` +
  "places: what it samples are clear values. Add a volume with that texture";

Deno.test("a picture warns of samples that no volume places, once for each material and asset", async () => {
  await using world = await openScene();
  const { scene, taken } = world;
  const [ground, road] = [plainAsset({ name: "Ground" }), plainAsset({ name: "Road" })];
  scene.addComponent(meshOf(samplerOf(ground)));
  assert.deepEqual(await taken(), [told("screen", "Ground")]);
  assert.deepEqual(await taken(), [], "the next pictures");
  scene.addComponent(meshOf(samplerOf(ground, "other")));
  const parameter = e.runtimeVirtualTextureSampleParameter("From", ground);
  const instance = new MaterialInstance(
    new Material({ name: "parent", baseColor: parameter.baseColor }),
    { name: "instance" },
  );
  instance.setRuntimeVirtualTexture("From", road);
  scene.addComponent(meshOf(instance));
  assert.deepEqual(await taken(), [told("instance", "Road"), told("other", "Ground")]);
  await scene.addVolume(new RuntimeVirtualTextureVolume(road, PLACE));
  instance.setRuntimeVirtualTexture("From", ground);
  assert.deepEqual(await taken(), [told("instance", "Ground")]);
  const volume = new RuntimeVirtualTextureVolume(ground, PLACE);
  await scene.addVolume(volume);
  scene.addComponent(meshOf(samplerOf(ground, "late")));
  assert.deepEqual(await taken(), [], "both are placed");
  await scene.removeVolume(volume);
  assert.deepEqual(
    await taken(),
    [told("late", "Ground")],
    "those that were warned of stay silent",
  );
});

Deno.test("layers that are shaded directly warn of what no volume places, too", async () => {
  await using world = await openScene();
  const { scene, taken } = world;
  const [ground, below] = [plainAsset({ name: "Ground" }), plainAsset({ name: "Below" })];
  const [road] = [plainAsset({ name: "Road" })];
  scene.addComponent(meshOf(samplerOf(ground)));
  scene.addComponent(meshOf(samplerOf(road, "beside")));
  scene.addComponent(writerOf(ground, e.runtimeVirtualTextureSample(below).baseColor));
  await scene.addVolume(new RuntimeVirtualTextureVolume(ground, PLACE));
  const direct = { layers: "direct" } as const;
  assert.deepEqual(await taken(direct), [told("Ground writer", "Below"), told("beside", "Road")]);
});

Deno.test("nothing is warned of where samples are hidden, or their volume is on its way", async () => {
  const ground = plainAsset({ name: "Ground" });
  const { baseColor } = e.runtimeVirtualTextureSample(ground);
  const either = e.materialFunction("either", {
    inputs: {},
    build: () => ({ grey: 0.5, sampled: baseColor }),
  });
  const hidden: Record<string, Expression> = {
    replaced: e.runtimeVirtualTextureReplace({ default: 0.5, output: baseColor }),
    unused: either.call({}).grey,
    "attribute that the type lacks": e.runtimeVirtualTextureSample(ground).roughness,
  };
  for (const [name, value] of Object.entries(hidden)) {
    await using world = await openScene();
    world.scene.addComponent(meshOf(new Material({ name, baseColor: value })));
    assert.deepEqual(await world.taken(), [], name);
  }
  for (const virtualTexturing of [false, true]) {
    await using world = await openScene({ virtualTexturing });
    const fallback = e.virtualTextureFeatureSwitch({ yes: baseColor, no: 0.5 });
    world.scene.addComponent(meshOf(new Material({ name: "screen", baseColor: fallback })));
    assert.deepEqual(await world.taken(), virtualTexturing ? [told("screen", "Ground")] : []);
  }
  await using world = await openScene();
  const { scene, taken } = world;
  scene.addComponent(meshOf(samplerOf(ground), { drawInMainPass: "never" }));
  assert.deepEqual(await taken(), [], "not drawn");
});

Deno.test("a volume that is added, or placed anew, while pictures are drawn is no reason to warn", async () => {
  await using world = await openScene();
  const { scene } = world;
  const ground = plainAsset({ name: "Ground" });
  scene.addComponent(meshOf(samplerOf(ground)));
  const added = scene.addVolume(new RuntimeVirtualTextureVolume(ground, PLACE));
  await renderScene(scene, CAMERA);
  await added;
  scene.change({ tileCountBias: 1 });
  await renderScene(scene, CAMERA);
  assert.deepEqual(await world.taken(), []);
});

Deno.test("what tiles were filled with is warned of by the next picture, unless its volume has come", async () => {
  const [ground, below] = [plainAsset({ name: "Ground" }), plainAsset({ name: "Below" })];
  for (const isLate of [true, false]) {
    await using world = await openScene();
    const { scene, taken } = world;
    scene.addComponent(meshOf(samplerOf(ground)));
    scene.addComponent(writerOf(ground, e.runtimeVirtualTextureSample(below).baseColor));
    scene.addComponent(writerOf(below, 0.5));
    await scene.addVolume(new RuntimeVirtualTextureVolume(ground, PLACE));
    if (isLate) await scene.addVolume(new RuntimeVirtualTextureVolume(below, PLACE));
    assert.deepEqual(await taken(), isLate ? [] : [told("Ground writer", "Below")]);
    assert.deepEqual(await taken(), []);
  }
});
