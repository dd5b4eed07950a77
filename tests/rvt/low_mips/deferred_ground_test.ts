import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import {
  DecalComponent,
  DeferredComponent,
  type DeferredComponentOptions,
  LandscapeComponent,
  LandscapeSplineComponent,
} from "../../../src/rvt/component/mod.ts";
import { expressions as e, Material } from "../../../src/rvt/material/mod.ts";
import { pause } from "../../streaming/sources.ts";
import { PlacedScene, type PlacedSceneOptions } from "../scene/placed_scene.ts";
import { differingTiles } from "../scene/rebuilt_tiles.ts";

const SIDE = 9;
/** Where heights are changed. */
const MIDDLE = { x: 3, y: 3, width: 3, height: 3 };
const HILL = new Float32Array(9).fill(5);
const BOUNDS = { min: [-6, -2, -9], max: [6, 2, 9] } as const;
const GROUND_BOUNDS = { min: [-8, -8, -9], max: [8, 8, 9] } as const;

/** Stores the heights of what is rendered. */
const HEIGHTS = new Material({
  name: "heights",
  domain: "virtual_texture",
  worldHeight: e.componentMask(e.worldPosition(), "z"),
});

function flatLand(): LandscapeComponent {
  return new LandscapeComponent({
    material: HEIGHTS,
    width: SIDE,
    height: SIDE,
    heights: new Float32Array(SIDE * SIDE),
    transform: { position: [-8, -8, 0], scale: [2, 2, 1] },
  });
}

function roadOn(landscape: LandscapeComponent, { asset }: PlacedScene): LandscapeSplineComponent {
  return new LandscapeSplineComponent({
    name: "road",
    material: HEIGHTS,
    points: [{ position: [-5, 0, 0], width: 2 }, { position: [5, 0, 0], width: 2 }],
    landscape,
    renderToVirtualTextures: [asset],
  });
}

async function placeHeights(
  device: ForgeDevice,
  options: PlacedSceneOptions = {},
): Promise<PlacedScene> {
  const placed = new PlacedScene(device, {
    ...options,
    asset: { materialType: "world_height", sizeInTilesLog2: 1 },
    volume: { scale: [16, 16, 20], streamingLowMips: 2, ...options.volume },
  });
  await placed.place();
  return placed;
}

function deferredRoad(
  placed: PlacedScene,
  landscape: NonNullable<DeferredComponentOptions["landscape"]>,
): DeferredComponent {
  return new DeferredComponent({
    name: "road",
    bounds: BOUNDS,
    identity: "road",
    renderToVirtualTextures: [placed.asset],
    landscape,
    load: (options) => Promise.resolve(roadOn(options.landscape!, placed)),
  });
}

function deferredLand(load: DeferredComponentOptions["load"] = () => Promise.resolve(flatLand())) {
  const options = { name: "land", bounds: GROUND_BOUNDS, identity: "land" };
  return new DeferredComponent({ ...options, renderToVirtualTextures: [], load });
}

/** All tiles of a road on a landscape that is loaded at once. */
async function wantedTiles(device: ForgeDevice, landscape: LandscapeComponent) {
  await using whole = await placeHeights(device);
  whole.scene.addComponent(roadOn(landscape, whole));
  await whole.renderAll();
  return await whole.readTiles();
}

function isStale({ volume }: PlacedScene): boolean {
  return volume.warnings.some((text) => text.includes("stale"));
}

Deno.test("an edit of a landscape makes stale what lies on it, loaded or not", async () => {
  using device = await requestDevice();
  await using placed = await placeHeights(device);
  const landscape = flatLand();
  const road = deferredRoad(placed, landscape);
  assert.equal(road.landscape, landscape);
  placed.scene.addDeferredComponent(road);
  const flat = await wantedTiles(device, landscape);
  for (const isLoaded of [true, false]) {
    await placed.renderAll();
    assert.deepEqual(differingTiles(flat, await placed.readTiles()), []);
    if (!isLoaded) road.unload();
    landscape.setHeights(MIDDLE, HILL);
    await placed.renderAll();
    const high = await wantedTiles(device, landscape);
    assert.ok(differingTiles(flat, high).length > 0, "negative control");
    assert.deepEqual(differingTiles(high, await placed.readTiles()), [], `${isLoaded}`);
    landscape.setHeights(MIDDLE, new Float32Array(9));
  }
});

