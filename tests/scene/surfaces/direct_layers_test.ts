import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import {
  DecalComponent,
  type ExpressionInput,
  expressions as e,
  Material,
  type MaterialInterface,
  RuntimeVirtualTexture,
} from "../../../src/rvt/mod.ts";
import { type RenderCamera, renderScene } from "../../../src/scene/mod.ts";
import { emptyScene, pictureFromAbove, square } from "./flat_scene.ts";
import {
  LIGHT,
  oraclePicture,
  type PictureDifference,
  pictureDifference,
} from "./oracle_picture.ts";
import {
  CAMERAS,
  knownVolume,
  makeAllResident,
  type PictureWorld,
  pictureWorld,
  showingMaterial,
  waves,
} from "./picture_worlds.ts";

/** Of linear radiance: half a step of 8 bits of sRGB is up to 0.0045, and 16-bit targets add less than 0.001. */
const MOST_ERROR = 0.0055;
/** What tiles lose by their filter and by 8 bits: see `render_scene_oracle_slow_test.ts`. */
const MOST_FILTER_ERROR = 0.015;
/** What negative controls are off by, at least. */
const CLEAR_ERROR = 0.05;
/** Less than this is compared only if something is wrong with the test. */
const LEAST_COMPARED = 0.65;
const PIXELS = 48;
const DIRECT = { ...LIGHT, layers: "direct" } as const;

/** How a picture with layers shaded directly differs from the oracle's. */
async function differenceOf(
  { scene, known }: Pick<PictureWorld, "scene" | "known">,
  camera: RenderCamera,
): Promise<PictureDifference> {
  const picture = await renderScene(scene, camera, DIRECT);
  return pictureDifference(picture, oraclePicture({ scene, camera, volumes: [known] }));
}

function assertEqual({ largest, compared }: PictureDifference, what: string): void {
  assert.ok(compared >= LEAST_COMPARED, `${what}: ${compared} of the pixels are compared`);
  assert.ok(largest <= MOST_ERROR, `${what}: ${largest}`);
}

Deno.test("hills whose layers are shaded directly are the oracle's, from several cameras, and what tiles give within the filter's error", async () => {
  using device = await requestDevice();
  const world = await pictureWorld(device, { yaw: 0.7 });
  using _system = world.system;
  for (const name of ["above", "slanting with reverse depth", "orthographic"] as const) {
    assertEqual(await differenceOf(world, CAMERAS[name](PIXELS)), name);
  }
  await makeAllResident(world);
  const { scene, known } = world;
  const camera = CAMERAS.slanting(PIXELS);
  const sampled = await renderScene(scene, camera, LIGHT);
  const oracle = oraclePicture({ scene, camera, volumes: [known] });
  const { largest } = pictureDifference(sampled, oracle);
  assert.ok(largest > MOST_ERROR / 4 && largest <= MOST_FILTER_ERROR, `${largest}`);
});

Deno.test("negative control: layers in another order, and one that is missing, show", async () => {
  using device = await requestDevice();
  const world = await pictureWorld(device);
  using _system = world.system;
  const { scene, known, landscape } = world;
  const camera = CAMERAS.above(PIXELS);
  const picture = await renderScene(scene, camera, DIRECT);
  const assertShows = (what: string) => {
    const { largest } = pictureDifference(
      picture,
      oraclePicture({ scene, camera, volumes: [known] }),
    );
    assert.ok(largest > CLEAR_ERROR, `${what}: ${largest}`);
  };
  landscape.translucencySortPriority = 1;
  assertShows("order");
  landscape.translucencySortPriority = 0;
  const decal = scene.components.find((one) => one instanceof DecalComponent)!;
  scene.removeComponent(decal);
  assertShows("missing");
  assertEqual(await differenceOf(world, camera), "without it");
});

/** Ways to sample beside the pixel's own place, at its own level. */
const SAMPLES: Readonly<Record<string, (asset: RuntimeVirtualTexture) => MaterialInterface>> = {
  "another place": (asset) =>
    showingMaterial(asset, {
      sample: { worldPosition: e.add(e.worldPosition(), [1.5, 0.7, 0]) },
    }),
  "a coordinate": (asset) =>
    showingMaterial(asset, {
      sample: { by: "uv", uv: e.add(e.multiply(e.textureCoordinate(), 0.5), 0.2) },
    }),
  "a bias": (asset) => showingMaterial(asset, { sample: { mipMode: "bias", bias: 1 } }),
  "a place that another sample gives": (asset) => {
    const { baseColor, roughness } = e.runtimeVirtualTextureSample(asset);
    const shift = e.append(e.multiply(e.subtract(roughness, 0.6), 4), 0, 0);
    const worldPosition = e.add(e.worldPosition(), shift);
    const other = e.runtimeVirtualTextureSample(asset, { worldPosition });
    const { graph: { output } } = showingMaterial(asset);
    const color = e.lerp(baseColor, other.baseColor, { alpha: 0.7 });
    return new Material({ name: "shifted", baseColor: color, roughness: 0.7, rvtOutput: output! });
  },
};

