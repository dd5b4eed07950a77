import assert from "node:assert/strict";
import { BIAS_STEP, PressureControl } from "../../src/residency/mod.ts";

/** A camera that wants `base` tiles at no bias, and a quarter of them with each level. */
function demand(base: number): (bias: number) => number {
  return (bias) => Math.round(base * 4 ** -bias);
}

Deno.test("no pressure, no bias", () => {
  const control = new PressureControl();
  for (let i = 0; i < 10; i++) control.update(100, 2, demand(80));
  assert.equal(control.bias, 0);
  assert.equal(control.episodes, 0);
});

Deno.test("what cannot fit is coarsened at once, and what goes beyond the limit is reported", () => {
  const control = new PressureControl();
  control.update(100, 0, demand(1000));
  assert.ok(demand(1000)(control.bias) <= 100);
  assert.ok(demand(1000)(control.bias - BIAS_STEP) > 100);
  assert.equal(control.forcedBias, control.bias);
});

Deno.test("above nine tenths the bias rises early, within its limit only", () => {
  const control = new PressureControl();
  for (let i = 0; i < 20; i++) control.update(100, 1, demand(95));
  assert.ok(control.bias > 0 && control.bias <= 1);
  assert.equal(control.forcedBias, 0);
  const limited = new PressureControl();
  for (let i = 0; i < 20; i++) limited.update(100, 0, demand(95));
  assert.equal(limited.bias, 0);
});

Deno.test("a steady demand settles: no swinging at any load", () => {
  for (let base = 10; base < 2000; base += 7) {
    for (const limit of [0, 1]) {
      const control = new PressureControl();
      for (let i = 0; i < 40; i++) control.update(100, limit, demand(base));
      const settled = control.bias;
      for (let i = 0; i < 20; i++) {
        control.update(100, limit, demand(base));
        assert.equal(control.bias, settled, `base ${base}`);
      }
      assert.ok(control.episodes <= 1);
    }
  }
});

Deno.test("the bias falls back to none once the pressure is gone, and an episode counts once", () => {
  const control = new PressureControl();
  for (let i = 0; i < 5; i++) control.update(100, 0, demand(3000));
  for (let i = 0; i < 40; i++) control.update(100, 0, demand(40));
  assert.equal(control.bias, 0);
  assert.equal(control.inEpisode, false);
  assert.equal(control.episodes, 1);
  control.update(100, 0, demand(3000));
  assert.equal(control.episodes, 2);
});

Deno.test("the last count asked for is at the bias that was found", () => {
  const control = new PressureControl();
  for (const base of [50, 500, 5000, 90, 20, 10, 5]) {
    let last = -1;
    control.update(100, 1, (bias) => {
      last = bias;
      return demand(base)(bias);
    });
    assert.equal(last, control.bias);
  }
});
