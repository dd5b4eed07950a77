import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  DecalComponent,
  type ExpressionInput,
  expressions as e,
  Material,
  MaterialTexture,
  RuntimeVirtualTexture,
} from "../../../src/rvt/mod.ts";
import { renderScene } from "../../../src/scene/mod.ts";
import { LiveGpuBytes } from "../../helpers/live_gpu_bytes.ts";
import { seededRandom } from "../../helpers/random.ts";
import { EditedSource } from "../../rvt/source/sampled_scene.ts";
import { CAMERAS, knownVolume, pictureWorld, showingMaterial } from "./picture_worlds.ts";
import { reportedTiles } from "./reported_tiles.ts";

const DIRECT = { layers: "direct" } as const;
const CAMERA = CAMERAS.slanting(64);

/** The largest difference of two pictures, in steps of 8 bits, and how many pixels differ by more than one. */
function differenceOf(a: Uint8Array, b: Uint8Array): { most: number; pixels: number } {
  const steps = Array.from(a, (byte, i) => Math.abs(byte - b[i]!));
  const differ = new Set(steps.flatMap((step, i) => step > 1 ? [Math.floor(i / 4)] : []));
  return { most: steps.reduce((most, step) => Math.max(most, step), 0), pixels: differ.size };
}

/** Random colours, so that each level looks different. */
function noiseTexture(): MaterialTexture {
  const random = seededRandom(5);
  const texels = Uint8Array.from({ length: 4 * 64 ** 2 }, () => 256 * random());
  return new MaterialTexture({ name: "noise", width: 64, height: 64, texels, colorSpace: "srgb" });
}

/** What a hill shows that samples what it writes, or does not sample at all. */
function coloredMaterial(
  color: ExpressionInput,
  asset: RuntimeVirtualTexture | null,
): Material {
  const baseColor = asset === null ? color : e.runtimeVirtualTextureSample(asset).baseColor;
  const rvtOutput = e.runtimeVirtualTextureOutput({ baseColor: color });
  return new Material({ name: "colored", baseColor, roughness: 0.9, rvtOutput });
}

Deno.test("textures of layers have the level that the surface itself would sample, at silhouettes too", async () => {
  using device = await requestDevice();
  const place = e.componentMask(e.worldPosition(), "xy");
  const texture = noiseTexture();
  const colorOf = (factor: number) =>
    e.componentMask(e.textureSample(texture, { uv: e.multiply(place, factor) }), "xyz");
  const world = await pictureWorld(device, { hasDecals: false });
  using _system = world.system;
  const { scene, landscape, asset } = world;
  const pictureOf = async (material: Material) => {
    landscape.material = material;
    return (await renderScene(scene, CAMERA, DIRECT)).data;
  };
  const own = await pictureOf(coloredMaterial(colorOf(0.15), null));
  const { most, pixels } = differenceOf(
    await pictureOf(coloredMaterial(colorOf(0.15), asset)),
    own,
  );
  assert.ok(most <= 4 && pixels <= 60, `${most} of 255, ${pixels} pixels`);
  const other = differenceOf(await pictureOf(coloredMaterial(colorOf(0.17), asset)), own);
  assert.ok(other.pixels > 100, `negative control: ${other.pixels}`);
});

Deno.test("layers that are shaded directly neither render nor ask for tiles, and those of samples do", async () => {
  using device = await requestDevice();
  const world = await pictureWorld(device);
  using system = world.system;
  const { scene, asset } = world;
  const reportedBy = (options: typeof DIRECT | undefined) =>
    reportedTiles(system, scene.textureOf(asset)!, {
      draw: () => renderScene(scene, CAMERA, options),
    });
  const { activeTiles } = system.getStatistics();
  assert.deepEqual(await reportedBy(DIRECT), []);
  assert.equal(system.getStatistics().activeTiles, activeTiles);
  assert.ok((await reportedBy(undefined)).length > 0, "negative control");
});