Deno.test("samples at other places, by coordinates, with a bias and of each other are shaded directly too", async () => {
  using device = await requestDevice();
  const world = await pictureWorld(device);
  using _system = world.system;
  const camera = CAMERAS.slanting(PIXELS);
  for (const [name, materialOf] of Object.entries(SAMPLES)) {
    world.landscape.material = materialOf(world.asset);
    const { largest, compared } = await differenceOf(world, camera);
    assert.ok(compared > 0.4, `${name}: ${compared} of the pixels are compared`);
    assert.ok(largest <= MOST_ERROR, `${name}: ${largest}`);
  }
});

/** Two textures that a material combines, in volumes of their own. */
async function twoTextures(device: ForgeDevice) {
  const mask = new RuntimeVirtualTexture({
    ...{ name: "Mask", materialType: "mask4", sizeInTilesLog2: 1, tileSize: 64 },
  });
  const world = await pictureWorld(device, {
    hasDecals: false,
    materialOf: (ground) => {
      const { baseColor } = e.runtimeVirtualTextureSample(ground);
      const { mask4 } = e.runtimeVirtualTextureSample(mask);
      return new Material({
        name: "masked",
        baseColor: e.multiply(baseColor, e.componentMask(mask4, "w")),
        roughness: 0.8,
        rvtOutput: e.runtimeVirtualTextureOutput({
          baseColor: e.append(waves(0), waves(1), waves(2)),
          mask4: e.append(0, 0, 0, waves(6)),
        }),
      });
    },
  });
  world.landscape.renderToVirtualTextures = [world.asset, mask];
  return { world, mask, knownMask: knownVolume(mask, { yaw: 1, tilt: 0.2 }) };
}

Deno.test("a material samples several textures, of which one may be placed by no volume or taken away", async () => {
  using device = await requestDevice();
  const { world: { system, scene, known }, knownMask } = await twoTextures(device);
  using _system = system;
  const camera = CAMERAS.slanting(PIXELS);
  const difference = async (volumes: readonly typeof known[]) => {
    const picture = await renderScene(scene, camera, DIRECT);
    return pictureDifference(picture, oraclePicture({ scene, camera, volumes }));
  };
  assertEqual(await difference([known]), "not placed");
  await scene.addVolume(knownMask.volume);
  assertEqual(await difference([known, knownMask]), "placed");
  const { largest } = await difference([known]);
  assert.ok(largest > CLEAR_ERROR, `negative control: ${largest}`);
  await scene.removeVolume(knownMask.volume);
  assertEqual(await difference([known]), "taken away");
});

Deno.test("without virtual texturing pictures are the same, whatever layers are asked for", async () => {
  using device = await requestDevice();
  const world = await pictureWorld(device, { virtualTexturing: false });
  using _system = world.system;
  const camera = CAMERAS.above(PIXELS);
  const sampled = await renderScene(world.scene, camera, LIGHT);
  assert.deepEqual(await renderScene(world.scene, camera, DIRECT), sampled);
  assertEqual(
    pictureDifference(
      sampled,
      oraclePicture({ ...world, camera, volumes: [], virtualTexturing: false }),
    ),
    "without virtual texturing",
  );
});

Deno.test("translucent surfaces over each other each have the layers below them", async () => {
  using device = await requestDevice();
  const { system, scene } = emptyScene(device, { maxMemoryMb: 16 });
  using _system = system;
  const asset = new RuntimeVirtualTexture({
    ...{ name: "Ground", materialType: "base_color", sizeInTilesLog2: 1, tileSize: 64 },
  });
  // Red grows along x, green along y.
  const ramp = (shift: number): ExpressionInput =>
    e.append(
      e.multiply(e.componentMask(e.add(e.worldPosition(), 4 + shift), "xy"), 1 / 16),
      0,
    );
  const renderToVirtualTextures = [asset];
  scene.addComponent(
    new DecalComponent({
      material: new Material({ name: "ramp", domain: "virtual_texture", baseColor: ramp(0) }),
      size: [16, 16],
      renderToVirtualTextures,
    }),
  );
  const { volume } = knownVolume(asset);
  await scene.addVolume(volume);
  volume.change({ position: [0, 0, 0] });
  await scene.settled();
  const colorOf = (shift: number, isSampled: boolean): ExpressionInput => {
    if (!isSampled) return ramp(shift);
    const worldPosition = e.add(e.worldPosition(), shift);
    return e.runtimeVirtualTextureSample(asset, { worldPosition }).baseColor;
  };
  const pictureOf = async (isSampled: boolean, opacity: number) => {
    const squares = [0, 2, 4].map((shift, i) =>
      square(colorOf(shift, isSampled), {
        at: [0, 0, i],
        ...(i === 0 ? {} : { opacity, size: 6 }),
      })
    );
    for (const one of squares) scene.addComponent(one);
    const picture = await pictureFromAbove(scene, undefined, { layers: "direct" });
    for (const one of squares) scene.removeComponent(one);
    return picture.data;
  };
  const [sampled, plain] = [await pictureOf(true, 0.5), await pictureOf(false, 0.5)];
  const farthest = (a: Uint8Array, b: Uint8Array) =>
    a.reduce((most, byte, i) => Math.max(most, Math.abs(byte - b[i]!)), 0);
  assert.ok(farthest(sampled, plain) <= 1, `${farthest(sampled, plain)} of 255`);
  assert.ok(farthest(await pictureOf(true, 0.9), plain) > 8, "negative control: opacity shows");
});
