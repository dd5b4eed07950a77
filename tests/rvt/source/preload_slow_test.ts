/**
 * Preloads of tiles that are made from others: the promise means that those are up to date, too.
 */

import assert from "node:assert/strict";
import type { WorldBounds } from "../../../src/geometry/mod.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e } from "../../../src/rvt/material/mod.ts";
import type { TileProducer } from "../../../src/residency/mod.ts";
import { ImprovingTiles } from "../../../src/rvt/source/improving_tiles.ts";
import { MadeTiles } from "../../../src/rvt/source/made_tiles.ts";
import { StalledTiles } from "../../../src/rvt/source/stalled_tiles.ts";
import { FrameRunner } from "../../../src/streaming/frame/frame_runner.ts";
import type { StreamedTexture } from "../../../src/streaming/mod.ts";
import { insideOf } from "../../streaming/inside.ts";
import { lookDown } from "../../streaming/cameras.ts";
import { ControlledSource, pause } from "../../streaming/sources.ts";
import {
  AWAY,
  differingTiles,
  EditedSource,
  makeAsset,
  plane,
  SampledScene,
  SOURCE_TEXELS,
  volumeOf,
  WORLD,
} from "./sampled_scene.ts";
import { HEIGHT_BOUND, HillScene } from "../scene/streamed_heights.ts";

const BOX: WorldBounds = { min: [0, 0, -10], max: [WORLD, WORLD, 10] };
const WHOLE = { x: 0, y: 0, width: SOURCE_TEXELS, height: SOURCE_TEXELS };
/** Tiles that are rendered in a frame. */
const LIMITS = [1, 64] as const;

/** A streaming texture that an asset shows, which another one shows in turn. */
async function chain(device: ForgeDevice, limit: number) {
  const made = new SampledScene(device);
  const { scene, system } = made;
  scene.change({ maxUploadsPerFrameInEditor: limit });
  const edits = new EditedSource();
  const source = new ControlledSource(edits.tiles());
  const streamed = await system.loadTexture(source);
  const near = makeAsset("near", { sizeInTilesLog2: 2 });
  const far = makeAsset("far", { sizeInTilesLog2: 2 });
  const writer = plane("writes near", [0, 0, 1], [near]);
  scene.addComponent(writer);
  scene.addComponent(plane("shows near", e.runtimeVirtualTextureSample(near).baseColor, [far]));
  for (const asset of [near, far]) await scene.addVolume(volumeOf(asset));
  const texture = made.textureOf(far);
  return { made, edits, source, streamed, near, writer, texture };
}

/** The same, where the first asset shows the streaming texture. */
async function streamedChain(device: ForgeDevice, limit: number) {
  const parts = await chain(device, limit);
  const color = e.componentMask(e.virtualTextureSample(parts.streamed), "xyz");
  parts.writer.material = plane("paint", color, [parts.near]).material;
  return parts;
}

function finest(texture: StreamedTexture, tiles: ReadonlyMap<number, Uint8Array>) {
  return new Map([...tiles].filter(([tile]) => texture.grid.levelOf(tile) === 0));
}

/** Tiles of the finest level that are missing, or not as they are once everything has settled. */
async function wrongTiles(made: SampledScene, texture: StreamedTexture): Promise<number[]> {
  const before = finest(texture, await made.read(texture));
  await made.load(texture);
  const wanted = finest(texture, await made.read(texture));
  const missing = [...wanted.keys()].filter((tile) => !before.has(tile));
  return [...missing, ...differingTiles(before, wanted)];
}

/** Every cell of the source shows something else from now on. */
function editAll(edits: EditedSource): void {
  for (let cell = 0; cell < 64; cell++) edits.editCell(cell % 8, Math.floor(cell / 8));
}

for (const limit of LIMITS) {
  Deno.test(`a preload waits for an edit of what its tiles sample, ${limit} a frame`, async () => {
    using device = await requestDevice();
    const { made, writer, near, texture } = await chain(device, limit);
    using scene = made;
    await scene.scene.requestPreload(BOX);
    const before = finest(texture, await scene.read(texture));
    writer.material = plane("green", [0, 1, 0], [near]).material;
    await scene.scene.requestPreload(BOX);
    const after = finest(texture, await scene.read(texture));
    assert.equal(differingTiles(before, after).length, 16);
    assert.deepEqual(await wrongTiles(scene, texture), []);
  });

  Deno.test(`a preload waits for a streaming texture, through another, ${limit} a frame`, async () => {
    using device = await requestDevice();
    const { made, edits, streamed, texture } = await streamedChain(device, limit);
    using scene = made;
    await scene.scene.requestPreload(BOX);
    const before = finest(texture, await scene.read(texture));
    editAll(edits);
    scene.system.invalidate(streamed, WHOLE);
    // Of the last texture alone, so that nothing else asks for what is between.
    const { width, height } = texture;
    await scene.system.preload(texture, { x: 0, y: 0, width, height });
    assert.equal(differingTiles(before, finest(texture, await scene.read(texture))).length, 16);
    assert.deepEqual(await wrongTiles(scene, texture), []);
  });

  Deno.test(`a preload waits for heights that are streamed, ${limit} a frame`, async () => {
    using device = await requestDevice();
    await using scene = new HillScene(device, { asset: { materialType: "world_height" } });
    scene.scene.change({ maxUploadsPerFrame: limit });
    await scene.placeHills();
    const bounds: WorldBounds = { min: [0, 0, -100], max: [251, 123, 100] };
    await scene.scene.requestPreload(bounds);
    const part = scene.hills.raise({ x: 40, y: 30, width: 120, height: 60 }, 0.4);
    scene.system.invalidate(scene.source, part);
    await scene.scene.requestPreload(bounds);
    const tiles = [...await scene.readTiles()].filter(([tile]) => scene.grid.levelOf(tile) === 0);
    assert.equal(tiles.length, scene.grid.level(0).tilesX * scene.grid.level(0).tilesY);
    for (const [tile, planes] of tiles) {
      assert.ok(scene.heightError(tile, planes, 0) < HEIGHT_BOUND);
    }
  });
}

