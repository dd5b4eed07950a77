import assert from "node:assert/strict";
import fc from "fast-check";
import { mat4 } from "wgpu-matrix";
import {
  type Camera,
  checkedCamera,
  levelOfDetail,
  LevelProbe,
  placementFor,
  planeView,
} from "../../src/geometry/mod.ts";

const SIZE = [3000, 1700] as const;
const PLACEMENT = placementFor(SIZE);

/** Pixel that a texture coordinate lands on. */
function pixelOf(camera: Camera, u: number, v: number): [number, number] {
  const m = camera.viewProjection!;
  const [x, y] = [u * SIZE[0], v * SIZE[1]];
  const row = (i: number) => m[i]! * x + m[4 + i]! * y + m[12 + i]!;
  return [row(0) / row(3) * camera.width / 2, row(1) / row(3) * camera.height / 2];
}

/** Texels that a step of one pixel to the right and one upwards cover, by differences. */
function texelsPerPixel(camera: Camera, u: number, v: number): [number, number] {
  const step = 1e-5;
  const [x0, y0] = pixelOf(camera, u - step, v);
  const [x1, y1] = pixelOf(camera, u + step, v);
  const [x2, y2] = pixelOf(camera, u, v - step);
  const [x3, y3] = pixelOf(camera, u, v + step);
  // Pixels by texels, and the columns of the inverse.
  const [xs, ys] = [(x1 - x0) / (2 * step * SIZE[0]), (y1 - y0) / (2 * step * SIZE[0])];
  const [xt, yt] = [(x3 - x2) / (2 * step * SIZE[1]), (y3 - y2) / (2 * step * SIZE[1])];
  const determinant = xs * yt - xt * ys;
  return [
    Math.hypot(yt, ys) / Math.abs(determinant),
    Math.hypot(xt, xs) / Math.abs(determinant),
  ];
}

const cameras = fc.record({
  x: fc.double({ min: 0, max: SIZE[0], noNaN: true }),
  y: fc.double({ min: 0, max: SIZE[1], noNaN: true }),
  height: fc.double({ min: 20, max: 4000, noNaN: true }),
  toX: fc.double({ min: 300, max: SIZE[0] - 300, noNaN: true }),
  toY: fc.double({ min: 300, max: SIZE[1] - 300, noNaN: true }),
}).map(({ x, y, height, toX, toY }) => ({
  target: [toX / SIZE[0], toY / SIZE[1]] as const,
  camera: checkedCamera({
    position: [x, y, height],
    view: mat4.lookAt([x, y, height], [toX, toY, 0], [0.1, 0.2, 1], new Float64Array(16)),
    projection: mat4.perspective(1, 1.5, 0.1, 1e5, new Float64Array(16)),
    viewport: [300, 200],
  }),
}));

Deno.test("the level of detail is the logarithm of the texels that a pixel's longer side covers", () => {
  fc.assert(fc.property(cameras, ({ camera, target: [u, v] }) => {
    const [right, up] = texelsPerPixel(camera, u, v);
    const level = levelOfDetail(planeView(camera, PLACEMENT, SIZE), { u, v });
    assert.ok(Math.abs(level - Math.log2(Math.max(right, up))) < 0.01);
  }));
});

Deno.test("anisotropy divides the longer side, but never below the shorter", () => {
  fc.assert(
    fc.property(cameras, fc.integer({ min: 2, max: 16 }), ({ camera, target: [u, v] }, most) => {
      const [right, up] = texelsPerPixel(camera, u, v);
      const longer = Math.max(right, up);
      const taps = Math.min(most, longer / Math.min(right, up));
      const level = levelOfDetail(planeView(camera, PLACEMENT, SIZE), { u, v }, most);
      assert.ok(Math.abs(level - Math.log2(longer / taps)) < 0.01);
    }),
  );
});

Deno.test("a probe's range spans what its points measure one by one", () => {
  fc.assert(fc.property(cameras, ({ camera }) => {
    for (const withMatrix of [true, false]) {
      const view = planeView(
        withMatrix ? camera : { ...camera, viewProjection: null },
        PLACEMENT,
        SIZE,
      );
      const probe = new LevelProbe();
      const points = [[0.3, 0.4], [0.5, 0.5], [0.7, 0.2]] as const;
      probe.points.set(points.flat());
      probe.length = 2 * points.length;
      probe.measure(view, 1);
      const levels = points.map(([u, v]) => levelOfDetail(view, { u, v }));
      assert.deepEqual([...probe.range], [Math.min(...levels), Math.max(...levels)]);
    }
  }));
});

Deno.test("a plane that is seen edge on counts as the coarsest level, not as the finest", () => {
  const camera = checkedCamera({
    position: [1500, -100, 0],
    view: mat4.lookAt([1500, -100, 0], [1500, 800, 0], [0, 0, 1]),
    projection: mat4.perspective(1, 1.5, 0.1, 1e5),
    viewport: [300, 200],
  });
  const level = levelOfDetail(planeView(camera, PLACEMENT, SIZE), { u: 0.5, v: 0.5 });
  assert.ok(level > 30, `${level}`);
});

Deno.test("negative control: the shorter side fails the same check", () => {
  const camera = checkedCamera({
    position: [1500, -100, 200],
    view: mat4.lookAt([1500, -100, 200], [1500, 800, 0], [0, 0, 1]),
    projection: mat4.perspective(1, 1.5, 0.1, 1e5),
    viewport: [300, 200],
  });
  const [right, up] = texelsPerPixel(camera, 0.5, 0.5);
  const level = levelOfDetail(planeView(camera, PLACEMENT, SIZE), { u: 0.5, v: 0.5 });
  assert.ok(Math.abs(level - Math.log2(Math.min(right, up))) > 0.5);
});
