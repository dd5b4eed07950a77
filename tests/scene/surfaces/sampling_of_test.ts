import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { MATERIAL_TYPE_NAMES, type MaterialTypeName } from "../../../src/rvt/asset/mod.ts";
import {
  expressions as e,
  Material,
  RuntimeVirtualTexture,
  type RuntimeVirtualTextureSampling,
  type RuntimeVirtualTextureScene,
  RuntimeVirtualTextureVolume,
  type StaticMeshComponent,
} from "../../../src/rvt/mod.ts";
import type { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { CAMERAS_ABOVE, emptyScene, pictureFromAbove, square } from "./flat_scene.ts";
import { drawOwnPipeline } from "./own_pipeline.ts";
import { waves } from "./picture_worlds.ts";
import { reportedTiles } from "./reported_tiles.ts";

const PIXELS = CAMERAS_ABOVE.orthographic.width;
const BASE_COLOR = "rvt_sample_world(place, pixel, true).base_color";

interface SampledWorld {
  readonly system: VirtualTextureSystem;
  readonly scene: RuntimeVirtualTextureScene;
  readonly asset: RuntimeVirtualTexture;
  readonly ground: StaticMeshComponent;
  readonly sampling: RuntimeVirtualTextureSampling;
}

/** A square that writes waves of colour and shows what it samples; all is resident. */
async function sampledWorld(
  device: ForgeDevice,
  materialType: MaterialTypeName = "base_color_normal_roughness_specular",
): Promise<SampledWorld> {
  const { system, scene } = emptyScene(device, { maxMemoryMb: 16 });
  scene.change({ maxUploadsPerFrame: 64 });
  const asset = new RuntimeVirtualTexture({
    ...{ name: "Ground", materialType, sizeInTilesLog2: 1, tileSize: 64, compressTextures: false },
  });
  const ground = square([0, 0, 0], { size: 8, renderToVirtualTextures: [asset] });
  const color = e.append(waves(0), waves(1), waves(2));
  ground.material = new Material({
    name: "ground",
    baseColor: e.runtimeVirtualTextureSample(asset).baseColor,
    ...{ roughness: 1, specular: 0 },
    rvtOutput: e.runtimeVirtualTextureOutput({
      ...{ baseColor: color, mask: waves(3), displacement: waves(3), worldHeight: 1.5 },
      mask4: e.append(color, waves(3)),
    }),
  });
  scene.addComponent(ground);
  await scene.addVolume(new RuntimeVirtualTextureVolume(asset, { scale: [9, 9, 4] }));
  const sampling = scene.samplingOf(asset);
  await preload(scene);
  return { system, scene, asset, ground, sampling };
}

async function preload(scene: RuntimeVirtualTextureScene): Promise<void> {
  for (const level of [1, 0]) {
    await scene.requestPreload({ min: [-5, -5, -2], max: [5, 5, 2] }, level);
  }
}

/** Largest difference of bytes. */
function byteDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((most, byte, i) => Math.max(most, Math.abs(byte - b[i]!)), 0);
}

Deno.test("your own pipeline samples what pictures show, within a step of 8 bits", async () => {
  using device = await requestDevice();
  const { system, scene, sampling } = await sampledWorld(device);
  using _system = system;
  const { data } = await pictureFromAbove(scene);
  for (const firstBinding of [0, 3]) {
    for (const feedback of [false, true]) {
      const options = { pixels: PIXELS, color: BASE_COLOR, firstBinding, feedback };
      const own = await drawOwnPipeline(device, sampling, options);
      assert.ok(byteDifference(own, data) <= 1, `${firstBinding} ${feedback}`);
      assert.ok(new Set(own).size > 20, "colours differ");
    }
  }
  const moved = BASE_COLOR.replace("place", "place + vec3f(1.0, 0.0, 0.0)");
  const other = await drawOwnPipeline(device, sampling, { pixels: PIXELS, color: moved });
  assert.ok(byteDifference(other, data) > 10, "negative control: a unit to the right shows");
});

