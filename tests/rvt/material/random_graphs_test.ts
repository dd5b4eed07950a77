import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  type Expression,
  expressions as e,
  type OperationExpression,
} from "../../../src/rvt/material/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { evaluateMaterial, maskMaterial, type Point } from "./evaluate.ts";

type Vector = readonly number[];

const UNARY = [e.absolute, e.fraction, e.saturate, e.oneMinus, e.sine, e.sqrt] as const;
const BINARY = [e.add, e.subtract, e.multiply, e.minimum, e.maximum, e.distance, e.dot] as const;

const MIXED = e.materialFunction("mixed", {
  inputs: { a: 3, b: 3, t: 1 },
  build: ({ a, b, t }) => ({
    mix: e.lerp(a, b, { alpha: t }),
    last: e.add(e.componentMask(a, "z"), e.componentMask(b, "z")),
  }),
});
const NESTED = e.materialFunction("nested", {
  inputs: { p: 3, q: 1 },
  build: ({ p, q }) => ({ result: MIXED.call({ a: p, b: q, t: 0.25 }).mix }),
});

/** A graph whose values stay small, in which many nodes are used several times. */
function randomGraph(seed: number): Expression {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const nodes: Expression[] = [
    e.worldPosition(),
    e.textureCoordinate(),
    e.constant([random(), random(), random()]),
    e.constant(random()),
    e.scalarParameter("a", 0.375),
    e.vectorParameter("b", [0.5, 0.25, 0.75]),
  ];
  const like = (x: Expression): Expression =>
    pick(nodes.filter(({ components }) => components === 1 || components === x.components));
  const narrow = (most: number): Expression =>
    pick(nodes.filter(({ components }) => components === 1 || components === most));
  for (let i = 0; i < 30; i++) {
    const x = pick(nodes);
    const kind = Math.floor(random() * 8);
    if (kind === 0) nodes.push(pick(UNARY)(x));
    if (kind === 1 || kind === 2) nodes.push(pick(BINARY)(x, like(x)));
    if (kind === 3) nodes.push(e.lerp(x, like(x), { alpha: narrow(1) }));
    if (kind === 4) {
      const channels = "xyzw".slice(0, x.components);
      nodes.push(e.componentMask(x, pick([...channels]) + pick([...channels])));
    }
    if (kind === 5) nodes.push(e.append(narrow(1), narrow(2)));
    if (kind === 6) {
      const call = MIXED.call({ a: narrow(3), b: narrow(3), t: narrow(1) });
      nodes.push(pick([call.mix, call.last, NESTED.call({ p: narrow(3), q: narrow(1) }).result]));
    }
    if (kind === 7) {
      nodes.push(pick([
        e.runtimeVirtualTextureReplace({ default: like(x), output: x }),
        e.virtualTextureFeatureSwitch({ yes: like(x), no: x }),
      ]));
    }
  }
  const last = nodes.at(-1)!;
  return e.append(e.componentMask(last, "x"), e.length(last));
}

/** What a node is for, in the interpreter. */
interface Scope {
  readonly point: Point;
  readonly inputs: Readonly<Record<string, Vector>>;
}

const OPERATIONS: Partial<Record<OperationExpression["operation"], (...x: number[]) => number>> = {
  absolute: Math.abs,
  fraction: (x) => x - Math.floor(x),
  saturate: (x) => Math.min(1, Math.max(0, x)),
  one_minus: (x) => 1 - x,
  sine: Math.sin,
  sqrt: (x) => Math.sqrt(Math.max(0, x)),
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  minimum: Math.min,
  maximum: Math.max,
  lerp: (a, b, t) => a * (1 - t) + b * t,
};

/** A graph in doubles, straight from its nodes, in a fill with virtual texturing. */
function interpret(node: Expression, scope: Scope): Vector {
  const widened = (value: Vector, count: number): Vector =>
    value.length === count ? value : Array<number>(count).fill(value[0]!);
  const [first, second] = node.inputs;
  switch (node.kind) {
    case "constant":
      return node.values;
    case "parameter":
      return node.defaultValues;
    case "input":
      return node.input === "world_position" ? scope.point.world! : scope.point.uv!;
    case "component_mask":
      return [...node.channels].map((channel) =>
        interpret(first!, scope)["xyzw".indexOf(channel)]!
      );
    case "append":
      return node.inputs.flatMap((input) => interpret(input, scope));
    case "runtime_virtual_texture_replace":
      return widened(interpret(second!, scope), node.components);
    case "virtual_texture_feature_switch":
      return widened(interpret(first!, scope), node.components);
    case "function_input":
      return scope.inputs[node.input]!;
    case "function_call": {
      const entries = Object.entries(node.function.inputs).map(([name, count], i) => [
        name,
        widened(interpret(node.inputs[i]!, scope), count),
      ]);
      const output = node.function.outputs[node.output]!;
      return interpret(output, { ...scope, inputs: Object.fromEntries(entries) });
    }
    case "operation": {
      const given = node.inputs.map((input) => interpret(input, scope));
      const values = given.map((each) => widened(each, Math.max(...given.map((g) => g.length))));
      const [a, b] = values as [Vector, Vector];
      if (node.operation === "length") return [Math.hypot(...a)];
      if (node.operation === "distance") return [Math.hypot(...a.map((x, i) => x - b[i]!))];
      if (node.operation === "dot") return [a.reduce((sum, x, i) => sum + x * b[i]!, 0)];
      return a.map((_, i) => OPERATIONS[node.operation]!(...values.map((each) => each[i]!)));
    }
    default:
      throw new Error(`no ${node.kind} here`);
  }
}

const random = seededRandom(3);
const POINTS: Point[] = Array.from({ length: 16 }, () => ({
  world: [random(), random(), random()].map(Math.fround),
  uv: [random(), random()].map(Math.fround),
}));

/** How many of the graphs differ anywhere from what the interpreter makes of them. */
async function differing(seeds: readonly number[], read = interpret): Promise<number> {
  using device = await requestDevice();
  let count = 0;
  for (const seed of seeds) {
    const graph = randomGraph(seed);
    const values = await evaluateMaterial(device, maskMaterial(graph), { points: POINTS });
    const isDifferent = POINTS.some((point, i) =>
      read(graph, { point, inputs: {} }).some((wanted, k) =>
        // Fractions of rounded numbers may jump; with these seeds none does.
        !(Math.abs(values[i]![k]! - wanted) <= 1e-4 * Math.max(1, Math.abs(wanted)))
      )
    );
    if (isDifferent) count++;
  }
  return count;
}

const SEEDS = Array.from({ length: 25 }, (_, i) => 100 + i);

Deno.test("random graphs are on the GPU what an interpreter makes of their nodes", async () => {
  assert.equal(await differing(SEEDS), 0);
});

Deno.test("negative control: an interpreter that subtracts the other way round differs", async () => {
  const swapped = (node: Expression, scope: Scope): Vector => {
    const isSubtraction = node.kind === "operation" && node.operation === "subtract";
    const inputs = node.inputs.map((input) => e.constant([...swapped(input, scope)]));
    return interpret(
      { ...node, inputs: isSubtraction ? inputs.toReversed() : inputs } as Expression,
      scope,
    );
  };
  assert.ok(await differing(SEEDS.slice(0, 15), swapped) > 0);
});
