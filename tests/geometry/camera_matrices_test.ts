import { equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { lookAt, multiply4, orthographic, perspective } from "../../src/geometry/mod.ts";

/** Clip position of a world point. */
function project(m: ArrayLike<number>, [x, y, z]: readonly number[]): number[] {
  return [0, 1, 2, 3].map((row) =>
    m[row]! * x! + m[4 + row]! * y! + m[8 + row]! * z! + m[12 + row]!
  );
}

function near(a: number, b: number): void {
  ok(Math.abs(a - b) < 1e-6 * Math.max(1, Math.abs(b)), `${a} is not ${b}`);
}

const coordinate = fc.double({ min: -1e4, max: 1e4, noNaN: true });
const point = fc.tuple(coordinate, coordinate, coordinate);

Deno.test("what a camera looks at lies straight ahead, at its distance, along -z", () => {
  fc.assert(fc.property(point, point, (eye, target) => {
    const distance = Math.hypot(...eye.map((value, i) => value - target[i]!));
    const sideways = Math.hypot(eye[0] - target[0], eye[2] - target[2]);
    fc.pre(distance > 1 && sideways > 0.01 * distance);
    const seen = project(lookAt(eye, target), target);
    near(seen[0]! / distance, 0);
    near(seen[1]! / distance, 0);
    near(seen[2]!, -distance);
  }));
});

Deno.test("cameras are right-handed: seen from above, x is right and y is up", () => {
  const view = lookAt([5, 6, 10], [5, 6, 0]);
  const [right] = project(view, [6, 6, 0]);
  const [, up] = project(view, [5, 7, 0]);
  equal(right, 1);
  equal(up, 1);
});

Deno.test("depth goes from 0 to 1, or from 1 to 0 when reversed", () => {
  const lens = { fovYDegrees: 70, aspect: 1.5, near: 2, far: 300 };
  const box = { left: -3, right: 5, bottom: -2, top: 7, near: 2, far: 300 };
  for (const reverseDepth of [false, true]) {
    for (
      const m of [perspective({ ...lens, reverseDepth }), orthographic({ ...box, reverseDepth })]
    ) {
      const [, , nearZ, nearW] = project(m, [0, 0, -2]);
      const [, , farZ, farW] = project(m, [0, 0, -300]);
      near(nearZ! / nearW!, reverseDepth ? 1 : 0);
      near(farZ! / farW!, reverseDepth ? 0 : 1);
    }
  }
  const endless = perspective({ ...lens, far: Infinity, reverseDepth: true });
  const [, , z, w] = project(endless, [0, 0, -1e9]);
  near(z! / w!, 0);
});

Deno.test("edges of the view lie at the edges of the picture", () => {
  const lens = perspective({ fovYDegrees: 90, aspect: 2, near: 1, far: 10 });
  const [x, y, , w] = project(lens, [10, 5, -5]);
  near(x! / w!, 1);
  near(y! / w!, 1);
  const box = orthographic({ left: -3, right: 5, bottom: -2, top: 7, near: 0, far: 1 });
  const corner = project(box, [5, -2, -0.5]);
  near(corner[0]!, 1);
  near(corner[1]!, -1);
});

Deno.test("matrices multiply to float64 precision", () => {
  const view = lookAt([2 ** 18 + 0.125, 7, 1], [2 ** 18 + 0.125, 7, 0]);
  const lens = perspective({ fovYDegrees: 60, aspect: 1, near: 0.1, far: Infinity });
  const [x, , , w] = project(multiply4(lens, view), [2 ** 18 + 0.125, 7, 0]);
  ok(Math.abs(x! / w!) < 1e-9);
});

Deno.test("impossible cameras are refused", () => {
  const lens = { fovYDegrees: 60, aspect: 1, near: 1, far: 10 };
  throws(() => lookAt([1, 2, 3], [1, 2, 3]), /target must be another point than eye/);
  throws(() => lookAt([0, 0, 5], [0, 0, 0], { up: [0, 0, 1] }), /up must be a direction/);
  throws(() => lookAt([0, NaN, 5], [0, 0, 0]), RangeError);
  throws(() => lookAt([0, 5], [0, 0, 0]), /eye must be 3 finite numbers/);
  throws(() => perspective({ ...lens, fovYDegrees: 180 }), RangeError);
  throws(() => perspective({ ...lens, aspect: 0 }), RangeError);
  throws(() => perspective({ ...lens, near: 0 }), /near must be finite and > 0/);
  throws(() => perspective({ ...lens, far: 1 }), /far must be > near \(1\)/);
  throws(() => perspective({ ...lens, far: "9" as never }), TypeError);
  const box = { left: 0, right: 1, bottom: 0, top: 1, near: 0, far: 1 };
  throws(() => orthographic({ ...box, left: null as never }), TypeError);
  throws(() => orthographic({ ...box, right: 0 }), /right must be other than left/);
  throws(() => orthographic({ ...box, far: 0 }), RangeError);
  throws(() => orthographic({ ...box, top: Infinity }), RangeError);
});