Deno.test("a streamed texture that a layer samples is asked for, and shown once it is there", async () => {
  using device = await requestDevice();
  const world = await pictureWorld(device, { hasDecals: false });
  using system = world.system;
  const { scene, landscape, asset } = world;
  const texture = await system.loadTexture(new EditedSource().tiles());
  const uv = e.multiply(e.componentMask(e.worldPosition(), "xy"), 1 / 64);
  const color = e.componentMask(e.virtualTextureSample(texture, { uv }), "xyz");
  landscape.material = coloredMaterial(color, asset);
  const draw = () => renderScene(scene, CAMERA, DIRECT);
  const before = (await draw()).data;
  const reported = await reportedTiles(system, texture, { draw });
  assert.ok(reported.some(({ level }) => level < 3), `${reported.map(({ level }) => level)}`);
  const after = (await draw()).data;
  assert.ok(differenceOf(before, after).pixels > 100, "it is shown");
  landscape.material = coloredMaterial(color, null);
  const { pixels } = differenceOf(after, (await draw()).data);
  assert.ok(pixels < 40, `${pixels} pixels differ from those of a surface that samples it itself`);
});

Deno.test("a layer that samples another runtime virtual texture is refused by name, and tiles show it", async () => {
  using device = await requestDevice();
  const world = await pictureWorld(device, { hasDecals: false });
  using _system = world.system;
  const { scene, asset } = world;
  const other = new RuntimeVirtualTexture({ name: "Other", materialType: "base_color" });
  const { baseColor } = e.runtimeVirtualTextureSample(other);
  const decal = new DecalComponent({
    material: new Material({ name: "stain", domain: "virtual_texture", baseColor }),
    size: [4, 4],
    transform: { position: [8, 8, 2] },
    renderToVirtualTextures: [asset],
  });
  scene.addComponent(decal);
  // Placed by no volume, it has its clear values.
  await renderScene(scene, CAMERA, DIRECT);
  const { volume } = knownVolume(other);
  await scene.addVolume(volume);
  await assert.rejects(renderScene(scene, CAMERA, DIRECT), {
    name: "UnsupportedError",
    message: /^Cannot .*"Ground".*"stain".*"Other"/,
  });
  await renderScene(scene, CAMERA);
  scene.removeComponent(decal);
  await renderScene(scene, CAMERA, DIRECT);
});

Deno.test("a layer whose own WGSL does not compile is an error that names its node", async () => {
  using device = await requestDevice();
  const world = await pictureWorld(device, { hasDecals: false });
  using _system = world.system;
  const { scene, asset } = world;
  const baseColor = e.named(
    e.customWgsl({ code: "return vec3f(nothing);", inputs: {}, components: 3 }),
    "my colour",
  );
  scene.addComponent(
    new DecalComponent({
      material: new Material({ name: "broken", domain: "virtual_texture", baseColor }),
      size: [4, 4],
      renderToVirtualTextures: [asset],
    }),
  );
  await assert.rejects(renderScene(scene, CAMERA, DIRECT), {
    name: "OutOfRangeError",
    message: /"broken" as node "my colour" is not valid WGSL: .*nothing/s,
  });
});

Deno.test("pictures with more pixels than a texture can have quads are refused", async () => {
  using device = await requestDevice();
  const world = await pictureWorld(device, { hasDecals: false, isPlaced: false });
  using _system = world.system;
  const width = Math.floor(device.limit("maxTextureDimension2D") / 2) + 1;
  await assert.rejects(renderScene(world.scene, { ...CAMERA, width, height: 1 }, DIRECT), {
    name: "OutOfRangeError",
    message: /width/,
  });
});

Deno.test("pictures with layers shaded directly leave nothing behind on the GPU of themselves", async () => {
  using device = await requestDevice();
  const world = await pictureWorld(device);
  using _system = world.system;
  const { scene, landscape, asset } = world;
  const live = new LiveGpuBytes(device);
  const counts: number[] = [];
  for (let i = 0; i < 4; i++) {
    landscape.material = showingMaterial(asset, { phase: i });
    await renderScene(scene, i % 2 === 0 ? CAMERA : CAMERAS.above(32), DIRECT);
    counts.push(live.objectCount);
  }
  assert.deepEqual(counts.slice(1), counts.slice(1).map(() => counts[1]), `${counts}`);
  const names = [...live.objects().keys()];
  assert.ok(!names.some((name) => /scene|surface|layer|target/.test(name)), `${names}`);
});
