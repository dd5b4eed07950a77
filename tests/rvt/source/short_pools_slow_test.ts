import assert from "node:assert/strict";
import { BudgetError } from "../../../src/errors.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { type Expression, expressions as e } from "../../../src/rvt/material/mod.ts";
import { tilesOfRegion } from "../../../src/streaming/frame/region.ts";
import type { Region, StreamedTexture } from "../../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "../../streaming/cameras.ts";
import { insideOf } from "../../streaming/inside.ts";
import {
  allTiles,
  differingTiles,
  EditedSource,
  isFresh,
  makeAsset,
  plane,
  SampledScene,
  volumeOf,
} from "./sampled_scene.ts";

const MIB = 2 ** 20;

/** A plane that samples a texture some levels finer than it shows. */
function finer(source: StreamedTexture, levels: number): Expression {
  const sample = e.virtualTextureSample(source, { mipMode: "bias", bias: -levels });
  return e.componentMask(sample, "xyz");
}

/** A scene whose texture shares a pool with its source. */
async function sharedPool(
  device: ForgeDevice,
  { mebibytes, levels, log2Tiles = 3, others = 0 }: {
    readonly mebibytes: number;
    readonly levels: number;
    readonly log2Tiles?: number;
    /** Textures in other pools. */
    readonly others?: number;
  },
) {
  const made = new SampledScene(device, { maxMemoryBytes: mebibytes * MIB });
  const { system, scene } = made;
  const more: StreamedTexture[] = [];
  for (let i = 0; i < others; i++) {
    more.push(await system.loadTexture(new EditedSource().tiles(2048)));
  }
  const source = await system.loadTexture(new EditedSource().tiles(2048, "rgba8unorm-srgb"));
  const asset = makeAsset("ground", { sizeInTilesLog2: log2Tiles });
  scene.addComponent(plane("plane", finer(source, levels), [asset]));
  await scene.addVolume(volumeOf(asset));
  const texture = made.textureOf(asset);
  assert.equal(insideOf(texture).pool, insideOf(source).pool);
  return { made, source, texture, more };
}

/** What tiles are if all that they sample is resident. */
async function wantedTiles(
  device: ForgeDevice,
  options: { readonly levels: number; readonly log2Tiles?: number },
): Promise<Map<number, Uint8Array>> {
  const { made, texture } = await sharedPool(device, { mebibytes: 64, ...options });
  using scene = made;
  await scene.load(texture);
  assert.equal(scene.improvable(texture), 0);
  return await scene.read(texture);
}

Deno.test("tiles come one after the other where what they sample fits for few at a time", async () => {
  using device = await requestDevice();
  const { made, texture } = await sharedPool(device, { mebibytes: 2, levels: 0 });
  using scene = made;
  const wanted = await wantedTiles(device, { levels: 0 });
  for (let first = 0; first < texture.grid.tileCount; first += 16) {
    const tiles = allTiles(texture).slice(first, first + 16);
    scene.want(texture, tiles);
    await scene.system.update(lookDown(1e7, 1e7, 1));
    const read = await scene.read(texture);
    assert.ok(tiles.every((tile) => read.has(tile)), "all of them have come");
    assert.deepEqual(differingTiles(wanted, read, 2), []);
  }
  assert.equal(scene.improvable(texture), 0);
});

Deno.test("what can never fit is sampled coarser, and nothing waits for ever", async () => {
  using device = await requestDevice();
  const { made, texture } = await sharedPool(device, { mebibytes: 2, levels: 3, log2Tiles: 2 });
  using scene = made;
  scene.want(texture, allTiles(texture).slice(0, 20));
  await scene.system.update(lookDown(1e7, 1e7, 1));
  await scene.system.flush();
  const read = await scene.read(texture);
  assert.ok(allTiles(texture).slice(0, 20).every((tile) => read.has(tile)));
  const isStale = (tile: number) => !isFresh(texture, tile);
  const staleCount = allTiles(texture).slice(0, 20).filter(isStale).length;
  assert.ok(scene.improvable(texture) + staleCount >= 16);
  const rendered = scene.renderings(texture);
  for (let frame = 0; frame < 20; frame++) scene.system.updateNow(lookDown(1e7, 1e7, 1));
  await scene.system.finishUpdate();
  assert.equal(scene.renderings(texture), rendered, "at rest nothing is rendered");
});

Deno.test("improvable tiles are improved when their pool grows", async () => {
  using device = await requestDevice();
  const short = { mebibytes: 6, levels: 3, log2Tiles: 2, others: 3 };
  const { made, texture, more } = await sharedPool(device, short);
  using scene = made;
  const tiles = allTiles(texture).slice(0, 6);
  scene.want(texture, tiles);
  await scene.system.update(lookDown(1e7, 1e7, 1));
  assert.ok(scene.improvable(texture) >= tiles.length, `${scene.improvable(texture)} improvable`);
  const { slots: { capacity } } = insideOf(texture).pool.residency;
  for (const other of more) await scene.system.unloadTexture(other);
  await scene.load(texture, tiles);
  assert.ok(insideOf(texture).pool.residency.slots.capacity > capacity);
  assert.equal(scene.improvable(texture), 0);
  const wanted = await wantedTiles(device, { levels: 3, log2Tiles: 2 });
  const read = await scene.read(texture);
  assert.deepEqual(
    differingTiles(wanted, new Map(tiles.map((tile) => [tile, read.get(tile)!])), 2),
    [],
  );
});

