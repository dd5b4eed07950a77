import assert from "node:assert/strict";
import type { WorldBounds } from "../../../src/geometry/mod.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  DecalComponent,
  expressions as e,
  Material,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureScene,
  RuntimeVirtualTextureVolume,
} from "../../../src/rvt/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { insideOf } from "../../streaming/inside.ts";
import { cameraAbove, decalOf, EXTENT, paintOf, type SmallWorld, smallWorld } from "./worlds.ts";

/** What the texture shows in the middle of the world, sRGB. */
async function middleOf({ system, scene, asset }: SmallWorld): Promise<number[]> {
  const { viewport, ...camera } = cameraAbove();
  await system.update({ ...camera, viewport });
  const { data, width } = await render(system, camera, { texture: scene.textureOf(asset)! });
  const at = 4 * (width / 2 * width + width / 2);
  return [...data.subarray(at, at + 3)];
}

/** sRGB values of a linear colour. */
function srgb(color: readonly number[]): number[] {
  return color.map((value) =>
    Math.round(255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055))
  );
}

Deno.test("a component is rendered to a texture once it and the volume are in the scene", async () => {
  using device = await requestDevice();
  const world = await smallWorld(device, { isPlaced: false });
  using _system = world.system;
  assert.equal(world.scene.textureOf(world.asset), null);
  await world.scene.addVolume(world.volume);
  assert.deepEqual(await middleOf(world), srgb([0.2, 0.4, 0.1]));
  const decal = decalOf(paintOf([1, 0, 0]), world.asset);
  world.scene.addComponent(decal);
  assert.deepEqual(await middleOf(world), [255, 0, 0]);
  decal.translucencySortPriority = -1;
  assert.deepEqual(await middleOf(world), srgb([0.2, 0.4, 0.1]), "smaller ones lie below");
  decal.translucencySortPriority = 1;
  assert.ok(world.scene.removeComponent(decal));
  assert.equal(world.scene.removeComponent(decal), false);
  assert.deepEqual(await middleOf(world), srgb([0.2, 0.4, 0.1]));
  assert.ok(await world.scene.removeVolume(world.volume));
  assert.equal(await world.scene.removeVolume(world.volume), false);
  assert.equal(world.system.textures.length, 0);
});

Deno.test("what does not name the texture, or lies outside the volume, is not rendered to it", async () => {
  using device = await requestDevice();
  const world = await smallWorld(device);
  using _system = world.system;
  const decal = decalOf(paintOf([1, 0, 0]), world.asset);
  world.scene.addComponent(decal);
  assert.deepEqual(await middleOf(world), [255, 0, 0]);
  decal.renderToVirtualTextures = [];
  assert.deepEqual(await middleOf(world), srgb([0.2, 0.4, 0.1]));
  decal.renderToVirtualTextures = [world.asset];
  assert.deepEqual(await middleOf(world), [255, 0, 0]);
  decal.transform = { position: [EXTENT / 2, EXTENT / 2, 6] };
  assert.deepEqual(await middleOf(world), srgb([0.2, 0.4, 0.1]), "above the volume");
});

Deno.test("a parameter of a material's instance changes the tiles that show it", async () => {
  using device = await requestDevice();
  const world = await smallWorld(device);
  using _system = world.system;
  const parent = new Material({
    name: "tinted",
    domain: "virtual_texture",
    baseColor: e.vectorParameter("tint", [0, 0, 1]),
  });
  world.scene.addComponent(decalOf(parent, world.asset));
  assert.deepEqual(await middleOf(world), [0, 0, 255]);
  parent.connect({ baseColor: e.vectorParameter("tint", [0, 1, 0]) });
  assert.deepEqual(await middleOf(world), [0, 255, 0]);
});

