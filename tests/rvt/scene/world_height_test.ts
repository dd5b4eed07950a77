import assert from "node:assert/strict";
import { planeMesh, rotationAbout } from "../../../src/geometry/mod.ts";
import { adoptDevice, type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { DecalComponent, InstancedStaticMeshComponent } from "../../../src/rvt/component/mod.ts";
import { expressions as e, Material } from "../../../src/rvt/material/mod.ts";
import { assertIsOracles, compareTile, oracleTile } from "./oracle_tiles.ts";
import { PlacedScene, type TilePlanes } from "./placed_scene.ts";
import { placeRandomScene } from "./random_placed_scene.ts";

const HEIGHTS = 2 ** 16;
const BLENDABLE = "float32-blendable";

/** A device that has all of another's features but one. */
async function deviceWithout(
  owner: ForgeDevice,
  feature: string,
): Promise<ForgeDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  const features = [...owner.features].filter((name) => name !== feature);
  return adoptDevice(
    await adapter!.requestDevice({ requiredFeatures: features as GPUFeatureName[] }),
  );
}

/** Runs a test on a device that blends heights, as far as there is one, and on one that does not. */
async function onBothDevices(test: (device: ForgeDevice) => Promise<void>): Promise<void> {
  using owner = await requestDevice();
  if (owner.features.has(BLENDABLE)) await test(owner);
  const other = await deviceWithout(owner, BLENDABLE);
  try {
    assert.ok(!other.features.has(BLENDABLE));
    await test(other);
  } finally {
    other.gpu.destroy();
  }
}

/** Stored heights of a tile. */
function heightsOf([plane]: TilePlanes): Uint16Array {
  return new Uint16Array(plane!.buffer, plane!.byteOffset, plane!.byteLength / 2);
}

/** A tile of 256 texels, each a unit wide, with heights from 0 to 65,535 units. */
function heightScene(device: ForgeDevice): PlacedScene {
  return new PlacedScene(device, {
    asset: { materialType: "world_height", sizeInTilesLog2: 0, tileSize: 256, tileBorder: 0 },
    volume: { position: [128, 128, 32_767.5], scale: [256, 256, 65_535] },
  });
}

/** A number of its own for each texel, 0 for the first: 256 · row + column. */
const RAMP = e.add(
  e.subtract(e.componentMask(e.worldPosition(), "x"), 0.5),
  e.multiply(e.subtract(e.componentMask(e.worldPosition(), "y"), 0.5), 256),
);

Deno.test("a ramp has all 65,536 heights, whether heights are blended or tested for depth", async () => {
  await onBothDevices(async (device) => {
    await using placed = heightScene(device);
    const material = new Material({ name: "ramp", domain: "virtual_texture", worldHeight: RAMP });
    const ramp = new DecalComponent({
      material,
      size: [300, 300],
      transform: { position: [128, 128, 100] },
      renderToVirtualTextures: [placed.asset],
    });
    await placed.place([ramp]);
    const heights = heightsOf((await placed.readTiles()).get(0)!);
    const wrong = heights.findIndex((height, texel) => height !== texel);
    assert.equal(wrong, -1, `texel ${wrong} has height ${heights[wrong]}`);
    assert.equal(new Set(heights).size, HEIGHTS);
  });
});

Deno.test("the highest of several heights stays, in whichever order they are drawn", async () => {
  await onBothDevices(async (device) => {
    await using placed = heightScene(device);
    const down = e.subtract(HEIGHTS - 1, RAMP);
    const make = (name: string, worldHeight: typeof RAMP) =>
      new DecalComponent({
        material: new Material({ name, domain: "virtual_texture", worldHeight, opacity: 0.3 }),
        size: [300, 300],
        transform: { position: [128, 128, 100] },
        renderToVirtualTextures: [placed.asset],
      });
    const [up, other] = [make("up", RAMP), make("down", down)];
    await placed.place([up, other]);
    for (const priority of [-1, 1]) {
      up.translucencySortPriority = priority;
      await placed.renderAll();
      const heights = heightsOf((await placed.readTiles()).get(0)!);
      assert.ok(heights.every((height, at) => height === Math.max(at, HEIGHTS - 1 - at)));
    }
  });
});

