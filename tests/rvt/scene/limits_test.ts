import assert from "node:assert/strict";
import { lookAt, perspective } from "../../../src/geometry/mod.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import type { InvalidationPriority } from "../../../src/rvt/scene/scene_options.ts";
import { RuntimeVirtualTextureVolume } from "../../../src/rvt/volume/mod.ts";
import type { StreamedTexture } from "../../../src/streaming/mod.ts";
import { checkMemory } from "../../streaming/checks.ts";
import { insideOf } from "../../streaming/inside.ts";
import { mapSource, pause } from "../../streaming/sources.ts";
import { makeWorld, rebuilt } from "./edited_world.ts";
import type { PlacedScene, PlacedSceneOptions } from "./placed_scene.ts";
import { RandomEdits } from "./random_edits.ts";
import { differingTiles, wrongTiles } from "./rebuilt_tiles.ts";
import { takeBatches } from "./rendered_tiles.ts";

const SIZE = [320, 320] as const;
/** Sees all of the world, at level 0 or 1. */
const CAMERA = {
  position: [0, -6, 28],
  view: lookAt([0, -6, 28], [0, 0, 0]),
  projection: perspective({ fovYDegrees: 70, aspect: 1, near: 1, far: 1000 }),
  viewport: SIZE,
} as const;

/** The world in a second texture, too, of heights, and a streaming texture beside both. */
async function makeCrowd(device: ForgeDevice, options: PlacedSceneOptions) {
  const placed = await makeWorld(device, options);
  const heights = new RuntimeVirtualTexture({
    name: "heights",
    materialType: "world_height",
    sizeInTilesLog2: 2,
    tileSize: 64,
  });
  for (const component of placed.scene.components) {
    component.renderToVirtualTextures = [placed.asset, heights];
  }
  await placed.scene.addVolume(
    new RuntimeVirtualTextureVolume(heights, { scale: [32, 32, 20] }),
  );
  const streamed = await placed.system.loadTexture(mapSource({ width: 512, height: 512 }), {
    origin: [-16, -16, 0],
    axisU: [32, 0, 0],
    axisV: [0, 32, 0],
  });
  return { placed, heights, streamed };
}

/** Tiles of a texture that are resident and up to date. */
function freshTiles(texture: StreamedTexture): number {
  const { residency } = insideOf(texture);
  let count = 0;
  residency.slotOf.forEach((tile, slot) => {
    if (!residency.isStale(tile, slot)) count++;
  });
  return count;
}

/** Updates until nothing is pending; returns how many it took. */
async function settle(placed: PlacedScene, after: () => void): Promise<number> {
  for (let frame = 1; frame <= 400; frame++) {
    const { tilesQueued, tilesPending } = placed.system.updateNow(CAMERA);
    after();
    await pause(0);
    await placed.system.device.submits.wait();
    if (tilesQueued + tilesPending === 0) return frame;
  }
  throw new Error("Updates do not settle");
}

Deno.test("with one upload an update never renders two tiles, whatever is asked for, and all converge", async () => {
  using device = await requestDevice();
  const scene = { mode: "game", maxUploadsPerFrame: 1, maxContinuousUpdatesPerFrame: 1 } as const;
  const { placed, heights, streamed } = await makeCrowd(device, { scene });
  await using _closed = placed;
  placed.asset.change({ continuousUpdate: true });
  const textures = () =>
    [placed.asset, heights].map((asset) => placed.scene.textureOf(asset))
      .filter((texture) => texture !== null);
  const drawnInUpdate = () => textures().flatMap((texture) => takeBatches(texture).flat()).length;
  drawnInUpdate();
  const edits = new RandomEdits(12);
  const counts: number[] = [];
  for (let frame = 0; frame < 120; frame++) {
    if (frame % 3 === 0) edits.editContent(placed);
    placed.system.updateNow(CAMERA);
    counts.push(drawnInUpdate());
    assert.ok(counts.at(-1)! <= 1, `frame ${frame}: ${counts.at(-1)}`);
    checkMemory(placed.system);
    await pause(0);
    await device.submits.wait();
  }
  assert.ok(counts.filter((count) => count === 1).length > 110, `the upload is used: ${counts}`);
  assert.ok(freshTiles(streamed) > 20, "streaming textures are not held up");
  placed.asset.change({ continuousUpdate: false });
  await settle(placed, () => {
    assert.ok(drawnInUpdate() <= 1);
    checkMemory(placed.system);
  });
  assert.deepEqual(await wrongTiles(device, placed), []);
  const batches = takeBatches(placed.texture);
  assert.ok(batches.every(({ length }) => length === 1), "nor does a submit of a call that waits");
});