Deno.test("baked tiles of what was not loaded are stale while its landscape is edited", async () => {
  using device = await requestDevice();
  await using placed = await placeHeights(device);
  const land = deferredLand();
  const road = deferredRoad(placed, land);
  placed.scene.addDeferredComponent(land);
  placed.scene.addDeferredComponent(road);
  await placed.scene.build(placed.volume);
  assert.deepEqual([road.isLoaded, land.isLoaded], [false, false], "a build keeps nothing");
  assert.deepEqual([isStale(placed), road.landscape], [false, null]);
  const landscape = await land.load() as LandscapeComponent;
  assert.deepEqual([isStale(placed), road.isLandscapeEdited], [false, false]);
  landscape.setHeights(MIDDLE, HILL);
  assert.deepEqual([isStale(placed), road.isLandscapeEdited, road.isLoaded], [true, true, false]);
  land.unload();
  assert.ok(!isStale(placed), "the edit is gone");
});

Deno.test("a deferred landscape is loaded before what lies on it, and unloads it", async () => {
  using device = await requestDevice();
  await using placed = await placeHeights(device);
  const flat = await wantedTiles(device, flatLand());
  const land = deferredLand();
  const road = deferredRoad(placed, land);
  placed.scene.addDeferredComponent(road);
  placed.scene.addDeferredComponent(land);
  await placed.renderAll();
  assert.ok(road.isLoaded && land.isLoaded);
  assert.equal(road.landscape, land.component);
  assert.equal(placed.scene.components.length, 2);
  (land.component as LandscapeComponent).setHeights(MIDDLE, HILL);
  await placed.renderAll();
  assert.ok(differingTiles(flat, await placed.readTiles()).length > 0);
  assert.ok(land.unload());
  assert.deepEqual([road.isLoaded, placed.scene.components.length], [false, 0]);
  await placed.renderAll();
  assert.deepEqual(differingTiles(flat, await placed.readTiles()), [], "without the edit");
  // While the landscape is loaded again and again, what lies on it waits.
  land.unload();
  const loading = road.load();
  land.unload();
  assert.ok((await loading) instanceof LandscapeSplineComponent);
  assert.ok(land.unload());
  assert.equal(road.isLoaded, false);
});

Deno.test("a landscape that cannot be loaded is told, and what lies on it, until it can", async () => {
  using device = await requestDevice();
  const messages: string[] = [];
  const scene = { logger: { warn: (text: string) => void messages.push(text) } };
  await using placed = await placeHeights(device, { scene });
  let isBroken = true;
  const land = new DeferredComponent({
    name: "land",
    bounds: GROUND_BOUNDS,
    identity: "land",
    renderToVirtualTextures: [placed.asset],
    load: async () => {
      await pause();
      if (isBroken) throw new Error("no heights");
      return flatLand();
    },
  });
  const road = deferredRoad(placed, land);
  placed.scene.addDeferredComponent(road);
  placed.scene.addDeferredComponent(land);
  await placed.renderAll();
  const left = "until a call of its load() succeeds";
  assert.deepEqual(messages.toSorted(), [
    `no heights. Tiles are rendered without deferred component "land" ${left}`,
    `no heights. Tiles are rendered without deferred component "road" ${left}`,
  ]);
  isBroken = false;
  await road.load();
  await placed.renderAll();
  const flat = await wantedTiles(device, flatLand());
  assert.deepEqual(differingTiles(flat, await placed.readTiles()), []);
});

Deno.test("what is no landscape is refused by name", async () => {
  using device = await requestDevice();
  await using placed = await placeHeights(device);
  assert.throws(() => deferredRoad(placed, HEIGHTS as never), {
    name: "InvalidArgumentError",
    message: /"road" as landscape must be a LandscapeComponent, a DeferredComponent or null: cur/,
  });
  const decal = deferredLand(() => Promise.resolve(new DecalComponent({ material: HEIGHTS })));
  await assert.rejects(deferredRoad(placed, decal).load(), {
    name: "InvalidArgumentError",
    message: /"road" as landscape must load a landscape: it loads decal/,
  });
});
