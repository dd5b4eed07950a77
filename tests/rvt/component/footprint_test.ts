import assert from "node:assert/strict";
import {
  cornersOf,
  cross,
  multiply4,
  type OrientedBox,
  orientedBoxOf,
  rotationAbout,
  transformFrom,
  transformMatrix,
  type Vec3,
} from "../../../src/geometry/mod.ts";
import {
  type Footprint,
  footprintOf,
  type FootprintRect,
  footprintTouchesRect,
  footprintTouchesTile,
  tileReachRect,
  tilesTouchedBy,
} from "../../../src/rvt/component/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { seededRandom } from "../../helpers/random.ts";

const IDENTITY = transformMatrix(transformFrom());
const UNIT = { min: [-1, -1, -1] as const, max: [1, 1, 1] as const };

function randomBox(random: () => number, size = 0.2): OrientedBox {
  const number = (scale: number) => (random() - 0.5) * scale;
  const transform = transformFrom({
    position: [0.5 + number(1.2), 0.5 + number(1.2), 0.5 + number(1)],
    rotation: rotationAbout([number(1), number(1), number(1) + 0.1], random() * 6),
    scale: [random() * size + 1e-3, random() * size + 1e-3, random() * size + 1e-3],
  });
  return orientedBoxOf(UNIT, transformMatrix(transform));
}

/** A box in the plane of the texture, from one point to another. */
function road(from: readonly number[], to: readonly number[], width: number): OrientedBox {
  const along = [0, 1].map((i) => (to[i]! - from[i]!) / 2);
  const length = Math.hypot(...along);
  const across = [-along[1]! / length * width / 2, along[0]! / length * width / 2];
  return {
    center: [(from[0]! + to[0]!) / 2, (from[1]! + to[1]!) / 2, 0.5],
    axes: [[along[0]!, along[1]!, 0], [across[0]!, across[1]!, 0], [0, 0, 0.01]],
  };
}

/** Whether a line along w through a point meets a box: written without polygons. */
function isSeenThrough({ center, axes }: OrientedBox, u: number, v: number): boolean {
  // The box's coordinates along the line are a + t·b, and each must lie from -1 to 1.
  let [first, last] = [-Infinity, Infinity];
  for (let axis = 0; axis < 3; axis++) {
    const face = cross(axes[(axis + 1) % 3]!, axes[(axis + 2) % 3]!);
    const along = axes[axis]!;
    const volume = along[0] * face[0] + along[1] * face[1] + along[2] * face[2];
    const a = ((u - center[0]) * face[0] + (v - center[1]) * face[1] - center[2] * face[2]) /
      volume;
    const b = face[2] / volume;
    if (Math.abs(b) < 1e-12) {
      if (Math.abs(a) > 1) return false;
      continue;
    }
    const [low, high] = [(-1 - a) / b, (1 - a) / b].sort((x, y) => x - y) as [number, number];
    [first, last] = [Math.max(first, low), Math.min(last, high)];
  }
  return first <= last;
}

function holds(polygon: Footprint, u: number, v: number): boolean {
  return footprintTouchesRect(polygon, { u0: u, v0: v, u1: u, v1: v });
}

Deno.test("a footprint holds exactly the points below which the box is", () => {
  const random = seededRandom(41);
  let inside = 0;
  for (let round = 0; round < 200; round++) {
    const box = { ...randomBox(random), center: [random(), random(), 0.5] as Vec3 };
    const polygon = footprintOf(box, IDENTITY);
    for (let sample = 0; sample < 50; sample++) {
      const u = box.center[0] + (random() - 0.5) * 0.6;
      const v = box.center[1] + (random() - 0.5) * 0.6;
      const isSeen = isSeenThrough(box, u, v);
      inside += Number(isSeen);
      assert.equal(holds(polygon, u, v), isSeen, JSON.stringify({ box, u, v }));
    }
  }
  assert.ok(inside > 1000);
});

Deno.test("a footprint is convex, in one order, and has no corner too many", () => {
  const random = seededRandom(42);
  for (let round = 0; round < 300; round++) {
    const box = randomBox(random);
    const polygon = footprintOf({ ...box, center: [0, 0, 0.5] }, IDENTITY);
    assert.ok(polygon.length >= 4 && polygon.length <= 6);
    polygon.forEach((a, i) => {
      const b = polygon[(i + 1) % polygon.length]!;
      const c = polygon[(i + 2) % polygon.length]!;
      assert.ok((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) > 0);
    });
  }
});

