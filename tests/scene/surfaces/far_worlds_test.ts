/**
 * Scenes far from the world's origin, where positions of 32 bits are coarser than texels.
 */

import assert from "node:assert/strict";
import { lookAt, orthographic, perspective, planeMesh } from "../../../src/geometry/mod.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import {
  DecalComponent,
  type Expression,
  expressions as e,
  LandscapeComponent,
  Material,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureScene,
  RuntimeVirtualTextureVolume,
  StaticMeshComponent,
} from "../../../src/rvt/mod.ts";
import { renderScene, type RenderSceneOptions } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { SILENT } from "../../rvt/scene/worlds.ts";
import { drawOwnPipeline } from "./own_pipeline.ts";

const EXTENT = 1000;
const PIXELS = 64;
/** A point of the volume, away from its middle. */
const SPOT = [370, -410] as const;
/** Edge of a square of 16 texels of 2^16. */
const EDGE = 16 * EXTENT / 2 ** 16;
/** World units between 32-bit numbers there: 0.25 and 0.5. */
const FAR = [3e6, -5e6, 0] as const;

type Place = readonly [number, number, number];

/** A scene whose texture holds a chessboard of 8 by 8 squares in a small place. */
async function boardAt(
  device: ForgeDevice,
  at: Place,
  options: { readonly sample?: (asset: RuntimeVirtualTexture) => Expression; land?: boolean } = {},
) {
  const system = new VirtualTextureSystem(device, { maxMemoryMb: 48, logger: SILENT });
  const scene = new RuntimeVirtualTextureScene(system, { mode: "editor" });
  const asset = new RuntimeVirtualTexture({
    sizeInTilesLog2: 8,
    materialType: "base_color",
    compressTextures: false,
  });
  const { sample = (one) => e.runtimeVirtualTextureSample(one).baseColor, land = false } = options;
  const cells = e.floor(e.multiply(e.textureCoordinate(), 8));
  const sum = e.add(e.componentMask(cells, "x"), e.componentMask(cells, "y"));
  const board = new DecalComponent({
    size: [EDGE, EDGE],
    transform: { position: [at[0] + SPOT[0], at[1] + SPOT[1], at[2]] },
    material: new Material({
      name: "board",
      domain: "virtual_texture",
      baseColor: e.multiply(2, e.fraction(e.multiply(sum, 0.5))),
    }),
    renderToVirtualTextures: [asset],
  });
  const material = new Material({
    name: "ground",
    baseColor: sample(asset),
    roughness: 1,
    specular: 0,
  });
  const ground = land
    ? new LandscapeComponent({
      material,
      width: 3,
      height: 3,
      heights: new Float32Array(9),
      transform: {
        position: [at[0] - EXTENT / 2, at[1] - EXTENT / 2, at[2]],
        scale: [EXTENT / 2, EXTENT / 2, 1],
      },
    })
    : new StaticMeshComponent({
      material,
      mesh: planeMesh({ size: [EXTENT, EXTENT] }),
      transform: { position: at },
    });
  for (const component of [board, ground]) scene.addComponent(component);
  const scale = [EXTENT, EXTENT, 10] as const;
  await scene.addVolume(new RuntimeVirtualTextureVolume(asset, { position: at, scale }));
  const eye = [at[0] + SPOT[0], at[1] + SPOT[1], at[2] + EDGE] as const;
  const camera = {
    position: eye,
    view: lookAt(eye, [eye[0], eye[1], at[2]], { up: [0, 1, 0] }),
    ...{ width: PIXELS, height: PIXELS, viewport: [PIXELS, PIXELS] as const },
  };
  return { system, scene, asset, camera };
}

type Board = Awaited<ReturnType<typeof boardAt>>;