Deno.test("settings of an asset and a volume take effect, and the texture is another one where it must", async () => {
  using device = await requestDevice();
  const world = await smallWorld(device);
  using _system = world.system;
  const { scene, asset, volume } = world;
  const first = scene.textureOf(asset)!;
  asset.change({ customPriority: "high" });
  await scene.settled();
  assert.equal(scene.textureOf(asset), first);
  asset.change({ tileBorder: 8, materialType: "base_color_normal_roughness_specular" });
  await scene.settled();
  const second = scene.textureOf(asset)!;
  assert.notEqual(second, first);
  assert.deepEqual([second.formats.length, second.border], [2, 8]);
  assert.deepEqual(await middleOf(world), srgb([0.2, 0.4, 0.1]));
  volume.change({ tileCountBias: -1 });
  await scene.settled();
  assert.equal(scene.textureOf(asset)!.width, 128);
  scene.change({ tileCountBias: 1 });
  await scene.settled();
  assert.equal(scene.textureOf(asset)!.width, 256);
  scene.change({ virtualTexturing: false });
  await scene.settled();
  assert.equal(scene.textureOf(asset), null);
  assert.equal(world.system.textures.length, 0);
});

Deno.test("what cannot be placed is said, and is placed once it can be", async () => {
  using device = await requestDevice();
  const world = await smallWorld(device, { system: { maxMemoryMb: 4 } });
  using _system = world.system;
  const { scene, asset, warnings } = world;
  world.volume.change({ hidePrimitivesInGame: true });
  const road = decalOf(paintOf([1, 0, 0]), asset, { size: [1, 1], position: [2, 2, 3] });
  road.drawInMainPass = "from_virtual_texture";
  scene.addComponent(road);
  assert.equal(scene.drawsInMainPass(road), false);
  asset.change({ tileSize: 1024 });
  await assert.rejects(scene.settled(), { name: "BudgetError" });
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /Volume "Volume" is not placed: .*budget/);
  // What it would hide is seen.
  assert.equal(scene.drawsInMainPass(road), true);
  asset.change({ tileSize: 64 });
  await scene.settled();
  assert.equal(scene.drawsInMainPass(road), false);
  assert.deepEqual(await middleOf(world), srgb([0.2, 0.4, 0.1]));
});

Deno.test("a volume that does not fit the budget is not added, and nothing else changes", async () => {
  using device = await requestDevice();
  const world = await smallWorld(device, { system: { maxMemoryMb: 4 } });
  using _system = world.system;
  const { scene } = world;
  const large = new RuntimeVirtualTexture({ name: "Large", tileSize: 1024 });
  const volume = new RuntimeVirtualTextureVolume(large, { scale: [10, 10, 10] });
  await assert.rejects(scene.addVolume(volume), { name: "BudgetError" });
  assert.deepEqual(scene.volumes, [world.volume]);
  assert.deepEqual(await middleOf(world), srgb([0.2, 0.4, 0.1]));
});

Deno.test("WGSL that does not compile is left out, named, and drawn once it is mended", async () => {
  using device = await requestDevice();
  const world = await smallWorld(device);
  using _system = world.system;
  const custom = (code: string) =>
    e.named(e.customWgsl({ code, inputs: {}, components: 3 }), "my colour");
  const broken = new Material({
    name: "broken",
    domain: "virtual_texture",
    baseColor: custom("return vec3f(1.0, nothing, 0.0);"),
  });
  world.scene.addComponent(decalOf(broken, world.asset));
  assert.deepEqual(await middleOf(world), srgb([0.2, 0.4, 0.1]), "the others are drawn");
  assert.equal(world.warnings.length, 1);
  assert.match(
    world.warnings[0]!,
    /material "broken" as node "my colour" is not valid WGSL: .*nothing/s,
  );
  const twice = new Material({
    name: "broken alike",
    domain: "virtual_texture",
    baseColor: e.named(
      e.customWgsl({ code: "return vec3f(1.0, nothing, 0.0);", inputs: {}, components: 3 }),
      "another name",
    ),
  });
  const decal = decalOf(twice, world.asset);
  world.scene.addComponent(decal);
  await middleOf(world);
  assert.match(
    world.warnings[1]!,
    /"broken alike" as node "another name".* "broken alike" are left/s,
  );
  world.scene.removeComponent(decal);
  world.warnings.pop();
  broken.connect({ baseColor: custom("return vec3f(1.0, 0.0, 0.0);") });
  assert.deepEqual(await middleOf(world), [255, 0, 0]);
  assert.equal(world.warnings.length, 1);
});

