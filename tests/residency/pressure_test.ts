import assert from "node:assert/strict";
import { BIAS_STEP, PressureControl } from "../../src/residency/mod.ts";
import { seededRandom } from "../helpers/random.ts";

function viewOf(capacity: number, maxMipBias: number, isSettled = false) {
  return { capacity, maxMipBias, isSettled };
}

/** A camera that wants `base` tiles at no bias, and a quarter of them with each level. */
function demand(base: number): (bias: number) => number {
  return (bias) => Math.round(base * 4 ** -bias);
}

Deno.test("no pressure, no bias", () => {
  const control = new PressureControl();
  for (let i = 0; i < 10; i++) control.update(viewOf(100, 2), demand(80));
  assert.equal(control.bias, 0);
  assert.equal(control.episodes, 0);
});

Deno.test("what cannot fit is coarsened at once, and what goes beyond the limit is reported", () => {
  const control = new PressureControl();
  control.update(viewOf(100, 0), demand(1000));
  assert.ok(demand(1000)(control.bias) <= 100);
  assert.ok(demand(1000)(control.bias - BIAS_STEP) > 100);
  assert.equal(control.forcedBias, control.bias);
});

Deno.test("above nine tenths the bias rises early, within its limit only", () => {
  const control = new PressureControl();
  for (let i = 0; i < 20; i++) control.update(viewOf(100, 1), demand(95));
  assert.ok(control.bias > 0 && control.bias <= 1);
  assert.equal(control.forcedBias, 0);
  const limited = new PressureControl();
  for (let i = 0; i < 20; i++) limited.update(viewOf(100, 0), demand(95));
  assert.equal(limited.bias, 0);
});

Deno.test("a steady demand settles: no swinging at any load", () => {
  for (let base = 10; base < 2000; base += 7) {
    for (const limit of [0, 1]) {
      const control = new PressureControl();
      for (let i = 0; i < 40; i++) control.update(viewOf(100, limit), demand(base));
      const settled = control.bias;
      for (let i = 0; i < 20; i++) {
        control.update(viewOf(100, limit), demand(base));
        assert.equal(control.bias, settled, `base ${base}`);
      }
      assert.ok(control.episodes <= 1);
    }
  }
});

Deno.test("the bias falls back to none once the pressure is gone, and an episode counts once", () => {
  const control = new PressureControl();
  for (let i = 0; i < 5; i++) control.update(viewOf(100, 0), demand(3000));
  for (let i = 0; i < 100; i++) control.update(viewOf(100, 0), demand(40));
  assert.equal(control.bias, 0);
  assert.equal(control.episodes, 1);
  control.update(viewOf(100, 0), demand(3000));
  assert.equal(control.episodes, 2);
});

Deno.test("the last count asked for is at the bias that was found", () => {
  const control = new PressureControl();
  for (const base of [50, 500, 5000, 90, 20, 10, 5]) {
    let last = -1;
    control.update(viewOf(100, 1), (bias) => {
      last = bias;
      return demand(base)(bias);
    });
    assert.equal(last, control.bias);
  }
});

/** Counts that fall with the bias in random steps, plateaus among them. */
function randomDemand(random: () => number): (bias: number) => number {
  const counts: number[] = [];
  let count = Math.round(20 + 400 * random());
  for (let step = 0; step <= 24 / BIAS_STEP; step++) {
    counts.push(count);
    if (random() < 0.4) count = Math.round(count * random());
  }
  return (bias) => counts[bias / BIAS_STEP]!;
}

/** Biases that a view settles at, from a camera that saw little before and one that saw much. */
function settledBiases(
  count: (bias: number) => number,
  limit: number,
  isSettled: boolean,
): [number, number] {
  const biases = [5, 100_000].map((before) => {
    const control = new PressureControl();
    for (let i = 0; i < 30; i++) control.update(viewOf(100, limit), demand(before));
    for (let i = 0; i < 200; i++) control.update(viewOf(100, limit, isSettled), count);
    return control.bias;
  });
  return [biases[0]!, biases[1]!];
}

Deno.test("a settled view is within a step of the same, whatever the camera saw before", () => {
  const random = seededRandom(3);
  for (let i = 0; i < 3000; i++) {
    const count = randomDemand(random);
    const limit = [0, 0.5, 2][i % 3]!;
    const [a, b] = settledBiases(count, limit, true);
    assert.ok(Math.abs(a - b) <= BIAS_STEP, `${a} and ${b}`);
    for (const bias of [a, b]) {
      assert.ok(count(bias) <= 100);
      if (bias === 0) continue;
      const room = bias > limit ? 90 : 75;
      assert.ok(count(bias - BIAS_STEP) > room, "never while a finer step fits well");
    }
  }
});

Deno.test("negative control: a controller that never settles depends on the camera's path", () => {
  const random = seededRandom(3);
  let apart = 0;
  for (let i = 0; i < 3000; i++) {
    const [a, b] = settledBiases(randomDemand(random), 0, false);
    if (Math.abs(a - b) > BIAS_STEP) apart++;
  }
  assert.ok(apart > 100, `${apart}`);
});

Deno.test("an episode begins only when what is wanted does not fit", () => {
  const control = new PressureControl();
  for (let i = 0; i < 50; i++) control.update(viewOf(100, 2), demand(95));
  assert.ok(control.bias > 0);
  assert.equal(control.episodes, 0);
  for (let i = 0; i < 500; i++) control.update(viewOf(100, 0), demand(i % 20 < 10 ? 300 : 40));
  assert.equal(control.episodes, 1, "a view that comes and goes is one episode");
});
