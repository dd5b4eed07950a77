import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import type { RuntimeVirtualTextureSettings } from "../../../src/rvt/asset/mod.ts";
import { checkScene } from "../../../src/rvt/check/mod.ts";
import { DecalComponent } from "../../../src/rvt/component/mod.ts";
import { Material } from "../../../src/rvt/material/mod.ts";
import { differingTiles } from "../scene/rebuilt_tiles.ts";
import type { PlacedScene } from "../scene/placed_scene.ts";
import { allTiles, builtTiles, placeLowMips, takeRecorded } from "./low_mip_scene.ts";

const USED = { useStreamingLowMipsInEditor: true };

/** A patch in a corner of the world, which tile 16 of level 1 and tile 20 of level 2 show. */
function corner(placed: PlacedScene, color: readonly number[] = [1, 0, 0]): DecalComponent {
  const { position, rotation } = placed.volume.transform;
  const [c, s] = [2 * rotation[3] ** 2 - 1, 2 * rotation[2] * rotation[3]];
  const at = [position[0] - 4 * (c - s), position[1] - 4 * (s + c), position[2]];
  return new DecalComponent({
    material: new Material({ name: "patch", domain: "virtual_texture", baseColor: color }),
    size: [1, 1],
    transform: { position: at },
    translucencySortPriority: 1,
    renderToVirtualTextures: [placed.asset],
  });
}

/** One of each kind: of another form, of other tiles, and of other content. */
const CHANGES: readonly RuntimeVirtualTextureSettings[] = [
  { compressTextures: false },
  { sizeInTilesLog2: 3 },
  { compressionQuality: "high" },
];

Deno.test("a bake with other settings is not used, and the volume says which", async () => {
  using device = await requestDevice();
  const asset = { compressTextures: true };
  const builder = await builtTiles(device, { asset });
  await using placed = await placeLowMips(device, { asset, builder, volume: USED });
  const before = { ...placed.asset.settings };
  for (const change of CHANGES) {
    const [name] = Object.keys(change) as (keyof RuntimeVirtualTextureSettings)[];
    placed.asset.change(change);
    await placed.scene.settled();
    assert.equal(placed.asset.streamedLowMips, 0, name);
    const [warning, ...others] = placed.volume.warnings;
    assert.deepEqual(others, []);
    const [found, ...more] = checkScene(placed.scene).filter(({ code }) => code === "stale_bake");
    assert.deepEqual(more, []);
    assert.deepEqual([found!.severity, found!.message], ["warning", warning], "Map Check says so");
    assert.match(
      warning!,
      /^Low mips of volume "volume" of ".*" are rendered: .* other settings: /,
    );
    const named = name === "compressTextures" ? "formats" : name;
    assert.ok(warning!.includes(`${named} is `), warning);
    placed.asset.change({ [name!]: before[name!] });
    await placed.scene.settled();
    assert.equal(placed.asset.streamedLowMips, 2, `${name} as before`);
  }
  placed.asset.change({ clearBeforeRender: false, customPriority: "high" });
  await placed.scene.settled();
  assert.equal(placed.asset.streamedLowMips, 2, "others do not matter");
  placed.volume.change({ position: [1, 0, 0] });
  await placed.scene.settled();
  assert.match(placed.volume.warnings.join(), /position is \[1,0,0\] and was \[0,0,0\]/);
  placed.volume.change({ position: [0, 0, 0] });
  await placed.scene.settled();
  await placed.scene.build(placed.volume);
  assert.deepEqual(placed.volume.warnings, []);
});

Deno.test("in an editor stale tiles are rendered, those and no others, and the same ones are reported", async () => {
  using device = await requestDevice();
  const builder = await builtTiles(device);
  await using placed = await placeLowMips(device, { builder, volume: USED });
  const before = await allTiles(placed);
  takeRecorded(placed.texture);
  const patch = corner(placed);
  placed.scene.addComponent(patch);
  assert.match(
    placed.volume.warnings.join(),
    /^2 of 5 baked tiles of volume "volume" .* are stale/,
  );
  const edited = await allTiles(placed);
  const low = (tiles: readonly number[]) => tiles.filter((tile) => tile >= 16);
  const stale = low(differingTiles(before, edited));
  assert.equal(stale.length, 2);
  assert.deepEqual(low(takeRecorded(placed.texture).rendered), stale);
  await using made = await placeLowMips(device, { count: 0 });
  made.scene.addComponent(corner(made));
  assert.deepEqual(differingTiles(await allTiles(made), edited), []);
  // The scene is again what was baked.
  placed.scene.removeComponent(patch);
  assert.deepEqual(placed.volume.warnings, []);
  assert.deepEqual(differingTiles(before, await allTiles(placed)), []);
  assert.equal(takeRecorded(placed.texture).copied, 2);
});