async function pictureOf(
  { system, scene, camera }: Board,
  { projection = PERSPECTIVE, ...options }: RenderSceneOptions & { projection?: Float64Array } = {},
): Promise<Uint8Array> {
  const view = { ...camera, projection };
  for (let frame = 0; frame < 3; frame++) {
    await system.update(view);
    await renderScene(scene, view);
  }
  return (await renderScene(scene, view, { towardsLight: [0, 0, 1], ...options })).data;
}

const PERSPECTIVE = Float64Array.from(
  perspective({ fovYDegrees: 45, aspect: 1, near: EDGE / 10, far: 10 * EDGE }),
);
const ORTHOGRAPHIC = Float64Array.from(
  orthographic({
    ...{ left: -EDGE / 2, right: EDGE / 2, bottom: -EDGE / 2, top: EDGE / 2 },
    ...{ near: EDGE / 10, far: 10 * EDGE },
  }),
);

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

function assertBoard(picture: Uint8Array): void {
  const reds = picture.filter((_, i) => i % 4 === 0);
  const bright = reds.filter((value) => value > 200).length;
  assert.ok(bright > reds.length / 8 && bright < reds.length, `${bright} bright pixels`);
}

const CASES: Readonly<Record<string, Parameters<typeof boardAt>[2] & { picture?: object }>> = {
  "a mesh": {},
  "an orthographic camera": { picture: { projection: ORTHOGRAPHIC } },
  "a landscape": { land: true },
  "layers that are shaded directly": { picture: { layers: "direct" } },
  "a level": {
    sample: (asset) =>
      e.runtimeVirtualTextureSample(asset, { mipMode: "level", level: 0.5 }).baseColor,
  },
  "a bias": {
    sample: (asset) => e.runtimeVirtualTextureSample(asset, { mipMode: "bias", bias: 1 }).baseColor,
  },
};

for (const [name, { picture, ...options }] of Object.entries(CASES)) {
  Deno.test(`${name} looks five million units away as it does at the world's origin`, async () => {
    using device = await requestDevice();
    const pictures: Uint8Array[] = [];
    for (const at of [[0, 0, 0], FAR] as const) {
      const board = await boardAt(device, at, options);
      using _system = board.system;
      pictures.push(await pictureOf(board, picture));
    }
    assertBoard(pictures[0]!);
    const difference = largestDifference(pictures[0]!, pictures[1]!);
    assert.ok(difference <= 1, `${difference}`);
  });
}

Deno.test("negative control: a world position of 32 bits is another place there", async () => {
  using device = await requestDevice();
  const sample = (asset: RuntimeVirtualTexture) => {
    const worldPosition = e.add(e.worldPosition(), [0, 0, 0]);
    return e.runtimeVirtualTextureSample(asset, { worldPosition }).baseColor;
  };
  const near = await boardAt(device, [0, 0, 0], { sample });
  using _near = near.system;
  const far = await boardAt(device, FAR, { sample });
  using _far = far.system;
  assert.ok(largestDifference(await pictureOf(near), await pictureOf(far)) > 100);
});

Deno.test("pipelines of your own sample from an origin, which pictures leave as it was", async () => {
  using device = await requestDevice();
  const board = await boardAt(device, FAR);
  using _system = board.system;
  const { scene, asset, camera } = board;
  await pictureOf(board);
  const sampling = scene.samplingOf(asset);
  const color = `vec3f(rvt_sample_relative(place * ${EDGE / 8}, pixel, false).base_color)`;
  const draw = () => drawOwnPipeline(device, sampling, { pixels: PIXELS, color });
  sampling.setOrigin([camera.position[0], camera.position[1], 0]);
  const first = await draw();
  assertBoard(first);
  await pictureOf(board);
  assert.deepEqual(await draw(), first);
  sampling.setOrigin([camera.position[0] + EDGE / 8, camera.position[1], 0]);
  assert.ok(largestDifference(await draw(), first) > 100, "a square further");
  for (const origin of [[0, 0], "here", [0, 0, Number.NaN]]) {
    assert.throws(() => sampling.setOrigin(origin as never), /origin/);
  }
});
