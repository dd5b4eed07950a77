import assert from "node:assert/strict";
import { mat4d } from "npm:wgpu-matrix@3.4.2";
import {
  planeMesh,
  rotationAbout,
  transformFrom,
  transformMatrix,
} from "../../../src/geometry/mod.ts";
import type { ComponentDraw } from "../../../src/rvt/component/mod.ts";
import { lowerMaterial } from "../../../src/rvt/material/compile/lower_material.ts";
import { expressions as e, Material } from "../../../src/rvt/material/mod.ts";
import { tappedLevels } from "../../../src/rvt/source/sampled_levels.ts";
import { addTilesOfRegion, sampledRegions } from "../../../src/rvt/source/sampled_regions.ts";
import { tileView, volumeView } from "../../../src/rvt/tile/tile_view.ts";
import { StreamedTexture } from "../../../src/streaming/mod.ts";
import { CLAMPED, TileGrid, type WrapMode, type WrapModes } from "../../../src/tiles/mod.ts";
import { seededRandom } from "../../helpers/random.ts";

const WORLD = 64;
const SOURCE = new TileGrid(1000, 600, 32);
const GRID = new TileGrid(512, 512, 64, { lastLevel: "tile" });
const VOLUME = volumeView(
  transformFrom({ position: [WORLD / 2, WORLD / 2, 0], scale: [WORLD, WORLD, 10] }),
  { grid: GRID, border: 4 },
);

function textureOf(wrap: WrapModes): StreamedTexture {
  return new StreamedTexture({
    id: 1,
    description: {
      name: "source",
      info: "",
      grid: SOURCE,
      border: 4,
      formats: ["rgba8unorm"],
      colorSpace: "linear",
      wrap,
    },
    // deno-lint-ignore no-explicit-any -- nothing looks at where it lies, or binds it
    ...({ place: null, placement: null, binding: null } as any),
  });
}

/** A plane in the world, turned about z, whose material samples the texture at an affine uv. */
interface Case {
  readonly toWorld: Float64Array;
  /** u and v: factor of the plane's u, factor of its v, offset. */
  readonly uv: readonly (readonly [number, number, number])[];
  readonly wrap: WrapModes;
}

function randomCase(seed: number, wrap: WrapModes): Case {
  const random = seededRandom(seed);
  const between = (low: number, high: number) => low + (high - low) * random();
  const toWorld = transformMatrix(transformFrom({
    position: [between(10, 54), between(10, 54), 0],
    rotation: rotationAbout([0, 0, 1], between(0, 6)),
    scale: [between(5, 60), between(5, 60), 1],
  }));
  const row = (mode: WrapMode) => {
    const [ofU, ofV, offset] = [between(-1, 1), between(-1, 1), between(0, 1)];
    return [ofU, ofV, mode === "clamp" ? offset : 6 * offset - 3] as const;
  };
  return { toWorld, uv: wrap.map(row), wrap };
}

function drawOf({ toWorld, uv, wrap }: Case): ComponentDraw {
  const [u, v] = ["x", "y"].map((axis) => e.componentMask(e.textureCoordinate(), axis));
  const rows = uv.map(([ofU, ofV, offset]) =>
    e.add(e.add(e.multiply(u!, ofU), e.multiply(v!, ofV)), offset)
  );
  const place = e.append(rows[0]!, rows[1]!);
  const material = new Material({
    name: "samples",
    domain: "virtual_texture",
    baseColor: e.componentMask(e.virtualTextureSample(textureOf(wrap), { uv: place }), "xyz"),
  });
  return { kind: "mesh", mesh: planeMesh(), material, instances: [toWorld] };
}

/** The tiles of the source that a tile needs. */
function neededTiles(one: Case, tile: number): Set<number> {
  const draw = drawOf(one);
  const view = tileView(VOLUME, tile);
  const graph = lowerMaterial(draw.material, {
    context: "virtual_texture",
    wanted: ["baseColor"],
    virtualTexturing: true,
  });
  const regions = sampledRegions({
    view,
    properties: { level: view.level, maxLevel: GRID.levelCount, texelSize: view.texelSize },
    draws: [{ draw, graph }],
    placeOf: () => ({ grid: SOURCE, size: [SOURCE.width, SOURCE.height], uvOf: null }),
  });
  const tiles = new Set<number>();
  for (const region of regions) addTilesOfRegion(region, tiles, { coarser: 0, most: Infinity });
  return tiles;
}

