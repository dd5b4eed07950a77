/**
 * What runtime virtual textures take of streamed textures whose columns, rows or channels are stored in
 * another way than usual.
 *
 * @module
 */

import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e } from "../../../src/rvt/material/mod.ts";
import { proceduralTileSource, type TileSource } from "../../../src/sources/mod.ts";
import { type Appearance, type Orientation, ORIENTATIONS } from "../../../src/texels/mod.ts";
import { HEIGHT_BOUND, HillScene, NORMAL_BOUND } from "../scene/streamed_heights.ts";
import { differingTiles, makeAsset, plane, SampledScene, volumeOf } from "./sampled_scene.ts";

const [WIDTH, HEIGHT] = [200, 150];

function saying(source: TileSource, appearance: Appearance): TileSource {
  const { name, grid, border, format, colorSpace, info, counters } = source;
  return {
    ...{ name, grid, border, format, colorSpace, info, counters, appearance },
    readTile: (level, x, y, options) => source.readTile(level, x, y, options),
    close: () => source.close(),
  };
}

/** Colours that have nothing in common, others at each level, stored in an orientation as blue, green, red. */
function colors(orientation: Orientation, says = orientation): TileSource {
  const [isLeft, isUp] = [orientation[0] === "l", orientation[1] === "u"];
  const source = proceduralTileSource((level, column, row, out, at) => {
    const x = isLeft ? Math.max(1, WIDTH >> level) - 1 - column : column;
    const y = isUp ? Math.max(1, HEIGHT >> level) - 1 - row : row;
    for (let k = 0; k < 3; k++) {
      const hash = Math.imul(level * 7919 + x * 104729 + y * 1299709 + k, 0x2c1b3c6d);
      out[at + 2 - k] = 128 | (hash >>> 13);
    }
    out[at + 3] = 255;
  }, { name: "s", width: WIDTH, height: HEIGHT, tileSize: 64, border: 4, format: "rgba8unorm" });
  return saying(source, { orientation: says, swizzle: "bgra" });
}

async function tilesMadeFrom(source: TileSource): Promise<ReturnType<SampledScene["read"]>> {
  using device = await requestDevice();
  using made = new SampledScene(device);
  const texture = await made.system.loadTexture(source);
  const asset = makeAsset("ground", { sizeInTilesLog2: 1 });
  const uv = e.multiply(e.textureCoordinate(), 0.9);
  const color = e.componentMask(e.virtualTextureSample(texture, { uv }), "xyz");
  const component = plane(asset.name, color, [asset]);
  await made.scene.addVolume(volumeOf(asset));
  made.scene.addComponent(component);
  const target = made.textureOf(asset);
  await made.load(target);
  return await made.read(target);
}

Deno.test("materials show the same of a texture whatever way it is stored", async () => {
  const wanted = await tilesMadeFrom(colors("rd"));
  assert.ok(wanted.size >= 5);
  for (const orientation of ORIENTATIONS.slice(1)) {
    const found = await tilesMadeFrom(colors(orientation));
    assert.deepEqual(differingTiles(wanted, found, 2), [], orientation);
  }
  const silent = await tilesMadeFrom(colors("lu", "rd"));
  assert.ok(differingTiles(wanted, silent, 2).length > 0, "negative control");
});

/** Tiles of heights with their rows and columns turned. */
function turnedHills(scene: HillScene, orientation: Orientation, says = orientation): void {
  const { hills } = scene;
  const { levels } = hills;
  const tiles = hills.tiles.bind(hills);
  const turn = () => {
    for (const level of levels) {
      const { width, height, heights } = level;
      const before = heights.slice();
      heights.forEach((_, i) => {
        const [x, y] = [i % width, Math.floor(i / width)];
        const column = orientation[0] === "l" ? width - 1 - x : x;
        const row = orientation[1] === "u" ? height - 1 - y : y;
        heights[i] = before[row * width + column]!;
      });
    }
  };
  hills.tiles = (format) => {
    const source = saying(tiles(format), { orientation: says });
    return {
      ...source,
      async readTile(level, x, y, options) {
        turn();
        const reading = source.readTile(level, x, y, options);
        turn();
        return await reading;
      },
    };
  };
}

/** How far heights, or normals, of the tiles are from those of the hills. */
async function worstOf(
  what: "world_height" | "base_color",
  { orientation, says = orientation }: {
    readonly orientation: Orientation;
    readonly says?: Orientation;
  },
): Promise<number> {
  using device = await requestDevice();
  await using scene = new HillScene(device, { asset: { materialType: what } });
  turnedHills(scene, orientation, says);
  await scene.placeHills();
  await scene.renderAll();
  const errors = [...await scene.readTiles()].map(([tile, planes]) => {
    const level = scene.grid.levelOf(tile);
    return what === "world_height"
      ? scene.heightError(tile, planes, level)
      : scene.normalError(tile, planes, level);
  });
  return Math.max(...errors);
}

Deno.test("heights are read the right way up, and sloped so, whatever way they are stored", async () => {
  for (const orientation of ORIENTATIONS) {
    const height = await worstOf("world_height", { orientation });
    assert.ok(height <= HEIGHT_BOUND, `heights of ${orientation}: ${height}`);
  }
  const slope = await worstOf("base_color", { orientation: "lu" });
  assert.ok(slope <= NORMAL_BOUND, `normals: ${slope}`);
  const silent = { orientation: "lu", says: "rd" } as const;
  assert.ok(await worstOf("world_height", silent) > 10 * HEIGHT_BOUND, "negative control");
});
