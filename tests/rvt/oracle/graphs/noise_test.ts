import assert from "node:assert/strict";
import { seededRandom } from "../../../helpers/random.ts";
import { evaluateNoise, pcg4d } from "./noise.ts";

const WORD = 2n ** 32n;

/** pcg4d again, on integers without a limit, reduced after each step. */
function pcg4dOfBigInts(numbers: readonly number[]): number[] {
  const reduced = (value: bigint) => ((value % WORD) + WORD) % WORD;
  let [x, y, z, w] = numbers.map((n) => reduced(reduced(BigInt(n)) * 1664525n + 1013904223n)) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  for (const isFirst of [true, false]) {
    x = reduced(x + y * w);
    y = reduced(y + z * x);
    z = reduced(z + x * y);
    w = reduced(w + y * z);
    if (isFirst) [x, y, z, w] = [x ^ x >> 16n, y ^ y >> 16n, z ^ z >> 16n, w ^ w >> 16n];
  }
  return [x, y, z, w].map(Number);
}

Deno.test("the hash is pcg4d, for negative cells and large seeds too", () => {
  const random = seededRandom(1);
  for (let run = 0; run < 500; run++) {
    const cell = [0, 1, 2].map(() => Math.floor((random() - 0.5) * 2 ** (1 + run % 31)));
    const numbers = [...cell, Math.floor(random() * 2 ** 32)];
    assert.deepEqual(pcg4d(numbers), pcg4dOfBigInts(numbers));
  }
});

Deno.test("on the lattice, value noise is its corner's hash and gradient noise is 0", () => {
  for (const cell of [[3, -7], [0, 0], [-2, 5, 1]]) {
    const [word] = pcg4dOfBigInts([cell[0]!, cell[1]!, cell[2] ?? 0, 9]);
    const value = evaluateNoise(cell, { noise: "value", octaves: 1, seed: 9 });
    assert.equal(value, Math.floor(word! / 256) / 2 ** 24);
    assert.equal(evaluateNoise(cell, { noise: "gradient", octaves: 1, seed: 9 }), 0);
  }
});

Deno.test("halfway between two corners, value noise is their mean", () => {
  const at = (x: number) => evaluateNoise([x, 4], { noise: "value", octaves: 1, seed: 2 });
  assert.ok(Math.abs(at(1.5) - (at(1) + at(2)) / 2) < 1e-15);
  // 1/4 of the way the weight is (1/4)³ (6/16 − 15/4 + 10).
  const weight = (0.25 ** 3) * (6 / 16 - 15 / 4 + 10);
  assert.ok(Math.abs(at(1.25) - (at(1) * (1 - weight) + at(2) * weight)) < 1e-15);
});

Deno.test("next to a corner, gradient noise rises along the corner's gradient", () => {
  const words = pcg4dOfBigInts([5, -3, 2, 7]);
  const gradient = words.slice(0, 3).map((word) => 2 * Math.floor(word / 256) / 2 ** 24 - 1);
  const step = 1e-7;
  gradient.forEach((part, axis) => {
    const place = [5, -3, 2].map((x, k) => k === axis ? x + step : x);
    const slope = evaluateNoise(place, { noise: "gradient", octaves: 1, seed: 7 }) / step;
    assert.ok(Math.abs(slope - part * 2 / 3) < 1e-5, `${slope}`);
  });
});

Deno.test("octaves are the mean of single ones at doubled frequencies, by halved weights", () => {
  const place = [0.3, 1.7, -2.2];
  const seed = 2 ** 32 - 2;
  for (const noise of ["value", "gradient"] as const) {
    const single = [0, 1, 2].map((o) =>
      evaluateNoise(place.map((x) => x * 2 ** o), { noise, octaves: 1, seed: (seed + o) % 2 ** 32 })
    );
    const mean = (single[0]! + single[1]! / 2 + single[2]! / 4) / 1.75;
    assert.ok(Math.abs(evaluateNoise(place, { noise, octaves: 3, seed }) - mean) < 1e-15);
  }
});

Deno.test("noise is continuous, stays in its range and fills most of it", () => {
  const random = seededRandom(4);
  const ranges = { value: [0, 1], gradient: [-1, 1] } as const;
  for (const noise of ["value", "gradient"] as const) {
    let [least, most] = [Infinity, -Infinity];
    for (let run = 0; run < 3000; run++) {
      const place = Array.from({ length: 2 + run % 2 }, () => (random() - 0.5) * 40);
      // Every third place lies on the border of a cell.
      if (run % 3 === 0) place[0] = Math.round(place[0]!);
      const kind = { noise, octaves: 1, seed: run % 5 };
      const value = evaluateNoise(place, kind);
      const beside = evaluateNoise(place.map((x) => x - 1e-9), kind);
      assert.ok(Math.abs(value - beside) < 1e-7);
      [least, most] = [Math.min(least, value), Math.max(most, value)];
    }
    const [low, high] = ranges[noise];
    assert.ok(least >= low && most <= high, `${noise}: ${least} to ${most}`);
    assert.ok(least < low + 0.55 && most > high - 0.55, `${noise}: ${least} to ${most}`);
  }
});

Deno.test("negative control: another seed, kind or cell gives other noise", () => {
  const place = [0.5, 0.25];
  const kind = { noise: "value", octaves: 2, seed: 1 } as const;
  const value = evaluateNoise(place, kind);
  for (
    const other of [
      evaluateNoise(place, { ...kind, seed: 2 }),
      evaluateNoise(place, { ...kind, noise: "gradient" }),
      evaluateNoise(place, { ...kind, octaves: 1 }),
      evaluateNoise([0.5, 1.25], kind),
      evaluateNoise([0.5, 0.25, 1], kind),
    ]
  ) assert.ok(Math.abs(other - value) > 1e-3);
});
