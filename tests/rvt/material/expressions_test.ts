import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { type Expression, expressions as e } from "../../../src/rvt/material/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { evaluate, type Point } from "./evaluate.ts";

const RANDOM = seededRandom(1);
const POINTS: Point[] = Array.from({ length: 61 }, () => {
  const numbers = (count: number) => Array.from({ length: count }, () => 4 * RANDOM() - 2);
  return {
    world: numbers(3).map(Math.fround),
    uv: numbers(2).map(Math.fround),
    normal: numbers(3).map(Math.fround),
    view: numbers(4).map(Math.fround),
    weights: numbers(4).map(Math.fround),
  };
});
/** Points where 0 matters, and numbers that are equal. */
POINTS.push({ world: [0, 0, 0], uv: [0, 0] }, { world: [1, 1, 1], uv: [1, 1] });
POINTS.push({ world: [-0.5, 1, 0.25], uv: [-2, 0.5] });

type Vector = readonly number[];

/** An expression and what it has to be, component by component, where a closed form is known. */
interface Case {
  readonly expression: Expression;
  readonly wanted: (world: Vector, uv: Vector, point: Required<Point>) => Vector;
}

const P = e.worldPosition();
const UV = e.textureCoordinate();
const X = e.componentMask(UV, "x");
const dot = (a: Vector, b: Vector) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const unit = (a: Vector) => a.map((value) => value / Math.max(Math.hypot(...a), 1e-10));

function each(operation: (x: number, y: number) => number): Case["wanted"] {
  return (world, uv) => world.map((x) => operation(x, uv[0]!));
}