Deno.test("a streaming texture beside runtime virtual textures keeps its share of the updates", async () => {
  using device = await requestDevice();
  const scene = { mode: "game", maxUploadsPerFrame: 2 } as const;
  const system = { tilesPerUpdate: 4 };
  const framesOf = async (isAlone: boolean) => {
    const { placed, streamed } = await makeCrowd(device, { scene, system });
    await using _closed = placed;
    if (isAlone) {
      for (const volume of placed.scene.volumes) await placed.scene.removeVolume(volume);
    }
    let [frame, sharpAt, tiles] = [0, 0, -1];
    await settle(placed, () => {
      frame++;
      const fresh = freshTiles(streamed);
      if (fresh !== tiles) [tiles, sharpAt] = [fresh, frame];
    });
    return { tiles, frames: sharpAt };
  };
  const alone = await framesOf(true);
  const beside = await framesOf(false);
  assert.equal(beside.tiles, alone.tiles);
  // At most half of what an update may load is rendered.
  assert.ok(beside.frames <= 2 * alone.frames + 2, `${beside.frames} of ${alone.frames} alone`);
});

Deno.test("a small budget is kept after every frame, and batches shrink to it", async () => {
  using device = await requestDevice();
  const sizes: number[] = [];
  for (const maxMemoryBytes of [3 * 2 ** 20, 96 * 2 ** 20]) {
    const asset = { compressTextures: true };
    await using placed = await makeWorld(device, { asset, system: { maxMemoryBytes } });
    takeBatches(placed.texture);
    const edits = new RandomEdits(9);
    let most = 0;
    for (let frame = 0; frame < 18; frame++) {
      edits.editContent(placed);
      if (frame % 6 === 5) placed.scene.invalidate({ min: [-99, -99, -99], max: [99, 99, 99] });
      placed.system.updateNow(CAMERA);
      checkMemory(placed.system);
      most = Math.max(most, ...takeBatches(placed.texture).map(({ length }) => length));
      await pause(0);
      await device.submits.wait();
    }
    await settle(placed, () => checkMemory(placed.system));
    const read = await placed.readTiles();
    await using large = await rebuilt(device, placed);
    await large.renderTiles([...read.keys()]);
    assert.deepEqual(differingTiles(read, await large.readTiles([...read.keys()])), []);
    sizes.push(most);
  }
  assert.ok(sizes[0]! < sizes[1]!, `batches of ${sizes}`);
});

Deno.test("what is made stale with high priority is rendered before what is missing, else in shares", async () => {
  using device = await requestDevice();
  const scene = { mode: "game", maxUploadsPerFrame: 1 } as const;
  const staleAmongFirst = async (priority: InvalidationPriority | undefined) => {
    await using placed = await makeWorld(device, { scene });
    const { residency } = insideOf(placed.texture);
    for (let frame = 0; frame < 6; frame++) {
      placed.system.updateNow(CAMERA);
      await pause(0);
      await device.submits.wait();
    }
    const before = new Set<number>();
    residency.slotOf.forEach((tile) => before.add(tile));
    assert.ok(before.size >= 4, `${before.size} tiles are resident, many more are missing`);
    placed.scene.invalidate({ min: [-99, -99, -99], max: [99, 99, 99] }, priority);
    takeBatches(placed.texture);
    const drawn: number[] = [];
    // The first tile was asked for by the update before.
    while (drawn.length < 5) {
      placed.system.updateNow(CAMERA);
      drawn.push(...takeBatches(placed.texture).flat());
      await pause(0);
      await device.submits.wait();
    }
    return drawn.slice(1).filter((tile) => before.has(tile)).length;
  };
  assert.equal(await staleAmongFirst(undefined), 4);
  assert.equal(await staleAmongFirst("high"), 4);
  const inShares = await staleAmongFirst("normal");
  assert.ok(inShares > 0 && inShares < 4, `${inShares} of 4`);
});

Deno.test("negative control: with two uploads an update renders two tiles", async () => {
  using device = await requestDevice();
  const scene = { mode: "game", maxUploadsPerFrame: 2 } as const;
  await using placed = await makeWorld(device, { scene });
  takeBatches(placed.texture);
  const counts = Array.from({ length: 6 }, () => {
    placed.system.updateNow(CAMERA);
    return takeBatches(placed.texture).flat().length;
  });
  assert.equal(Math.max(...counts), 2, `${counts}`);
});
