import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e } from "../../../src/rvt/material/mod.ts";
import {
  allTiles,
  differingTiles,
  EditedSource,
  makeAsset,
  plane,
  SampledScene,
  volumeOf,
} from "./sampled_scene.ts";

Deno.test("a tile is rendered once, after what it samples has come", async () => {
  using device = await requestDevice();
  using made = new SampledScene(device);
  const { system, scene } = made;
  const source = await system.loadTexture(new EditedSource().tiles());
  const asset = makeAsset("ground");
  scene.addComponent(plane("plane", e.componentMask(e.virtualTextureSample(source), "xyz"), [asset]));
  await scene.addVolume(volumeOf(asset));
  const texture = made.textureOf(asset);
  const before = made.renderings(texture);
  await made.load(texture);
  const read = await made.read(texture);
  assert.equal(read.size, texture.grid.tileCount);
  console.log(before, made.renderings(texture), texture.grid.tileCount);
  system.invalidate(texture);
  await made.load(source);
  await made.load(texture);
  console.log(made.renderings(texture));
  assert.deepEqual(differingTiles(read, await made.read(texture)), []);
  void allTiles;
});
