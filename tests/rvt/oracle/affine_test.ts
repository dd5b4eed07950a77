import assert from "node:assert/strict";
import { seededRandom } from "../../helpers/random.ts";
import {
  crossed,
  determinant,
  inverted,
  multiplied,
  transformedNormal,
  transformedPoint,
  transformedVector,
  type Vec3,
} from "./affine.ts";
import { affineOf, volumeOf } from "./shapes.ts";
import { heightRangeOf, texelWorldSize, worldToTexels } from "./tile_view.ts";

function randomAffine(random: () => number): Float64Array {
  const between = (low: number, high: number) => low + (high - low) * random();
  const vector = (low: number, high: number): Vec3 => [
    between(low, high),
    between(low, high),
    between(low, high),
  ];
  const scale = vector(0.5, 3).map((part) => random() < 0.3 ? -part : part);
  return affineOf({
    position: vector(-9, 9),
    angles: vector(-3, 3),
    scale: scale as unknown as Vec3,
  });
}

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, bound = 1e-12) {
  Array.from(expected).forEach((value, k) => {
    assert.ok(Math.abs(actual[k]! - value) <= bound, `${Array.from(actual)} at ${k}: ${value}`);
  });
}

Deno.test("a map and its inverse are the identity together", () => {
  const random = seededRandom(1);
  for (let run = 0; run < 50; run++) {
    const m = randomAffine(random);
    const identity = affineOf({});
    assertNear(multiplied(m, inverted(m)), identity);
    assertNear(multiplied(inverted(m), m), identity);
  }
});

Deno.test("normals stay perpendicular to their surface and on its outer side", () => {
  const random = seededRandom(2);
  for (let run = 0; run < 50; run++) {
    const m = randomAffine(random);
    const normal = transformedNormal(inverted(m), [0, 0, 1]);
    const [x, y, outwards] = ([[1, 0, 0], [0, 1, 0], [0, 0, 1]] as const)
      .map((axis) => transformedVector(m, axis)) as [Vec3, Vec3, Vec3];
    for (const along of [x, y]) assertNear([normal.reduce((s, n, k) => s + n * along[k]!, 0)], [0]);
    assert.ok(normal.reduce((s, n, k) => s + n * outwards[k]!, 0) > 0);
    // What the corners' order says turns over where the map mirrors.
    const side = crossed(x, y).reduce((s, n, k) => s + n * outwards[k]!, 0);
    assert.equal(side > 0, determinant(m) > 0);
  }
});

Deno.test("a rotation about z by a right angle brings x to y", () => {
  const m = affineOf({ angles: [0, 0, Math.PI / 2], scale: [2, 1, 1], position: [0, 0, 5] });
  assertNear(transformedPoint(m, [1, 0, 0]), [0, 2, 5]);
});

Deno.test("texel (0, 0) lies at the volume's lowest x and y, and w runs from its top to its bottom", () => {
  const worldToVolume = volumeOf(affineOf({ position: [100, 200, 50], scale: [10, 20, 4] }));
  assertNear(transformedPoint(worldToVolume, [95, 190, 52]), [0, 0, 0]);
  assertNear(transformedPoint(worldToVolume, [105, 210, 48]), [1, 1, 1]);
  const size = { levelWidth: 40, levelHeight: 40, width: 8, height: 8 };
  const view = { worldToVolume, level: 1, levelCount: 4, x: 4, y: -2, ...size };
  assertNear(transformedPoint(worldToTexels(view), [96, 189, 52]), [0, 0, 0]);
  assertNear(transformedPoint(worldToTexels(view), [96.25, 189.5, 50]), [1, 1, 0.5]);
  assertNear(texelWorldSize(view), [0.25, 0.5]);
  assertNear(heightRangeOf(worldToVolume), [48, 52]);
});

Deno.test("the height range of a tilted volume is that of its corners", () => {
  const worldToVolume = volumeOf(
    affineOf({ angles: [0, Math.PI / 4, 0], scale: [2, 2, 2], position: [0, 0, 1] }),
  );
  assertNear(heightRangeOf(worldToVolume), [1 - Math.SQRT2, 1 + Math.SQRT2]);
});
