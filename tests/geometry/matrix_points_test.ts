import assert from "node:assert/strict";
import {
  cross,
  determinant3,
  inverse4,
  multiply4,
  rotationAbout,
  transformFrom,
  transformMatrix,
  transformNormal,
  transformPoint,
  type Vec3,
} from "../../src/geometry/mod.ts";
import { seededRandom } from "../helpers/random.ts";

const random = seededRandom(71);
const number = () => (random() - 0.5) * 4;
const vector = (): Vec3 => [number(), number(), number()];

/** A matrix that may shear and mirror. */
function randomMatrix(): Float64Array {
  const part = () =>
    transformMatrix(transformFrom({
      position: vector(),
      rotation: rotationAbout([number(), number(), 3], number()),
      scale: [number() + 3, -number() - 3, number() + 3],
    }));
  return random() < 0.5 ? part() : multiply4(part(), part());
}

Deno.test("the inverse brings points back", () => {
  for (let round = 0; round < 100; round++) {
    const matrix = randomMatrix();
    const point = vector();
    const back = transformPoint(inverse4(matrix), transformPoint(matrix, point));
    back.forEach((part, i) => assert.ok(Math.abs(part - point[i]!) < 1e-9));
  }
});

Deno.test("normals stay at right angles to their surfaces, on the side that they were", () => {
  let mirrored = 0;
  for (let round = 0; round < 100; round++) {
    const matrix = randomMatrix();
    const [a, b, origin] = [vector(), vector(), [0, 0, 0]];
    const normal = cross(a, b);
    const moved = (point: Vec3) => {
      const from = transformPoint(matrix, origin);
      return transformPoint(matrix, point).map((part, i) => part - from[i]!);
    };
    const turned = transformNormal(matrix, normal);
    const along = (direction: readonly number[]) =>
      direction.reduce((sum, part, i) => sum + part * turned[i]!, 0);
    assert.ok(Math.abs(along(moved(a))) < 1e-9 && Math.abs(along(moved(b))) < 1e-9);
    assert.ok(along(moved(normal)) > 0);
    assert.ok(Math.abs(Math.hypot(...turned) - 1) < 1e-12);
    mirrored += Number(determinant3(matrix) < 0);
  }
  assert.ok(mirrored > 10 && mirrored < 90);
});

Deno.test("negative control: normals moved like points do not stay at right angles", () => {
  const matrix = transformMatrix(transformFrom({ scale: [1, 4, 1] }));
  const [a, normal] = [[1, -1, 0], [1, 1, 0]];
  const [movedA, movedNormal] = [transformPoint(matrix, a), transformPoint(matrix, normal)];
  assert.ok(Math.abs(movedA.reduce((sum, part, i) => sum + part * movedNormal[i]!, 0)) > 1);
});