Deno.test("a scene warns by the logger of its system, unless it has another one", async () => {
  using device = await requestDevice();
  const heard: string[] = [];
  const loggerOf = (name: string) => ({
    debug() {},
    info() {},
    error() {},
    warn: () => heard.push(name),
  });
  using system = new VirtualTextureSystem(device, { logger: loggerOf("system") });
  const movable = new DecalComponent({
    material: paintOf([1, 0, 0]),
    size: [1, 1],
    mobility: "movable",
  });
  for (const options of [{}, { logger: loggerOf("scene") }]) {
    await using scene = new RuntimeVirtualTextureScene(system, options);
    scene.addComponent(movable);
  }
  assert.deepEqual(heard, ["system", "scene"]);
});

Deno.test("the time that tiles take is measured with the feedback, but not under a clock of the caller's", async () => {
  using device = await requestDevice();
  if (!device.features.has("timestamp-query")) {
    console.info("not tried, as the device has no timestamps");
    return;
  }
  for (const clock of [undefined, () => 0]) {
    const world = await smallWorld(device, clock === undefined ? {} : { system: { clock } });
    using system = world.system;
    const { recorder } = insideOf(world.scene.textureOf(world.asset)!);
    const { viewport, ...camera } = cameraAbove();
    for (let frame = 0; frame < 8; frame++) {
      world.scene.invalidate({ min: [0, 0, -5], max: [EXTENT, EXTENT, 5] });
      await system.update({ ...camera, viewport });
      await render(system, camera);
    }
    if (clock === undefined) assert.ok(recorder.cost.gpuMs > 0, "a tile takes some time");
    else assert.equal(recorder.cost.gpuMs, 0);
  }
});

Deno.test("a preload resolves when its tiles are sharp, and follows a texture that is made anew", async () => {
  using device = await requestDevice();
  const world = await smallWorld(device);
  using _system = world.system;
  const { scene, asset, volume } = world;
  const bounds = { min: [1, 1, -1], max: [3, 3, 1] } as const;
  const isSharp = () => {
    const { residency } = insideOf(scene.textureOf(asset)!);
    return residency.slotOf.has(residency.grid.tileIndexOf(0, 0, 0));
  };
  assert.equal(isSharp(), false);
  await scene.requestPreload(bounds);
  assert.ok(isSharp());
  const loading = scene.requestPreload(bounds, 0);
  asset.change({ tileBorder: 8 });
  await loading;
  await scene.settled();
  await scene.requestPreload(bounds, 99);
  asset.change({ tileBorder: 4 });
  const removed = scene.requestPreload(bounds, 0);
  await scene.removeVolume(volume);
  await removed;
  await scene.requestPreload({ min: [900, 900, 0], max: [901, 901, 1] });
});

Deno.test("a preload of a point, an edge or a wall waits for the tiles that they lie in", async () => {
  using device = await requestDevice();
  const world = await smallWorld(device);
  using _system = world.system;
  const { scene, asset } = world;
  const { residency } = insideOf(scene.textureOf(asset)!);
  const { grid } = residency;
  const residentTiles = () => {
    const tiles: string[] = [];
    residency.slotOf.forEach((tile) => {
      const { level, x, y } = grid.addressOf(tile);
      if (level === 0) tiles.push(`${x} ${y}`);
    });
    return tiles.sort();
  };
  const tile = EXTENT / 4;
  const boxes = [
    { min: [1, 1, 0], max: [1, 1, 0], tiles: ["0 0"] },
    { min: [1, 1, 0], max: [1, 1 + tile, 0], tiles: ["0 0", "0 1"] },
    { min: [1, EXTENT, -1], max: [1 + tile, EXTENT, 1], tiles: ["0 3", "1 3"] },
    { min: [EXTENT + 0.1, 0, 0], max: [EXTENT + 0.1, 1, 0], tiles: [] },
  ];
  for (const { min, max, tiles } of boxes) {
    world.system.evictTiles();
    await scene.requestPreload({ min, max } as unknown as WorldBounds);
    assert.deepEqual(residentTiles(), tiles);
  }
});

