/**
 * Tiles that are made from less than they sample, and yet follow what they show of finer tiles that
 * happen to be resident.
 */

import assert from "node:assert/strict";
import { type CameraView, lookAt, orthographic } from "../../../src/geometry/mod.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e, Material } from "../../../src/rvt/material/mod.ts";
import { MadeTiles } from "../../../src/rvt/source/made_tiles.ts";
import { type RenderCamera, renderScene } from "../../../src/scene/mod.ts";
import { makeAsset, plane, SampledScene, volumeOf, WORLD } from "./sampled_scene.ts";

const [RED, GREEN, BLUE] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];

/** Looks down on a square of the world. */
function above(half: number, x: number, y: number): RenderCamera & CameraView {
  const view = lookAt([x, y, 20], [x, y, 0], { up: [0, 1, 0] });
  const projection = orthographic({
    left: -half,
    right: half,
    bottom: -half,
    top: half,
    near: 0.1,
    far: 100,
  });
  const size = { width: 128, height: 128, viewport: [128, 128] as const };
  return { position: [x, y, 20], view, projection, ...size } as RenderCamera & CameraView;
}

/** Pixels of the last of three textures, each a copy of the one before, that do not show the last edit. */
async function outdatedPixels(): Promise<number> {
  using device = await requestDevice();
  using made = new SampledScene(device, { maxMemoryMb: 32 });
  const { scene, system } = made;
  await system.tuning.configurePools({ defaultSizeMb: 0.05 });
  const assets = ["first", "second", "third"].map((name) =>
    makeAsset(name, { sizeInTilesLog2: 2 })
  );
  const painted = plane("painted", RED, [assets[0]!]);
  painted.drawInMainPass = "never";
  scene.addComponent(painted);
  for (const [i, asset] of assets.slice(1).entries()) {
    const copy = plane(asset.name, e.runtimeVirtualTextureSample(assets[i]!).baseColor, [asset]);
    copy.drawInMainPass = "never";
    scene.addComponent(copy);
  }
  const shown = plane("shown", RED, []);
  shown.drawInMainPass = "always";
  shown.material = new Material({
    name: "shown",
    baseColor: e.runtimeVirtualTextureSample(assets[2]!).baseColor,
    roughness: 1,
    specular: 0,
  });
  scene.addComponent(shown);
  for (const asset of assets) await scene.addVolume(volumeOf(asset));
  const unit = WORLD / 16;
  const cameras = [[3.7, 6, 12], [1.9, 5, 9]].map(([half, x, y]) =>
    above(half! * unit, x! * unit, y! * unit)
  );
  const options = { towardsLight: [0, 0, 1] } as const;
  let pixels: Uint8Array | null = null;
  for (const [color, camera] of [[RED, 0], [GREEN, 1], [BLUE, 1]] as const) {
    painted.material = new Material({ name: "paint", domain: "virtual_texture", baseColor: color });
    for (let frame = 0; frame < 6; frame++) {
      await system.update(cameras[camera]!);
      pixels = (await renderScene(scene, cameras[camera]!, options)).data;
    }
  }
  let count = 0;
  for (let i = 0; i < pixels!.length; i += 4) {
    if (pixels![i + 3] === 255 && (pixels![i]! > 2 || pixels![i + 1]! > 2)) count++;
  }
  return count;
}

Deno.test("in a small pool a chain of textures shows the last edit once the view rests", async () => {
  assert.equal(await outdatedPixels(), 0);
});

Deno.test("negative control: without what tiles were made from, they show what was there before", async () => {
  const { noteLanded } = MadeTiles.prototype;
  MadeTiles.prototype.noteLanded = () => {};
  try {
    assert.ok(await outdatedPixels() > 0);
  } finally {
    MadeTiles.prototype.noteLanded = noteLanded;
  }
});
