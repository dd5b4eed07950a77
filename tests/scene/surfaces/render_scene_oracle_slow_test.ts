import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { MATERIAL_TYPE_NAMES, MATERIAL_TYPES } from "../../../src/rvt/asset/mod.ts";
import { DecalComponent, expressions as e } from "../../../src/rvt/mod.ts";
import { type RenderCamera, renderScene } from "../../../src/scene/mod.ts";
import type { LightAndView } from "../../rvt/oracle/shade.ts";
import {
  LIGHT,
  oraclePicture,
  type PictureDifference,
  pictureDifference,
} from "./oracle_picture.ts";
import {
  CAMERAS,
  makeAllResident,
  type PictureWorld,
  pictureWorld,
  type PictureWorldOptions,
  showingMaterial,
} from "./picture_worlds.ts";

const PIXELS = 48;
/**
 * Of linear radiance from 0 to 1. The bilinear filter's error is at most an eighth of the texel's square
 * times the second derivative: up to 0.01 with coarse texels of a world unit and waves of a tenth of it a
 * unit². The rest is what 8 bits lose of stored values and of the picture.
 */
const MOST_ERROR = 0.015;
/** What negative controls are off by, at least. */
const CLEAR_ERROR = 3 * MOST_ERROR;
/** Less than this is compared only if something is wrong with the test. */
const LEAST_COMPARED = 0.65;

async function shownAndOracle(
  world: PictureWorld,
  camera: RenderCamera,
): Promise<PictureDifference> {
  const { scene, known } = world;
  const picture = await renderScene(scene, camera, { ...LIGHT, feedback: false });
  const oracle = oraclePicture({ scene, camera, volumes: [known] });
  return pictureDifference(picture, oracle);
}

async function residentWorld(
  device: ForgeDevice,
  options: PictureWorldOptions,
): Promise<PictureWorld> {
  const world = await pictureWorld(device, options);
  await makeAllResident(world);
  return world;
}

function assertEqual({ largest, compared }: PictureDifference, what: string): void {
  assert.ok(compared >= LEAST_COMPARED, `${what}: ${compared} of the pixels are compared`);
  assert.ok(largest <= MOST_ERROR, `${what}: ${largest}`);
}

Deno.test(`hills that sample what they and decals write are what shading directly gives, within ${MOST_ERROR}, from every camera`, async () => {
  using device = await requestDevice();
  const world = await residentWorld(device, { yaw: 0.7 });
  using _system = world.system;
  for (const [name, makeCamera] of Object.entries(CAMERAS)) {
    assertEqual(await shownAndOracle(world, makeCamera(PIXELS)), name);
  }
});

Deno.test("so they are with every material type, in volumes upright, yawed and tilted", async () => {
  using device = await requestDevice();
  for (const [i, materialType] of MATERIAL_TYPE_NAMES.entries()) {
    const pose = [{}, { yaw: -2 }, { yaw: 0.5, tilt: 0.3 }][i % 3]!;
    const world = await residentWorld(device, { materialType, ...pose });
    using _system = world.system;
    const camera = i % 2 === 0 ? CAMERAS.above(PIXELS) : CAMERAS.orthographic(PIXELS);
    assertEqual(await shownAndOracle(world, camera), MATERIAL_TYPES[materialType].label);
  }
});

Deno.test("negative control: another light, material or place of samples, and a decal that is not there, show", async () => {
  using device = await requestDevice();
  const world = await residentWorld(device, {});
  using _system = world.system;
  const { scene, asset, known, landscape } = world;
  const camera = CAMERAS.above(PIXELS);
  const picture = await renderScene(scene, camera, { ...LIGHT, feedback: false });
  const assertShows = (what: string, light: Omit<LightAndView, "towardsViewer"> = LIGHT) => {
    const oracle = oraclePicture({ scene, camera, volumes: [known], light });
    const { largest } = pictureDifference(picture, oracle);
    assert.ok(largest > CLEAR_ERROR, `${what}: ${largest}`);
  };
  assertShows("light", { ...LIGHT, towardsLight: [0.1, 0.3, 1] });
  const decal = scene.components.find((one) => one instanceof DecalComponent)!;
  scene.removeComponent(decal);
  assertShows("decal");
  scene.addComponent(decal);
  landscape.material = showingMaterial(asset, { phase: 0.5 });
  assertShows("material");
  const worldPosition = e.add(e.worldPosition(), [1.5, 0, 0]);
  landscape.material = showingMaterial(asset, { sample: { worldPosition } });
  assertShows("place");
});