Deno.test("projecting by a matrix is the same as bringing the box to the volume first", () => {
  const random = seededRandom(43);
  for (let round = 0; round < 100; round++) {
    const toVolume = transformMatrix(transformFrom({
      position: [random(), random(), 0.5],
      rotation: rotationAbout([random(), random(), 1], random()),
      scale: [0.3, 0.2, 0.1],
    }));
    const place = transformMatrix(transformFrom({ scale: [random() + 0.1, 0.5, 0.2] }));
    const seen = footprintOf(orientedBoxOf(UNIT, place), toVolume);
    const brought = footprintOf(orientedBoxOf(UNIT, multiply4(toVolume, place)), IDENTITY);
    assert.equal(seen.length, brought.length);
    seen.flat().forEach((part, i) => assert.ok(Math.abs(part - brought.flat()[i]!) < 1e-12));
  }
});

Deno.test("what lies wholly above or below the volume has no footprint", () => {
  const at = (w: number): OrientedBox => ({
    center: [0.5, 0.5, w],
    axes: [[0.1, 0, 0], [0, 0.1, 0], [0, 0, 0.25]],
  });
  for (const w of [-0.3, 1.3]) assert.deepEqual(footprintOf(at(w), IDENTITY), []);
  for (const w of [-0.25, 0, 0.5, 1, 1.25]) assert.equal(footprintOf(at(w), IDENTITY).length, 4);
  assert.ok(!footprintTouchesRect([], { u0: 0, v0: 0, u1: 1, v1: 1 }));
  assert.deepEqual(tilesTouchedBy(new TileGrid(512, 512, 64), [], { borderTexels: 4 }), []);
});

Deno.test("a flat box seen edge-on touches what its line crosses, and a point what holds it", () => {
  const wall: OrientedBox = {
    center: [0.5, 0.5, 0.5],
    axes: [[0.25, 0.25, 0], [0, 0, 0.2], [0, 0, 0]],
  };
  const polygon = footprintOf(wall, IDENTITY);
  assert.equal(polygon.length, 2);
  const rect = (u: number, v: number): FootprintRect => ({
    u0: u,
    v0: v,
    u1: u + 0.1,
    v1: v + 0.1,
  });
  assert.ok(footprintTouchesRect(polygon, rect(0.45, 0.45)));
  assert.ok(footprintTouchesRect(polygon, rect(0.5, 0.4)), "a corner counts");
  assert.ok(!footprintTouchesRect(polygon, rect(0.55, 0.35)));
  const pole: OrientedBox = { ...wall, axes: [[0, 0, 0.5], [0, 0, 0], [0, 0, 0]] };
  assert.deepEqual(footprintOf(pole, IDENTITY), [[0.5, 0.5]]);
  assert.ok(footprintTouchesRect(footprintOf(pole, IDENTITY), rect(0.45, 0.45)));
  assert.ok(!footprintTouchesRect(footprintOf(pole, IDENTITY), rect(0.55, 0.45)));
});

/** Touched tiles by points of the polygon, one each few hundredths of a texel. */
function tilesByPoints(grid: TileGrid, polygon: Footprint, borderTexels: number): Set<number> {
  const found = new Set<number>();
  const grow = borderTexels + 1;
  const { levels, tileSize } = grid;
  const [origin, ...rest] = polygon;
  const steps = 150;
  for (let corner = 0; corner + 1 < rest.length; corner++) {
    for (let i = 0; i <= steps; i++) {
      for (let k = 0; k <= steps - i; k++) {
        const at = [0, 1].map((axis) =>
          origin![axis]! + (rest[corner]![axis]! - origin![axis]!) * i / steps +
          (rest[corner + 1]![axis]! - origin![axis]!) * k / steps
        );
        for (const { width, height, tilesX, tilesY, firstTile } of levels) {
          const [x, y] = [at[0]! * width, at[1]! * height];
          for (let ty = 0; ty < tilesY; ty++) {
            if (y < ty * tileSize - grow || y > Math.min(height, (ty + 1) * tileSize) + grow) {
              continue;
            }
            for (let tx = 0; tx < tilesX; tx++) {
              if (x < tx * tileSize - grow || x > Math.min(width, (tx + 1) * tileSize) + grow) {
                continue;
              }
              found.add(firstTile + ty * tilesX + tx);
            }
          }
        }
      }
    }
  }
  return found;
}

/** A polygon about its middle, larger or smaller. */
function scaled(polygon: Footprint, by: number): Footprint {
  const middle = [0, 1].map((axis) =>
    polygon.reduce((sum, point) => sum + point[axis]!, 0) / polygon.length
  );
  return polygon.map(([u, v]) =>
    [middle[0]! + (u - middle[0]!) * by, middle[1]! + (v - middle[1]!) * by] as const
  );
}

