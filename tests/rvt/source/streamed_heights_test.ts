import assert from "node:assert/strict";
import { rotationAbout } from "../../../src/geometry/mod.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { FillSources } from "../../../src/rvt/source/mod.ts";
import { insideOf } from "../../streaming/inside.ts";
import { type Expression, expressions as e, Material } from "../../../src/rvt/material/mod.ts";
import type { StreamedTexture } from "../../../src/streaming/mod.ts";
import { EditedSource } from "./sampled_scene.ts";
import { AWAY } from "../scene/placed_scene.ts";
import { HEIGHT_BOUND, HillScene, type HillSceneOptions, TILE } from "../scene/streamed_heights.ts";

async function placed(device: ForgeDevice, options: HillSceneOptions = {}): Promise<HillScene> {
  const scene = new HillScene(device, {
    ...options,
    asset: { materialType: "world_height", ...options.asset },
  });
  await scene.placeHills();
  return scene;
}

/** Tiles whose heights differ from those that their level has. */
async function wrongTiles(scene: HillScene): Promise<number[]> {
  const tiles = await scene.readTiles();
  return [...tiles].filter(([tile, planes]) =>
    scene.heightError(tile, planes, scene.grid.levelOf(tile)) > HEIGHT_BOUND
  ).map(([tile]) => tile).sort((a, b) => a - b);
}

/** A part of level 0, and texels around tiles that count as theirs, default as many as there are. */
interface EditedRegion {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly border?: number;
}

/** Tiles of a level of the heights that show something of a region of level 0, borders included. */
function touchedHeights(
  scene: HillScene,
  level: number,
  { border = 4, ...region }: EditedRegion,
): Set<string> {
  const { width, height, tilesX, tilesY } = scene.source.grid.level(level);
  const touched = new Set<string>();
  const full = scene.source.grid.level(0);
  for (let y = 0; y < tilesY; y++) {
    for (let x = 0; x < tilesX; x++) {
      const meets = (tile: number, from: number, length: number, n: number, all: number) => {
        const first = Math.floor(from * n / all);
        const last = Math.ceil((from + length) * n / all);
        return first < (tile + 1) * TILE + border && last > tile * TILE - border;
      };
      const isTouched = meets(x, region.x, region.width, width, full.width) &&
        meets(y, region.y, region.height, height, full.height);
      if (isTouched) touched.add(`${x} ${y}`);
    }
  }
  return touched;
}

/** Tiles that are made from touched tiles of heights. */
function madeFrom(scene: HillScene, region: EditedRegion): number[] {
  const full = scene.source.grid.level(0);
  return Array.from({ length: scene.grid.tileCount }, (_, tile) => tile).filter((tile) => {
    const view = scene.viewOf(tile);
    const touched = touchedHeights(scene, view.level, region);
    // The places of every texel, borders included.
    for (let row = 0; row < view.height; row++) {
      for (let column = 0; column < view.width; column++) {
        const x = (view.x + column + 0.5) / view.levelWidth * (full.width - 1);
        const y = (view.y + row + 0.5) / view.levelHeight * (full.height - 1);
        if (x < 0 || y < 0 || x > full.width - 1 || y > full.height - 1) continue;
        const { tilesX, tilesY } = scene.source.grid.level(view.level);
        const [i, j] = [[x, tilesX], [y, tilesY]].map(([at, n]) =>
          Math.min(Math.floor((at! + 0.5) / 2 ** view.level / TILE), n! - 1)
        );
        if (touched.has(`${i} ${j}`)) return true;
      }
    }
    return false;
  });
}

Deno.test("tiles wait for their heights, and are rendered once each", async () => {
  using device = await requestDevice();
  await using scene = await placed(device);
  await scene.renderAll();
  assert.deepEqual(await wrongTiles(scene), []);
  // The coarsest is rendered while the texture is added, when nothing else streams.
  assert.ok(scene.takeRendered().length <= scene.grid.tileCount + 1);
  assert.equal(scene.improvableCount, 0);
  assert.equal(insideOf(scene.source).pool.residency.neededCount, 0);
});

for (const pose of ["upright", "tilted"] as const) {
  Deno.test(`tiles are as if all heights were resident, bit for bit: ${pose}`, async () => {
    using device = await requestDevice();
    const render = async (isLoaded: boolean) => {
      const tilted = { rotation: rotationAbout([1, 0.4, 0.2], 0.3), scale: [80, 66, 60] };
      await using scene = await placed(device, {
        samples: [100, 80],
        asset: { materialType: "base_color", sizeInTilesLog2: 1 },
        ...(pose === "tilted" ? { volume: tilted } : {}),
      });
      const { source, system, texture } = scene;
      for (let level = 0; isLoaded && level < source.grid.levelCount; level++) {
        const { width, height } = source.grid.level(level);
        await system.preload(source, { level, x: 0, y: 0, width, height });
      }
      if (isLoaded) system.invalidate(texture);
      await scene.renderAll();
      return await scene.readTiles();
    };
    const [wanted, own] = [await render(true), await render(false)];
    assert.equal(own.size, wanted.size);
    for (const [tile, planes] of own) assert.deepEqual(planes, wanted.get(tile), `tile ${tile}`);
  });
}

