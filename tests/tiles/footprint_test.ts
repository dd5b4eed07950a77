import assert from "node:assert/strict";
import fc from "fast-check";
import { mat4 } from "wgpu-matrix";
import {
  type Camera,
  checkedCamera,
  levelOfDetail,
  placementFor,
  planeView,
} from "../../src/geometry/mod.ts";
import {
  FootprintFinder,
  type FootprintOptions,
  TileGrid,
  TileList,
  TileReason,
} from "../../src/tiles/mod.ts";

const OPTIONS: FootprintOptions = {
  lodBias: 0,
  maxAnisotropy: 1,
  margin: 0,
  reason: TileReason.visible,
};

function find(grid: TileGrid, camera: Camera, options: Partial<FootprintOptions> = {}) {
  const list = new TileList();
  const size = [grid.width, grid.height] as const;
  const view = planeView(camera, placementFor(size), size);
  new FootprintFinder().findTiles(grid, view, list, { ...OPTIONS, ...options });
  return list;
}

function tilesOf(list: TileList): Set<number> {
  return new Set(list.tiles.subarray(0, list.count));
}

function lookingCamera(
  eye: number[],
  target: number[],
  options: { near?: number; reverse?: boolean; up?: number[] } = {},
): Camera {
  const { near = 0.1, up = [0, 1, 0] } = options;
  const projection = options.reverse
    ? mat4.perspectiveReverseZ(Math.PI / 3, 16 / 9, near)
    : mat4.perspective(Math.PI / 3, 16 / 9, near, 1e5);
  return checkedCamera({
    position: eye,
    view: mat4.lookAt(eye, target, up),
    projection,
    viewport: [320, 180],
  });
}

/** What each pixel's centre needs, by intersecting its ray's texture coordinate numerically. */
function neededByPixels(grid: TileGrid, camera: Camera, levels = Infinity): Set<number> {
  const size = [grid.width, grid.height] as const;
  const view = planeView(camera, placementFor(size), size);
  const inverse = mat4.inverse(camera.viewProjection!, new Float64Array(16));
  const needed = new Set<number>();
  const m = camera.viewProjection!;
  for (let py = 0; py < camera.height; py += 3) {
    for (let px = 0; px < camera.width; px += 3) {
      const nx = 2 * (px + 0.5) / camera.width - 1;
      const ny = 1 - 2 * (py + 0.5) / camera.height;
      const ends = [0.25, 0.75].map((z) => {
        const p = [0, 1, 2, 3].map((r) =>
          inverse[r]! * nx + inverse[4 + r]! * ny + inverse[8 + r]! * z + inverse[12 + r]!
        );
        return [p[0]! / p[3]!, p[1]! / p[3]!, p[2]! / p[3]!];
      });
      const [a, b] = ends as [number[], number[]];
      const t = -a[2]! / (b[2]! - a[2]!);
      const x = a[0]! + t * (b[0]! - a[0]!);
      const y = a[1]! + t * (b[1]! - a[1]!);
      if (!(m[3]! * x + m[7]! * y + m[15]! > 0)) continue;
      const u = x / grid.width;
      const v = y / grid.height;
      if (!(u >= 0 && u < 1 && v >= 0 && v < 1)) continue;
      const lod = levelOfDetail(view, { u, v });
      // The level that is sampled, the next one, which trilinear filtering blends in, and what stands in.
      const first = Math.max(0, Math.floor(lod));
      for (let level = first; level < Math.min(first + levels, grid.tailLevel); level++) {
        const g = grid.level(level);
        const tx = Math.min(g.tilesX - 1, Math.floor(u * g.width / grid.tileSize));
        const ty = Math.min(g.tilesY - 1, Math.floor(v * g.height / grid.tileSize));
        needed.add(grid.tileIndexOf(level, tx, ty));
      }
    }
  }
  return needed;
}

const cameras = fc.record({
  x: fc.double({ min: -0.2, max: 1.2, noNaN: true }),
  y: fc.double({ min: -0.2, max: 1.2, noNaN: true }),
  height: fc.double({ min: 2, max: 12, noNaN: true }).map((e) => 2 ** e),
  tilt: fc.double({ min: -2, max: 2, noNaN: true }),
  turn: fc.double({ min: -2, max: 2, noNaN: true }),
  reverse: fc.boolean(),
});

