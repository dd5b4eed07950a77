import assert from "node:assert/strict";
import { rotationAbout } from "../../../src/geometry/mod.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { LandscapeComponent } from "../../../src/rvt/component/mod.ts";
import { LiveGpuBytes } from "../../helpers/live_gpu_bytes.ts";
import { pause } from "../../streaming/sources.ts";
import {
  CURVATURE,
  HEIGHT,
  HEIGHT_BOUND,
  HillScene,
  type HillSceneOptions,
  NORMAL_BOUND,
  RANGE,
  SHAPE,
  WIDTH,
  worldHeights,
} from "./streamed_heights.ts";

const HEIGHTS: HillSceneOptions = { asset: { materialType: "world_height" } };
const COLOURS: HillSceneOptions = { asset: { materialType: "base_color" } };

async function rendered(device: ForgeDevice, options: HillSceneOptions): Promise<HillScene> {
  const scene = new HillScene(device, options);
  await scene.placeHills();
  await scene.renderAll();
  return scene;
}

Deno.test("tiles have the heights of the level whose texels are as large as theirs", async () => {
  using device = await requestDevice();
  await using scene = await rendered(device, HEIGHTS);
  await using picture = new HillScene(device, HEIGHTS);
  await picture.placePicture();
  await picture.renderAll();
  const pictured = await picture.readTiles();
  const tiles = await scene.readTiles();
  assert.equal(tiles.size, scene.grid.tileCount);
  for (const [tile, planes] of tiles) {
    const level = scene.grid.levelOf(tile);
    const error = scene.heightError(tile, planes, level);
    assert.ok(error <= HEIGHT_BOUND, `tile ${tile} of level ${level}: ${error}`);
    // Level 0 is a picture's. Coarser ones have means in the place of samples, bilinear in between.
    const edge = 2 ** level;
    const bound = HEIGHT_BOUND + (level === 0 ? 0 : CURVATURE * edge ** 2 * (1 / 8 + 1 / 24));
    const [ours, theirs] = [worldHeights(planes), worldHeights(pictured.get(tile)!)];
    for (const { index, x, y } of scene.texelsOf(tile)) {
      // The outermost half texel has the height of its middle.
      const margin = (edge - 1) / 2;
      const isInside = [[x, WIDTH], [y, HEIGHT]].every(([at, n]) =>
        at! >= margin && at! <= n! - 1 - margin
      );
      if (!isInside) continue;
      const difference = Math.abs(ours[index]! - theirs[index]!);
      assert.ok(difference <= bound, `${difference} from a picture at level ${level}`);
    }
  }
  assert.deepEqual(scene.warnings, []);
});

Deno.test("negative control: another level's heights", async () => {
  using device = await requestDevice();
  await using scene = await rendered(device, HEIGHTS);
  const tile = scene.grid.tileCount - 1;
  const planes = (await scene.readTiles([tile])).get(tile)!;
  const level = scene.grid.levelOf(tile);
  assert.ok(scene.heightError(tile, planes, level) <= HEIGHT_BOUND);
  for (const other of [level - 1, level + 1]) {
    assert.ok(scene.heightError(tile, planes, other) > 100 * HEIGHT_BOUND);
  }
});

Deno.test("tiles have the normals of that level, whatever the size of the texture", async () => {
  using device = await requestDevice();
  const options: HillSceneOptions = { ...COLOURS, samples: [250, 123] };
  await using scene = await rendered(device, options);
  await using picture = new HillScene(device, options);
  await picture.placePicture();
  await picture.renderAll([0]);
  const tiles = await scene.readTiles();
  for (const [tile, planes] of tiles) {
    const level = scene.grid.levelOf(tile);
    const error = scene.normalError(tile, planes, level);
    assert.ok(error <= NORMAL_BOUND, `tile ${tile} of level ${level}: ${error}`);
  }
  for (const [tile, [plane]] of await picture.readTiles()) {
    if (scene.grid.levelOf(tile) > 0) continue;
    const theirs = tiles.get(tile)![0]!;
    const most = plane!.reduce((most, at, i) => Math.max(most, Math.abs(at - theirs[i]!)), 0);
    assert.ok(most <= 1, `tile ${tile} differs from a picture's by ${most}`);
  }
});

Deno.test("seen at an angle, hills stand where a picture's do", async () => {
  using device = await requestDevice();
  const volume = { rotation: rotationAbout([1, 0.4, 0.2], 0.3), scale: [80, 66, 60] };
  const options = {
    ...COLOURS,
    samples: [100, 80] as const,
    asset: { ...COLOURS.asset, sizeInTilesLog2: 1 },
    volume,
  };
  await using scene = await rendered(device, options);
  await using picture = new HillScene(device, options);
  await picture.placePicture();
  await picture.renderAll();
  assert.equal(scene.improvableCount, 0);
  const pictured = await picture.readTiles();
  for (const [tile, [plane]] of await scene.readTiles()) {
    if (scene.grid.levelOf(tile) > 0) continue;
    const theirs = pictured.get(tile)![0]!;
    const differing = plane!.filter((at, i) => Math.abs(at - theirs[i]!) > 6).length;
    assert.ok(differing < plane!.length / 200, `${differing} of ${plane!.length} in tile ${tile}`);
    assert.ok(plane!.filter((at) => at > 0).length > plane!.length / 2);
  }
});

