import assert from "node:assert/strict";
import { seededRandom } from "../../helpers/random.ts";
import type { Vec3 } from "./affine.ts";
import { type Place, rasterizeTriangle } from "./rasterize.ts";

type Triangle = readonly [Place, Place, Place];

const SIZE = 16;

/** How often each texel is covered by some triangles, and which lie close to an edge. */
function covered(triangles: readonly Triangle[], edgeTexels = 0) {
  const counts = new Uint8Array(SIZE * SIZE);
  const near = new Uint8Array(SIZE * SIZE);
  for (const corners of triangles) {
    rasterizeTriangle(corners, {
      raster: { width: SIZE, height: SIZE, edgeTexels },
      visitor: {
        cover: (column, row) => counts[row * SIZE + column]!++,
        nearEdge: (column, row) => near[row * SIZE + column] = 1,
      },
    });
  }
  return { counts, near };
}

function total(counts: Uint8Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function square(left: number, top: number, edge: number): Triangle[] {
  const [a, b, c, d]: Place[] = [
    [left, top],
    [left + edge, top],
    [left, top + edge],
    [left + edge, top + edge],
  ] as const as unknown as Place[];
  return [[a!, b!, c!], [c!, b!, d!]];
}

Deno.test("a square on texel boundaries covers exactly its texels", () => {
  const { counts } = covered(square(2, 3, 4));
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      const inside = column >= 2 && column < 6 && row >= 3 && row < 7;
      assert.equal(counts[row * SIZE + column], inside ? 1 : 0, `${column}, ${row}`);
    }
  }
});

Deno.test("centres on the top and left edges are covered, on the right and bottom ones not", () => {
  const { counts } = covered(square(2.5, 2.5, 3));
  const found = [...counts.keys()].filter((k) => counts[k] === 1);
  const expected = [2, 3, 4].flatMap((row) => [2, 3, 4].map((column) => row * SIZE + column));
  assert.deepEqual(found, expected);
});

Deno.test("either winding covers the same", () => {
  const [a, b, c]: Triangle = [[1.2, 1.9], [13.4, 4.1], [6.6, 14.2]];
  assert.deepEqual(covered([[a, b, c]]).counts, covered([[a, c, b]]).counts);
  assert.ok(total(covered([[a, b, c]]).counts) > 50);
});

/** A fan of triangles around a point of a square, with corners on a lattice of half texels. */
function fan(random: () => number): Triangle[] {
  const on = (size: number) => Math.round(random() * size * 2) / 2;
  const middle: Place = [1 + on(SIZE - 2), 1 + on(SIZE - 2)];
  const rim: Place[] = [[0, 0], [on(SIZE), 0], [SIZE, 0], [SIZE, on(SIZE)]];
  rim.push([SIZE, SIZE], [on(SIZE), SIZE], [0, SIZE], [0, on(SIZE)]);
  return rim.map((corner, k) => [middle, corner, rim[(k + 1) % rim.length]!] as const);
}

Deno.test("triangles that tile a square cover each texel once", () => {
  const random = seededRandom(3);
  for (let run = 0; run < 200; run++) {
    const triangles = fan(random);
    const { counts } = covered(triangles);
    assert.ok(counts.every((count) => count === 1), `run ${run}`);
  }
});

Deno.test("negative control: a tiling that lacks a triangle leaves texels out", () => {
  const triangles = fan(seededRandom(3));
  assert.ok(covered(triangles.slice(1)).counts.includes(0));
});

Deno.test("weights sum to 1 and reproduce the texel's centre", () => {
  const corners: Triangle = [[1.2, 1.9], [13.4, 4.1], [6.6, 14.2]];
  const cover = (column: number, row: number, weights: Vec3) => {
    const at = (axis: 0 | 1) => corners.reduce((sum, c, k) => sum + c[axis] * weights[k]!, 0);
    assert.ok(Math.abs(at(0) - column - 0.5) < 1e-12 && Math.abs(at(1) - row - 0.5) < 1e-12);
    assert.ok(weights.every((weight) => weight >= 0));
  };
  rasterizeTriangle(corners, {
    raster: { width: SIZE, height: SIZE, edgeTexels: 0 },
    visitor: { cover },
  });
});

Deno.test("every texel that a small move of the corners covers or uncovers lies near an edge", () => {
  const random = seededRandom(4);
  const corner = (): Place => [random() * SIZE, random() * SIZE];
  let changes = 0;
  for (let run = 0; run < 300; run++) {
    const triangle: Triangle = [corner(), corner(), corner()];
    const snapped = triangle.map(([x, y]) => [Math.round(x * 16) / 16, Math.round(y * 16) / 16]);
    const { counts, near } = covered([triangle], Math.SQRT2 / 32);
    const moved = covered([snapped as unknown as Triangle]).counts;
    for (const k of counts.keys()) {
      if (counts[k] === moved[k]) continue;
      changes++;
      assert.equal(near[k], 1, `run ${run}`);
    }
  }
  assert.ok(changes > 50, `${changes}`);
});

Deno.test("triangles without area, and ones outside, cover nothing", () => {
  assert.equal(total(covered([[[1, 1], [9, 9], [5, 5]]]).counts), 0);
  assert.equal(total(covered(square(-9, -9, 8)).counts), 0);
  assert.equal(total(covered([[[NaN, 1], [9, 9], [5, 2]]]).counts), 0);
});