/** The tiles that the texels of a tile tap, one by one, at the level of a given bias. */
function tappedTiles({ toWorld, uv, wrap }: Case, tile: number, bias = 0): Set<number> {
  const view = tileView(VOLUME, tile);
  const toPlane = mat4d.multiply(mat4d.invert(toWorld), mat4d.invert(view.toClip)) as Float64Array;
  const planeUv = (column: number, row: number) => {
    const x = 2 * (column + 0.5) / view.texels - 1;
    const y = 1 - 2 * (row + 0.5) / view.texels;
    const [px, py] = [0, 1].map((k) => toPlane[k]! * x + toPlane[4 + k]! * y + toPlane[12 + k]!);
    return [px! + 0.5, 0.5 - py!] as const;
  };
  const sampled = ([u, v]: readonly [number, number]) =>
    uv.map(([ofU, ofV, offset]) => u * ofU + v * ofV + offset);
  const tiles = new Set<number>();
  for (let row = 0; row < view.texels; row++) {
    for (let column = 0; column < view.texels; column++) {
      const inPlane = planeUv(column, row);
      if (inPlane.some((part) => part < 0 || part > 1)) continue;
      const at = sampled(inPlane);
      const length = ([u, v]: number[]) =>
        Math.hypot((u! - at[0]!) * SOURCE.width, (v! - at[1]!) * SOURCE.height);
      const step = Math.max(
        length(sampled(planeUv(column + 1, row))),
        length(sampled(planeUv(column, row + 1))),
      );
      const level = Math.min(Math.max(Math.log2(step) + bias, 0), SOURCE.levelCount - 1);
      for (const tapped of new Set([Math.floor(level), Math.ceil(level)])) {
        const { tilesX, tilesY } = SOURCE.level(tapped);
        const index = (axis: 0 | 1, size: number, count: number) => {
          const part = at[axis]!;
          const isRepeated = wrap[axis] === "repeat";
          const inside = isRepeated ? part - Math.floor(part) : Math.min(Math.max(part, 0), 1);
          const texel = Math.floor(inside * size);
          return Math.min(Math.floor(texel / (32 * 2 ** tapped)), count - 1);
        };
        const x = index(0, SOURCE.width, tilesX);
        tiles.add(SOURCE.tileIndexOf(tapped, x, index(1, SOURCE.height, tilesY)));
      }
    }
  }
  return tiles;
}

/** Tiles that are tapped and not needed, over random cases; and how many are needed and tapped. */
function compareRandom(
  { bias = 0, wrap = CLAMPED }: { readonly bias?: number; readonly wrap?: WrapModes } = {},
): { missing: number; needed: number; tapped: number } {
  const sum = { missing: 0, needed: 0, tapped: 0 };
  for (let seed = 0; seed < 25; seed++) {
    const one = randomCase(seed, wrap);
    const random = seededRandom(1000 + seed);
    for (let run = 0; run < 4; run++) {
      const tile = Math.floor(random() * GRID.tileCount);
      const needed = neededTiles(one, tile);
      const tapped = tappedTiles(one, tile, bias);
      sum.needed += needed.size;
      sum.tapped += tapped.size;
      sum.missing += [...tapped].filter((one) => !needed.has(one)).length;
    }
  }
  return sum;
}

Deno.test("every tile that a texel taps is needed, and not many more", () => {
  const { missing, needed, tapped } = compareRandom();
  assert.equal(missing, 0);
  assert.ok(tapped > 300);
  // Regions are rectangles, and their samples lie turned in them.
  assert.ok(needed < 2.5 * tapped, `${needed} are needed, ${tapped} are tapped`);
});

Deno.test("round the edges of a texture that repeats, too, on either axis or both", () => {
  for (const wrap of [["repeat", "repeat"], ["repeat", "clamp"], ["clamp", "repeat"]] as const) {
    const { missing, needed, tapped } = compareRandom({ wrap });
    assert.equal(missing, 0);
    assert.ok(needed < 2.5 * tapped, `${needed} are needed, ${tapped} are tapped`);
  }
});

Deno.test("negative control: texels that tap a level finer miss tiles", () => {
  assert.ok(compareRandom({ bias: -1 }).missing > 50);
});

Deno.test("a level of detail close to an integer taps one level, others two", () => {
  assert.deepEqual(tappedLevels(2, 2, 9), [2, 2]);
  assert.deepEqual(tappedLevels(2.001, 1.999, 9), [2, 2]);
  assert.deepEqual(tappedLevels(2.3, 2.3, 9), [2, 3]);
  assert.deepEqual(tappedLevels(1.7, 2.4, 9), [1, 3]);
  assert.deepEqual(tappedLevels(-5, -5, 9), [0, 0]);
  assert.deepEqual(tappedLevels(12, 12, 9), [9, 9]);
});
