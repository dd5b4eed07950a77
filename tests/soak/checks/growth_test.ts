import assert from "node:assert/strict";
import { GrowthWatch } from "./growth.ts";

const BOUNDS = { heap: { unit: "bytes", most: 100 } } as const;

/** Breaches of a figure that was measured so often. */
function breachesOf(samples: readonly number[]): string[] {
  const watch = new GrowthWatch(BOUNDS);
  for (const heap of samples) watch.addSample({ heap });
  return watch.breaches();
}

function samplesOf(count: number, value: (i: number) => number): number[] {
  return Array.from({ length: count }, (_, i) => value(i));
}

Deno.test("a figure that moves up and down, or grows in the warm-up alone, has not grown", () => {
  assert.deepEqual(breachesOf(samplesOf(20, (i) => i % 3 === 0 ? 9000 : 1000)), []);
  assert.deepEqual(breachesOf(samplesOf(20, (i) => 1000 + 500 * Math.min(i, 4))), []);
  assert.deepEqual(breachesOf(samplesOf(20, (i) => 5000 - 100 * i)), []);
  // One sample that is off is no growth.
  assert.deepEqual(breachesOf(samplesOf(20, (i) => i === 19 ? 9000 : 1000)), []);
});

Deno.test("a figure that grows steadily is named, whatever the number of samples", () => {
  for (const count of [4, 7, 20, 100]) {
    const breaches = breachesOf(samplesOf(count, (i) => 1000 + 110 * i));
    assert.equal(breaches.length, 1, `${count} samples`);
    assert.match(breaches[0]!, /^heap grew from \d+ to \d+ bytes: at most 100 more/);
  }
});

Deno.test("the longer a run, the slower the growth that is found", () => {
  const slow = (i: number) => 1000 + 3 * i;
  assert.deepEqual(breachesOf(samplesOf(20, slow)), []);
  assert.equal(breachesOf(samplesOf(100, slow)).length, 1);
});

Deno.test("too few samples say nothing", () => {
  assert.deepEqual(breachesOf([1, 1000]), []);
});

Deno.test("an exact figure may never exceed its first sample by more than its bound", () => {
  const breaches = (samples: readonly number[]) => {
    const watch = new GrowthWatch({ objects: { unit: "objects", most: 2, isExact: true } });
    for (const objects of samples) watch.addSample({ objects });
    return watch.breaches();
  };
  assert.deepEqual(breaches([20, 22, 20, 18, 22, 20]), []);
  assert.deepEqual(breaches([20, 20, 23, 20, 20, 20]), [
    "objects grew from 20 to 23 objects: at most 2 more are allowed",
  ]);
});