Deno.test("every tile that a pixel samples, or that stands in, is in the footprint, and few others are", () => {
  let wanted = 0;
  let given = 0;
  let wantedSampled = 0;
  let givenSampled = 0;
  fc.assert(
    fc.property(
      cameras,
      fc.constantFrom([2048, 2048], [3001, 1777], [129, 4095]),
      (c, size) => {
        const grid = new TileGrid(size[0]!, size[1]!, 64);
        const eye = [c.x * grid.width, c.y * grid.height, c.height];
        const target = [eye[0]! + c.tilt * c.height, eye[1]! + c.turn * c.height, 0];
        const camera = lookingCamera(eye, target, { reverse: c.reverse });
        const list = find(grid, camera);
        const found = tilesOf(list);
        const needed = neededByPixels(grid, camera);
        for (const tile of needed) {
          assert.ok(found.has(tile), `missing ${JSON.stringify(grid.addressOf(tile))}`);
        }
        const sampled = neededByPixels(grid, camera, 2);
        list.putStandInsLast(0);
        const kept = tilesOf(list);
        assert.ok([...sampled].every((tile) => kept.has(tile)), "what is sampled only stands in");
        wantedSampled += sampled.size;
        givenSampled += kept.size;
        wanted += needed.size;
        given += found.size;
      },
    ),
    { numRuns: 60, seed: 7 },
  );
  assert.ok(given < 1.35 * wanted, `footprints hold ${given} tiles, pixels need ${wanted}`);
  assert.ok(givenSampled < 1.35 * wantedSampled, `${givenSampled} of ${wantedSampled} sampled`);
});

Deno.test("a grid that ends at one tile has the same footprint, as tails are not listed", () => {
  let listed = 0;
  fc.assert(
    fc.property(
      cameras,
      fc.constantFrom([2048, 2048], [3001, 1777], [129, 4095], [40, 30]),
      (c, [width, height]) => {
        const eye = [c.x * width!, c.y * height!, c.height];
        const target = [eye[0]! + c.tilt * c.height, eye[1]! + c.turn * c.height, 0];
        const full = new TileGrid(width!, height!, 64);
        const short = new TileGrid(width!, height!, 64, { lastLevel: "tile" });
        const toLookAt = lookingCamera(eye, target, { reverse: c.reverse });
        for (const camera of [toLookAt, checkedCamera({ position: eye })]) {
          const found = tilesOf(find(short, camera));
          assert.deepEqual(found, tilesOf(find(full, camera)));
          listed += found.size;
        }
      },
    ),
    { numRuns: 60, seed: 8 },
  );
  assert.ok(listed > 100);
});

Deno.test("without its coarsest levels a grid has the same footprint in those that remain", () => {
  let listed = 0;
  fc.assert(
    fc.property(cameras, fc.constantFrom([2048, 2048], [3001, 1777]), (c, [width, height]) => {
      const eye = [c.x * width!, c.y * height!, c.height];
      const target = [eye[0]! + c.tilt * c.height, eye[1]! + c.turn * c.height, 0];
      const full = new TileGrid(width!, height!, 64);
      const short = new TileGrid(width!, height!, 64, { lastLevel: "tile", removedLevels: 3 });
      assert.ok(short.tailTileCount > 4);
      const toLookAt = lookingCamera(eye, target, { reverse: c.reverse });
      for (const camera of [toLookAt, checkedCamera({ position: eye })]) {
        const found = tilesOf(find(short, camera));
        const expected = [...tilesOf(find(full, camera))].filter((tile) =>
          tile < short.tailFirstTile
        );
        assert.deepEqual([...found].sort(), expected.sort());
        listed += found.size;
      }
    }),
    { numRuns: 60, seed: 9 },
  );
  assert.ok(listed > 100);
});

Deno.test("negative control: a footprint one level too coarse misses sampled tiles", () => {
  const grid = new TileGrid(2048, 2048, 64);
  const camera = lookingCamera([1000, 1000, 100], [1000, 1050, 0]);
  const found = tilesOf(find(grid, camera, { lodBias: 1 }));
  assert.ok([...neededByPixels(grid, camera)].some((tile) => !found.has(tile)));
});

/** Tiles of a footprint at a bias that are in none at a smaller bias. */
function tilesGained(
  c: { x: number; y: number; height: number; tilt: number; turn: number; looks: boolean },
  options: { size: readonly number[]; biases: readonly [number, number]; maxAnisotropy: number },
): number {
  const { size: [width, height], biases, maxAnisotropy } = options;
  const grid = new TileGrid(width!, height!, 64);
  const eye = [c.x * width!, c.y * height!, c.height];
  const target = [eye[0]! + c.tilt * c.height, eye[1]! + c.turn * c.height, 0];
  const camera = c.looks ? lookingCamera(eye, target) : checkedCamera({ position: eye });
  const [finer, coarser] = biases.toSorted((a, b) => a - b).map((lodBias) =>
    tilesOf(find(grid, camera, { lodBias, maxAnisotropy }))
  );
  return coarser!.difference(finer!).size;
}

