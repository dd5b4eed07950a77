import assert from "node:assert/strict";
import { placementFor } from "../../src/geometry/mod.ts";

Deno.test("by default a texel's column and row are its world x and y", () => {
  const p = placementFor([300, 200]);
  assert.deepEqual(p, { origin: [0, 0, 0], axisU: [300, 0, 0], axisV: [0, 200, 0] });
});

Deno.test("y_up puts row r at world y = height - r", () => {
  const p = placementFor([300, 200], { placement: "y_up" });
  assert.deepEqual(p, { origin: [0, 200, 0], axisU: [300, 0, 0], axisV: [0, -200, 0] });
});

Deno.test("origin and extent move and scale either placement", () => {
  const p = placementFor([4, 2], { placement: "y_up", origin: [10, 20, 5], extent: [8, 6] });
  assert.deepEqual(p, { origin: [10, 26, 5], axisU: [8, 0, 0], axisV: [0, -6, 0] });
});

Deno.test("axes stand alone, come in pairs and must span an area", () => {
  const axisU = [1, 0, 0];
  assert.throws(() => placementFor([4, 2], { axisU }), { argument: "axisV" });
  assert.throws(() => placementFor([4, 2], { axisU, axisV: [2, 0, 0] }), { argument: "axisU" });
  assert.throws(() => placementFor([4, 2], { axisU, axisV: [0, 1, 0], extent: [1, 1] }), {
    argument: "axisU",
  });
  assert.throws(() => placementFor([4, 2], { origin: [0, 0] }), { argument: "origin" });
  assert.throws(() => placementFor([4, 2], { placement: "sideways" as "y_up" }), {
    argument: "placement",
  });
});
