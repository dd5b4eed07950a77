import assert from "node:assert/strict";
import {
  HEIGHT_REACH_SAMPLES,
  heightAt,
  type HeightField,
  NORMAL_REACH_SAMPLES,
  normalAt,
} from "../../src/geometry/mod.ts";
import { seededRandom } from "../helpers/random.ts";

const WIDTH = 9;
const HEIGHT = 7;

function fieldOf(height: (x: number, y: number) => number): HeightField {
  const heights = Float32Array.from(
    { length: WIDTH * HEIGHT },
    (_, i) => height(i % WIDTH, Math.floor(i / WIDTH)),
  );
  return { width: WIDTH, height: HEIGHT, heights };
}

Deno.test("heights of a bilinear field are exact, and normals those of its slopes", () => {
  const field = fieldOf((x, y) => 2 * x - y + 3);
  const random = seededRandom(1);
  for (let round = 0; round < 200; round++) {
    const [x, y] = [random() * (WIDTH - 1), random() * (HEIGHT - 1)];
    assert.ok(Math.abs(heightAt(field, { x, y }) - (2 * x - y + 3)) < 1e-5);
    const length = Math.hypot(2, -1, 1);
    [-2, 1, 1].forEach((part, i) =>
      assert.ok(Math.abs(normalAt(field, { x, y })[i]! - part / length) < 1e-6)
    );
  }
});

Deno.test("samples hold their heights, and the edges hold beyond them", () => {
  const random = seededRandom(2);
  const field = fieldOf(() => random());
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      assert.equal(heightAt(field, { x, y }), field.heights[y * WIDTH + x]);
    }
  }
  assert.equal(heightAt(field, { x: -5, y: 99 }), field.heights[(HEIGHT - 1) * WIDTH]);
});

Deno.test("a sample changes heights and normals as far as it reaches, and no further", () => {
  const flat = fieldOf(() => 0);
  const [cx, cy] = [4, 3];
  const peak = fieldOf((x, y) => x === cx && y === cy ? 1 : 0);
  let [heightReach, normalReach] = [0, 0];
  for (let y = 0; y <= HEIGHT - 1; y += 0.125) {
    for (let x = 0; x <= WIDTH - 1; x += 0.125) {
      const way = Math.max(Math.abs(x - cx), Math.abs(y - cy));
      if (heightAt(peak, { x, y }) !== heightAt(flat, { x, y })) {
        heightReach = Math.max(heightReach, way);
      }
      if (normalAt(peak, { x, y })[2] !== normalAt(flat, { x, y })[2]) {
        normalReach = Math.max(normalReach, way);
      }
    }
  }
  assert.equal(heightReach, HEIGHT_REACH_SAMPLES - 0.125);
  assert.equal(normalReach, NORMAL_REACH_SAMPLES - 0.125);
});
