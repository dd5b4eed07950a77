import assert from "node:assert/strict";
import { expressions, makeMesh, Material } from "../../../src/mod.ts";
import { plainOf } from "../../../src/python/rvt/plain.ts";
import { weightsOf } from "../../../src/python/rvt/weights.ts";

Deno.test("values become plain, with Python's names and without null", () => {
  const plain = plainOf({ tileSize: 64, minCoverage: null, atPlace: [{ xRange: [1, null] }] });
  assert.deepEqual(plain, {
    tile_size: 64,
    min_coverage: undefined,
    at_place: [{ x_range: [1, undefined] }],
  });
});

Deno.test("names of attributes are Python's, and no others", () => {
  const plain = plainOf({
    component: "worldHeight",
    attributes: ["baseColor", { attribute: "worldHeight", largest: 1 }],
    lacks: null,
  });
  assert.deepEqual(plain, {
    component: "worldHeight",
    attributes: ["base_color", { attribute: "world_height", largest: 1 }],
    lacks: undefined,
  });
});

Deno.test("what Python refers to stays as it is, and so do names that users gave", () => {
  const material = new Material({ name: "m", baseColor: 1 });
  const mesh = makeMesh({ positions: [0, 0, 0, 1, 0, 0, 0, 1, 0] });
  const node = expressions.worldPosition();
  for (const kept of [material, mesh, node, mesh.positions]) {
    assert.equal((plainOf({ kept }) as { kept: object }).kept, kept);
  }
  assert.deepEqual(plainOf(new Map([["myName", { aB: 1 }]])), new Map([["myName", { a_b: 1 }]]));
  // Negative control: an object that is none of these is copied.
  const other = { kept: 1 };
  assert.notEqual(plainOf(other), other);
});

Deno.test("weights are bytes, or floats from 0 to 1", () => {
  const bytes = Uint8Array.of(1, 2);
  assert.equal(weightsOf(bytes, "rock"), bytes);
  const floats = [0, 0.5, 1];
  for (const Kind of [Float32Array, Float64Array]) {
    assert.deepEqual([...weightsOf(Kind.from(floats), "rock")], [0, 128, 255]);
  }
  assert.throws(
    () => weightsOf(Float32Array.of(0, 1.5), "rock"),
    /"rock" as .* current value at 1 is 1.5/,
  );
  assert.throws(() => weightsOf(Float32Array.of(NaN), "rock"), /must be from 0 to 1/);
  assert.throws(() => weightsOf(Int16Array.of(1), "rock"), /"rock" .* bytes or of floats/);
});
