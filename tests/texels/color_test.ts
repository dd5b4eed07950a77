import assert from "node:assert/strict";
import {
  linearToSrgb,
  linearToSrgb8,
  SRGB8_TO_LINEAR,
  srgbToLinear,
} from "../../src/texels/mod.ts";

Deno.test("sRGB transfer functions give the values of IEC 61966-2-1", () => {
  // Middle grey, both ends, and both sides of the thresholds.
  assert.equal(srgbToLinear(0), 0);
  assert.equal(srgbToLinear(1), 1);
  assert.ok(Math.abs(srgbToLinear(0.5) - 0.21404114) < 1e-8);
  assert.ok(Math.abs(srgbToLinear(10 / 255) - 10 / 255 / 12.92) < 1e-15);
  assert.ok(Math.abs(srgbToLinear(11 / 255) - 0.0033465358) < 1e-9);
  assert.ok(Math.abs(linearToSrgb(0.21404114) - 0.5) < 1e-8);
  assert.ok(Math.abs(linearToSrgb(0.18) - 0.46135613) < 1e-8);
});

Deno.test("sRGB transfer functions are inverses, rising, and clamp", () => {
  let last = -1;
  for (let k = 0; k <= 10_000; k++) {
    const linear = srgbToLinear(k / 10_000);
    assert.ok(linear > last);
    // The standard's rounded thresholds leave a gap of up to 6e-8 where the two pieces meet.
    assert.ok(Math.abs(linearToSrgb(linear) - k / 10_000) < 1e-6);
    last = linear;
  }
  assert.equal(srgbToLinear(-1), 0);
  assert.equal(srgbToLinear(2), 1);
  assert.equal(linearToSrgb(-1), 0);
  assert.equal(linearToSrgb(2), 1);
});

Deno.test("8-bit tables agree with the functions, and every code survives the round trip", () => {
  for (let code = 0; code < 256; code++) {
    assert.equal(SRGB8_TO_LINEAR[code], Math.fround(srgbToLinear(code / 255)));
    assert.equal(linearToSrgb8(SRGB8_TO_LINEAR[code]!), code);
  }
  for (let k = 0; k < 65_536; k++) {
    const linear = k / 65_535;
    const exact = 255 * linearToSrgb(linear);
    assert.ok(Math.abs(linearToSrgb8(linear) - exact) <= 0.5 + 1e-6);
  }
  assert.equal(linearToSrgb8(-1), 0);
  assert.equal(linearToSrgb8(7), 255);
  assert.equal(linearToSrgb8(NaN), 0);
});
