import assert from "node:assert/strict";
import type { Transform } from "../../../src/geometry/mod.ts";
import {
  FoliageComponent,
  LandscapeComponent,
  type ScatterOptions,
  scatterTransforms,
} from "../../../src/rvt/component/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import {
  boxComplaints,
  changesDuring,
  differingThings,
  drawnVertices,
  FakeMaterial,
} from "./scene_helpers.ts";

const REGION = { min: [10, -20], max: [60, 20] };
const SCATTER: ScatterOptions = { seed: 7, region: REGION, count: 100 };

function makeGround(): LandscapeComponent {
  const random = seededRandom(51);
  return new LandscapeComponent({
    material: new FakeMaterial(),
    width: 50,
    height: 50,
    heights: Float32Array.from({ length: 2500 }, () => random() * 3),
    transform: { position: [20, -25, 5] },
  });
}

/** Least distance in x and y between two places. */
function leastDistance(places: readonly Transform[]): number {
  let least = Infinity;
  places.forEach(({ position: [x, y] }, i) =>
    places.slice(i + 1).forEach(({ position }) =>
      least = Math.min(least, Math.hypot(position[0] - x, position[1] - y))
    )
  );
  return least;
}

Deno.test("one seed scatters the same places, another seed others", () => {
  assert.deepEqual(scatterTransforms(SCATTER), scatterTransforms(SCATTER));
  assert.notDeepEqual(scatterTransforms(SCATTER), scatterTransforms({ ...SCATTER, seed: 8 }));
});

Deno.test("places lie in the region, as many as asked for, with scales and turns in their ranges", () => {
  const places = scatterTransforms({ ...SCATTER, scaleRange: [0.5, 2], yawRange: [1, 1.5] });
  assert.equal(places.length, 100);
  for (const { position: [x, y, z], scale, rotation } of places) {
    assert.ok(x >= 10 && x <= 60 && y >= -20 && y <= 20 && z === 0);
    assert.ok(scale[0] >= 0.5 && scale[0] <= 2 && scale[0] === scale[1] && scale[1] === scale[2]);
    const yaw = 2 * Math.atan2(rotation[2], rotation[3]);
    assert.ok(yaw >= 1 - 1e-9 && yaw <= 1.5 + 1e-9);
  }
  const counts = { ...SCATTER, count: undefined, density: 0.02 } as unknown as ScatterOptions;
  assert.equal(scatterTransforms(counts).length, 0.02 * 50 * 40);
});

Deno.test("places keep their distance, and are fewer where they do not fit", () => {
  const places = scatterTransforms({ ...SCATTER, count: 400, minDistance: 3 });
  assert.ok(leastDistance(places) >= 3);
  assert.ok(places.length > 100 && places.length < 400);
});

Deno.test("negative control: without a distance, some places are nearer than that", () => {
  assert.ok(leastDistance(scatterTransforms({ ...SCATTER, count: 400 })) < 3);
});

Deno.test("places are spread evenly", () => {
  const places = scatterTransforms({ ...SCATTER, count: 4000 });
  const left = places.filter(({ position }) => position[0] < 35).length;
  const lower = places.filter(({ position }) => position[1] < 0).length;
  for (const half of [left, lower]) assert.ok(Math.abs(half - 2000) < 150, `${half} of 4000`);
});

Deno.test("on a landscape places lie on its surface, none beside it, and may lean with it", () => {
  const onto = makeGround();
  const leaning = scatterTransforms({ ...SCATTER, onto, alignToSurface: true });
  assert.equal(leaning.length, 100);
  for (const { position, rotation: [x, y, z, w] } of leaning) {
    const surface = onto.surfaceAt(position)!;
    position.forEach((part, i) => assert.ok(Math.abs(part - surface.position[i]!) < 1e-9));
    const up = [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)];
    up.forEach((part, i) => assert.ok(Math.abs(part - surface.normal[i]!) < 1e-6));
  }
  for (const { rotation } of scatterTransforms({ ...SCATTER, onto })) {
    assert.deepEqual(rotation.slice(0, 2), [0, 0]);
  }
});

Deno.test("foliage draws its mesh at the places, and scatters again", () => {
  const foliage = new FoliageComponent({ material: new FakeMaterial(), scatter: SCATTER });
  assert.deepEqual(foliage.instances, scatterTransforms(SCATTER));
  const before = drawnVertices(foliage.draws());
  assert.equal(before.length, 100);
  const fewer = { ...SCATTER, count: 80 };
  const [change] = changesDuring(foliage, () => foliage.scatter = fewer);
  const things = differingThings(before, drawnVertices(foliage.draws()));
  assert.deepEqual(boxComplaints(change!.boxes, things), []);
  assert.equal(change!.boxes.length, 20);
});

Deno.test("a brush of its landscape moves the plants on it alone, until one is moved by hand", () => {
  const onto = makeGround();
  const foliage = new FoliageComponent({
    material: new FakeMaterial(),
    scatter: { ...SCATTER, onto },
  });
  const brush = (height: number) => {
    const heights = new Float32Array(100).fill(height);
    onto.setHeights({ x: 10, y: 10, width: 10, height: 10 }, heights);
  };
  const before = drawnVertices(foliage.draws());
  const [change] = changesDuring(foliage, () => brush(20));
  const things = differingThings(before, drawnVertices(foliage.draws()));
  assert.deepEqual(boxComplaints(change!.boxes, things), []);
  assert.ok(things.length > 0 && things.length < 40, `${things.length} differ`);
  assert.deepEqual(foliage.instances, scatterTransforms({ ...SCATTER, onto }));
  foliage.removeInstance(0);
  assert.deepEqual(changesDuring(foliage, () => brush(9)), []);
});

Deno.test("bad options are refused by name", () => {
  const cases: readonly [Record<string, unknown>, string, string][] = [
    [{ seed: -1 }, "seed", "out-of-range"],
    [{ seed: undefined }, "seed", "invalid-argument"],
    [{ region: undefined }, "region.min", "invalid-argument"],
    [{ region: { min: [0, 0], max: [0, 1] } }, "region", "out-of-range"],
    [{ region: { min: [0, 0], max: [NaN, 1] } }, "region.max", "out-of-range"],
    [{ count: undefined }, "count", "invalid-argument"],
    [{ density: 1 }, "count", "invalid-argument"],
    [{ count: 1e7 }, "count", "out-of-range"],
    [{ count: undefined, density: 1e9 }, "density", "out-of-range"],
    [{ minDistance: -1 }, "minDistance", "out-of-range"],
    [{ scaleRange: [0, 1] }, "scaleRange", "out-of-range"],
    [{ scaleRange: [2, 1] }, "scaleRange", "out-of-range"],
    [{ yawRange: [0] }, "yawRange", "invalid-argument"],
    [{ onto: {} }, "onto", "invalid-argument"],
    [{ alignToSurface: 1 }, "alignToSurface", "invalid-argument"],
    [{ moon: 1 }, "moon", "invalid-argument"],
  ];
  const foliage = new FoliageComponent({
    name: "grass",
    material: new FakeMaterial(),
    scatter: SCATTER,
  });
  for (const [change, argument, code] of cases) {
    const scatter = { ...SCATTER, ...change } as unknown as ScatterOptions;
    assert.throws(() => scatterTransforms(scatter), { argument, code }, argument);
    assert.throws(() => foliage.scatter = scatter, { argument, code, message: /"grass"/ });
  }
  assert.deepEqual(foliage.instances, scatterTransforms(SCATTER));
  assert.throws(() => new FoliageComponent({ material: new FakeMaterial() } as never), {
    argument: "scatter",
  });
});