Deno.test("its struct has every attribute of every type, and says which of them are stored", async () => {
  using device = await requestDevice();
  const stored: Readonly<Record<string, (type: MaterialTypeName) => boolean>> = {
    base_color: (type) => type.includes("base_color"),
    normal: (type) => type.includes("normal"),
    mask: (type) => type.endsWith("specular_mask"),
    world_height: (type) => type === "world_height",
    displacement: (type) => type === "displacement",
    mask4: (type) => type === "mask4",
  };
  for (const materialType of MATERIAL_TYPE_NAMES) {
    const { system, sampling } = await sampledWorld(device, materialType);
    using _system = system;
    const wrong = Object.entries(stored).map(([name, isStored]) =>
      `select(0.0, 1.0, my_has_${name} != ${isStored(materialType)})`
    );
    const color = `vec3f(${wrong.join(" + ")}) + 0.001 * vec3f(v.mask, v.displacement, v.mask4.w)`
      .replaceAll("v.", "my_sample_world(place, pixel, false).");
    const options = { pixels: PIXELS, color, wgsl: { prefix: "my_" } };
    const own = await drawOwnPipeline(device, sampling, options);
    assert.ok(own.every((byte, i) => i % 4 === 3 || byte < 16), materialType);
  }
});

Deno.test("mip modes and filters in your own pipeline compile, and agree where they say the same", async () => {
  using device = await requestDevice();
  const { system, sampling } = await sampledWorld(device);
  using _system = system;
  const draw = (color: string, filter: "trilinear" | "bilinear" | "anisotropic" = "trilinear") =>
    drawOwnPipeline(device, sampling, { pixels: PIXELS, color, wgsl: { filter } });
  const plain = await draw(BASE_COLOR);
  const same = [
    "rvt_sample_world_bias(place, 0.0, pixel, true)",
    "rvt_sample_uv(rvt_uv_of(place), pixel, true)",
    "rvt_sample_uv_bias(rvt_uv_of(place), 0.0, pixel, true)",
    "rvt_sample_world_world_derivatives(place, vec3f(0.5, 0.0, 9.0), vec3f(0.0, 0.5, 0.0), pixel, true)",
    "rvt_sample_world_derivatives(place, vec2f(0.5 / 9.0, 0.0), vec2f(0.0, 0.5 / 9.0), pixel, true)",
    // 0.5 units are 7.1 texels: beyond the coarsest of the levels.
    "rvt_sample_world_level(place, 9.0, pixel, true)",
    "rvt_sample_uv_level(rvt_uv_of(place), 1.0, pixel, true)",
  ];
  for (const sample of same) {
    const own = await draw(`${sample}.base_color`);
    assert.ok(byteDifference(own, plain) <= 1, sample);
  }
  for (const filter of ["bilinear", "anisotropic"] as const) {
    assert.ok(byteDifference(await draw(BASE_COLOR, filter), plain) <= 4, filter);
  }
});

Deno.test("vertex shaders sample a level that is given, as fragment shaders do", async () => {
  using device = await requestDevice();
  const { system, sampling } = await sampledWorld(device);
  using _system = system;
  const at = (place: string) => `rvt_sample_world_level(${place}, 1.0, vec2f(), false).base_color`;
  const draw = (vertexColor: string | undefined, color: string) =>
    drawOwnPipeline(device, sampling, {
      ...{ pixels: PIXELS, color },
      ...(vertexColor === undefined ? {} : { vertexColor }),
    });
  const inFragment = await draw(undefined, at("vec3f(1.0, 2.0, 0.0)"));
  const inVertex = await draw(at("vec3f(1.0, 2.0, 0.0)"), "sampled");
  assert.ok(byteDifference(inVertex, inFragment) <= 1);
  const elsewhere = await draw(at("vec3f(-2.0, 1.0, 0.0)"), "sampled");
  assert.ok(byteDifference(elsewhere, inFragment) > 10, "negative control: another place shows");
});

Deno.test("with feedback it reports the tiles that it wants, unless the sample says not to", async () => {
  using device = await requestDevice();
  const { system, scene, asset, sampling } = await sampledWorld(device);
  using _system = system;
  const reportedBy = async (color: string, feedback: boolean) => {
    const draw = async () => {
      await drawOwnPipeline(device, sampling, { pixels: PIXELS, color, feedback });
      // A picture that reports nothing: frames are counted by what is drawn.
      await pictureFromAbove(scene, undefined, { feedback: false });
    };
    return (await reportedTiles(system, scene.textureOf(asset)!, { draw })).length;
  };
  assert.ok(await reportedBy(BASE_COLOR, true) > 0);
  assert.equal(await reportedBy(BASE_COLOR.replace("true", "false"), true), 0);
  assert.equal(await reportedBy(BASE_COLOR, false), 0);
});

