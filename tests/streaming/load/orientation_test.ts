/**
 * Files whose columns and rows run against the picture, in every placement, against files that are as usual.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { PlacementOptions } from "../../../src/geometry/mod.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { bakeKtx2 } from "../../../src/bake/mod.ts";
import { MemorySink, memorySource, openTileStore } from "../../../src/sources/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import {
  type LoadTextureOptions,
  type StreamedTexture,
  VirtualTextureSystem,
} from "../../../src/streaming/mod.ts";
import { tileState } from "../../../src/streaming/tile_state.ts";
import { type Orientation, ORIENTATIONS, type TexelFormat } from "../../../src/texels/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { landscapeContents, randomContents } from "../../scene/level_contents.ts";
import { fileOf, turned, ZLIB } from "./turned_files.ts";
import { cameraAt, heightOfLevel, lookDown, type TestCamera } from "../cameras.ts";

const [WIDTH, HEIGHT] = [332, 204];
const TILE_SIZE = 64;
const PICTURE = landscapeContents(WIDTH, HEIGHT);
/** Cameras over the whole and over a corner, where tiles of level 0 are wanted. */
const CAMERAS: readonly TestCamera[] = [
  lookDown(WIDTH / 2, HEIGHT / 2, heightOfLevel(1)),
  lookDown(30, 20, heightOfLevel(-1)),
  cameraAt([180, 240, 60], [130, 90, 0]),
];

async function picturesOf(
  system: VirtualTextureSystem,
  texture: StreamedTexture,
): Promise<Uint8Array[]> {
  const pictures: Uint8Array[] = [];
  for (const camera of CAMERAS) {
    await system.update(camera, { timeBudgetMs: null });
    await system.flush();
    const picture = await render(system, camera, { texture, filter: "anisotropic" });
    pictures.push(new Uint8Array(picture.data));
  }
  return pictures;
}

function difference(a: readonly Uint8Array[], b: readonly Uint8Array[]): number {
  let most = 0;
  a.forEach((picture, i) =>
    picture.forEach((value, at) => most = Math.max(most, Math.abs(value - b[i]![at]!)))
  );
  return most;
}

interface Loading {
  readonly device: ForgeDevice;
  readonly cacheFolder: string;
}

/** The pictures of a file, loaded alone. */
async function shown(
  file: Uint8Array,
  { device, cacheFolder }: Loading,
  options: LoadTextureOptions = {},
): Promise<Uint8Array[]> {
  using system = new VirtualTextureSystem(device, {
    tileSize: TILE_SIZE,
    cacheFolder,
    logger: { debug() {}, info() {}, warn: assert.fail, error: assert.fail },
  });
  return await picturesOf(system, await system.loadTexture(file, options));
}

const KINDS = {
  "streamed directly": {},
  "inflated": { scheme: ZLIB },
  "of level 0 alone": { levelCount: 1 },
} as const;

for (const [kind, parts] of Object.entries(KINDS)) {
  const orientations = kind === "streamed directly" ? ORIENTATIONS : ["ru", "lu"] as const;
  Deno.test(`files ${kind} look the same whatever way they are stored`, () =>
    withFolder(async (cacheFolder) => {
      using device = await requestDevice();
      const load = { device, cacheFolder };
      const wanted = await shown(fileOf(PICTURE, { orientation: "rd", ...parts }), load);
      for (const orientation of orientations) {
        const stored = turned(PICTURE, orientation);
        const file = fileOf(stored, { orientation, ...parts });
        const found = difference(await shown(file, load), wanted);
        assert.ok(found <= 2, `${orientation} differs by ${found}`);
      }
      const silent = fileOf(turned(PICTURE, "ru"), { orientation: "rd", ...parts });
      const control = difference(await shown(silent, load), wanted);
      assert.ok(control > 50, "negative control: files that do not say so look different");
    }));
}

Deno.test("a tile store of a file says what the file does, and is shown so", () =>
  withFolder(async (cacheFolder) => {
    using device = await requestDevice();
    const load = { device, cacheFolder };
    const file = fileOf(turned(PICTURE, "lu"), { orientation: "lu" });
    const sink = new MemorySink("turned.pmtiles");
    const tiles = { tileSize: TILE_SIZE, border: 4 };
    const options = { output: sink, identity: { name: "turned" }, ...tiles };
    await bakeKtx2(null, memorySource(file), { ...options, colorSpace: "linear" });
    const store = await openTileStore(memorySource(sink.bytes!));
    assert.deepEqual(store.appearance, { orientation: "lu" });
    assert.deepEqual([store.format, store.colorSpace], ["rgba8unorm", "linear"]);
    store.close();
    const plain = fileOf(PICTURE, { orientation: "rd" });
    const wanted = await shown(plain, load, { colorSpace: "linear" });
    const found = difference(await shown(sink.bytes!, load), wanted);
    assert.ok(found <= 2, `differs by ${found}`);
  }));

