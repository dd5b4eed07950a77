import assert from "node:assert/strict";
import { SpacingGrid } from "../../../src/rvt/component/foliage/spacing_grid.ts";
import { scatterTransforms } from "../../../src/rvt/component/mod.ts";
import { seededRandom } from "../../helpers/random.ts";

type Point = readonly [number, number];

/** What is taken of some points, one compared with all before it. */
function takenOf(points: readonly Point[], distance: number): boolean[] {
  const taken: Point[] = [];
  return points.map(([x, y]) => {
    const isFree = taken.every(([u, v]) => Math.hypot(u - x, v - y) >= distance);
    if (isFree) taken.push([x, y]);
    return isFree;
  });
}

// The last ones lie so far out that some squares beside each other have one number.
for (const [scale, far] of [[1, 0], [1e-3, 0], [1e3, -5e5], [1, 2 ** 51], [4, 2 ** 54]] as const) {
  Deno.test(`points ${far} away and ${scale} apart are taken as if each was compared with all`, () => {
    const random = seededRandom(9);
    const points = Array.from({ length: 400 }, (): Point => {
      const [x, y] = [random() * 12, random() * 12];
      return [far + scale * x, scale * y];
    });
    const grid = new SpacingGrid(scale, points.length);
    const taken = points.map(([x, y]) => grid.add(x, y));
    assert.deepEqual(taken, takenOf(points, scale));
    assert.ok(taken.includes(false) && taken.includes(true));
  });
}

Deno.test("places end, however small their distance is against their region", () => {
  const region = { min: [-1e6, -1e6], max: [1e6, 1e6] };
  for (const minDistance of [1e-9, 1e-12, 1e-300, Number.MIN_VALUE]) {
    assert.equal(scatterTransforms({ seed: 1, count: 5, minDistance, region }).length, 5);
  }
});