function smooth(x: number, from: number, to: number): number {
  const t = from === to ? Number(x >= from) : Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

const CASES: Readonly<Record<string, Case>> = {
  constant: { expression: e.constant([1, -2.5, 1e-3, 7e8]), wanted: () => [1, -2.5, 1e-3, 7e8] },
  "constants at the ends of the range": {
    expression: e.constant([3.4028234663852886e38, -3.4028234663852886e38, 1e-38, 16777217]),
    wanted: () => [3.4028234663852886e38, -3.4028234663852886e38, 1e-38, 16777216],
  },
  "world position": { expression: P, wanted: (world) => world },
  "texture coordinate": { expression: UV, wanted: (_, uv) => uv },
  "vertex normal": { expression: e.vertexNormal(), wanted: (_, __, { normal }) => normal },
  "layer weight": {
    expression: e.append(e.layerWeight("grass"), e.layerWeight("rock"), e.layerWeight("grass")),
    wanted: (_, __, { weights }) => [weights[0]!, weights[1]!, weights[0]!],
  },
  "view properties": {
    expression: e.append(
      e.viewProperty("virtual_texture_output_level"),
      e.viewProperty("virtual_texture_max_level"),
      e.viewProperty("virtual_texture_output_derivative"),
    ),
    wanted: (_, __, { view }) => view,
  },
  "scalar parameter": { expression: e.scalarParameter("a", 0.25), wanted: () => [0.25] },
  "vector parameter": {
    expression: e.multiply(e.vectorParameter("v", [1, 2, 3]), e.vectorParameter("w", [2, 3, 4])),
    wanted: () => [2, 6, 12],
  },
  add: { expression: e.add(P, X), wanted: each((x, y) => x + y) },
  subtract: { expression: e.subtract(X, P), wanted: each((x, y) => y - x) },
  multiply: { expression: e.multiply(P, X), wanted: each((x, y) => x * y) },
  divide: { expression: e.divide(X, P), wanted: each((x, y) => x === 0 ? 0 : y / x) },
  minimum: { expression: e.minimum(P, X), wanted: each(Math.min) },
  maximum: { expression: e.maximum(X, P), wanted: each(Math.max) },
  power: { expression: e.power(P, X), wanted: each((x, y) => x <= 0 ? 0 : x ** y) },
  absolute: { expression: e.absolute(P), wanted: each(Math.abs) },
  floor: { expression: e.floor(P), wanted: each(Math.floor) },
  fraction: { expression: e.fraction(P), wanted: each((x) => x - Math.floor(x)) },
  sqrt: { expression: e.sqrt(P), wanted: each((x) => Math.sqrt(Math.max(x, 0))) },
  sine: { expression: e.sine(P), wanted: each(Math.sin) },
  cosine: { expression: e.cosine(P), wanted: each(Math.cos) },
  "one minus": { expression: e.oneMinus(P), wanted: each((x) => 1 - x) },
  saturate: { expression: e.saturate(P), wanted: each((x) => Math.min(1, Math.max(0, x))) },
  clamp: {
    expression: e.clamp(P, { min: X, max: 1 }),
    wanted: each((x, y) => Math.min(1, Math.max(x, y))),
  },
  lerp: {
    expression: e.lerp(P, [1, 2, 3], { alpha: X }),
    wanted: (world, [t]) => world.map((x, i) => x * (1 - t!) + (i + 1) * t!),
  },
  smoothstep: {
    expression: e.smoothstep(P, { from: -1, to: X }),
    wanted: each((x, y) => smooth(x, -1, y)),
  },
  "smoothstep of no width": {
    expression: e.smoothstep(P, { from: 1, to: 1 }),
    wanted: each((x) => smooth(x, 1, 1)),
  },
  step: { expression: e.step(P, { edge: X }), wanted: each((x, y) => Number(x >= y)) },
  dot: { expression: e.dot(P, [1, 2, 3]), wanted: (world) => [dot(world, [1, 2, 3])] },
  "dot of numbers": { expression: e.dot(X, 3), wanted: (_, [x]) => [3 * x!] },
  cross: {
    expression: e.cross(P, [1, 2, 3]),
    wanted: ([x, y, z]) => [3 * y! - 2 * z!, z! - 3 * x!, 2 * x! - y!],
  },
  normalize: { expression: e.normalize(P), wanted: unit },
  length: { expression: e.length(P), wanted: (world) => [Math.hypot(...world)] },
  distance: {
    expression: e.distance(P, X),
    wanted: (world, [x]) => [Math.hypot(...world.map((a) => a - x!))],
  },
  "component mask": {
    expression: e.componentMask(P, "zxzy"),
    wanted: ([x, y, z]) => [z!, x!, z!, y!],
  },
  "component mask of a number": {
    expression: e.componentMask(X, "xxx"),
    wanted: (_, [x]) => [x!, x!, x!],
  },
  append: { expression: e.append(UV, X, 5), wanted: (_, [x, y]) => [x!, y!, x!, 5] },
  "custom WGSL": {
    expression: e.customWgsl({
      code: "var sum = vec2f();\nfor (var i = 0; i < 3; i++) { sum += at * amount; }\nreturn sum;",
      inputs: { at: UV, amount: 2 },
      components: 2,
    }),
    wanted: (_, uv) => uv.map((x) => 6 * x),
  },
  "feature switch": {
    expression: e.virtualTextureFeatureSwitch({ yes: P, no: 3 }),
    wanted: (world) => world,
  },
  replace: {
    expression: e.runtimeVirtualTextureReplace({ default: P, output: X }),
    wanted: (_, [x]) => [x!, x!, x!],
  },
};

Deno.test("every kind of node is on the GPU what its formula says", async (test) => {
  using device = await requestDevice();
  for (const [name, { expression, wanted }] of Object.entries(CASES)) {
    await test.step(name, async () => {
      const values = await evaluate(device, expression, POINTS);
      const zeros = { world: [0, 0, 0], uv: [0, 0], normal: [0, 0, 0], view: [0, 0, 0, 0] };
      POINTS.forEach((given, i) => {
        const point = { weights: [0, 0, 0, 0], ...zeros, ...given };
        assertClose(values[i]!, wanted(point.world, point.uv, point), JSON.stringify(given));
      });
    });
  }
});

Deno.test("negative control: another formula differs", async () => {
  using device = await requestDevice();
  const values = await evaluate(device, e.power(P, X), POINTS);
  assert.throws(() =>
    POINTS.forEach(({ world, uv }, i) =>
      assertClose(values[i]!, world!.map((x) => Math.abs(x) ** uv![0]!), "")
    )
  );
});

Deno.test("blended normals turn the detail by the rotation that takes up to the base", async () => {
  using device = await requestDevice();
  const base = e.worldPosition();
  const detail = e.vertexNormal();
  const points = POINTS.filter(({ world, normal }) =>
    normal !== undefined && unit(world!)[2]! > -0.9
  );
  const values = await evaluate(device, e.blendNormals(base, detail), points);
  points.forEach(({ world, normal }, i) => {
    const b = unit(world!);
    const d = unit(normal!);
    // Rodrigues' formula about the cross product of (0, 0, 1) and the base.
    const axis = [-b[1]!, b[0]!, 0];
    const cosine = b[2]!;
    const turned = [
      axis[1]! * d[2]!,
      -axis[0]! * d[2]!,
      axis[0]! * d[1]! - axis[1]! * d[0]!,
    ].map((value, k) => value + d[k]! * cosine + axis[k]! * dot(axis, d) / (1 + cosine));
    assertClose(values[i]!, turned, "", 2e-5);
  });
});

function assertClose(got: Vector, wanted: Vector, message: string, tolerance = 4e-6): void {
  assert.equal(got.length, wanted.length, message);
  got.forEach((value, i) => {
    const target = wanted[i]!;
    const bound = tolerance * Math.max(1, Math.abs(target)) * 4;
    assert.ok(
      Math.abs(value - target) <= bound,
      `${message}: component ${i} is ${value} instead of ${target}`,
    );
  });
}