const BIAS = fc.double({ min: -2, max: 5, noNaN: true });
const BIASED_VIEWS = fc.property(
  cameras.chain((c) => fc.boolean().map((looks) => ({ ...c, looks }))),
  fc.record({
    size: fc.constantFrom([2048, 2048], [3001, 1777], [129, 4095], [2 ** 16, 2 ** 15]),
    biases: fc.tuple(BIAS, BIAS),
    maxAnisotropy: fc.constantFrom(1, 8),
  }),
  (c, options) => assert.equal(tilesGained(c, options), 0),
);

Deno.test("a larger bias wants a part of what a smaller one wants, for every camera", () => {
  fc.assert(BIASED_VIEWS, { numRuns: 300 });
});

Deno.test("negative control: of the sampled levels alone, a larger bias may want other tiles", () => {
  const grid = new TileGrid(8192, 8192, 64);
  const camera = lookingCamera([4000, 4000, 1500], [4000, 4100, 0]);
  const placed = planeView(camera, placementFor([8192, 8192]), [8192, 8192]);
  const lod = levelOfDetail(placed, { u: 0.5, v: 0.5 });
  const sampledAt = (lodBias: number) => {
    const most = Math.floor(lod + lodBias) + 1;
    return [...tilesOf(find(grid, camera, { lodBias }))].filter((t) => grid.levelOf(t) <= most);
  };
  const nextLevel = Math.ceil(lod) - lod;
  const [finer, coarser] = [sampledAt(nextLevel - 0.2), sampledAt(nextLevel + 0.02)];
  assert.ok(coarser.some((tile) => !finer.includes(tile)));
});

Deno.test("a positive bias shrinks the footprint, a negative one grows it", () => {
  const grid = new TileGrid(8192, 8192, 64);
  const camera = lookingCamera([4000, 4000, 1500], [4000, 4100, 0]);
  const counts = [-1, 0, 1].map((lodBias) => find(grid, camera, { lodBias }).count);
  assert.ok(counts[0]! > counts[1]! && counts[1]! > counts[2]!, String(counts));
});

Deno.test("a camera that looks away needs nothing, without matrices the same place needs tiles", () => {
  const grid = new TileGrid(8192, 8192, 64);
  const away = lookingCamera([4000, 4000, 500], [4000, 4000, 900], { up: [0, 1, 0] });
  assert.equal(find(grid, away).count, 0);
  assert.ok(find(grid, checkedCamera({ position: [4000, 4000, 500] })).count > 10);
});

Deno.test("without a direction, tiles near the camera's foot are finer than those far away", () => {
  const grid = new TileGrid(8192, 8192, 128);
  const found = tilesOf(find(grid, checkedCamera({ position: [1000, 2000, 500] })));
  const near = grid.tileIndexOf(0, Math.floor(1000 / 128), Math.floor(2000 / 128));
  assert.ok(found.has(near));
  assert.ok(!found.has(grid.tileIndexOf(0, 63, 63)));
});

Deno.test("margin tiles are those around the visible ones, and only those", () => {
  const grid = new TileGrid(8192, 8192, 128);
  const camera = lookingCamera([4000, 4000, 300], [4000, 4001, 0]);
  const seen = tilesOf(find(grid, camera));
  const list = find(grid, camera, { margin: 0.5, reason: TileReason.margin });
  assert.ok(list.count > 0);
  for (let i = 0; i < list.count; i++) {
    assert.equal(list.reasons[i], TileReason.margin);
    assert.ok(!seen.has(list.tiles[i]!));
  }
});

Deno.test("a wide picture needs no more tiles than its screen can show, at any virtual size", () => {
  for (const exponent of [12, 15, 18]) {
    const size = 2 ** exponent;
    const grid = new TileGrid(size, size, 256);
    const camera = lookingCamera([size / 2, size / 2, 200], [size / 2, size / 2 + 100, 0]);
    assert.ok(find(grid, camera).count < 60);
  }
});

Deno.test("anisotropy asks for finer tiles at grazing angles", () => {
  const grid = new TileGrid(8192, 8192, 128);
  const camera = lookingCamera([4000, 1000, 60], [4000, 4000, 0], { up: [0, 0, 1] });
  assert.ok(find(grid, camera, { maxAnisotropy: 4 }).count > find(grid, camera).count);
});

Deno.test("cameras that are not finite or have no viewport are refused by name", () => {
  const position = [0, 0, 1];
  assert.throws(() => checkedCamera({ position: [0, NaN, 1] }), { argument: "position" });
  assert.throws(() => checkedCamera({ position: [0, 1] }), { argument: "position" });
  assert.throws(() => checkedCamera({ position, view: [1, 2] }), { argument: "view" });
  const projection = new Array(16).fill(Infinity);
  assert.throws(() => checkedCamera({ position, projection }), { argument: "projection" });
  assert.throws(() => checkedCamera({ position, viewport: [0, 5] }), { argument: "viewport" });
});