Deno.test("in game stale tiles are still used, and no edit makes them anew", async () => {
  using device = await requestDevice();
  const builder = await builtTiles(device);
  await using placed = await placeLowMips(device, { builder, scene: { mode: "game" } });
  const before = await allTiles(placed);
  takeRecorded(placed.texture);
  placed.scene.addComponent(corner(placed));
  assert.match(placed.volume.warnings.join(), /2 of 5 baked tiles .* are stale/);
  const after = await allTiles(placed);
  assert.ok(differingTiles(before, after).every((tile) => tile < 16));
  const { copied, rendered } = takeRecorded(placed.texture);
  assert.ok(copied === 0 && rendered.length > 0 && rendered.every((tile) => tile < 16));
  placed.scene.invalidate({ min: [-9, -9, -9], max: [9, 9, 9] });
  await placed.renderAll();
  assert.equal(takeRecorded(placed.texture).copied, 0);
});

Deno.test("what the scene is told to invalidate is stale until it is built again", async () => {
  using device = await requestDevice();
  const builder = await builtTiles(device);
  await using placed = await placeLowMips(device, { builder, volume: USED });
  await placed.renderAll();
  takeRecorded(placed.texture);
  placed.scene.invalidate({ min: [-0.1, -0.1, 0], max: [0.1, 0.1, 0] });
  await placed.renderAll();
  const low = takeRecorded(placed.texture).rendered.filter((tile) => tile >= 16);
  assert.deepEqual(low, [16, 17, 18, 19, 20], "the middle is shown by all");
  const { scene, volume } = placed;
  const isStale = () => /^5 of 5 baked tiles/.test(volume.warnings.join());
  assert.ok(isStale());
  for (const mode of ["game", "editor"] as const) {
    scene.change({ mode });
    await scene.settled();
    assert.ok(isStale(), mode);
  }
  scene.change({ tileCountBias: 1 });
  await scene.settled();
  assert.ok(isStale(), "as it lies in the world, not in tiles of one texture");
  scene.change({ tileCountBias: 0 });
  await scene.removeVolume(volume);
  scene.invalidate({ min: [-4, -4, 0], max: [-3.9, -3.9, 0] });
  await scene.addVolume(volume);
  assert.ok(isStale(), "the volume was away");
  await scene.build(volume, {
    onProgress({ tiles }) {
      if (tiles === 5) scene.invalidate({ min: [-4, -4, 0], max: [-3.9, -3.9, 0] });
    },
  });
  assert.match(volume.warnings.join(), /^2 of 5 baked tiles/, "tiles that were baked before");
  await scene.build(volume);
  assert.deepEqual(volume.warnings, []);
  // The first build makes the builder while it runs.
  volume.change({ virtualTextureBuilder: null });
  await scene.settled();
  await scene.build(volume, {
    onProgress({ tiles }) {
      if (tiles === 5) scene.invalidate({ min: [-4, -4, 0], max: [-3.9, -3.9, 0] });
    },
  });
  assert.match(volume.warnings.join(), /^2 of 5 baked tiles/);
});

Deno.test("each kind of edit is found, what does not matter is not", async () => {
  using device = await requestDevice();
  await using placed = await placeLowMips(device);
  const { scene, volume } = placed;
  const patch = corner(placed);
  scene.addComponent(patch);
  await scene.build(volume);
  const isStale = () => volume.warnings.some((warning) => warning.includes("stale"));
  assert.ok(!isStale());
  const { material, transform } = patch;
  const other = new Material({ name: "x", domain: "virtual_texture", baseColor: [1, 0, 0.1] });
  const same = new Material({ name: "y", domain: "virtual_texture", baseColor: [1, 0, 0] });
  const edits: readonly (readonly [string, () => void, () => void])[] = [
    ["place", () => patch.transform = {}, () => patch.transform = transform],
    ["material", () => patch.material = other, () => patch.material = material],
    ["size", () => patch.size = [2, 1], () => patch.size = [1, 1]],
    [
      "order",
      () => patch.translucencySortPriority = -1,
      () => patch.translucencySortPriority = 1,
    ],
    ["skip mips", () => patch.virtualTextureSkipMips = 1, () => patch.virtualTextureSkipMips = 0],
    [
      "textures",
      () => patch.renderToVirtualTextures = [],
      () => patch.renderToVirtualTextures = [placed.asset],
    ],
    ["presence", () => scene.removeComponent(patch), () => scene.addComponent(patch)],
  ];
  for (const [name, edit, undo] of edits) {
    edit();
    assert.ok(isStale(), name);
    undo();
    assert.ok(!isStale(), `${name}, undone`);
  }
  patch.material = same;
  patch.mobility = "movable";
  assert.ok(!isStale(), "a material of another name, and the mobility");
});