Deno.test("without their texture hills are left out, with a warning that names both", async () => {
  using device = await requestDevice();
  await using scene = await rendered(device, HEIGHTS);
  await scene.system.unloadTexture(scene.source);
  await scene.renderAll();
  for (const [tile, planes] of await scene.readTiles()) {
    assert.ok(worldHeights(planes).every((height) => height === RANGE[0]), `tile ${tile}`);
  }
  assert.deepEqual(scene.warnings, [
    `Texture "hills" has the heights of landscape "hills" and is not loaded: the landscape is left out`,
  ]);
});

Deno.test("a lost device renders the same tiles again", async () => {
  using device = await requestDevice();
  await using scene = await rendered(device, HEIGHTS);
  device.gpu.destroy();
  await device.gpu.lost;
  await pause();
  await scene.system.renewed();
  await scene.renderAll();
  const tiles = await scene.readTiles();
  assert.equal(tiles.size, scene.grid.tileCount);
  for (const [tile, planes] of tiles) {
    const error = scene.heightError(tile, planes, scene.grid.levelOf(tile));
    assert.ok(error <= HEIGHT_BOUND, `tile ${tile}: ${error}`);
  }
});

Deno.test("Set Bounds takes the range of heights", async () => {
  using device = await requestDevice();
  await using scene = new HillScene(device, HEIGHTS);
  await scene.placeHills({ transform: { position: [5, 6, 7], scale: [2, 2, 3] } });
  scene.scene.setBounds(scene.volume, scene.landscape);
  const { position, scale } = scene.volume.transform;
  assert.ok(Math.abs(position[2] - 7) < 1e-3);
  assert.ok(Math.abs(scale[2] - 3 * (RANGE[1] - RANGE[0])) < 1e-2);
});

Deno.test("a texture that the scene renders gives no heights", async (t) => {
  using device = await requestDevice();
  await using scene = new HillScene(device, COLOURS);
  await scene.place();
  const heightTexture = { texture: scene.texture, scale: 1 };
  const make = () => new LandscapeComponent({ name: "land", material: SHAPE, heightTexture });
  await t.step("of colours that are sRGB", () => {
    assert.throws(make, { code: "out-of-range", argument: "colorSpace" });
  });
  await t.step("of integers", async () => {
    scene.asset.change({ materialType: "world_height" });
    await scene.scene.settled();
    const { texture } = scene;
    if (texture.format !== "r16uint") return;
    const heightTexture = { texture, scale: 1, heightRange: RANGE };
    assert.throws(() => new LandscapeComponent({ material: SHAPE, heightTexture }), {
      code: "unsupported",
      feature: "r16uint",
    });
  });
  await t.step("with a border that is too narrow", async () => {
    scene.asset.change({ materialType: "mask4", compressTextures: false, tileBorder: 2 });
    await scene.scene.settled();
    const heightTexture = { texture: scene.texture, scale: 1 };
    assert.throws(() => new LandscapeComponent({ material: SHAPE, heightTexture }), {
      code: "out-of-range",
      argument: "border",
    });
  });
  scene.asset.change({ tileBorder: 4 });
  await scene.scene.settled();
  const mask = { texture: scene.texture, scale: 1 };
  const land = new LandscapeComponent({ name: "land", material: SHAPE, heightTexture: mask });
  assert.throws(() => scene.scene.addComponent(land), {
    code: "invalid-argument",
    argument: "heightTexture",
  });
  assert.equal(scene.scene.components.length, 0);
});

for (
  const [format, steps] of [["r8unorm", 255], ["r16unorm", 65535], ["rgba8unorm", 255]] as const
) {
  Deno.test(`heights are read of ${format}, within half a step of it`, async () => {
    using device = await requestDevice();
    await using scene = new HillScene(device, HEIGHTS);
    const texture = await scene.system.loadTexture(scene.hills.tiles(format));
    scene.source = texture;
    const heightTexture = {
      texture,
      channel: format === "rgba8unorm" ? "b" : "r",
      scale: RANGE[1] - RANGE[0],
      offset: RANGE[0],
      heightRange: RANGE,
    } as const;
    const renderToVirtualTextures = [scene.asset];
    await scene.place([
      new LandscapeComponent({ material: SHAPE, heightTexture, renderToVirtualTextures }),
    ]);
    await scene.renderAll([0]);
    for (const [tile, planes] of await scene.readTiles()) {
      if (scene.grid.levelOf(tile) > 0) continue;
      const error = scene.heightError(tile, planes, 0);
      const bound = HEIGHT_BOUND + (RANGE[1] - RANGE[0]) / steps / 2;
      assert.ok(error <= bound && error > 0, `tile ${tile}: ${error}`);
    }
  });
}

Deno.test("closed, hills leave no object on the GPU", async () => {
  using device = await requestDevice();
  const live = new LiveGpuBytes(device);
  const scene = await rendered(device, HEIGHTS);
  assert.ok(live.objectCount > 0);
  await scene[Symbol.asyncDispose]();
  await device.submits.wait();
  assert.deepEqual([...live.objects().keys()], []);
});