Deno.test("bad input is refused by name, and changes nothing", async () => {
  using device = await requestDevice();
  const world = await smallWorld(device);
  using _system = world.system;
  const { scene, asset, landscape, volume } = world;
  assert.throws(() => scene.addComponent(landscape), {
    message: /landscape "land" is in the scene/,
  });
  assert.throws(() => scene.addComponent({} as never), { message: /must be a component/ });
  await assert.rejects(scene.addVolume(volume), {
    message: /"Volume" as it is in the scene already/,
  });
  const second = new RuntimeVirtualTextureVolume(asset, { name: "Second" });
  await assert.rejects(scene.addVolume(second), {
    name: "InvalidArgumentError",
    message: /"Second" as only one volume may place a texture: "Ground" is placed by "Volume"/,
  });
  await assert.rejects(scene.addVolume(null as never), { name: "InvalidArgumentError" });
  const { baseColor } = e.runtimeVirtualTextureSample(asset, {});
  const cyclic = new Material({ name: "cyclic", domain: "virtual_texture", baseColor });
  assert.throws(() => scene.addComponent(decalOf(cyclic, asset)), {
    message:
      /^Cannot add decal "decal \d+" as the fill of Ground would depend on itself: Ground → Ground$/,
  });
  assert.equal(scene.components.length, 1);
  for (const options of [{ mode: "play" }, { maxUploadsPerFrame: 0 }, { seed: -1 }, { speed: 1 }]) {
    assert.throws(() => scene.change(options as never));
  }
  assert.throws(() => scene.setBounds(volume, decalOf(paintOf([1, 1, 1]), asset)), {
    message: /its source decal "decal \d+" is not in the scene: add it first/,
  });
  assert.throws(() => scene.invalidate({ min: [0, 0, Number.NaN], max: [1, 1, 1] }));
  assert.throws(() => scene.invalidate({ min: [2, 0, 0], max: [1, 1, 1] }), { message: /min x/ });
  for (const priority of ["urgent", true, 1, { urgent: true }]) {
    const bounds = { min: [0, 0, 0], max: [1, 1, 1] } as const;
    assert.throws(() => scene.invalidate(bounds, priority as never), {
      message: /priority must be one of normal, high/,
    });
  }
  assert.deepEqual(await middleOf(world), srgb([0.2, 0.4, 0.1]));
});

Deno.test("set bounds puts a volume around a component and all that write to its texture", async () => {
  using device = await requestDevice();
  const world = await smallWorld(device);
  using _system = world.system;
  const { scene, asset, volume, landscape } = world;
  const decal = decalOf(paintOf([1, 0, 0]), asset, { position: [EXTENT + 10, 5, 3] });
  scene.addComponent(decal);
  scene.setBounds(volume, landscape);
  await scene.settled();
  const { position, scale } = volume.transform;
  assert.ok(Math.abs(position[0] - (EXTENT + 12) / 2) < 1e-9);
  assert.ok(Math.abs(scale[0] - (EXTENT + 12)) < 1e-9);
  assert.ok(Math.abs(scale[1] - EXTENT) < 1e-9);
  assert.equal(scene.textureOf(asset)!.width, 256);
});

Deno.test("a scene warns of a component in it that becomes movable, once", async () => {
  using device = await requestDevice();
  const world = await smallWorld(device);
  using _system = world.system;
  const count = world.warnings.length;
  for (const mobility of ["movable", "static", "movable"] as const) {
    world.landscape.mobility = mobility;
  }
  assert.deepEqual(world.warnings.slice(count), [
    'landscape "land" is movable: wherever it moves, runtime virtual textures are rendered again',
  ]);
});

Deno.test("a component that samples nothing is added while others depend on themselves", async () => {
  using device = await requestDevice();
  const world = await smallWorld(device);
  using _system = world.system;
  const { scene, asset, warnings } = world;
  const material = paintOf([1, 0, 0], "mirror");
  scene.addComponent(decalOf(material, asset));
  const { baseColor } = e.runtimeVirtualTextureSample(asset);
  material.connect({ baseColor });
  assert.match(warnings.join(), /depend on themselves: Ground → Ground/);
  scene.addComponent(decalOf(paintOf([0, 1, 0]), asset));
  assert.throws(
    () =>
      scene.addComponent(
        decalOf(new Material({ name: "other", baseColor, domain: "virtual_texture" }), asset),
      ),
    /Ground → Ground/,
  );
});