Deno.test("negative control: tiles that do not wait are coarse, and are mended later", async () => {
  using device = await requestDevice();
  await using scene = await placed(device);
  const { isReady } = FillSources.prototype;
  FillSources.prototype.isReady = () => true;
  try {
    scene.wantTiles([...Array(scene.grid.tileCount).keys()]);
    scene.system.updateNow(AWAY);
    await scene.system.finishUpdate();
    assert.ok((await wrongTiles(scene)).length > 4);
  } finally {
    FillSources.prototype.isReady = isReady;
  }
  scene.takeRendered();
  await scene.renderAll();
  await scene.system.flush();
  assert.deepEqual(await wrongTiles(scene), []);
  assert.equal(scene.improvableCount, 0);
  // The coarsest had all that it reads.
  const { grid } = scene;
  const lacking = [...Array(grid.tileCount).keys()].filter((tile) =>
    scene.source.grid.level(grid.levelOf(tile)).tilesX > 1
  );
  assert.deepEqual([...new Set(scene.takeRendered())], lacking);
});

/** Colours of a texture by the normal, which is not known before heights have come, and by uv. */
const COLORED: Readonly<Record<string, (source: StreamedTexture) => Expression>> = {
  "by uv": (source) => e.virtualTextureSample(source),
  "by the normal": (source) =>
    e.virtualTextureSample(source, { uv: e.componentMask(e.vertexNormal(), "xy") }),
  "by the height": (source) =>
    e.virtualTextureSample(source, {
      uv: e.divide(e.componentMask(e.worldPosition(), "xz"), 100),
    }),
};

for (const [name, sampleOf] of Object.entries(COLORED)) {
  Deno.test(`what a material samples on streamed heights is waited for, too: ${name}`, async () => {
    using device = await requestDevice();
    const render = async (isLoaded: boolean) => {
      const scene = new HillScene(device, { asset: { materialType: "base_color" } });
      const colors = await scene.system.loadTexture(new EditedSource().tiles());
      const baseColor = e.componentMask(sampleOf(colors), "xyz");
      const material = new Material({ name, domain: "virtual_texture", baseColor });
      await scene.placeHills({ material });
      if (isLoaded) {
        const all = { x: 0, y: 0, width: colors.width, height: colors.height };
        for (let level = 0; level < colors.grid.levelCount; level++) {
          const { width, height } = colors.grid.level(level);
          await scene.system.preload(colors, { ...all, level, width, height });
        }
      }
      await scene.renderAll();
      const tiles = await scene.readTiles();
      const { improvableCount } = scene;
      await scene[Symbol.asyncDispose]();
      return { tiles, improvableCount };
    };
    const [wanted, own] = [await render(true), await render(false)];
    assert.equal(own.improvableCount, 0);
    for (const [tile, [plane]] of own.tiles) {
      const theirs = wanted.tiles.get(tile)![0]!;
      const most = plane!.reduce((most, at, i) => Math.max(most, Math.abs(at - theirs[i]!)), 0);
      assert.ok(most <= 2, `tile ${tile}: ${most}`);
    }
  });
}

Deno.test("an edit of the texture renders exactly the tiles that show something of it", async () => {
  using device = await requestDevice();
  await using scene = await placed(device);
  await scene.renderAll();
  for (
    const region of [
      { x: 10, y: 12, width: 20, height: 9 },
      { x: 130, y: 61, width: 3, height: 1 },
      { x: 251, y: 123, width: 1, height: 1 },
    ]
  ) {
    scene.hills.raise(region, -1.5);
    scene.takeRendered();
    scene.system.invalidate(scene.source, region);
    await scene.renderAll();
    await scene.system.flush();
    const rendered = new Set(scene.takeRendered());
    assert.deepEqual([...rendered].sort((a, b) => a - b), madeFrom(scene, region));
    assert.deepEqual(await wrongTiles(scene), []);
  }
});

Deno.test("negative control: tiles that an edit in their heights' border does not count for", async () => {
  using device = await requestDevice();
  await using scene = await placed(device);
  const region = { x: 130, y: 61, width: 3, height: 1 };
  assert.ok(madeFrom(scene, { ...region, border: 0 }).length < madeFrom(scene, region).length);
});

Deno.test("heights that do not fit are read coarser, and finer once their pool has grown", async () => {
  using device = await requestDevice();
  await using scene = new HillScene(device, {
    samples: [500, 500],
    asset: { materialType: "world_height", sizeInTilesLog2: 0, tileSize: 512 },
    system: { maxMemoryBytes: 9 * 2 ** 20 },
  });
  const { system } = scene;
  const other = await system.loadTexture(new EditedSource().tiles(2048));
  await scene.placeHills();
  const { source } = scene;
  await scene.renderAll();
  await system.flush();
  const errorOf = async (level: number) => {
    const [planes] = (await scene.readTiles()).values();
    return scene.heightError(0, planes!, level);
  };
  // Its 64 tiles of level 0 have less room.
  const { capacity } = insideOf(source).pool.residency.slots;
  assert.ok(capacity < 64, `${capacity} slots`);
  assert.ok(await errorOf(1) <= HEIGHT_BOUND && await errorOf(0) > 100 * HEIGHT_BOUND);
  assert.equal(scene.improvableCount, 1);
  scene.takeRendered();
  for (let frame = 0; frame < 20; frame++) system.updateNow(AWAY);
  await system.finishUpdate();
  assert.deepEqual(scene.takeRendered(), [], "at rest nothing is rendered");
  await system.unloadTexture(other);
  await scene.renderAll();
  await system.flush();
  assert.ok(insideOf(source).pool.residency.slots.capacity > 64);
  assert.ok(await errorOf(0) <= HEIGHT_BOUND);
  assert.equal(scene.improvableCount, 0);
});