Deno.test("random footprints touch the tiles that hold one of their points, at every level", () => {
  const random = seededRandom(44);
  const grid = new TileGrid(320, 256, 64, { lastLevel: "tile" });
  for (let round = 0; round < 12; round++) {
    const box = { ...randomBox(random), center: [random(), random(), 0.5] as Vec3 };
    const polygon = footprintOf(box, IDENTITY);
    const borderTexels = 2 * Math.floor(random() * 5);
    const found = tilesByPoints(grid, polygon, borderTexels);
    const touched = new Set(tilesTouchedBy(grid, polygon, { borderTexels }));
    assert.deepEqual(found.difference(touched), new Set(), "missed");
    // Points are a little apart, so tiles at the very rim may have none.
    const wider = tilesByPoints(grid, scaled(polygon, 1.02), borderTexels);
    assert.deepEqual(touched.difference(wider), new Set(), "too many");
  }
});

Deno.test("rows of tiles and single tiles agree, in ascending order", () => {
  const random = seededRandom(45);
  for (let round = 0; round < 300; round++) {
    const size = () => 64 * (1 + Math.floor(random() * 20)) - (random() < 0.3 ? 13 : 0);
    const grid = new TileGrid(size(), size(), 64);
    const borderTexels = 2 * Math.floor(random() * 5);
    const polygon = footprintOf(randomBox(random, random()), IDENTITY);
    const touched = tilesTouchedBy(grid, polygon, { borderTexels });
    const one = Array.from({ length: grid.tileCount }, (_, tile) => tile)
      .filter((tile) => footprintTouchesTile(polygon, tile, { grid, borderTexels }));
    const byLevel = (a: number, b: number) => grid.levelOf(a) - grid.levelOf(b) || a - b;
    assert.deepEqual(touched, one.sort(byLevel));
  }
});

Deno.test("a diagonal road of a kilometre touches what its segments touch, not what its box would", () => {
  const grid = new TileGrid(64 * 64, 64 * 64, 64, { lastLevel: "tile" });
  const options = { borderTexels: 4 };
  const box = road([0.05, 0.05], [0.95, 0.95], 8 / 1000);
  const whole = tilesTouchedBy(grid, footprintOf(box, IDENTITY), options);
  const pieces = Array.from({ length: 10 }, (_, i) => {
    const at = (k: number) => [0.05 + 0.09 * k, 0.05 + 0.09 * k];
    return footprintOf(road(at(i), at(i + 1), 8 / 1000), IDENTITY);
  });
  const together = new Set(pieces.flatMap((piece) => tilesTouchedBy(grid, piece, options)));
  assert.deepEqual(together, new Set(whole));
  const finest = whole.filter((tile) => grid.levelOf(tile) === 0).length;
  assert.ok(finest < 64 * 4, `${finest} tiles`);
  const around = { u0: 0.05, v0: 0.05, u1: 0.95, v1: 0.95 };
  const square: Footprint = [[around.u0, around.v0], [around.u1, around.v0], [
    around.u1,
    around.v1,
  ], [around.u0, around.v1]];
  assert.ok(tilesTouchedBy(grid, square, options).length > 10 * whole.length);
});

Deno.test("negative control: a reach without the border, or without the texel more, is found", () => {
  const grid = new TileGrid(256, 256, 64, { lastLevel: "tile" });
  const at = (texel: number): Footprint => [[texel / 256, 0.1]];
  const touches = (texel: number, borderTexels: number) =>
    tilesTouchedBy(grid, at(texel), { borderTexels }).includes(0);
  assert.ok(touches(64 + 4.9, 4));
  assert.ok(!touches(64 + 5.1, 4));
  assert.ok(!touches(64 + 4.9, 3), "border and texel both count");
  assert.ok(!touches(64 + 4.9, 0));
});

Deno.test("a tile's reach is its payload, as far as there is a texture, and border and texel", () => {
  const grid = new TileGrid(320, 256, 64, { lastLevel: "tile" });
  const rect = tileReachRect(grid, grid.tileIndexOf(1, 2, 1), { borderTexels: 4 });
  const expected = { u0: (128 - 5) / 160, v0: (64 - 5) / 128, u1: 165 / 160, v1: 133 / 128 };
  assert.deepEqual(rect, expected);
});

Deno.test("bad matrices, tiles and borders are refused by name", () => {
  const grid = new TileGrid(256, 256, 64);
  const box = randomBox(seededRandom(1));
  const polygon = footprintOf(box, IDENTITY);
  assert.equal(cornersOf(box).length, 8);
  assert.throws(() => footprintOf(box, [1, 2, 3]), { argument: "worldToVolume" });
  assert.throws(() => footprintOf(box, [...IDENTITY].fill(NaN)), { argument: "worldToVolume" });
  for (const borderTexels of [-1, 0.5, 65, NaN]) {
    assert.throws(() => tilesTouchedBy(grid, polygon, { borderTexels }), {
      argument: "borderTexels",
    });
  }
  assert.throws(() => footprintTouchesTile(polygon, 1e6, { grid, borderTexels: 0 }), {
    argument: "tile",
  });
});
