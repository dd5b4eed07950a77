import assert from "node:assert/strict";
import { boxMesh, rotationAbout } from "../../../src/geometry/mod.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import {
  expressions as e,
  InstancedStaticMeshComponent,
  LandscapeComponent,
  Material,
  RuntimeVirtualTextureScene,
  StaticMeshComponent,
} from "../../../src/rvt/mod.ts";
import { type RenderCamera, renderScene } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { SILENT } from "../../rvt/scene/worlds.ts";
import { IS_LAVAPIPE } from "../../helpers/filter_precision.ts";
import { seededRandom } from "../../helpers/random.ts";
import { LIGHT, oraclePicture, pictureDifference } from "./oracle_picture.ts";
import { cameraFrom, CAMERAS } from "./picture_worlds.ts";

const PIXELS = 64;
/**
 * Of linear radiance: what 8 bits of sRGB lose, and float32 of highlights. Other adapters than lavapipe
 * place corners less finely in pixels: SwiftShader differs by 0.018.
 */
const MOST_ERROR = IS_LAVAPIPE ? 0.006 : 0.03;
/** More than any adapter's rounding. */
const LEAST_DIFFERENCE = 0.06;

function paint(color: readonly number[]): Material {
  return new Material({ name: `paint ${color}`, baseColor: color, roughness: 0.7 });
}

/** Boxes that pierce hills and each other, in a random order of drawing; one kind is mirrored. */
function piercedScene(device: ForgeDevice): {
  readonly system: VirtualTextureSystem;
  readonly scene: RuntimeVirtualTextureScene;
} {
  const system = new VirtualTextureSystem(device, { maxMemoryMb: 4, logger: SILENT });
  const scene = new RuntimeVirtualTextureScene(system);
  const random = seededRandom(5);
  const between = (low: number, high: number) => low + (high - low) * random();
  const transform = () => ({
    position: [between(2, 14), between(2, 14), between(-1, 3)],
    rotation: rotationAbout([between(-1, 1), between(-1, 1), 1], between(0, 3)),
    scale: [between(2, 5), between(2, 5), between(2, 5)],
  });
  for (let i = 0; i < 6; i++) {
    scene.addComponent(
      new StaticMeshComponent({
        mesh: boxMesh(),
        material: paint([random(), random(), random()]),
        transform: transform(),
        translucencySortPriority: Math.floor(between(-5, 5)),
      }),
    );
  }
  scene.addComponent(
    new InstancedStaticMeshComponent({
      mesh: boxMesh(),
      material: paint([0.2, 0.9, 0.4]),
      instances: [
        { position: [4, 12, 2], scale: [-3, 2, 1] },
        { position: [12, 4, 2], scale: [2, 3, 1] },
      ],
    }),
  );
  const position = e.worldPosition();
  const landscape = (options: { readonly sectionQuads: number; readonly transform: object }) =>
    new LandscapeComponent({
      ...options,
      material: new Material({
        name: "ground",
        baseColor: e.append(
          e.add(0.5, e.multiply(0.3, e.sine(e.componentMask(position, "x")))),
          e.layerWeight("grass"),
          e.componentMask(e.textureCoordinate(), "y"),
        ),
        roughness: 0.8,
      }),
      width: 17,
      height: 17,
      heights: Float32Array.from({ length: 289 }, (_, i) => 2 * Math.sin(i / 2) * Math.cos(i / 40)),
      layers: { grass: Uint8Array.from({ length: 289 }, () => Math.floor(256 * random())) },
    });
  scene.addComponent(landscape({ sectionQuads: 64, transform: {} }));
  // A small one that is mirrored and leans, in four sections.
  const leaning = {
    ...{ position: [12, 6, 3], scale: [-0.4, 0.5, 0.7] },
    rotation: rotationAbout([1, 0.5, 0.2], 0.8),
  };
  scene.addComponent(landscape({ sectionQuads: 8, transform: leaning }));
  return { system, scene };
}

async function assertHides(
  scene: RuntimeVirtualTextureScene,
  camera: RenderCamera,
  what: string,
): Promise<void> {
  const background = [0.1, 0.2, 0.3] as const;
  const picture = await renderScene(scene, camera, { ...LIGHT, background: [...background, 1] });
  const oracle = oraclePicture({ scene, camera, volumes: [], background });
  const { largest, compared } = pictureDifference(picture, oracle);
  assert.ok(compared > 0.8, `${what}: ${compared} of the pixels are compared`);
  assert.ok(largest <= MOST_ERROR, `${what}: ${largest}`);
}

Deno.test("meshes and landscapes hide each other by distance, whatever their order, from every camera", async () => {
  using device = await requestDevice();
  const { system, scene } = piercedScene(device);
  using _system = system;
  for (const [name, makeCamera] of Object.entries(CAMERAS)) {
    await assertHides(scene, makeCamera(PIXELS), name);
  }
});

Deno.test("so they do before the camera's near plane and behind its far plane", async () => {
  using device = await requestDevice();
  const { system, scene } = piercedScene(device);
  using _system = system;
  const eye = [18, 0, 12];
  for (const isOrthographic of [false, true]) {
    for (const reverseDepth of [false, true]) {
      for (const [near, far] of [[18, 19], [1, 2], [90, 100]] as const) {
        const options = { isOrthographic, reverseDepth, near, far };
        const camera = cameraFrom(eye, { pixels: PIXELS, ...options });
        await assertHides(scene, camera, JSON.stringify(options));
      }
    }
  }
});

Deno.test("negative control: a box that is moved, or one that nothing hides, shows", async () => {
  using device = await requestDevice();
  const { system, scene } = piercedScene(device);
  using _system = system;
  const camera = CAMERAS.slanting(PIXELS);
  const picture = await renderScene(scene, camera, LIGHT);
  const differenceNow = () =>
    pictureDifference(picture, oraclePicture({ scene, camera, volumes: [] })).largest;
  assert.ok(differenceNow() <= MOST_ERROR);
  const box = scene.components.find((one) => one instanceof StaticMeshComponent)!;
  const { transform } = box;
  box.transform = { ...transform, position: transform.position.map((part) => part + 0.5) };
  assert.ok(differenceNow() > LEAST_DIFFERENCE);
  box.transform = transform;
  const landscape = scene.components.find((one) => one instanceof LandscapeComponent)!;
  landscape.drawInMainPass = "never";
  assert.ok(differenceNow() > LEAST_DIFFERENCE);
});
