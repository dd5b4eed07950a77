import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import { checkScene } from "../../../src/rvt/check/mod.ts";
import { inspectTile } from "../../../src/rvt/inspect/mod.ts";
import { VirtualTextureBuilder } from "../../../src/rvt/low_mips/mod.ts";
import { expressions as e } from "../../../src/rvt/material/mod.ts";
import { memorySource, openTileStore } from "../../../src/sources/mod.ts";
import { pause } from "../../streaming/sources.ts";
import {
  differingTiles,
  EditedSource,
  makeAsset,
  plane,
  SampledScene,
  volumeOf,
} from "../source/sampled_scene.ts";

/** A texture that shows another one, which shows a streamed one; and what writes that. */
async function chain(device: ForgeDevice) {
  const made = new SampledScene(device);
  const { scene, system } = made;
  const streamed = await system.loadTexture(new EditedSource().tiles());
  const near = makeAsset("near", { sizeInTilesLog2: 2 });
  const far = makeAsset("far", { sizeInTilesLog2: 2 });
  const color = e.componentMask(e.virtualTextureSample(streamed), "xyz");
  const writer = plane("writes near", color, [near]);
  scene.addComponent(writer);
  scene.addComponent(plane("shows near", e.runtimeVirtualTextureSample(near).baseColor, [far]));
  const volumes = [near, far].map(volumeOf);
  for (const volume of volumes) await scene.addVolume(volume);
  return { made, near, far, writer, volume: volumes[1]! };
}

Deno.test("tiles that lack what they sample are counted, and a warning says so", async () => {
  using device = await requestDevice();
  using made = new SampledScene(device);
  const tiles = new EditedSource().tiles();
  const { name, grid, border, format, colorSpace, info, counters } = tiles;
  const broken = {
    ...{ name, grid, border, format, colorSpace, info, counters },
    readTile: (level: number, x: number, y: number) =>
      level < 3 ? Promise.reject(new Error("gone")) : tiles.readTile(level, x, y),
    close: () => tiles.close(),
  };
  const streamed = await made.system.loadTexture(broken);
  const asset = makeAsset("shows", { sizeInTilesLog2: 2 });
  const color = e.componentMask(e.virtualTextureSample(streamed), "xyz");
  made.scene.addComponent(plane("shows it", color, [asset]));
  const volume = volumeOf(asset);
  volume.change({ streamingLowMips: 2 });
  await made.scene.addVolume(volume);
  const { incompleteTiles, tileCount, builder } = await made.scene.build(volume);
  assert.ok(incompleteTiles > 0 && tileCount === 5);
  const beginning = `${incompleteTiles} of 5 baked tiles of volume "shows" lack something`;
  const told = () => made.warnings.messages.filter((text) => text.startsWith(beginning)).length;
  assert.equal(told(), 1);
  assert.ok(volume.warnings[0]!.startsWith(beginning));
  // Another session, which reads what was written.
  await made.scene.removeVolume(volume);
  const later = volumeOf(asset);
  const bytes = builder.bytes!;
  later.change({
    streamingLowMips: 2,
    virtualTextureBuilder: new VirtualTextureBuilder({ bytes }),
    useStreamingLowMipsInEditor: true,
  });
  made.scene.change({ mode: "game" });
  await made.scene.addVolume(later);
  assert.equal(told(), 2);
  const [warning, ...others] = later.warnings;
  assert.ok(warning!.startsWith(beginning) && others.length === 0, later.warnings.join());
  const found = checkScene(made.scene).filter(({ code }) => code === "stale_bake");
  assert.deepEqual(found.map(({ message }) => message), [warning]);
  const { bake: played } = await inspectTile(made.scene, asset, { level: 1, x: 0, y: 0 });
  assert.deepEqual([played!.isUsed, played!.isIncomplete], [true, true], "still used in game");
  made.scene.change({ mode: "editor" });
  await made.scene.settled();
  const { bake: edited } = await inspectTile(made.scene, asset, { level: 1, x: 0, y: 0 });
  assert.deepEqual([edited!.isUsed, edited!.isIncomplete], [false, true], "not in the editor");
  await made.scene.close();
});

/** The tiles of what was built, as if they were those of the texture. */
async function bakedTiles(bytes: Uint8Array, firstTile: number): Promise<Map<number, Uint8Array>> {
  const store = await openTileStore(memorySource(bytes));
  const tiles = new Map<number, Uint8Array>();
  for (let tile = 0; tile < store.grid.tileCount; tile++) {
    const { level, x, y } = store.grid.addressOf(tile);
    tiles.set(firstTile + tile, await store.readTile(level, x, y));
  }
  store.close();
  return tiles;
}

