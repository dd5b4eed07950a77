import assert from "node:assert/strict";
import { lookAt, orthographic, perspective } from "../../../src/geometry/mod.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e, Material } from "../../../src/rvt/mod.ts";
import { type Picture, type RenderCamera, renderScene } from "../../../src/scene/mod.ts";
import { HEIGHT, HillScene, RANGE, TILE, WIDTH } from "../../rvt/scene/streamed_heights.ts";
import { EditedSource } from "../../rvt/source/sampled_scene.ts";
import { reportedTiles } from "./reported_tiles.ts";

const PIXELS = 64;
const AWAY = { position: [0, 0, 1e6], viewport: [16, 16] } as const;
const MATTE = new Material({ name: "matte", baseColor: [0.8, 0.7, 0.6], roughness: 1 });

/** A square of some samples, seen from above. */
function above(x: number, y: number, samples: number): RenderCamera {
  const half = samples / 2;
  return {
    view: lookAt([x, y, 100], [x, y, 0]),
    projection: orthographic({
      ...{ left: -half, right: half, bottom: -half, top: half, near: 1, far: 200 },
    }),
    ...{ width: PIXELS, height: PIXELS },
  };
}

const SLANTING: RenderCamera = {
  view: lookAt([40, -20, 30], [70, 50, 0]),
  projection: perspective({ fovYDegrees: 30, aspect: 1, near: 1, far: 1000 }),
  ...{ width: PIXELS, height: PIXELS },
};

async function hillsOf(
  device: ForgeDevice,
  { material = MATTE, isPicture = false }: {
    readonly material?: Material;
    readonly isPicture?: boolean;
  } = {},
): Promise<HillScene> {
  const scene = new HillScene(device);
  const options = { material, renderToVirtualTextures: [] };
  if (isPicture) await scene.placePicture(options);
  else await scene.placeHills(options);
  return scene;
}

/** Draws pictures and updates until they have all that they report. */
async function settledPicture(scene: HillScene, camera: RenderCamera): Promise<Picture> {
  for (let frame = 0; frame < 8; frame++) {
    await renderScene(scene.scene, camera, { feedback: true });
    await scene.system.update(AWAY);
  }
  return await renderScene(scene.scene, camera);
}

/** The part of a picture's pixels that differ from another's by more than some steps. */
function differingPart(a: Picture, b: Picture, steps: number): number {
  let count = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    const differs = [0, 1, 2, 3].some((k) => Math.abs(a.data[i + k]! - b.data[i + k]!) > steps);
    if (differs) count++;
  }
  return count / (a.data.length / 4);
}

Deno.test("pictures show streamed heights as those of a picture, once what they report has come", async () => {
  using device = await requestDevice();
  await using streamed = await hillsOf(device);
  await using pictured = await hillsOf(device, { isPicture: true });
  for (const camera of [above(60, 50, 60), SLANTING]) {
    const wanted = await renderScene(pictured.scene, camera);
    const before = await renderScene(streamed.scene, camera);
    const after = await settledPicture(streamed, camera);
    // Where they are far off, means have the place of samples.
    assert.ok(differingPart(after, wanted, 1) < (camera === SLANTING ? 0.01 : 0.001));
    if (camera !== SLANTING) assert.ok(differingPart(before, wanted, 1) > 0.2, "coarse before");
  }
});

Deno.test("pictures report the tiles of heights that they show, at the level that they need", async () => {
  using device = await requestDevice();
  await using scene = await hillsOf(device);
  for (const [level, samplesPerPixel] of [[0, 0.8], [1, 2.5]] as const) {
    const [x, y] = [TILE, TILE / 2];
    const half = PIXELS * samplesPerPixel / 2;
    const camera = above(x, y, 2 * half);
    const draw = () => renderScene(scene.scene, camera, { feedback: true });
    const tiles = await reportedTiles(scene.system, scene.source, { draw, frames: 6 });
    const expected: string[] = [];
    const { tilesX, tilesY } = scene.source.grid.level(level);
    for (let j = 0; j < tilesY; j++) {
      for (let i = 0; i < tilesX; i++) {
        const edge = TILE * 2 ** level;
        const isSeen = i * edge < x + half && (i + 1) * edge > x - half &&
          j * edge < y + half && (j + 1) * edge > y - half;
        if (isSeen) expected.push(`${level} ${i} ${j}`);
      }
    }
    const reported = tiles.map(({ level, x, y }) => `${level} ${x} ${y}`);
    assert.deepEqual(reported.sort(), expected.sort());
  }
});

Deno.test("heights and a material's own textures report in one pass", async () => {
  using device = await requestDevice();
  await using scene = await hillsOf(device);
  const color = await scene.system.loadTexture(new EditedSource().tiles());
  const sample = e.componentMask(e.virtualTextureSample(color), "xyz");
  scene.landscape.material = new Material({ name: "coloured", baseColor: sample });
  const draw = () => renderScene(scene.scene, above(60, 50, 60), { feedback: true });
  for (const texture of [scene.source, color]) {
    const tiles = await reportedTiles(scene.system, texture, { draw, frames: 4 });
    assert.ok(tiles.length > 0, texture.name);
  }
});

Deno.test("layers on streamed heights are shaded directly as those of a picture", async () => {
  using device = await requestDevice();
  const pictures: Picture[] = [];
  for (const isPicture of [true, false]) {
    await using scene = new HillScene(device, { asset: { materialType: "base_color" } });
    const { baseColor } = e.runtimeVirtualTextureSample(scene.asset);
    const material = new Material({
      name: "shape",
      baseColor,
      roughness: 1,
      rvtOutput: e.runtimeVirtualTextureOutput({
        baseColor: e.add(e.multiply(e.vertexNormal(), 0.5), 0.5),
      }),
    });
    if (isPicture) await scene.placePicture({ material });
    else await scene.placeHills({ material });
    for (let frame = 0; frame < 6 && !isPicture; frame++) {
      await renderScene(scene.scene, above(60, 50, 60), { feedback: true, layers: "direct" });
      await scene.system.update(AWAY);
    }
    pictures.push(await renderScene(scene.scene, above(60, 50, 60), { layers: "direct" }));
  }
  assert.ok(differingPart(pictures[1]!, pictures[0]!, 2) < 0.002);
  assert.ok(pictures[0]!.data.some((value, i) => i % 4 === 2 && value > 100));
});

Deno.test("hills without their texture are left out of pictures", async () => {
  using device = await requestDevice();
  await using scene = await hillsOf(device);
  const camera = above(WIDTH / 2, HEIGHT / 2, 2 * RANGE[1]);
  const before = await renderScene(scene.scene, camera);
  await scene.system.unloadTexture(scene.source);
  const after = await renderScene(scene.scene, camera);
  assert.ok(before.data.every((value, i) => i % 4 !== 3 || value === 255));
  assert.ok(after.data.every((value, i) => i % 4 !== 3 || value === 0));
  assert.equal(scene.warnings.length, 1);
});