/** Placements, and the same with axes turned round. */
const PLACEMENTS: readonly PlacementOptions[] = [
  {},
  { placement: "y_up", origin: [3, 5, 0] },
  { origin: [0, 10, 0], axisU: [190, 20, 0], axisV: [-15, 120, 0] },
];

function turnedPlacement(texture: StreamedTexture, orientation: Orientation): PlacementOptions {
  const { origin, axisU, axisV } = texture.placement;
  const [u, v] = [Number(orientation[0] === "l"), Number(orientation[1] === "u")];
  return {
    origin: origin.map((at, i) => at + u * axisU[i]! + v * axisV[i]!),
    axisU: axisU.map((step) => u ? -step : step),
    axisV: axisV.map((step) => v ? -step : step),
  };
}

for (const format of ["rgba8unorm-srgb", "bc7-rgba-unorm", "bc1-rgba-unorm"] as TexelFormat[]) {
  Deno.test(`${format} that says how it is stored lies as one that is turned in the world`, () =>
    withFolder(async (cacheFolder) => {
      using device = await requestDevice();
      const contents = format.startsWith("rgba8") ? PICTURE : randomContents(WIDTH, HEIGHT, format);
      for (const [i, placement] of PLACEMENTS.entries()) {
        const orientation = ORIENTATIONS[1 + i % 3]!;
        using system = new VirtualTextureSystem(device, { tileSize: TILE_SIZE, cacheFolder });
        const file = fileOf({ ...contents, format }, { orientation });
        const texture = await system.loadTexture(file, placement);
        assert.equal(texture.orientation, orientation);
        assert.match(texture.info, new RegExp(`orientation ${orientation}`));
        const silent = fileOf({ ...contents, format }, { orientation, says: "rd" });
        const other = await system.loadTexture(silent, turnedPlacement(texture, orientation));
        const found = difference(
          await picturesOf(system, texture),
          await picturesOf(system, other),
        );
        // Neighbours of noise differ by 255, so that a 32nd of a texel is 8.
        assert.ok(found <= 10, `${orientation} differs by ${found}`);
      }
    }));
}

/** The tiles of level 0 that are there, and are up to date. */
function sharpTiles(texture: StreamedTexture): string[] {
  const { tilesX, tilesY } = texture.grid.level(0);
  return Array.from({ length: tilesX * tilesY }, (_, i) => [i % tilesX, Math.floor(i / tilesX)])
    .filter(([x, y]) => tileState(texture, { level: 0, x: x!, y: y! }).state === "resident")
    .map(String);
}

Deno.test("regions are those of the picture: the tiles that hold them are loaded and made stale", () =>
  withFolder(async (cacheFolder) => {
    using device = await requestDevice();
    const far = lookDown(10, 10, heightOfLevel(6));
    for (const orientation of ORIENTATIONS) {
      using system = new VirtualTextureSystem(device, { tileSize: TILE_SIZE, cacheFolder });
      const file = fileOf(turned(PICTURE, orientation), { orientation });
      const texture = await system.loadTexture(file);
      const region = { x: 14, y: 14, width: 12, height: 12 };
      const holds = [`${orientation[0] === "l" ? 4 : 0},${orientation[1] === "u" ? 2 : 0}`];
      await system.preloadRegions([{ texture, region }]);
      assert.deepEqual(sharpTiles(texture), holds, "preloaded");
      system.evictTiles(texture);
      assert.deepEqual(sharpTiles(texture), [], "evicted");
      assert.ok(system.prefetchRegion(texture, region));
      await system.update(far, { timeBudgetMs: null });
      assert.deepEqual(sharpTiles(texture), holds, "prefetched");
      system.invalidate(texture, { x: 306, y: 178, width: 12, height: 12 });
      assert.deepEqual(sharpTiles(texture), holds, "the opposite corner is stale");
      system.invalidate(texture, region);
      assert.deepEqual(sharpTiles(texture), [], "stale");
    }
  }));