Deno.test("the generation rises when the pool moves or the volume does, and new entries show the same", async () => {
  using device = await requestDevice();
  const { system, scene, asset, sampling } = await sampledWorld(device);
  using _system = system;
  const { data } = await pictureFromAbove(scene);
  const options = { pixels: PIXELS, color: BASE_COLOR };
  const generations = [sampling.generation];
  assert.equal(sampling.generation, generations[0], "it rests while nothing changes");
  const second = new RuntimeVirtualTexture({ ...asset.settings, name: "Second" });
  const volume = new RuntimeVirtualTextureVolume(second, { scale: [9, 9, 4] });
  await scene.addVolume(volume);
  generations.push(sampling.generation);
  await preload(scene);
  assert.ok(byteDifference(await drawOwnPipeline(device, sampling, options), data) <= 1);
  scene.volumes[0]!.change({ scale: [10, 10, 4] });
  await scene.settled();
  generations.push(sampling.generation);
  await preload(scene);
  const { data: larger } = await pictureFromAbove(scene);
  assert.ok(byteDifference(await drawOwnPipeline(device, sampling, options), larger) <= 1);
  assert.deepEqual(generations, [...new Set(generations)].sort((a, b) => a - b));
  assert.equal(generations.length, 3);
});

Deno.test("after a loss of the device it is told, and new WGSL and entries show the same", async () => {
  using device = await requestDevice();
  const { system, scene, sampling } = await sampledWorld(device);
  using _system = system;
  const options = { pixels: PIXELS, color: BASE_COLOR };
  const before = await drawOwnPipeline(device, sampling, options);
  const { generation } = sampling;
  let told = 0;
  const stop = system.subscribeRenewal(() => {
    told++;
    assert.ok(sampling.generation > generation);
    // Everything can be made again inside of the call.
    sampling.entries({ feedback: true });
    sampling.layoutEntries();
  });
  const { lost } = device.gpu;
  device.gpu.destroy();
  await lost;
  await system.renewed();
  assert.equal(told, 1);
  await preload(scene);
  assert.ok(byteDifference(await drawOwnPipeline(device, sampling, options), before) === 0);
  const { data } = await pictureFromAbove(scene);
  assert.ok(byteDifference(data, before) <= 1);
  stop();
});

Deno.test("bad input is refused by name, and so is what no volume places", async () => {
  using device = await requestDevice();
  const { system, scene, asset, sampling } = await sampledWorld(device);
  using _system = system;
  assert.throws(() => scene.samplingOf({} as never), { name: "InvalidArgumentError" });
  assert.throws(() => scene.samplingOf(undefined as never), { name: "InvalidArgumentError" });
  for (
    const [options, message] of [
      [{ first: 1 }, /no option first/],
      [{ firstBinding: "1" }, /firstBinding/],
      [{ firstBinding: -1 }, /firstBinding/],
      [{ firstBinding: 0.5 }, /firstBinding/],
      [{ feedback: 1 }, /feedback/],
      [7, /options/],
    ] as const
  ) {
    const refused = { code: /argument|range/, message };
    assert.throws(() => sampling.entries(options as never), refused, `${options}`);
    assert.throws(() => sampling.layoutEntries(options as never), refused, `${options}`);
  }
  for (
    const options of [
      undefined,
      {},
      { group: -1 },
      { group: 0, prefix: "1x" },
      { group: 0, filter: "nearest" },
      { group: 0, fade: 1 },
      { group: 0, feedback: 1 },
      { group: 0, firstBinding: -1 },
      { group: 0, taps: [] },
    ]
  ) {
    const what = JSON.stringify(options);
    assert.throws(() => sampling.wgsl(options as never), { code: /argument|range/ }, what);
  }
  assert.equal(sampling.isPlaced, true);
  await scene.removeVolume(scene.volumes[0]!);
  assert.equal(sampling.isPlaced, false);
  const unplaced = { name: "InvalidArgumentError", message: /"Ground" as no volume places it/ };
  assert.throws(() => sampling.wgsl({ group: 0 }), unplaced);
  assert.throws(() => sampling.entries(), unplaced);
  assert.throws(() => sampling.layoutEntries(), unplaced);
  assert.throws(() => sampling.generation, unplaced);
  assert.equal(scene.samplingOf(asset).asset, asset);
});