for (const mebibytes of [1.6, 2]) {
  Deno.test(`a view of a shared pool of ${mebibytes} MiB settles, and is right but where it is improvable`, async () => {
    using device = await requestDevice();
    const wanted = await wantedTiles(device, { levels: 1 });
    const { made, texture, source } = await sharedPool(device, { mebibytes, levels: 1 });
    using scene = made;
    const { pool } = insideOf(texture);
    for (const [x, y] of [[10, 10], [50, 40], [32, 32]] as const) {
      const camera = { ...lookDown(x, y, heightOfLevel(0) / 16), viewport: [400, 400] as const };
      await scene.system.update(camera);
      await scene.system.flush();
      const read = await scene.read(texture);
      const differing = differingTiles(wanted, read, 2);
      assert.ok(differing.length <= scene.improvable(texture), `${differing} differ`);
      if (mebibytes >= 2) assert.equal(scene.improvable(texture), 0);
      assert.equal(pool.residency.neededCount, 0);
      assert.equal(pool.residency.slotsPromised, 0);
      // Another flush changes nothing.
      const before = scene.renderings(texture);
      await scene.system.flush();
      assert.equal(scene.renderings(texture), before);
    }
    assert.ok(insideOf(source).residency.slotOf.size > 0);
  });
}

/** The first rows of a texture's finest tiles. */
function rows(count: number): Region {
  return { x: 0, y: 0, width: 512, height: 64 * count };
}

Deno.test("a preload leaves room for what its tiles sample, or says how much it lacks", async () => {
  using device = await requestDevice();
  const { made, texture } = await sharedPool(device, { mebibytes: 1.6, levels: 0 });
  using scene = made;
  const { system } = scene;
  const { pool: { residency }, grid } = insideOf(texture);
  const { preloadCapacity: room, streamingCapacity } = residency;
  assert.ok(room < 32 && 32 <= streamingCapacity, `${room} of ${streamingCapacity}`);
  await assert.rejects(system.preload(texture, rows(4)), (error) => {
    assert.ok(error instanceof BudgetError);
    assert.match(error.message, new RegExp(`has ${room} beside ${streamingCapacity - room} for`));
    assert.ok(error.minimumBytes > 1.6 * MIB);
    return true;
  });
  // All that there is room for, of two at the same time.
  const count = room - 8 * 3;
  assert.ok(count >= 1);
  const more = { x: 64 * (8 - count), y: 192, width: 64 * count, height: 64 };
  const wanted = await wantedTiles(device, { levels: 0 });
  await Promise.all([rows(3), more].map(async (region) => {
    await system.preload(texture, region);
    const tiles = [...tilesOfRegion(grid, region)];
    assert.ok(tiles.every((tile) => isFresh(texture, tile)));
    assert.equal(scene.improvable(texture), 0);
    const read = await scene.read(texture);
    const shown = new Map(tiles.map((tile) => [tile, read.get(tile)!]));
    assert.deepEqual(differingTiles(shown, wanted, 2), []);
  }));
});

Deno.test("preloads give way to each other when their pool begins to hold what others are made from", async () => {
  using device = await requestDevice();
  const made = new SampledScene(device, { maxMemoryBytes: 1.6 * MIB });
  using scene = made;
  // So that both are on their way.
  scene.scene.change({ maxUploadsPerFrameInEditor: 1 });
  const source = await scene.system.loadTexture(new EditedSource().tiles(2048, "rgba8unorm-srgb"));
  const asset = makeAsset("ground");
  const component = plane("plane", [1, 0, 0], [asset]);
  scene.scene.addComponent(component);
  await scene.scene.addVolume(volumeOf(asset));
  const texture = scene.textureOf(asset);
  const { pool: { residency } } = insideOf(texture);
  const preloads = [0, 128].map((y) => scene.system.preload(texture, { ...rows(2), y }));
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(residency.preloadCount, 32);
  component.material = plane("other", finer(source, 0), [asset]).material;
  await Promise.all(preloads);
  assert.ok(residency.preloadCapacity < 32);
  assert.equal(scene.improvable(texture), 0);
});

Deno.test("a preload whose sources can never fit resolves with what was sampled coarser", async () => {
  using device = await requestDevice();
  const { made, texture } = await sharedPool(device, { mebibytes: 1.6, levels: 2 });
  using scene = made;
  await scene.system.preload(texture, rows(3));
  const tiles = [...tilesOfRegion(texture.grid, rows(3))];
  assert.ok(tiles.every((tile) => isFresh(texture, tile)));
  assert.ok(scene.improvable(texture) >= tiles.length);
});