Deno.test("heights of random scenes are the oracle's where they are tested for depth, too", async () => {
  using owner = await requestDevice();
  const device = await deviceWithout(owner, BLENDABLE);
  try {
    const options = { seed: 44, pose: "tilted", materialType: "world_height" } as const;
    await using placed = await placeRandomScene(device, options);
    await placed.renderTiles([5]);
    for (const [tile, planes] of await placed.readTiles()) assertIsOracles(placed, tile, planes);
  } finally {
    device.gpu.destroy();
  }
});

/** A road at height 0 and a bridge over it at 6, of one component; a range tells which is written. */
async function bridgeScene(
  device: ForgeDevice,
  heightRange: readonly [number, number] | null,
): Promise<PlacedScene> {
  const placed = new PlacedScene(device, {
    asset: { materialType: "base_color", sizeInTilesLog2: 1 },
    volume: {
      position: [10, 20, 0],
      rotation: rotationAbout([1, 0.2, 0.3], 0.4),
      scale: [40, 40, 40],
    },
  });
  const height = e.componentMask(e.worldPosition(), "z");
  const material = new Material({
    name: "deck",
    domain: "virtual_texture",
    baseColor: e.append(e.add(0.2, e.multiply(height, 0.1)), 0.5, 0.25),
    opacity: 0.8,
    ...(heightRange === null ? {} : { heightRange }),
  });
  const deck = new InstancedStaticMeshComponent({
    material,
    mesh: planeMesh({ size: [30, 6] }),
    instances: [
      { position: [10, 20, 0] },
      { position: [10, 20, 6], rotation: rotationAbout([0, 0, 1], 1.2) },
    ],
    renderToVirtualTextures: [placed.asset],
  });
  await placed.place([deck]);
  await placed.renderAll([1]);
  return placed;
}

Deno.test("the height range of an output keeps a bridge and the road below it apart", async () => {
  using device = await requestDevice();
  const coverage: number[] = [];
  for (const heightRange of [null, [-1, 3], [3, 9], [10, 12]] as const) {
    await using placed = await bridgeScene(device, heightRange);
    const tile = placed.grid.tileCount - 1;
    const planes = (await placed.readTiles()).get(tile)!;
    assertIsOracles(placed, tile, planes);
    coverage.push(planes[0]!.filter((value, i) => i % 4 === 1 && value > 0).length);
  }
  const [both, road, bridge, neither] = coverage as [number, number, number, number];
  assert.equal(neither, 0);
  assert.ok(road > 0.4 * both && road < both && bridge > 0.4 * both && bridge < both);
  assert.ok(road + bridge > both, "they overlap");
});

Deno.test("negative control: a bridge that is written where only the road is to be", async () => {
  using device = await requestDevice();
  await using both = await bridgeScene(device, null);
  await using road = await bridgeScene(device, [-1, 3]);
  const tile = both.grid.tileCount - 1;
  const planes = (await both.readTiles()).get(tile)!;
  assert.ok(compareTile(planes, oracleTile(both, tile)).steps <= 1);
  assert.ok(compareTile(planes, oracleTile(road, tile)).steps > 50);
});

Deno.test("a volume whose heights are one in 32 bits is refused for World Height alone", async () => {
  using device = await requestDevice();
  const volume = { position: [0, 0, 1e9], scale: [10, 10, 1] };
  await using placed = new PlacedScene(device, { asset: { materialType: "base_color" }, volume });
  await placed.place();
  await placed.renderAll([0]);
  placed.asset.change({ materialType: "world_height" });
  await assert.rejects(placed.scene.settled(), {
    name: "OutOfRangeError",
    message: /Cannot place volume "volume" .* least and largest world z must differ in 32 bits/,
  });
  placed.volume.change({ scale: [10, 10, 1000] });
  await placed.scene.settled();
  await placed.renderAll([0]);
});