Deno.test("negative control: one that looks at its own tiles alone shows what was there before", async () => {
  using device = await requestDevice();
  const { made, edits, streamed, texture } = await streamedChain(device, 64);
  using scene = made;
  await scene.scene.requestPreload(BOX);
  editAll(edits);
  scene.system.invalidate(streamed, WHOLE);
  const { takeStaleTiles } = FrameRunner.prototype;
  FrameRunner.prototype.takeStaleTiles = () => {};
  try {
    await scene.scene.requestPreload(BOX);
    assert.ok((await wrongTiles(scene, texture)).length > 0);
  } finally {
    FrameRunner.prototype.takeStaleTiles = takeStaleTiles;
  }
});

/** Makes the first tile of a texture anew without what it waits for, so often. */
async function stall(made: SampledScene, texture: StreamedTexture, times: number): Promise<void> {
  const { producer, residency } = insideOf(texture);
  const version = () => residency.pool.slots.versionOf(residency.slotOf.get(0));
  for (let before = version(), frame = 0; times > 0; frame++) {
    assert.ok(frame < 100);
    made.want(texture, [0]);
    made.system.updateNow(AWAY);
    (producer as TileProducer<unknown>).stopWaiting!();
    await made.system.finishUpdate({ timeBudgetMs: 0 });
    if (version() === before) continue;
    before = version();
    times--;
  }
}

/** A texture whose first tile has stalled, so often, as what it samples is held back until it is let through. */
async function stalledChain(device: ForgeDevice, times: number) {
  const { made, edits, streamed, source, near } = await streamedChain(device, 64);
  const texture = made.textureOf(near);
  await made.scene.requestPreload(BOX);
  editAll(edits);
  const gate = Promise.withResolvers<void>();
  source.before = () => gate.promise;
  made.system.invalidate(streamed, WHOLE);
  await stall(made, texture, times);
  return { made, texture, letThrough: () => gate.resolve() };
}

for (const isWaiting of [true, false]) {
  const what = isWaiting
    ? "a preload waits for a tile that was rendered without what it samples"
    : "negative control: one that does not wait for what it samples";
  Deno.test(what, async () => {
    using device = await requestDevice();
    const { made, texture, letThrough } = await stalledChain(device, 3);
    using scene = made;
    const { isImproving, improve } = ImprovingTiles.prototype;
    if (!isWaiting) {
      Object.assign(ImprovingTiles.prototype, { isImproving: () => false, improve() {} });
    }
    try {
      const preloaded = scene.system.preload(texture, { x: 0, y: 0, width: 1, height: 1 });
      letThrough();
      await preloaded;
    } finally {
      Object.assign(ImprovingTiles.prototype, { isImproving, improve });
    }
    assert.equal(!(await wrongTiles(scene, texture)).includes(0), isWaiting);
  });
}

for (const isTried of [true, false]) {
  const what = isTried
    ? "a tile that stalled is tried again while the view rests"
    : "negative control: one that is not tried again stays as it is";
  Deno.test(what, async () => {
    using device = await requestDevice();
    const { made, texture, letThrough } = await stalledChain(device, 5);
    using scene = made;
    const { residency } = insideOf(texture);
    const version = () => residency.pool.slots.versionOf(residency.slotOf.get(0));
    const before = version();
    const { noteLanded } = MadeTiles.prototype;
    const { lookForDue } = StalledTiles.prototype;
    // What it lacks does not tell of itself here.
    MadeTiles.prototype.noteLanded = () => {};
    if (!isTried) StalledTiles.prototype.lookForDue = () => [];
    const above = { ...lookDown(WORLD / 2, WORLD / 2, WORLD / 2), viewport: [512, 512] as const };
    try {
      letThrough();
      for (let frame = 0; frame < 60; frame++) {
        scene.system.updateNow(above);
        await pause(1);
      }
      assert.equal(version() > before, isTried);
    } finally {
      MadeTiles.prototype.noteLanded = noteLanded;
      StalledTiles.prototype.lookForDue = lookForDue;
    }
  });
}

Deno.test("a preload does without what cannot be read, and another one tries that again", async () => {
  using device = await requestDevice();
  const { made, edits, streamed, source, texture } = await streamedChain(device, 64);
  using scene = made;
  await scene.scene.requestPreload(BOX);
  const before = finest(texture, await scene.read(texture));
  editAll(edits);
  let isBroken = true;
  // The level whose texels are of the size of those that show it.
  source.before = ({ level }) => {
    if (isBroken && level === 1) throw new Error("broken");
  };
  scene.system.invalidate(streamed, WHOLE);
  await scene.scene.requestPreload(BOX);
  // What was read before the edit is still the best.
  assert.deepEqual(differingTiles(before, await scene.read(texture)), []);
  isBroken = false;
  await scene.scene.requestPreload(BOX);
  assert.equal(differingTiles(before, await scene.read(texture)).length, 16);
  assert.deepEqual(await wrongTiles(scene, texture), []);
});
