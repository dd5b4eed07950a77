import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import {
  DecalComponent,
  type Footprint,
  footprintOf,
  footprintTouchesRect,
} from "../../../src/rvt/component/mod.ts";
import { expressions as e, Material } from "../../../src/rvt/material/mod.ts";
import { PlacedVolume } from "../../../src/rvt/scene/placed_volume.ts";
import { makeWorld, pinsOf } from "./edited_world.ts";
import { compareTile, oracleTile } from "./oracle_tiles.ts";
import { PlacedScene, type TilePlanes } from "./placed_scene.ts";
import { wrongTiles } from "./rebuilt_tiles.ts";

/** A texture of 2 by 2 tiles over 16 by 16 units with two decals that overlap everywhere. */
async function twoDecals(device: ForgeDevice): Promise<PlacedScene> {
  const placed = new PlacedScene(device, {
    asset: { materialType: "base_color", sizeInTilesLog2: 1 },
    volume: { scale: [16, 16, 16] },
  });
  const level = e.viewProperty("virtual_texture_output_level");
  const colors = [
    e.multiply(e.componentMask(e.worldPosition(), "x"), 0.05),
    e.add(0.2, e.multiply(0.3, level)),
  ];
  const components = colors.map((baseColor, i) =>
    new DecalComponent({
      material: new Material({ name: "decal", domain: "virtual_texture", baseColor, opacity: 0.6 }),
      size: [20, 20],
      transform: { position: [0, 0, i] },
      renderToVirtualTextures: [placed.asset],
    })
  );
  await placed.place(components);
  await placed.renderAll();
  return placed;
}

/** A tile whose border repeats the edge of its payload. */
function withoutBorder(placed: PlacedScene, planes: TilePlanes): TilePlanes {
  const { tileSize, tileBorder } = placed.asset.settings;
  const edge = tileSize + 2 * tileBorder;
  const inside = (at: number) => Math.min(tileBorder + tileSize - 1, Math.max(tileBorder, at));
  return planes.map((plane) => {
    const channels = plane.length / edge ** 2;
    return plane.map((_, i) => {
      const [channel, texel] = [i % channels, Math.floor(i / channels)];
      const [x, y] = [inside(texel % edge), inside(Math.floor(texel / edge))];
      return plane[(y * edge + x) * channels + channel]!;
    });
  });
}

Deno.test("negative control: borders left out", async () => {
  using device = await requestDevice();
  await using placed = await twoDecals(device);
  const planes = (await placed.readTiles([3])).get(3)!;
  const oracle = oracleTile(placed, 3);
  assert.ok(compareTile(planes, oracle).steps <= 1);
  assert.ok(compareTile(withoutBorder(placed, planes), oracle).steps > 1);
});

Deno.test("negative control: a component out of order", async () => {
  using device = await requestDevice();
  await using placed = await twoDecals(device);
  const planes = (await placed.readTiles([3])).get(3)!;
  assert.ok(compareTile(planes, oracleTile(placed, 3)).steps <= 1);
  const draws = placed.draws().toReversed();
  assert.ok(compareTile(planes, oracleTile(placed, 3, { draws })).steps > 10);
});

Deno.test("negative control: another level for Output Level", async () => {
  using device = await requestDevice();
  await using placed = await twoDecals(device);
  const read = await placed.readTiles();
  for (const [tile, other] of [[0, 1], [4, 0]] as const) {
    assert.ok(compareTile(read.get(tile)!, oracleTile(placed, tile)).steps <= 1);
    const view = { ...placed.viewOf(tile), level: other };
    assert.ok(compareTile(read.get(tile)!, oracleTile(placed, tile, { view })).steps > 10);
  }
});

/** Which tiles show something of boxes, if those had no borders. */
const touchTestOfPayloads: PlacedVolume["touchTest"] = function (this: PlacedVolume, boxes) {
  const { grid, toVolume } = this.view;
  const outlines: Footprint[] = boxes.map((box) => footprintOf(box, toVolume));
  return (tile) => {
    const { level, x, y } = grid.addressOf(tile);
    const { width, height } = grid.level(level);
    const [u, v] = [grid.tileSize / width, grid.tileSize / height];
    const rect = { u0: x * u, v0: y * v, u1: (x + 1) * u, v1: (y + 1) * v };
    return outlines.some((outline) => footprintTouchesRect(outline, rect));
  };
};

/** Moves a decal about near the edges of tiles, and names tiles that differ from a rebuild. */
async function wrongAfterMoves(device: ForgeDevice): Promise<number[]> {
  await using placed = await makeWorld(device, { volume: { scale: [32, 32, 20] } });
  const decal = new DecalComponent({
    material: new Material({ name: "moved", domain: "virtual_texture", ...pinsOf(0.9) }),
    size: [1, 1],
    transform: { position: [4, 4, 5] },
    renderToVirtualTextures: [placed.asset],
  });
  placed.scene.addComponent(decal);
  await placed.renderAll();
  // Tiles of level 0 are 8 units wide: the decal ends 0.2 units, or 1.6 texels, from four of them.
  decal.transform = { position: [0.7, 0.7, 5] };
  return await wrongTiles(device, placed);
}

Deno.test("negative control: an edit whose dirty region lacks the border", async () => {
  using device = await requestDevice();
  const { touchTest } = PlacedVolume.prototype;
  assert.deepEqual(await wrongAfterMoves(device), []);
  PlacedVolume.prototype.touchTest = touchTestOfPayloads;
  try {
    assert.notDeepEqual(await wrongAfterMoves(device), []);
  } finally {
    PlacedVolume.prototype.touchTest = touchTest;
  }
});
