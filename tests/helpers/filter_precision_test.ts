import assert from "node:assert/strict";
import { mayBeWeights } from "./filter_precision.ts";

Deno.test("a step of the weights is allowed in light, and nothing more", () => {
  // The sum of two values of light, weighed with a step's difference in both directions.
  const encode = (light: number) =>
    Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055));
  for (let light = 0; light < 0.9; light += 0.01) {
    assert.ok(mayBeWeights(encode(light), encode(Math.min(1, light + 2 / 256))), String(light));
    assert.ok(!mayBeWeights(encode(light), encode(light + 10 / 256)), `control ${light}`);
  }
  assert.ok(mayBeWeights(0, 12));
  assert.ok(!mayBeWeights(0, 60));
  assert.ok(!mayBeWeights(200, 206));
});