Deno.test("tiles that are made from other textures are baked as they are rendered once all has come", async () => {
  using device = await requestDevice();
  const rendered = await chain(device);
  const texture = rendered.made.textureOf(rendered.far);
  await rendered.made.load(texture);
  const wanted = await rendered.made.read(texture);
  // Here nothing has come but the coarsest tiles.
  const { made, far, writer, near, volume } = await chain(device);
  volume.change({ streamingLowMips: 2 });
  await made.scene.settled();
  await pause();
  const { builder, incompleteTiles } = await made.scene.build(volume);
  assert.equal(incompleteTiles, 0);
  const baked = await bakedTiles(builder.bytes!, 16);
  assert.equal(baked.size, 5);
  assert.deepEqual(differingTiles(baked, wanted), []);
  assert.deepEqual(volume.warnings, []);
  // What is two textures away counts, and so does where that lies.
  const color = writer.material;
  writer.material = plane("other", [0, 0, 1], [near]).material;
  assert.match(volume.warnings.join(), /^5 of 5 baked tiles of volume "far" of "far" are stale/);
  writer.material = color;
  assert.deepEqual(volume.warnings, []);
  const nearVolume = made.scene.volumes.find(({ asset }) => asset === near)!;
  nearVolume.change({ position: [30, 32, 0] });
  await made.scene.settled();
  const [stale, reason] = volume.warnings;
  assert.match(stale!, /5 of 5 .* are stale/);
  assert.match(reason!, /"far" that show streaming texture ".*" are stale in every session but/);
  assert.ok(far instanceof RuntimeVirtualTexture);
  const isSaid = () => volume.warnings.some((text) => text.includes("which is not loaded: tiles"));
  assert.ok(!isSaid());
  const { system } = made;
  const streamed = system.textures.find(({ identity, info }) =>
    identity === null && !info.includes("runtime")
  );
  await system.unloadTexture(streamed!);
  assert.ok(isSaid(), "through another texture, too");
  for (const scene of [made, rendered.made]) {
    await scene.scene.close();
    scene[Symbol.dispose]();
  }
});

Deno.test("where low mips are used in the editor, edits of what they sample are rendered into them", async () => {
  using device = await requestDevice();
  const { made, far, near, writer, volume } = await chain(device);
  const { scene } = made;
  volume.change({ streamingLowMips: 2, useStreamingLowMipsInEditor: true });
  await scene.settled();
  await scene.build(volume);
  const load = async () => {
    const texture = made.textureOf(far);
    await made.load(texture);
    return await made.read(texture);
  };
  const built = await load();
  const nearVolume = scene.volumes.find(({ asset }) => asset === near)!;
  const edits: readonly (() => unknown)[] = [
    () => writer.material = plane("other", [0, 0, 1], [near]).material,
    () => scene.removeComponent(writer),
    () => scene.addComponent(writer),
    () => nearVolume.change({ position: [30, 32, 0] }),
    () => scene.removeVolume(nearVolume),
  ];
  for (const [i, edit] of edits.entries()) {
    await edit();
    await scene.settled();
    assert.match(volume.warnings.join(), /^5 of 5 baked tiles .* are stale/, `edit ${i}`);
    const shown = await load();
    // Without a bake all tiles are rendered.
    volume.change({ useStreamingLowMipsInEditor: false });
    await scene.settled();
    assert.deepEqual(differingTiles(shown, await load()), [], `edit ${i}`);
    assert.notDeepEqual(differingTiles(shown, built), [], `negative control: edit ${i} is seen`);
    volume.change({ useStreamingLowMipsInEditor: true });
    await scene.settled();
  }
  await scene.close();
  made[Symbol.dispose]();
});

Deno.test("a build after an edit holds what is rendered, through a texture between that is resident", async () => {
  using device = await requestDevice();
  using made = new SampledScene(device);
  const { scene } = made;
  const assets = ["base", "near", "far"].map((name) => makeAsset(name, { sizeInTilesLog2: 2 }));
  const [base, near, far] = assets;
  const writer = plane("writes base", [1, 0, 0], [base!]);
  scene.addComponent(writer);
  scene.addComponent(plane("shows base", e.runtimeVirtualTextureSample(base!).baseColor, [near!]));
  scene.addComponent(plane("shows near", e.runtimeVirtualTextureSample(near!).baseColor, [far!]));
  const volumes = assets.map(volumeOf);
  for (const volume of volumes) await scene.addVolume(volume);
  const [, , volume] = volumes;
  volume!.change({ streamingLowMips: 2 });
  await scene.settled();
  for (const color of [[1, 0, 0], [0, 0, 1], [0, 1, 0]]) {
    writer.material = plane("other", color, [base!]).material;
    const { builder } = await scene.build(volume!);
    const [tile] = (await bakedTiles(builder.bytes!, 16)).values();
    const middle = 4 * (36 * 72 + 36);
    assert.deepEqual([...tile!.subarray(middle, middle + 3)], color.map((part) => 255 * part));
    assert.deepEqual(volume!.warnings, []);
  }
  await scene.close();
});
