import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e, Material, type RuntimeVirtualTexture } from "../../../src/rvt/mod.ts";
import { renderScene } from "../../../src/scene/mod.ts";
import { LIGHT, oraclePicture, pictureDifference } from "./oracle_picture.ts";
import {
  CAMERAS,
  makeAllResident,
  type PictureWorld,
  pictureWorld,
  showingMaterial,
  waves,
} from "./picture_worlds.ts";

const CAMERA = CAMERAS.slanting(48);
const MOST_ERROR = 0.015;

/** How far a picture is from one that is shaded directly. */
async function differenceOf(
  { scene, known }: PictureWorld,
  options: { readonly virtualTexturing?: boolean; readonly isPlaced?: boolean } = {},
): Promise<number> {
  const { virtualTexturing = true, isPlaced = true } = options;
  const picture = await renderScene(scene, CAMERA, { ...LIGHT, feedback: false });
  const volumes = isPlaced ? [known] : [];
  const oracle = oraclePicture({ scene, camera: CAMERA, volumes, virtualTexturing });
  const { largest, compared } = pictureDifference(picture, oracle);
  assert.ok(compared > 0.65, `${compared} of the pixels are compared`);
  return largest;
}

/** Shows what it samples, or with no virtual texturing, other waves. */
function switchingMaterial(asset: RuntimeVirtualTexture): Material {
  const { graph: { output } } = showingMaterial(asset);
  const { baseColor } = e.runtimeVirtualTextureSample(asset);
  return new Material({
    name: "switching",
    baseColor: e.virtualTextureFeatureSwitch({ yes: baseColor, no: waves(4) }),
    normal: e.vertexNormal(),
    roughness: 0.7,
    rvtOutput: output!,
  });
}

Deno.test("without virtual texturing the other way of a feature switch is shaded, and with it again the first", async () => {
  using device = await requestDevice();
  const world = await pictureWorld(device, { materialOf: switchingMaterial });
  using _system = world.system;
  const { scene } = world;
  await makeAllResident(world);
  assert.ok(await differenceOf(world) <= MOST_ERROR);
  const wrong = await differenceOf(world, { virtualTexturing: false });
  assert.ok(wrong > 0.05, `negative control: the other way shows: ${wrong}`);
  scene.change({ virtualTexturing: false });
  await scene.settled();
  assert.equal(scene.textureOf(world.asset), null);
  assert.ok(await differenceOf(world, { virtualTexturing: false }) <= MOST_ERROR);
  scene.change({ virtualTexturing: true });
  await scene.settled();
  await makeAllResident(world);
  assert.ok(await differenceOf(world) <= MOST_ERROR);
});

Deno.test("textures that no volume places, or that are not supported, have their clear values", async () => {
  using device = await requestDevice();
  const world = await pictureWorld(device, { isPlaced: false });
  using _system = world.system;
  const { scene, known } = world;
  assert.ok(await differenceOf(world, { isPlaced: false }) <= MOST_ERROR);
  await scene.addVolume(known.volume);
  await makeAllResident(world);
  assert.ok(await differenceOf(world) <= MOST_ERROR);
  scene.change({ virtualTexturing: false });
  await scene.settled();
  assert.ok(await differenceOf(world, { virtualTexturing: false }) <= MOST_ERROR);
  scene.change({ virtualTexturing: true });
  await scene.removeVolume(known.volume);
  assert.ok(await differenceOf(world, { isPlaced: false }) <= MOST_ERROR);
});

Deno.test("a Replace gives one input to tiles and the other to pictures; properties of views are 0 in pictures", async () => {
  using device = await requestDevice();
  const materialOf = (asset: RuntimeVirtualTexture) => {
    const replaced = e.runtimeVirtualTextureReplace({ default: waves(0), output: waves(3) });
    const level = e.viewProperty("virtual_texture_output_level");
    const { baseColor } = e.runtimeVirtualTextureSample(asset);
    const own = e.append(replaced, e.add(replaced, level), 0.3);
    return new Material({
      name: "replacing",
      baseColor: e.lerp(baseColor, own, { alpha: 0.5 }),
      roughness: 0.8,
      rvtOutput: e.runtimeVirtualTextureOutput({ baseColor: replaced }),
    });
  };
  const world = await pictureWorld(device, {
    ...{ materialType: "base_color", hasDecals: false },
    materialOf,
  });
  using _system = world.system;
  await makeAllResident(world);
  assert.ok(await differenceOf(world) <= MOST_ERROR);
  const { landscape, asset } = world;
  const picture = await renderScene(world.scene, CAMERA, { ...LIGHT, feedback: false });
  const { baseColor } = e.runtimeVirtualTextureSample(asset);
  landscape.material = new Material({
    name: "not replacing",
    baseColor: e.lerp(baseColor, e.append(waves(3), waves(3), 0.3), { alpha: 0.5 }),
    roughness: 0.8,
    rvtOutput: e.runtimeVirtualTextureOutput({ baseColor: waves(3) }),
  });
  const { scene, known } = world;
  const oracle = oraclePicture({ scene, camera: CAMERA, volumes: [known] });
  const { largest } = pictureDifference(picture, oracle);
  assert.ok(largest > 0.05, `negative control: the output in the picture shows: ${largest}`);
});
