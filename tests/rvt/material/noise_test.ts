import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e } from "../../../src/rvt/material/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { evaluate, type Point } from "./evaluate.ts";

type Words = [number, number, number, number];

/** pcg4d, on integers of any size. */
function pcg4d(words: readonly number[]): Words {
  const bits = (value: bigint) => BigInt.asUintN(32, value);
  let [x, y, z, w] = words.map((word) => bits(BigInt(word) * 1664525n + 1013904223n)) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const mix = () => {
    x = bits(x + y * w);
    y = bits(y + z * x);
    z = bits(z + x * y);
    w = bits(w + y * z);
  };
  mix();
  [x, y, z, w] = [x ^ (x >> 16n), y ^ (y >> 16n), z ^ (z >> 16n), w ^ (w >> 16n)];
  mix();
  return [x, y, z, w].map(Number) as Words;
}

/** Numbers from 0 to below 1 of a lattice point. */
function lattice(corner: readonly number[], seed: number): number[] {
  const [i, j, k = 0] = corner;
  return pcg4d([i!, j!, k, seed]).map((word) => Math.floor(word / 256) / 2 ** 24);
}

/** The noise of the documentation, in doubles. */
function noise(
  place: readonly number[],
  { kind, octaves = 1, seed = 0 }: { kind: "value" | "gradient"; octaves?: number; seed?: number },
): number {
  let [sum, total] = [0, 0];
  for (let octave = 0; octave < octaves; octave++) {
    const p = place.map((x) => x * 2 ** octave);
    sum += octaveAt(p, kind, (seed + octave) % 2 ** 32) / 2 ** octave;
    total += 1 / 2 ** octave;
  }
  return sum / total;
}

function octaveAt(p: readonly number[], kind: "value" | "gradient", seed: number): number {
  const n = p.length;
  const cell = p.map(Math.floor);
  const f = p.map((x, i) => x - cell[i]!);
  let sum = 0;
  for (let bits = 0; bits < 2 ** n; bits++) {
    const corner = p.map((_, i) => bits >> i & 1);
    const weight = f.reduce((product, x, i) => {
      const w = x ** 3 * (x * (6 * x - 15) + 10);
      return product * (corner[i] === 1 ? w : 1 - w);
    }, 1);
    const units = lattice(cell.map((c, i) => c + corner[i]!), seed);
    const slope = f.reduce((dot, x, i) => dot + (2 * units[i]! - 1) * (x - corner[i]!), 0);
    sum += weight * (kind === "value" ? units[0]! : slope * 2 / n);
  }
  return sum;
}

const random = seededRandom(7);
const PLACES: Point[] = Array.from({ length: 200 }, () => {
  const world = [0, 1, 2].map(() => Math.fround(40 * random() - 20));
  return { world, uv: world.slice(0, 2) };
});
const SETTINGS = [
  { kind: "value" },
  { kind: "gradient" },
  { kind: "value", octaves: 5, seed: 12 },
  { kind: "gradient", octaves: 4, seed: 2 ** 32 - 2 },
] as const;

Deno.test("noise on the GPU is that of the formula, in two and three dimensions", async () => {
  using device = await requestDevice();
  for (const settings of SETTINGS) {
    const flat = await evaluate(device, e.noise(e.textureCoordinate(), settings), PLACES);
    const solid = await evaluate(device, e.noise(e.worldPosition(), settings), PLACES);
    PLACES.forEach(({ world, uv }, i) => {
      const label = `${JSON.stringify(settings)} at ${world}`;
      assert.ok(Math.abs(flat[i]![0]! - noise(uv!, settings)) < 1e-5, label);
      assert.ok(Math.abs(solid[i]![0]! - noise(world!, settings)) < 1e-5, label);
    });
  }
});

Deno.test("lattice values are the same bits on the GPU", async () => {
  using device = await requestDevice();
  const points = Array.from({ length: 300 }, (_, i) => {
    const world = [i * 7919 % 2001 - 1000, i - 150, i * i % 977 - 400];
    return { world, uv: world.slice(0, 2) };
  });
  const seed = 99;
  const settings = { kind: "value", seed } as const;
  const flat = await evaluate(device, e.noise(e.textureCoordinate(), settings), points);
  const solid = await evaluate(device, e.noise(e.worldPosition(), settings), points);
  points.forEach(({ world, uv }, i) => {
    assert.equal(flat[i]![0], lattice(uv, seed)[0]);
    assert.equal(solid[i]![0], lattice(world, seed)[0]);
  });
});

Deno.test("noise keeps to its range, and is near its mean on average", () => {
  for (const settings of SETTINGS) {
    const values = PLACES.map(({ world }) => noise(world!, settings));
    const isValue = settings.kind === "value";
    assert.ok(Math.min(...values) >= (isValue ? 0 : -1) && Math.max(...values) <= 1);
    const mean = values.reduce((sum, value) => sum + value) / values.length;
    assert.ok(Math.abs(mean - (isValue ? 0.5 : 0)) < 0.1, `${mean}`);
  }
});

Deno.test("negative control: noise of another seed differs nearly everywhere", async () => {
  using device = await requestDevice();
  const node = e.noise(e.worldPosition(), { kind: "gradient", seed: 1 });
  const values = await evaluate(device, node, PLACES);
  const differing = PLACES.filter(({ world }, i) =>
    Math.abs(values[i]![0]! - noise(world!, { kind: "gradient", seed: 2 })) > 1e-3
  );
  assert.ok(differing.length > 180);
});
