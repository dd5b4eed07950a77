/**
 * Tiles that are evicted and come back better than they were, as what they lacked can be read by then.
 */

import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e } from "../../../src/rvt/material/mod.ts";
import { MadeTiles } from "../../../src/rvt/source/made_tiles.ts";
import { StalledTiles } from "../../../src/rvt/source/stalled_tiles.ts";
import { insideOf } from "../../streaming/inside.ts";
import { ControlledSource } from "../../streaming/sources.ts";
import {
  allTiles,
  AWAY,
  differingTiles,
  EditedSource,
  makeAsset,
  plane,
  SampledScene,
  volumeOf,
} from "./sampled_scene.ts";

/** A texture that shows a source, and one that shows it. */
async function twoTextures(device: ForgeDevice, source: ControlledSource) {
  const made = new SampledScene(device);
  const streamed = await made.system.loadTexture(source);
  const [near, far] = [makeAsset("near"), makeAsset("far")];
  const color = e.componentMask(e.virtualTextureSample(streamed), "xyz");
  made.scene.addComponent(plane("shows source", color, [near]));
  const shown = e.runtimeVirtualTextureSample(near).baseColor;
  made.scene.addComponent(plane("shows near", shown, [far]));
  for (const asset of [near, far]) await made.scene.addVolume(volumeOf(asset));
  return { made, streamed, near: made.textureOf(near), far: made.textureOf(far) };
}

function newSource(): ControlledSource {
  return new ControlledSource(new EditedSource().tiles(512, "rgba8unorm-srgb"));
}

/** Finest tiles that differ where what was made from a better tile is told of it, or not. */
async function staleTiles(device: ForgeDevice): Promise<number[]> {
  const source = newSource();
  const { made, streamed, near, far } = await twoTextures(device, source);
  using scene = made;
  source.before = ({ level }) => {
    if (level === 0) throw new Error("bad sector");
  };
  const tiles = Array.from({ length: 16 }, (_, tile) => tile);
  await scene.load(far, tiles);
  assert.ok(scene.improvable(near) >= tiles.length);
  source.before = null;
  const { residency: { retries } } = insideOf(streamed);
  for (const tile of allTiles(streamed)) retries.succeeded(tile);
  // Rendered anew as they are missing, not as what they lacked has come.
  scene.system.evictTiles(near);
  await scene.load(near);
  assert.equal(scene.improvable(near), 0);
  for (let frame = 0; frame < 4; frame++) await scene.system.update(AWAY);
  await scene.load(far, tiles);
  assert.equal(scene.improvable(far), 0);
  const whole = await twoTextures(device, newSource());
  using rebuilt = whole.made;
  await rebuilt.load(whole.far, tiles);
  return differingTiles(await rebuilt.read(whole.far), await scene.read(far), 2)
    .filter((tile) => tiles.includes(tile));
}

/** Does something while tiles are not rendered anew when what they lacked comes. */
async function withoutRetries<Result>(act: () => Promise<Result>): Promise<Result> {
  const { mustWait } = StalledTiles.prototype;
  StalledTiles.prototype.mustWait = () => true;
  try {
    return await act();
  } finally {
    StalledTiles.prototype.mustWait = mustWait;
  }
}

Deno.test("what was made from a tile that comes back better is rendered anew", async () => {
  using device = await requestDevice();
  assert.deepEqual(await withoutRetries(() => staleTiles(device)), []);
});

Deno.test("negative control: where it is not told of that, it stays as it was", async () => {
  using device = await requestDevice();
  const { set } = MadeTiles.prototype;
  MadeTiles.prototype.set = function (tile, made) {
    set.call(this, tile, made);
    return false;
  };
  try {
    assert.ok((await withoutRetries(() => staleTiles(device))).length > 0);
  } finally {
    MadeTiles.prototype.set = set;
  }
});
